"""A picture that is fitted has nowhere to be moved to: a drag takes it out of the window."""

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from studio.gui.widgets.picture.canvas import Canvas


class Lifting(QObject):
    """Watches a canvas for such a drag.

    Signals:
        lifted: it has begun.
    """

    lifted = Signal()

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._pressed: QPointF | None = None
        canvas.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QMouseEvent):
            if event.type() == QEvent.Type.MouseButtonPress:
                left = event.button() == Qt.MouseButton.LeftButton
                self._pressed = event.position() if left and self._lies_still(event) else None
            elif event.type() == QEvent.Type.MouseButtonRelease:
                self._pressed = None
            elif self._pressed is not None:
                moved = (event.position() - self._pressed).manhattanLength()
                if moved >= QApplication.startDragDistance():
                    self._pressed = None
                    self.lifted.emit()
        return super().eventFilter(watched, event)

    def _lies_still(self, event: QMouseEvent) -> bool:
        canvas, spot = self._canvas, event.position()
        free = canvas.view.fitted and not canvas.loupe.on and not canvas.on_divider(spot)
        return free and canvas.picture_rect().contains(spot)
