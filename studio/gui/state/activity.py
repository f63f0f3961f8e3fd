"""Which of the running jobs the status line tells of, and what its button does."""

from dataclasses import dataclass, replace
from enum import IntEnum
from time import monotonic

from PySide6.QtCore import QObject, Signal, SignalInstance

from studio.core.events import TERMINAL, Event, Progressed, Started
from studio.core.handle import Handle
from studio.core.requests import JobId
from studio.gui.shell.status_line import StatusLine


class Work(IntEnum):
    """Kinds of jobs, the one to tell of first in front."""

    SAVE = 0
    BATCH = 1
    PREVIEW = 2


@dataclass(frozen=True)
class _Job:
    handle: Handle
    words: str
    work: Work
    progress: Progressed | None = None
    begun: float | None = None  # seconds of the clock; None: it waits


class Activity(QObject):
    """Shows saves before batches before previews, and of equals the oldest.

    Signals:
        cancelled: (Handle) of the job that the person wants to stop.
        opened: (Handle) of the one that the person wants to see.
        others_changed: (whether there are jobs besides batches).
        over: (JobId) of one that has ended.
    """

    cancelled = Signal(object)
    opened = Signal(object)
    others_changed = Signal(bool)
    over = Signal(object)

    def __init__(self, status: StatusLine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._status = status
        self._jobs: dict[JobId, _Job] = {}
        status.cancelled.connect(lambda: self._pass_on(self.cancelled))
        status.opened.connect(lambda: self._pass_on(self.opened))
        status.escaped.connect(self._escape)

    def begin(self, handle: Handle, words: str, work: Work) -> None:
        """Tells of a new job."""
        self._jobs[handle.id] = _Job(handle, words, work)
        if work is not Work.BATCH:
            self.others_changed.emit(True)
        if self._told == handle.id:
            self._tell(handle.id)

    def take(self, event: Event) -> None:
        """Takes an event of any job."""
        if isinstance(event, Started):
            self._status.show_device(event.device)
            if event.job in self._jobs:
                self._jobs[event.job] = replace(self._jobs[event.job], begun=monotonic())
        elif isinstance(event, Progressed):
            self._progressed(event)
        elif isinstance(event, TERMINAL):
            self._ended(event.job)

    def say(self, handle: Handle, words: str) -> None:
        """Other words for a job that runs."""
        job = handle.id
        if job in self._jobs:
            self._jobs[job] = replace(self._jobs[job], words=words)
            if self._told == job:
                self._status.say(self._words(job))

    def is_preview(self, handle: Handle) -> bool:
        """Whether a job that runs makes nothing but what is looked at."""
        return handle.id in self._jobs and self._jobs[handle.id].work is Work.PREVIEW

    def words(self, handle: Handle) -> str:
        """What a job does; empty once it has ended."""
        return self._jobs[handle.id].words if handle.id in self._jobs else ""

    def seconds(self, handle: Handle) -> float:
        """For how long a job has run; 0 while it waits."""
        begun = self._jobs[handle.id].begun if handle.id in self._jobs else None
        return 0.0 if begun is None else monotonic() - begun

    @property
    def others(self) -> bool:
        """Whether there are jobs besides batches."""
        return any(job.work is not Work.BATCH for job in self._jobs.values())

    @property
    def _told(self) -> JobId | None:
        # min takes the first of equals.
        return min(self._jobs, key=lambda job: self._jobs[job].work, default=None)

    def _words(self, job: JobId) -> str:
        more = sum(each.work is Work.SAVE for each in self._jobs.values()) - 1
        waiting = f" ({more} more)" if self._jobs[job].work is Work.SAVE and more > 0 else ""
        return self._jobs[job].words + waiting

    def _tell(self, job: JobId) -> None:
        told = self._jobs[job]
        self._status.begin(
            self._words(job), has_page=told.work is Work.BATCH, by_esc=told.work is Work.PREVIEW
        )
        if told.progress is not None:
            self._show(told.progress)

    def _show(self, event: Progressed) -> None:
        self._status.progress(self._words(event.job), event.fraction, event.seconds_left)

    def _progressed(self, event: Progressed) -> None:
        if event.job in self._jobs:
            self._jobs[event.job] = replace(self._jobs[event.job], progress=event)
            if event.job == self._told:
                self._show(event)

    def _ended(self, job: JobId) -> None:
        ended = self._jobs.pop(job, None)
        self.over.emit(job)
        if ended is not None and ended.work is not Work.BATCH:
            self.others_changed.emit(self.others)
        if self._told is None:
            self._status.end()
        else:
            self._tell(self._told)

    def _escape(self) -> None:
        """Esc stops what is only looked at: it is too easily pressed for anything else."""
        previews = [each.handle for each in self._jobs.values() if each.work is Work.PREVIEW]
        if previews:
            self.cancelled.emit(previews[0])

    def _pass_on(self, signal: SignalInstance) -> None:
        if self._told is not None:
            signal.emit(self._jobs[self._told].handle)
