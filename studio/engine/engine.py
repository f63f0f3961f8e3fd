"""The engine: requests in, events out. The same one runs for every front."""

import itertools
import logging
import queue
import threading
from collections.abc import Callable

from studio.core.catalogue import Catalogue
from studio.core.errors import StudioError
from studio.core.events import Cancelled, Event, Failed, Queued
from studio.core.progress import CancelledError
from studio.core.requests import JobId, Request
from studio.engine.apply import Applier

_log = logging.getLogger(__name__)


class Engine:
    """Does one job after the other on a thread of its own.

    Args:
        on_event: called on the engine's thread, or on the one that submits; each job ends with
            exactly one of Finished, Failed and Cancelled.
        catalogue: where the weights are.
    """

    def __init__(self, on_event: Callable[[Event], None], catalogue: Catalogue) -> None:
        self._on_event = on_event
        self._applier = Applier(catalogue)
        self._ids = itertools.count(1)
        self._waiting: queue.Queue[tuple[JobId, Request] | None] = queue.Queue()
        self._lock = threading.Lock()
        self._cancelled: dict[JobId, threading.Event] = {}
        self._current: JobId | None = None
        self._thread = threading.Thread(target=self._work, name="engine", daemon=True)
        self._thread.start()

    def submit(self, request: Request, id_: JobId | None = None) -> JobId:
        """Queues a request.

        Args:
            request: what to do.
            id_: the job's id where a front in another process gives them out.
        """
        job = JobId(next(self._ids)) if id_ is None else id_
        self._cancelled[job] = threading.Event()
        self._on_event(Queued(job))
        self._waiting.put((job, request))
        return job

    def cancel(self, job: JobId) -> None:
        """Asks a job to stop; one that waits is answered at once, one that has ended is let be."""
        with self._lock:
            if job not in self._cancelled:
                return
            self._cancelled[job].set()
            if job == self._current:
                return
            del self._cancelled[job]
        self._on_event(Cancelled(job))

    def close(self) -> None:
        """Cancels everything and waits for the thread to end."""
        for job in list(self._cancelled):
            self.cancel(job)
        self._waiting.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (item := self._waiting.get()) is not None:
            job, request = item
            with self._lock:
                flag = self._cancelled.get(job)
                if flag is None:
                    continue  # cancelled, and answered, while it waited
                self._current = job
            ending = self._do(job, request, flag)
            with self._lock:
                del self._cancelled[job]
                self._current = None
            self._on_event(ending)

    def _do(self, job: JobId, request: Request, flag: threading.Event) -> Event:
        """Carries a request out; returns its terminal event."""
        try:
            return self._applier.carry_out(job, request, self._on_event, flag.is_set)
        except CancelledError:
            return Cancelled(job)
        except StudioError as error:
            return Failed(job, error.message, error.hint)
        except Exception as error:  # noqa: BLE001 - whatever it is, the job must end with an event
            _log.exception("job %s failed", job)
            return Failed(job, f"the studio failed: {error}", "please report it with the log")
