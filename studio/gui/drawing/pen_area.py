"""Where a pen draws: mouse, finger or tablet, and the ring that shows how wide it is."""

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QMouseEvent,
    QPainter,
    QPen,
    QPointingDevice,
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from studio.gui.state.drawing import Point

_NOTCH = 120  # eighths of a degree of a mouse wheel


class PenArea(QWidget):
    """Tells where the pen goes on a sheet that lies in the widget; what it does not need it passes.

    Signals:
        pressed: (Point, whether with the eraser's end of a tablet's pen).
        moved: (Point).
        released: the pen is up.
        widened: (steps) that the brush should be wider, or narrower below 0.
    """

    pressed = Signal(object, bool)
    moved = Signal(object)
    released = Signal()
    widened = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self._brush = 0.0  # diameter of the ring, px of the sheet
        self._pointer: QPointF | None = None
        self._down = False
        self._still = False

    def sheet_rect(self) -> QRectF:
        """Where the sheet lies in the widget."""
        raise NotImplementedError

    def sheet_width(self) -> float:
        """Of the sheet, in px of the drawing."""
        raise NotImplementedError

    def place_of(self, point: Point) -> QPointF:
        """Where a point of the drawing lies in the widget."""
        rect, scale = self.sheet_rect(), self.scale()
        return QPointF(rect.left() + point.x * scale, rect.top() + point.y * scale)

    def scale(self) -> float:
        """Px of the widget a px of the drawing."""
        return self.sheet_rect().width() / self.sheet_width()

    def show_width(self, width: float) -> None:
        """Shows a ring of this width around the pointer; 0: none."""
        self._brush = width
        self.update()

    def hold_still(self, still: bool) -> None:
        """Takes no drawing for a while."""
        self._still = still
        self.setCursor(Qt.CursorShape.ArrowCursor if still else Qt.CursorShape.CrossCursor)
        self.update()

    def paint_ring(self, painter: QPainter) -> None:
        """Paints the ring around the pointer."""
        if self._pointer is None or not self._brush or self._still:
            return
        radius = max(2.0, self._brush * self.scale() / 2)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, more in (("#ffffff", 1.0), ("#202020", 0.0)):
            painter.setPen(QPen(QColor(colour), 1))
            painter.drawEllipse(self._pointer, radius + more, radius + more)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        left = event.button() == Qt.MouseButton.LeftButton
        if left:
            self._press(event.position(), 1.0, erasing=False)
        event.setAccepted(left)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._move(event.position(), 1.0)
        event.setAccepted(self._down)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        left = event.button() == Qt.MouseButton.LeftButton
        if left:
            self._release()
        event.setAccepted(left)

    def tabletEvent(self, event: QTabletEvent) -> None:
        """Takes the pressure along; what is accepted here comes no second time as a mouse's."""
        match event.type():
            case QEvent.Type.TabletPress:
                eraser = event.pointerType() == QPointingDevice.PointerType.Eraser
                self._press(event.position(), event.pressure(), erasing=eraser)
            case QEvent.Type.TabletRelease:
                self._release()
            case _:
                self._move(event.position(), event.pressure())
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and event.angleDelta().y():
            self.widened.emit(max(-3, min(3, round(event.angleDelta().y() / _NOTCH) or 1)))
        else:
            super().wheelEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._point_at(None)
        super().leaveEvent(event)

    def _press(self, spot: QPointF, pressure: float, *, erasing: bool) -> None:
        if not self._still and self.sheet_rect().contains(spot):
            self._down = True
            self.pressed.emit(self._point(spot, pressure), erasing)

    def _move(self, spot: QPointF, pressure: float) -> None:
        self._point_at(spot)
        if self._down:
            self.moved.emit(self._point(spot, pressure))

    def _release(self) -> None:
        if self._down:
            self._down = False
            self.released.emit()

    def _point(self, spot: QPointF, pressure: float) -> Point:
        rect, scale = self.sheet_rect(), self.scale()
        return Point((spot.x() - rect.left()) / scale, (spot.y() - rect.top()) / scale, pressure)

    def _point_at(self, spot: QPointF | None) -> None:
        """Moves the ring; only what it covers is painted anew."""
        reach = self._brush * self.scale() / 2 + 4
        for place in (self._pointer, spot):
            if place is not None:
                area = QRectF(place.x() - reach, place.y() - reach, 2 * reach, 2 * reach)
                self.update(area.toAlignedRect())
        self._pointer = spot
