"""Plays a walk through faces over and over."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

FPS = 25


class Player(QObject):
    """Shows one picture after the other.

    Signals:
        moved: (QImage) to show now.
    """

    moved = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._frames: list[QImage] = []
        self._at = 0
        self._timer = QTimer(self)
        self._timer.setInterval(1000 // FPS)
        self._timer.timeout.connect(self._step)

    @property
    def on(self) -> bool:
        """Whether it plays."""
        return self._timer.isActive()

    def play(self, frames: Sequence[QImage]) -> None:
        """Plays other frames; of as many as before, from where it is."""
        self._at = self._at if len(frames) == len(self._frames) else 0
        self._frames = list(frames)
        self._timer.start()

    def stop(self) -> None:
        """Stands still."""
        self._timer.stop()
        self._frames = []

    def _step(self) -> None:
        self.moved.emit(self._frames[self._at])
        self._at = (self._at + 1) % len(self._frames)
