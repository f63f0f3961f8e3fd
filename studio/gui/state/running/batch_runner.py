"""Runs a batch: starts, holds and stops it, and lets previews and saves go first."""

import time
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from studio.core.events import TERMINAL, Event, ItemEnded, Progressed
from studio.core.handle import Handle
from studio.core.requests import Batch
from studio.core.words.tongue import tr
from studio.gui.state.running.activity import Activity
from studio.gui.state.running.batch_state import BatchState, Phase
from studio.gui.state.running.jobs import Jobs
from studio.gui.state.running.work import Work

# A batch goes on once nothing else was wanted for so long: previews come one after the other.
_IDLE_MS = 400


class BatchRunner(QObject):
    """One batch at a time.

    Signals:
        changed: `state` is another.
        item_failed: (ItemEnded).
        written: something lies in the folder of results now.
        ended: no batch is under way any more.
    """

    changed = Signal()
    item_failed = Signal(object)
    written = Signal()
    ended = Signal()

    def __init__(self, jobs: Jobs, activity: Activity, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state = BatchState()
        self.request: Batch | None = None
        self._jobs = jobs
        self._activity = activity
        self._job: Handle | None = None
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(_IDLE_MS)
        self._idle.timeout.connect(self._go_on)
        activity.others_changed.connect(self._make_way)

    @property
    def under_way(self) -> bool:
        """Whether a batch has not ended."""
        return self._job is not None

    @property
    def job(self) -> Handle | None:
        """The one that is under way."""
        return self._job

    def start(self, request: Batch) -> None:
        """Starts a batch, if none is under way."""
        if self._job is None:
            self.request = request
            self.state = BatchState(Phase.STARTING)
            words = tr("Whole folder: {what}", what=Path(request.source).name)
            self._job = self._jobs.start(request, words, Work.BATCH, self._take)
            self.changed.emit()

    def pause(self) -> None:
        """Holds it once the pictures that were begun have ended."""
        if self._job is not None:
            self._job.pause()
            self._change(held=True)

    def resume(self) -> None:
        """Lets it go on."""
        if self._job is not None:
            self._change(held=False)
            self._go_on()

    def cancel(self) -> None:
        """Stops it; it can be gone on with."""
        if self._job is not None:
            self._change(cancelling=True)
            self._job.cancel()

    def _change(self, **changes: bool) -> None:
        self.state = replace(self.state, **changes)
        self._show()

    def _make_way(self, wanted: bool) -> None:
        """Something else is wanted, or nothing else any more."""
        if not wanted:
            self._idle.start()
        elif self._job is not None:
            self._idle.stop()
            self._change(yielding=True)
            self._job.pause()

    def _go_on(self) -> None:
        if self._job is None or self._activity.others:
            return
        self._change(yielding=False)
        if not self.state.held:
            self._job.resume()

    def _take(self, event: Event) -> None:
        self.state = self.state.after(event, time.monotonic())
        if isinstance(event, ItemEnded) and event.error:
            self.item_failed.emit(event)
        if isinstance(event, Progressed):  # from then on there is a journal
            self.written.emit()
        if isinstance(event, TERMINAL):
            self._job = None
            self.ended.emit()
        self._show()

    def _show(self) -> None:
        if self._job is not None:
            words = tr("Whole folder: {what}", what=self.state.headline())
            self._activity.reword(self._job, words, held=self.state.held)
        self.changed.emit()
