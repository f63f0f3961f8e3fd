"""Brings events from the engine's thread to the window's thread."""

from PySide6.QtCore import QObject, Qt, Signal

from studio.core.events import (
    Cancelled,
    Event,
    Failed,
    Finished,
    Noticed,
    Previewed,
    Progressed,
    Queued,
    Started,
)


class Bridge(QObject):
    """One signal a kind of event. `receive` may be called on any thread; slots run on theirs."""

    queued = Signal(object)
    started = Signal(object)
    progressed = Signal(object)
    noticed = Signal(object)
    previewed = Signal(object)
    finished = Signal(object)
    failed = Signal(object)
    cancelled = Signal(object)
    _arrived = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._signals = {
            Queued: self.queued,
            Started: self.started,
            Progressed: self.progressed,
            Noticed: self.noticed,
            Previewed: self.previewed,
            Finished: self.finished,
            Failed: self.failed,
            Cancelled: self.cancelled,
        }
        # Queued even where the engine answers on the window's own thread, as to a cancel: nobody
        # is called back from within a call.
        self._arrived.connect(self._pass_on, Qt.ConnectionType.QueuedConnection)

    def receive(self, event: Event) -> None:
        """Passes an event on."""
        self._arrived.emit(event)

    def _pass_on(self, event: Event) -> None:
        self._signals[type(event)].emit(event)
