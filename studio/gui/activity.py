"""Which of the running jobs the status line tells of, and what its cancel button stops."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from studio.core.events import Progressed, Started
from studio.core.requests import JobId
from studio.gui.bridge import Bridge
from studio.gui.status_line import StatusLine


@dataclass(frozen=True)
class _Job:
    words: str
    saving: bool


class Activity(QObject):
    """Shows saves before previews, and of equals the oldest.

    Signals:
        cancelled: (job) that the person wants to stop.
    """

    cancelled = Signal(object)

    def __init__(self, bridge: Bridge, status: StatusLine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._status = status
        self._jobs: dict[JobId, _Job] = {}
        bridge.started.connect(self._started)
        bridge.progressed.connect(self._progressed)
        for ended in (bridge.finished, bridge.failed, bridge.cancelled):
            ended.connect(lambda event: self._ended(event.job))
        status.cancelled.connect(self._cancel)

    def begin(self, job: JobId, words: str, *, saving: bool) -> None:
        """Tells of a new job."""
        self._jobs[job] = _Job(words, saving)
        if self._told == job:
            self._status.begin(self._words(job))

    @property
    def _told(self) -> JobId | None:
        # False sorts first, and min takes the first of equals.
        return min(self._jobs, key=lambda job: not self._jobs[job].saving, default=None)

    def _words(self, job: JobId) -> str:
        more = sum(each.saving for each in self._jobs.values()) - 1
        waiting = f" ({more} more)" if self._jobs[job].saving and more > 0 else ""
        return self._jobs[job].words + waiting

    def _started(self, event: Started) -> None:
        self._status.show_device(event.device)

    def _progressed(self, event: Progressed) -> None:
        if event.job == self._told:
            words = self._words(event.job)
            self._status.progress(words, event.fraction, event.seconds_left)

    def _ended(self, job: JobId) -> None:
        self._jobs.pop(job, None)
        if self._told is None:
            self._status.end()
        else:
            self._status.begin(self._words(self._told))

    def _cancel(self) -> None:
        if self._told is not None:
            self.cancelled.emit(self._told)
