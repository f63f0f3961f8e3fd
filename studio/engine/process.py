"""The engine in a child process, so that the window never imports torch and survives a crash.

Requests, cancels and events go through a pipe; a preview's pixels go through shared memory. This
file is imported by the window's process: torch is imported in the child alone.
"""

import itertools
import multiprocessing
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path

import numpy as np

from studio.core.events import TERMINAL, Cancelled, Event, Failed, Noticed, Previewed, Started
from studio.core.formats.disk import remove_parts
from studio.core.log import logging_to_file
from studio.core.requests import Batch, JobId, Request
from studio.engine.batch.journal import remove_parts_of_batch

_GRACE = 0.8  # seconds that a cancelled job has before its process is ended
_MOST_FAILED_STARTS = 3
_CLOSING = 3.0  # seconds that the child has to end by itself


@dataclass(frozen=True)
class _Submit:
    job: JobId
    request: Request


@dataclass(frozen=True)
class _Cancel:
    job: JobId


@dataclass(frozen=True)
class _Pause:
    job: JobId


@dataclass(frozen=True)
class _Resume:
    job: JobId


@dataclass
class _Open:
    """A job that has not ended.

    Attributes:
        cancelled: when it was asked to stop after it had started.
    """

    request: Request
    started: bool = False
    paused: bool = False
    cancelled: float | None = None


@dataclass(frozen=True)
class _Ready:
    """The child is up."""


@dataclass(frozen=True)
class _Pixels:
    """A Previewed whose pixels lie in shared memory."""

    event: Previewed
    name: str
    shape: tuple[int, ...]


class ProcessEngine:
    """The engine for the window; the child starts at once and again whenever it dies.

    Args:
        on_event: called on a thread of this process.
    """

    def __init__(self, on_event: Callable[[Event], None]) -> None:
        self._on_event = on_event
        self._ids = itertools.count(1)
        self._lock = threading.RLock()
        self._open: dict[JobId, _Open] = {}
        self._ended_child = False  # because a cancelled job did not answer
        self._closing = False
        self._failed_starts = 0  # in a row, counting each as failed until the child says it is up
        self._given_up = False
        self._start()
        self._keeper = threading.Thread(target=self._keep, name="engine-child", daemon=True)
        self._keeper.start()

    @property
    def child_id(self) -> int | None:
        """Process id of the child."""
        return self._child.pid

    def submit(self, request: Request) -> JobId:
        """Queues a request."""
        with self._lock:
            job = JobId(next(self._ids))
            given_up = self._given_up
            if not given_up:
                self._open[job] = _Open(request)
                self._hand_over(job)
        if given_up:
            self._on_event(Failed(job, "the engine does not run", _UNSTARTABLE))
        return job

    def cancel(self, job: JobId) -> None:
        """Asks a job to stop; if it does not, its process is ended and a new one started."""
        with self._lock:
            found = self._open.get(job)
            if found is None:
                return
            self._send(_Cancel(job))
            if found.started:
                found.cancelled = found.cancelled or time.monotonic()
                return
            del self._open[job]  # it still waits, perhaps for the child to start: answer for it
        self._on_event(Cancelled(job))

    def pause(self, job: JobId) -> None:
        """Asks a batch to wait before its next picture; jobs that are no batches go first then."""
        self._set_paused(job, paused=True)

    def resume(self, job: JobId) -> None:
        """Lets a batch go on."""
        self._set_paused(job, paused=False)

    def close(self) -> None:
        """Ends the child; no event comes after it."""
        with self._lock:
            self._closing = True
            self._send(None)
        self._child.join(_CLOSING)
        self._end_child()
        self._keeper.join()
        self._pipe.close()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._child: SpawnProcess = context.Process(
            target=_serve, args=(theirs,), name="studio-engine", daemon=True
        )
        self._child.start()
        theirs.close()

    def _set_paused(self, job: JobId, *, paused: bool) -> None:
        with self._lock:
            if job in self._open:
                self._open[job].paused = paused
                self._send(_Pause(job) if paused else _Resume(job))

    def _hand_over(self, job: JobId) -> None:
        """Gives a job to the child."""
        self._send(_Submit(job, self._open[job].request))
        if self._open[job].paused:
            self._send(_Pause(job))

    def _send(self, message: _Submit | _Cancel | _Pause | _Resume | None) -> None:
        with self._lock, suppress(OSError):  # a child that has died: the keeper answers its jobs
            self._pipe.send(message)

    def _end_child(self) -> None:
        if self._child.is_alive():
            self._child.kill()
        self._child.join()

    def _keep(self) -> None:
        """Receives until the window closes; brings the child back when it dies."""
        while True:
            try:
                if self._pipe.poll(0.1):
                    self._receive(self._pipe.recv())
                if self._overdue():
                    self._ended_child = True
                    self._end_child()
            except (EOFError, OSError):
                if self._closing or not self._revive():
                    return

    def _overdue(self) -> bool:
        with self._lock:
            asked = [job.cancelled for job in self._open.values() if job.cancelled is not None]
            return any(time.monotonic() - when > _GRACE for when in asked)

    def _receive(self, message: Event | _Pixels | _Ready) -> None:
        if isinstance(message, _Ready):
            self._failed_starts = 0
            return
        if isinstance(message, _Pixels):
            memory = SharedMemory(message.name)
            try:
                pixels = np.ndarray(message.shape, np.uint8, memory.buf).copy()
            finally:
                memory.close()
                memory.unlink()
            message = replace(message.event, pixels=pixels)
        with self._lock:
            if message.job not in self._open or self._closing:
                return
            if isinstance(message, Started):
                self._open[message.job].started = True
            elif isinstance(message, TERMINAL):
                del self._open[message.job]
        self._on_event(message)

    def _revive(self) -> bool:
        """Answers the jobs that died with the child, and starts a new one.

        Jobs that only shared the child with one that did not stop are given to the new one.

        Returns:
            False where the child could not even start several times: no other one is tried.
        """
        with self._lock:
            self._failed_starts += 1
            self._given_up = self._failed_starts >= _MOST_FAILED_STARTS
            self._child.join()
            reason = _SHARED if self._ended_child else _reason(self._child.exitcode)
            dead, before = self._child.pid, self._open
            kept = {job: lost for job, lost in before.items() if self._goes_on(lost)}
            self._open = {job: replace(lost, started=False) for job, lost in kept.items()}
            self._ended_child = False
            if not self._given_up:
                self._pipe.close()
                self._start()
                for job in self._open:
                    self._hand_over(job)
        for job, lost in before.items():
            if lost.started:
                _clean_up(lost.request, dead)
            if job in kept:
                if lost.started:
                    self._on_event(Noticed(job, "begun anew, for another job would not stop"))
            elif lost.cancelled is not None:
                self._on_event(Cancelled(job))
            else:
                hint = _GO_ON if isinstance(lost.request, Batch) else _HINT
                hint = _UNSTARTABLE if self._given_up else hint
                self._on_event(Failed(job, f"the engine stopped ({reason})", hint))
        return not self._given_up

    def _goes_on(self, job: _Open) -> bool:
        """Whether a job can be given to the next child; of a batch that was begun, a person says.

        What may itself have ended the child is not tried again.
        """
        begun = job.started and isinstance(job.request, Batch)
        return self._ended_child and not self._given_up and job.cancelled is None and not begun


