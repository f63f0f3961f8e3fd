"""The engine: requests in, events out. The same one runs for every front."""

import gc
import itertools
import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from studio.core.catalogue import Catalogue
from studio.core.errors import NO_MEMORY, StudioError
from studio.core.events import Cancelled, Event, Failed, Paused, Queued, Resumed, Started
from studio.core.files.disk import write_error
from studio.core.handle import Handle
from studio.core.log import report_hint
from studio.core.machine import Machine
from studio.core.memory import give_back
from studio.core.progress import CancelledError
from studio.core.requests import Batch, JobId, Request
from studio.core.words.said import say
from studio.engine.job import Order
from studio.engine.jobs.protocol import REST
from studio.engine.light.apply import Light

if TYPE_CHECKING:
    from studio.engine.jobs.by_torch import ByTorch

_log = logging.getLogger(__name__)


@dataclass(eq=False)
class _OpenJob:
    """A job that has not ended, what its front wishes of it, and seconds that it was paused."""

    id: JobId
    request: Request
    tell: Callable[[Event], None]
    cancelled: threading.Event = field(default_factory=threading.Event)
    kept: threading.Event = field(default_factory=threading.Event)
    paused: threading.Event = field(default_factory=threading.Event)
    holding: bool = False  # while others are done, whose calls of torch may ask it too
    rested: float = 0.0

    def clock(self) -> float:
        """Seconds; those in which it was paused do not count."""
        return time.monotonic() - self.rested


