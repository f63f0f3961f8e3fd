"""Plays a walk through faces over and over."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

FPS = 25


class Player(QObject):
    """Shows one picture after the other.

    Signals:
        moved: (number of a picture, QImage) to show now.
    """

    moved = Signal(int, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._frames: list[QImage] = []
        self._count = 0  # of those that were played last, be they still here or not
        self._at = 0
        self._timer = QTimer(self)
        self._timer.setInterval(1000 // FPS)
        self._timer.timeout.connect(lambda: self.go(self._at + 1))

    @property
    def on(self) -> bool:
        """Whether it plays."""
        return self._timer.isActive()

    @property
    def loaded(self) -> bool:
        """Whether there is something to play."""
        return bool(self._frames)

    @property
    def at(self) -> int:
        """The number of the picture that is shown."""
        return self._at

    def play(self, frames: Sequence[QImage] = ()) -> None:
        """Goes on, or plays other pictures: of as many as before, from where it is."""
        if frames:
            self._at = self._at if len(frames) == self._count else 0
            self._frames, self._count = list(frames), len(frames)
        self._timer.start()
        self.go(self._at)

    def go(self, at: int) -> None:
        """Shows a picture; after the last comes the first."""
        self._at = at % self._count
        self.moved.emit(self._at, self._frames[self._at])

    def pause(self) -> None:
        """Stands still."""
        self._timer.stop()

    def forget(self) -> None:
        """Stands still, and plays these pictures no more; others go on where it stands."""
        self.pause()
        self._frames = []

    def stop(self) -> None:
        """Forgets where it stands, too."""
        self.forget()
        self._at = self._count = 0