_UNSTARTABLE = "it does not start; `studio demo` in a terminal says why"
_HINT = "it was started anew; a smaller photo may work where memory is short"
_SHARED = "another job would not stop"
_GO_ON = "it was started anew, and the batch can be gone on with"


def _clean_up(request: Request, dead: int | None) -> None:
    """Removes what a job whose process has ended may have left half-written."""
    if isinstance(request, Batch):
        remove_parts_of_batch(Path(request.output))
    elif request.output and dead is not None:
        remove_parts(Path(request.output).parent, dead)


def _reason(code: int | None) -> str:
    if code is not None and code < 0:
        name = signal.Signals(-code).name
        return "ended by the system, perhaps for lack of memory" if name == "SIGKILL" else name
    return f"exit status {code}"


def _serve(pipe: Connection) -> None:
    """The child's main function."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the window's to answer
    with logging_to_file():
        _answer(pipe)


def _answer(pipe: Connection) -> None:
    """Does what comes through the pipe, until the window closes it."""
    from studio.core.catalogue import Catalogue
    from studio.engine.engine import Engine

    lock = threading.Lock()

    def tell(event: Event) -> None:
        message: Event | _Pixels = event
        if isinstance(event, Previewed):
            memory = SharedMemory(create=True, size=event.pixels.nbytes)
            np.ndarray(event.pixels.shape, np.uint8, memory.buf)[...] = event.pixels
            message = _Pixels(
                replace(event, pixels=np.empty((0, 0, 4), np.uint8)),
                memory.name,
                event.pixels.shape,
            )
            memory.close()
        with lock:
            pipe.send(message)

    engine = Engine(tell, Catalogue())
    with lock:
        pipe.send(_Ready())
    try:
        while (message := pipe.recv()) is not None:
            if isinstance(message, _Submit):
                engine.submit(message.request, message.job)
            elif isinstance(message, _Pause):
                engine.pause(message.job)
            elif isinstance(message, _Resume):
                engine.resume(message.job)
            else:
                engine.cancel(message.job)
    except EOFError:
        pass  # the window has gone
    engine.close()
    pipe.close()
