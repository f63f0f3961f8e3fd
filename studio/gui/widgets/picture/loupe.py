"""The loupe: a small square over the picture that shows the part under it px by px."""

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from studio.core.words.tongue import tr
from studio.gui.state.photo.region import Seen
from studio.gui.theme.icons import smaller
from studio.gui.theme.palette import DARK, Theme
from studio.gui.widgets.picture.patched import Patched
from studio.gui.widgets.picture.picture_painter import PicturePainter
from studio.gui.widgets.picture.plate import paint_plate, plate_size

SIDE = 256  # px
_FRAME = 2  # px
_FROM_EDGE = 6  # px, of the words


class Loupe(QWidget):
    """Follows the pointer over its parent, or stays at a point of the picture once it is pinned.

    Before is in its left half, after in its right half. It lets the mouse through to its parent,
    which tells it where to go.

    Signals:
        moved: it shows another part, or none any more.
    """

    moved = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedSize(SIDE, SIDE)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(tr("Loupe"))
        self._table = parent
        self.theme: Theme = DARK
        self._painter = PicturePainter()
        self._before, self._after = Patched(), Patched()
        self._rect = QRectF()  # of the picture on the parent, in logical px
        self._size = (1, 1)
        self._on = False
        self._zoom = 1
        self._spot: QPointF | None = None  # of the pointer; None while it is elsewhere
        self._pin: tuple[float, float] | None = None  # in px of the full-size picture
        self._waits = False  # pinned only until the pointer comes
        self.hide()

    @property
    def on(self) -> bool:
        """Whether it is in use, though perhaps waiting for the pointer."""
        return self._on

    @property
    def zoom(self) -> int:
        """Device px for a px of the full-size picture: 1 or 2."""
        return self._zoom

    @property
    def pinned(self) -> bool:
        """Whether it stays where it is."""
        return self._pin is not None

    def turn(self, on: bool, spot: QPointF | None) -> None:
        """Takes it up or puts it away.

        Args:
            on: which of both.
            spot: of the pointer on the parent; None: it is elsewhere, and the loupe waits for it
                in the middle of what is seen.
        """
        self._on, self._spot, self._pin = on, spot, None
        self._waits = on and spot is None
        if on and spot is None:
            seen = self._rect.intersected(QRectF(self._table.rect()))
            self._pin = self._point(seen.center())
        self._place()

    def magnify(self, zoom: int) -> None:
        """Shows the part at 100 % (1) or 200 % (2)."""
        if zoom != self._zoom:
            self._zoom = zoom
            self._place()

    def follow(self, spot: QPointF | None) -> None:
        """The pointer has moved on the parent, or away from it (None)."""
        self._spot = spot
        if self._waits and spot is not None:
            self._pin, self._waits = None, False
        if self._on and not self.pinned:
            self._place()

    def pin_or_free(self, spot: QPointF) -> None:
        """A click: pins it there, or lets it follow the pointer again."""
        self._spot = spot
        self._pin = None if self.pinned else self._point(spot)
        self._place()

    def nudge(self, dx: float, dy: float) -> None:
        """Moves it by so many px of the screen, and pins it."""
        point = self._shown_point()
        if point is not None:
            self._waits = False
            self._pin = self._point(self._spot_of(point) + QPointF(dx, dy))
            self._place()

    def show_both(self, before: Patched, after: Patched) -> None:
        """Shows other pixels of the picture."""
        self._before, self._after = before, after
        self.update()

    def lie(self, rect: QRectF, size: tuple[int, int]) -> None:
        """Tells where the picture lies on the parent, and its full size in px."""
        if (rect, size) == (self._rect, self._size):
            return
        if self._pin is not None and size != self._size:
            self._pin = (
                self._pin[0] * size[0] / self._size[0],
                self._pin[1] * size[1] / self._size[1],
            )
        self._rect, self._size = rect, size
        self._place()

    def seen(self) -> Seen | None:
        """What it shows, in px of the full-size picture; None: nothing."""
        point = self._shown_point()
        if point is None:
            return None
        half = SIDE * self.devicePixelRatioF() / self._zoom / 2
        (left, right), (top, bottom) = (
            (max(0.0, middle - half), min(float(length), middle + half))
            for middle, length in zip(point, self._size, strict=True)
        )
        return left, top, right, bottom

    def _shown_point(self) -> tuple[float, float] | None:
        if not self._on or self._rect.isEmpty():
            return None
        if self._pin is not None:
            return self._pin
        return None if self._spot is None else self._point(self._spot)

    def _point(self, spot: QPointF) -> tuple[float, float]:
        """The picture's point that is nearest to a spot on the parent."""
        rect = self._rect
        x = (spot.x() - rect.left()) / max(1.0, rect.width())
        y = (spot.y() - rect.top()) / max(1.0, rect.height())
        return min(max(x, 0.0), 1.0) * self._size[0], min(max(y, 0.0), 1.0) * self._size[1]

    def _spot_of(self, point: tuple[float, float]) -> QPointF:
        rect = self._rect
        return QPointF(
            rect.left() + point[0] / self._size[0] * rect.width(),
            rect.top() + point[1] / self._size[1] * rect.height(),
        )

    def _place(self) -> None:
        point = self._shown_point()
        self.setVisible(point is not None)
        if point is not None:
            spot, room = self._spot_of(point), self._table.size()
            x, y = (
                round(min(max(middle - SIDE / 2, 0), max(0, length - SIDE)))
                for middle, length in ((spot.x(), room.width()), (spot.y(), room.height()))
            )
            self.move(x, y)
        self.update()
        self.moved.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        point = self._shown_point()
        if point is None:
            return
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self.theme.ground))
        ratio, middle = self.devicePixelRatioF(), SIDE / 2
        step = self._zoom / ratio
        left, top = (round((middle - at * step) * ratio) / ratio for at in point)
        rect = QRectF(left, top, self._size[0] * step, self._size[1] * step)
        after = self._before if self._after.isnull() else self._after
        for layer, start in ((self._before, 0.0), (after, middle)):
            painter.save()
            painter.setClipRect(QRectF(start, 0, middle, SIDE))
            layer.paint(painter, self._painter, rect, ratio, self._zoom)
            painter.restore()
        self._paint_frame(painter)

    def _paint_frame(self, painter: QPainter) -> None:
        middle = SIDE / 2
        for colour, width in ((QColor(0, 0, 0, 110), 3), (QColor(Qt.GlobalColor.white), 1)):
            painter.setPen(QPen(colour, width))
            painter.drawLine(QPointF(middle, 0), QPointF(middle, SIDE))
        painter.setFont(smaller(painter.font(), 0.94))
        for words, right in ((tr("Before"), False), (tr("After") + f" {self._zoom}00 %", True)):
            size = plate_size(painter, words)
            left = SIDE - size.width() - _FROM_EDGE if right else _FROM_EDGE
            corner = QPointF(left, SIDE - size.height() - _FROM_EDGE)
            paint_plate(painter, words, corner, QRectF(self.rect()))
        edge = self.theme.accent if self.pinned else "#ffffff"
        inset = _FRAME / 2
        pen = QPen(QColor(edge), _FRAME)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        painter.drawRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset))
