"""The photo that the studio is started with: seen before the rest of the window is there."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QImage

from studio.reader.orders import SCREEN, Done, Drafted, Levels, PhotoWish, Told, Urgency
from studio.reader.reader import Reader

_PATIENCE_MS = 700  # from the first paint; what takes longer is waited for with all else there
Show = Callable[[Path, QImage, tuple[int, int]], None]


class FirstPhoto(QObject):
    """Is read while the window is made.

    Args:
        reader: reads it, and has it at hand when it is opened.
        path: the file.

    Signals:
        seen: it is on the screen, or a draft of it.
        over: likewise; or it cannot be, which is said when it is opened; or it takes too long.
    """

    seen = Signal()
    over = Signal()
    _told = Signal(object)

    def __init__(self, reader: Reader, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._put: Callable[[Levels], None] | None = None  # on the screen
        self._answer: Told | None = None  # the first: a draft will do
        self._is_over = False
        self._told.connect(self._take, Qt.ConnectionType.QueuedConnection)
        reader.ask(PhotoWish(path, SCREEN), Urgency.AWAITED, self._told.emit)

    def show(self, show: Show) -> None:
        """Shows it as soon as it is there.

        Args:
            show: is given its path, the photo or a draft of it, (width, height) of it in px.
        """
        from studio.gui.state.photo.loading import to_image  # loads numpy meanwhile

        def put(levels: Levels) -> None:
            show(self._path, to_image(levels.pixels, levels.icc), levels.full_size)

        self._put = put
        QTimer.singleShot(_PATIENCE_MS, self._end)
        self._show()

    def _take(self, told: Told) -> None:
        if self._answer is None:
            self._answer = told
            self._show()

    def _show(self) -> None:
        if self._put is None or self._answer is None or self._is_over:
            return
        match self._answer:
            case Drafted(levels=Levels() as levels) | Done(found=Levels() as levels):
                self._put(levels)
                self.seen.emit()
            case _:
                pass
        QTimer.singleShot(0, self._end)

    def _end(self) -> None:
        if not self._is_over:
            self._is_over = True
            self.over.emit()
