"""Brings events from the engine's thread to the window's thread."""

from PySide6.QtCore import QObject, Qt, Signal, SignalInstance

from studio.core.events import (
    BatchFinished,
    Cancelled,
    Event,
    Failed,
    Finished,
    ItemEnded,
    Measured,
    Noticed,
    Paused,
    Planned,
    Previewed,
    Progressed,
    Queued,
    Resumed,
    Started,
)


class Bridge(QObject):
    """One signal a kind of event. `receive` may be called on any thread; slots run on theirs."""

    queued = Signal(object)
    started = Signal(object)
    progressed = Signal(object)
    noticed = Signal(object)
    measured = Signal(object)
    previewed = Signal(object)
    planned = Signal(object)
    item_ended = Signal(object)
    paused = Signal(object)
    resumed = Signal(object)
    finished = Signal(object)
    batch_finished = Signal(object)
    failed = Signal(object)
    cancelled = Signal(object)
    _arrived = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._signals: dict[type[Event], SignalInstance] = {
            Queued: self.queued,
            Started: self.started,
            Progressed: self.progressed,
            Noticed: self.noticed,
            Measured: self.measured,
            Previewed: self.previewed,
            Planned: self.planned,
            ItemEnded: self.item_ended,
            Paused: self.paused,
            Resumed: self.resumed,
            Finished: self.finished,
            BatchFinished: self.batch_finished,
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
