"""Which of the running jobs the status line tells of, and what its button does."""

from dataclasses import dataclass, replace
from time import monotonic

from PySide6.QtCore import QObject, Signal

from studio.core.events import TERMINAL, Event, Paused, Progressed, Resumed, Started
from studio.core.handle import Handle
from studio.core.requests import JobId
from studio.core.words.tongue import tr
from studio.gui.state.running.work import Told, Work


@dataclass(frozen=True)
class _Job:
    handle: Handle
    words: str
    work: Work
    keeps: bool
    progress: Progressed | None = None
    begun: float | None = None  # seconds of the clock; None: it waits
    paused: bool = False
    held: bool = False


class Activity(QObject):
    """Tells of saves before batches before previews, and of equals the oldest.

    Signals:
        cancelled: (Handle) of the job that the person wants to stop.
        opened: (Handle) of the one that the person wants to see.
        others_changed: (whether there are jobs besides batches).
        reworded: (Handle, words, whether it was asked to wait) a job is told of otherwise.
        over: (JobId) of one that has ended.
        device_found: (its name, as ``cuda:1``) on which the work is done.
        told: (`Told`, or None) what to tell of now; None: nothing runs.
    """

    cancelled = Signal(object)
    opened = Signal(object)
    others_changed = Signal(bool)
    reworded = Signal(object, str, bool)
    over = Signal(object)
    device_found = Signal(str)
    told = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: dict[JobId, _Job] = {}

    def begin(self, handle: Handle, words: str, work: Work, *, keeps: bool = False) -> None:
        """Tells of a new job; see `Told.keeps`."""
        self._jobs[handle.id] = _Job(handle, words, work, keeps)
        if work is not Work.BATCH:
            self.others_changed.emit(True)
        if self._told == handle.id:
            self._tell(handle.id)

    def take(self, event: Event) -> None:
        """Takes an event of any job."""
        if isinstance(event, Started):
            self.device_found.emit(event.device)
            if event.job in self._jobs:
                self._jobs[event.job] = replace(self._jobs[event.job], begun=monotonic())
        elif isinstance(event, Progressed):
            self._progressed(event)
        elif isinstance(event, Paused | Resumed):
            self._pause(event.job, paused=isinstance(event, Paused))
        elif isinstance(event, TERMINAL):
            self._ended(event.job)

    def reword(self, handle: Handle, words: str, *, held: bool) -> None:
        """Other words for a job that runs, and whether the person has asked it to wait."""
        job = handle.id
        self.reworded.emit(handle, words, held)
        if job in self._jobs:
            self._jobs[job] = replace(self._jobs[job], words=words, held=held)
            if self._told == job:
                self._tell(job)

    def hold(self, handle: Handle, *, held: bool) -> None:
        """The person wants a job that is no batch to wait, or to go on."""
        if held:
            handle.pause()
        else:
            handle.resume()
        self.reword(handle, self.words(handle), held=held)

    def cancel(self, handle: Handle | None = None) -> None:
        """The person wants a job to stop; None: what is told of."""
        wanted = self._told if handle is None else handle.id
        if wanted is not None and wanted in self._jobs:
            self.cancelled.emit(self._jobs[wanted].handle)

    def keep(self) -> None:
        """What is told of is good enough for the person."""
        if self._told is not None:
            self._jobs[self._told].handle.keep()

    def open(self) -> None:
        """The person wants to see what is told of."""
        if self._told is not None:
            self.opened.emit(self._jobs[self._told].handle)

    def cancel_preview(self) -> None:
        """Esc stops what is only looked at: it is too easily pressed for anything else."""
        previews = [each.handle for each in self._jobs.values() if each.work is Work.PREVIEW]
        if previews:
            self.cancelled.emit(previews[0])

    def is_preview(self, handle: Handle) -> bool:
        """Whether a job that runs makes nothing but what is looked at."""
        return handle.id in self._jobs and self._jobs[handle.id].work is Work.PREVIEW

    def keeps(self, handle: Handle) -> bool:
        """Whether a job that runs may end with what it has."""
        return handle.id in self._jobs and self._jobs[handle.id].keeps

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
        words = self._jobs[job].words
        if self._jobs[job].paused and self._jobs[job].work is not Work.BATCH:  # which says so
            words = tr("{words} – paused", words=words)
        if self._jobs[job].work is not Work.SAVE or more <= 0:
            return words
        return tr("{words} ({count} more)", words=words, count=more)

    def _tell(self, job: JobId) -> None:
        told = self._jobs[job]
        far = told.progress
        fraction, left = (None, None) if far is None else (far.fraction, far.seconds_left)
        left = None if told.paused or told.held else left  # nobody knows when it goes on
        self.told.emit(Told(self._words(job), told.work, fraction, left, told.keeps))

    def _progressed(self, event: Progressed) -> None:
        if event.job in self._jobs:
            self._jobs[event.job] = replace(self._jobs[event.job], progress=event)
            if event.job == self._told:
                self._tell(event.job)

    def _pause(self, job: JobId, *, paused: bool) -> None:
        if job in self._jobs:
            self._jobs[job] = replace(self._jobs[job], paused=paused)
            if job == self._told:
                self._tell(job)

    def _ended(self, job: JobId) -> None:
        ended = self._jobs.pop(job, None)
        self.over.emit(job)
        if ended is not None and ended.work is not Work.BATCH:
            self.others_changed.emit(self.others)
        if self._told is None:
            self.told.emit(None)
        else:
            self._tell(self._told)
