"""The engine in a child process, so that the window never imports torch and survives a crash."""

import itertools
import threading
import time
from collections.abc import Callable

from studio.core.child import Child
from studio.core.events import Cancelled, Event, Failed
from studio.core.handle import Handle
from studio.core.machine import Machine
from studio.core.requests import JobId, Request
from studio.core.words.said import say
from studio.engine.jobs import child
from studio.engine.jobs.ledger import UNSTARTABLE, Ledger, OpenJob
from studio.engine.jobs.protocol import (
    REST,
    Answer,
    Cancel,
    Keep,
    Order,
    Pause,
    Ping,
    Pong,
    Ready,
    Rested,
    Resume,
    Submit,
    Use,
)

_PATIENCE = 10.0  # seconds without any answer after which a child is given up
_LOOK = 0.5  # seconds between two looks at whether it still answers
_MOST_FAILED_STARTS = 3
_CLOSING = 3.0  # seconds that the child has to end by itself


class ProcessEngine:
    """The engine for the window; the child starts at once and again whenever it dies.

    A child that has loaded torch and rests makes room for a new one, a tenth of its size.

    Args:
        patience: seconds that the child may be silent after it was asked to stop a job.
        rest: seconds without a job after which it rests.
    """

    def __init__(self, patience: float = _PATIENCE, rest: float = REST) -> None:
        self._patience, self._rest = patience, rest
        self._ids = itertools.count(1)
        self._lock = threading.Lock()  # guards all that follows; never held while waiting
        self._open = Ledger()
        self._machine = Machine()
        self._heard = 0.0  # when the child has answered last
        self._silent = False  # why the child was ended
        self._closing = threading.Event()
        self._is_up = False
        self._failed_starts = 0  # in a row
        self._given_up = False
        self._child: Child[Order, Answer] = child.start(self._rest)
        self._threads = [
            threading.Thread(target=self._listen, name="engine-listener", daemon=True),
            threading.Thread(target=self._watch, name="engine-watch", daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    @property
    def child_id(self) -> int | None:
        """Process id of the child."""
        return self._child.id

    def submit(self, request: Request, on_event: Callable[[Event], None]) -> Handle:
        """Queues a request.

        Args:
            request: what to do.
            on_event: takes the job's events, the last of which is the only one of `TERMINAL`;
                called on a thread of this process, or from within `submit` and `Handle.cancel`.
        """
        with self._lock:
            id_ = JobId(next(self._ids))
            given_up = self._given_up
            if not given_up:
                job = OpenJob(id_, request, on_event)
                self._open.add(job)
                self._hand_over(job)
        if given_up:
            on_event(Failed(id_, say("the engine does not run"), UNSTARTABLE))
        return Handle(id_, self)

    def use(self, machine: Machine) -> None:
        """See `Machine`; counts for what is submitted from now on."""
        with self._lock:
            self._machine = machine
            self._child.send(Use(machine))

    def cancel(self, job: JobId) -> None:
        """See `Handle.cancel`; if the child does not answer at all, it is ended."""
        with self._lock:
            found = self._open.find(job)
            if found is None:
                return
            self._child.send(Cancel(job))
            if found.turn:
                found.cancelled = found.cancelled or time.monotonic()
                return
            self._open.remove(job)  # it waits, perhaps for the child to start: answer for it
        found.tell(Cancelled(job))

    def keep(self, job: JobId) -> None:
        """See `Handle.keep`."""
        with self._lock:
            if self._open.find(job) is not None:
                self._child.send(Keep(job))

    def pause(self, job: JobId) -> None:
        """See `Handle.pause`."""
        self._set_paused(job, paused=True)

    def resume(self, job: JobId) -> None:
        """See `Handle.resume`."""
        self._set_paused(job, paused=False)

    def close(self) -> None:
        """Ends the child; no event comes after it."""
        with self._lock:
            self._closing.set()
            last = self._child
        last.send(None)
        last.join(_CLOSING)
        last.kill()
        for thread in self._threads:
            thread.join()

    def _set_paused(self, job: JobId, *, paused: bool) -> None:
        with self._lock:
            found = self._open.find(job)
            if found is not None:
                found.paused = paused
                self._child.send(Pause(job) if paused else Resume(job))

    def _hand_over(self, job: OpenJob) -> None:
        """Gives a job to the child."""
        self._child.send(Submit(job.id, job.request))
        if job.paused:
            self._child.send(Pause(job.id))

    def _listen(self) -> None:
        """Passes on what the child answers; brings it back when it dies."""
        while True:
            try:
                answer = self._child.hear()
            except (EOFError, OSError):
                if not self._go_on(self._child.bury()):
                    return
            else:
                self._take(answer)

    def _take(self, answer: Answer) -> None:
        with self._lock:
            self._heard = time.monotonic()
            if isinstance(answer, Ready):
                self._is_up = True
            if isinstance(answer, Rested) and not self._open.has_any:
                self._child.send(None)  # what is submitted from now on goes to the next one
            if isinstance(answer, Ready | Pong | Rested) or self._closing.is_set():
                return
            job = self._open.find(answer.job)
            if job is None:
                return
            self._open.note(job, answer)
        job.tell(answer)

    def _watch(self) -> None:
        """Ends a child that was asked to stop a job and does not answer.

        As long as it answers at all, nothing that was not to be stopped is thrown back: then it is
        ended only where each job that has started was to stop and has not.
        """
        while not self._closing.wait(_LOOK):
            with self._lock:
                started = self._open.started
                asked = [job.cancelled for job in started if job.cancelled is not None]
                if not asked:
                    continue
                now = time.monotonic()
                silent = now - max(self._heard, min(asked)) > self._patience
                unheeded = len(asked) == len(started) and now - max(asked) > self._patience
                if silent or unheeded:
                    self._silent = True
                    self._child.kill()
                else:
                    self._child.send(Ping())

    def _go_on(self, why: str) -> bool:
        """Starts a new child, and gives it the jobs of the one that has died.

        Args:
            why: it has died.

        Returns:
            False where the window closes, or where children could not even start several times.
        """
        with self._lock:
            lost, dead = self._open.started, self._child.id
        for job in lost:
            job.clean_up(dead)
        with self._lock:
            if self._closing.is_set():
                return False
            was_up, self._is_up = self._is_up, False
            self._failed_starts = 0 if was_up else self._failed_starts + 1
            self._given_up = self._failed_starts >= _MOST_FAILED_STARTS
            reason = say("it did not answer") if self._silent else why
            self._silent = False
            told = self._open.lose(reason, was_up=was_up, given_up=self._given_up)
            if not self._given_up:
                self._child = child.start(self._rest)
                self._child.send(Use(self._machine))
                for job in self._open:
                    self._hand_over(job)
        for tell, event in told:
            tell(event)
        return not self._given_up