class Engine:
    """Does one job after the other on a thread of its own.

    Previews do not wait for a picture that is being saved, nor other jobs for a paused one.

    Args:
        catalogue: where the weights are.
        rest: seconds without a job after which memory is given back.
        rested: called once it was, if torch is loaded, which keeps half a gigabyte to itself.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        rest: float = REST,
        rested: Callable[[], None] = lambda: None,
    ) -> None:
        self._catalogue = catalogue
        self._seconds, self._rested = rest, rested
        self._light = Light(catalogue)
        self._heavy: ByTorch | None = None
        self._ids = itertools.count(1)
        self._used = Machine()  # by what is kept for the next request
        self._changed = threading.Condition()  # guards all that follows
        self._machine = Machine()
        self._open: dict[JobId, _OpenJob] = {}
        self._waiting: deque[_OpenJob] = deque()
        self._closing = False
        self._thread = threading.Thread(target=self._work, name="engine", daemon=True)
        self._thread.start()

    def submit(
        self, request: Request, on_event: Callable[[Event], None], id_: JobId | None = None
    ) -> Handle:
        """Queues a request.

        Args:
            request: what to do.
            on_event: takes the job's events, the last of which is the only one of `TERMINAL`;
                called on the engine's thread, or on the one that submits or cancels.
            id_: the job's id where a front in another process gives them out.
        """
        served = self._machine.serve(request)
        job = _OpenJob(JobId(next(self._ids)) if id_ is None else id_, served, on_event)
        on_event(Queued(job.id))
        with self._changed:
            self._open[job.id] = job
            self._waiting.append(job)
            self._changed.notify_all()
        return Handle(job.id, self)

    def use(self, machine: Machine) -> None:
        """Has what is submitted from now on done so; the memory is the process's to bound."""
        with self._changed:
            self._machine = machine

    def cancel(self, job: JobId) -> None:
        """See `Handle.cancel`; one that waits is answered at once."""
        with self._changed:
            found = self._open.get(job)
            if found is None:
                return
            found.cancelled.set()
            self._changed.notify_all()
            if found not in self._waiting:
                return
            self._waiting.remove(found)
            del self._open[job]
        found.tell(Cancelled(job))

    def keep(self, job: JobId) -> None:
        """See `Handle.keep`."""
        with self._changed:
            if job in self._open:
                self._open[job].kept.set()

    def pause(self, job: JobId) -> None:
        """See `Handle.pause`."""
        self._set_paused(job, paused=True)

    def resume(self, job: JobId) -> None:
        """See `Handle.resume`."""
        self._set_paused(job, paused=False)

    def close(self) -> None:
        """Cancels everything and waits for the thread to end."""
        for job in list(self._open):
            self.cancel(job)
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join()
        self._light.close()
        if self._heavy is not None:
            self._heavy.close()

    def _set_paused(self, job: JobId, *, paused: bool) -> None:
        with self._changed:
            if job in self._open:
                flag = self._open[job].paused
                flag.set() if paused else flag.clear()
                self._changed.notify_all()

    def _work(self) -> None:
        while True:
            with self._changed:
                if not self._changed.wait_for(self._is_called, self._seconds):
                    heavy = self._heavy is not None
                    self._rest()
                    if heavy:
                        self._rested()
                    self._changed.wait_for(self._is_called)
                if not self._waiting:
                    return
                job, machine = self._waiting.popleft(), self._machine
            if machine != self._used:
                self._used = machine
                self._rest()
            self._end(job)

    def _is_called(self) -> bool:
        return bool(self._waiting) or self._closing

    def _rest(self) -> None:
        """Lets go of nets, photos and what was painted: whoever comes back waits a moment."""
        self._light.close()
        self._light = Light(self._catalogue)
        if self._heavy is not None:
            self._heavy.close()
            self._heavy = None
        gc.collect()
        give_back()

    def _end(self, job: _OpenJob) -> None:
        """Does a job to its end, and tells of it."""
        ending = self._do(job)
        with self._changed:
            del self._open[job.id]
        job.tell(ending)

    def _do(self, job: _OpenJob) -> Event:
        """Carries a request out; returns its terminal event."""
        try:
            return self._carry_out(job)
        except CancelledError:
            return Cancelled(job.id)
        except StudioError as error:
            return Failed(job.id, error.message, error.hint, error.options)
        except Exception as error:  # noqa: BLE001 - whatever it is, the job must end with an event
            _log.exception("job %s failed", job.id)
            return Failed(job.id, *_told(error))

    def _carry_out(self, job: _OpenJob) -> Event:
        request, cancelled, started = job.request, self._asking(job), False

        def tell(event: Event) -> None:
            nonlocal started
            if not (started and isinstance(event, Started)):  # by torch what was begun without
                started = started or isinstance(event, Started)
                job.tell(event)

        order = Order(request, job.id, tell, cancelled, job.kept.is_set, job.clock)
        done = self._light.carry_out(order)
        if done is not None:
            return done
        if isinstance(request, Batch):
            from studio.engine.batch.painter import Painter
            from studio.engine.batch.run import CancelToken, carry_out

            painter = Painter(self._light, lambda: self._by_torch().asking(cancelled))
            token = CancelToken(cancelled, job.paused.is_set, partial(self._wait, job))
            return carry_out(order.about(request), painter, token)
        return self._by_torch().carry_out(order)

    def _by_torch(self) -> "ByTorch":
        if self._heavy is None:
            from studio.engine.jobs.by_torch import ByTorch

            self._heavy = ByTorch(
                self._catalogue, self._light, full_precision=self._used.full_precision
            )
        return self._heavy

    def _asking(self, job: _OpenJob) -> Callable[[], bool]:
        """What a job asks at every step: whether it should stop."""
        if isinstance(job.request, Batch) or _is_preview(job.request):
            return job.cancelled.is_set
        return partial(self._is_cancelled, job)

    def _is_cancelled(self, save: _OpenJob) -> bool:
        """Whether a save should stop; it asks at every layer, and what is looked at goes first."""
        if save.paused.is_set() and not (save.holding or save.cancelled.is_set()):
            self._hold(save)
        while True:
            with self._changed:
                preview = next((j for j in self._waiting if _is_preview(j.request)), None)
                if preview is None or save.cancelled.is_set():
                    return save.cancelled.is_set()
                self._waiting.remove(preview)
            self._end(preview)

    def _hold(self, save: _OpenJob) -> None:
        """Has a paused save wait, and tells of it."""
        begun = time.monotonic()
        save.tell(Paused(save.id))
        save.holding = True
        self._wait(save)
        save.holding = False
        save.rested += time.monotonic() - begun
        save.tell(Resumed(save.id))

    def _wait(self, paused: _OpenJob) -> None:
        """Does the jobs that are no batches until a paused job goes on or is cancelled."""

        def next_job() -> _OpenJob | None:
            return next((job for job in self._waiting if not isinstance(job.request, Batch)), None)

        while True:
            with self._changed:
                self._changed.wait_for(
                    lambda: (
                        paused.cancelled.is_set()
                        or not paused.paused.is_set()
                        or next_job() is not None
                    )
                )
                job = next_job()
                if job is None or paused.cancelled.is_set() or not paused.paused.is_set():
                    return
                self._waiting.remove(job)
            self._end(job)


def _is_preview(request: Request) -> bool:
    return not isinstance(request, Batch) and not request.output


def _told(error: Exception) -> tuple[str, str]:
    """What to say of an error that nobody nearer to it has put into words, and what to do."""
    from studio.engine.device import lacks_memory

    if lacks_memory(error):
        return NO_MEMORY
    if isinstance(error, OSError):
        said = write_error(error, str(error.filename or "the result"))
        return said.message, said.hint
    return say("the studio failed: {error}", error=error), report_hint()
