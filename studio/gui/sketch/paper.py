"""The paper: a square to draw on with mouse, finger or a tablet's pen."""

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPointingDevice,
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from studio.gui.icons import smaller
from studio.gui.palette import DARK
from studio.gui.sketch.drawing import PAPER, Point

_INK, _FAINT = "#1f1f1f", "#767676"  # on white, whatever the theme
_NOTCH = 120  # eighths of a degree of a mouse wheel


class Paper(QWidget):
    """Shows a drawing and tells where the pen goes; it paints nothing into the drawing itself.

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
        self.setAccessibleName("Paper")
        self.setAccessibleDescription("Draw here with the mouse, a finger or a pen")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setMinimumSize(160, 160)
        self.theme = DARK
        self._image = QImage()
        self._brush = 0.0  # diameter of the ring, px of the paper
        self._axis = False
        self._invitation = ""
        self._pointer: QPointF | None = None
        self._down = False
        self._still = False

    def sizeHint(self) -> QSize:
        return QSize(400, 400)

    def sheet_rect(self) -> QRectF:
        """Where the paper lies in the widget: a square."""
        side = max(1, min(self.width(), self.height()))
        return QRectF((self.width() - side) // 2, (self.height() - side) // 2, side, side)

    def place_of(self, point: Point) -> QPointF:
        """Where a point of the paper lies in the widget."""
        rect = self.sheet_rect()
        scale = rect.width() / PAPER
        return QPointF(rect.left() + point.x * scale, rect.top() + point.y * scale)

    def show_image(self, image: QImage, changed: QRect | None = None) -> None:
        """Shows pixels.

        Args:
            image: PAPER x PAPER px.
            changed: what of them is other than before, in px of the paper; None: perhaps all.
        """
        self._image = image
        if changed is None:
            self.update()
            return
        scale, rect = self.sheet_rect().width() / PAPER, self.sheet_rect()
        area = QRectF(
            rect.left() + changed.left() * scale, rect.top() + changed.top() * scale,
            changed.width() * scale, changed.height() * scale,
        )  # fmt: skip
        self.update(area.adjusted(-2, -2, 2, 2).toAlignedRect())

    def show_brush(self, width: float, *, axis: bool) -> None:
        """Shows a ring of this width around the pointer, 0: none; and the axis of the mirror."""
        self._brush, self._axis = width, axis
        self.update()

    def invite(self, words: str) -> None:
        """Says on a blank paper what to do; empty: nothing."""
        if words != self._invitation:
            self._invitation = words
            self.update()

    def hold_still(self, still: bool) -> None:
        """Takes no drawing for a while."""
        self._still = still
        self.setCursor(Qt.CursorShape.ArrowCursor if still else Qt.CursorShape.CrossCursor)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        rect = self.sheet_rect()
        with QPainter(self) as painter:
            painter.setClipRegion(event.region())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(rect, self._image)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self._invitation:
                self._paint_invitation(painter, rect)
            if self._axis and not self._still:
                self._paint_axis(painter, rect)
            painter.setPen(QPen(QColor(self.theme.line), 1))
            painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5))
            if self.hasFocus():
                painter.setPen(QPen(QColor(self.theme.accent), 2))
                painter.drawRect(rect.adjusted(1, 1, -1, -1))
            if self._pointer is not None and self._brush and not self._still:
                self._paint_ring(painter, self._pointer)

    def _paint_invitation(self, painter: QPainter, rect: QRectF) -> None:
        first, _, rest = self._invitation.partition("\n")
        light = self._image.pixelColor(0, 0).lightness() > 128
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 1.6)
        painter.setFont(font)
        inside = rect.adjusted(16, 0, -16, 0)
        wrapped = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
        painter.setPen(QColor(_INK if light else "#ffffff"))
        upper = QRectF(inside.left(), inside.top(), inside.width(), inside.height() / 2)
        painter.drawText(upper, wrapped | Qt.AlignmentFlag.AlignBottom, first)
        painter.setFont(smaller(self.font(), 1.0))
        painter.setPen(QColor(_FAINT if light else "#d8d8d8"))
        lower = upper.translated(0, inside.height() / 2 + 8)
        painter.drawText(lower, wrapped | Qt.AlignmentFlag.AlignTop, rest)

    def _paint_axis(self, painter: QPainter, rect: QRectF) -> None:
        for colour, style in (
            ("#ffffff", Qt.PenStyle.SolidLine),
            ("#c25700", Qt.PenStyle.DashLine),
        ):
            painter.setPen(QPen(QColor(colour), 1, style))
            middle = rect.center().x()
            painter.drawLine(QPointF(middle, rect.top()), QPointF(middle, rect.bottom()))

    def _paint_ring(self, painter: QPainter, spot: QPointF) -> None:
        radius = max(2.0, self._brush * self.sheet_rect().width() / PAPER / 2)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, more in (("#ffffff", 1.0), ("#202020", 0.0)):
            painter.setPen(QPen(QColor(colour), 1))
            painter.drawEllipse(spot, radius + more, radius + more)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._press(event.position(), 1.0, erasing=False)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._move(event.position(), 1.0)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._release()

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
        rect = self.sheet_rect()
        scale = PAPER / rect.width()
        return Point((spot.x() - rect.left()) * scale, (spot.y() - rect.top()) * scale, pressure)

    def _point_at(self, spot: QPointF | None) -> None:
        """Moves the ring; only what it covers is painted anew."""
        reach = self._brush * self.sheet_rect().width() / PAPER / 2 + 4
        for place in (self._pointer, spot):
            if place is not None:
                area = QRectF(place.x() - reach, place.y() - reach, 2 * reach, 2 * reach)
                self.update(area.toAlignedRect())
        self._pointer = spot
