"""The line between before and after, with its handle."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from studio.core.words.tongue import tr
from studio.gui.widgets.picture.plate import paint_plate, plate_size

_REACH = 12  # px to either side of the line that take hold of it
_HANDLE = 12  # px, radius
_FROM_LINE, _FROM_TOP = 20, 12  # px, of the words on either side


def place_of(share: float, picture: QRectF) -> float:
    """Where the line is, for a share of the picture's width."""
    return picture.left() + share * picture.width()


def share_at(spot: QPointF, picture: QRectF) -> float:
    """The share of the picture's width that lies left of a point."""
    return (spot.x() - picture.left()) / max(1.0, picture.width())


def held_at(spot: QPointF, share: float, picture: QRectF) -> bool:
    """Whether a point takes hold of the line."""
    return abs(spot.x() - place_of(share, picture)) <= _REACH


def _paint_words(painter: QPainter, x: float, picture: QRectF) -> None:
    """Says on either side of the divider which is which, where there is room for it."""
    top = picture.top() + _FROM_TOP
    room = picture.adjusted(_FROM_LINE, 0, -_FROM_LINE, -_FROM_TOP)
    before = x - _FROM_LINE - plate_size(painter, tr("Before")).width()
    paint_plate(painter, tr("Before"), QPointF(before, top), room)
    paint_plate(painter, tr("After"), QPointF(x + _FROM_LINE, top), room)


def paint_divider(painter: QPainter, x: float, picture: QRectF) -> None:
    """Paints the divider at `x`, in logical px, and says what lies on its sides.

    Args:
        painter: of the widget.
        x: of the line.
        picture: its visible part.
    """
    if picture.isEmpty():
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    # White between dark edges is seen on any picture.
    top, bottom = QPointF(x, picture.top()), QPointF(x, picture.bottom())
    painter.setPen(QPen(QColor(0, 0, 0, 110), 4))
    painter.drawLine(top, bottom)
    painter.setPen(QPen(Qt.GlobalColor.white, 2))
    painter.drawLine(top, bottom)
    middle = QPointF(x, picture.center().y())
    painter.setPen(QPen(QColor(0, 0, 0, 110), 1))
    painter.setBrush(Qt.GlobalColor.white)
    painter.drawEllipse(middle, _HANDLE, _HANDLE)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(40, 40, 40))
    for side in (-1, 1):
        tip = middle + QPointF(side * 8, 0)
        back = middle + QPointF(side * 3, 0)
        painter.drawPolygon(QPolygonF([tip, back + QPointF(0, -4.5), back + QPointF(0, 4.5)]))
    _paint_words(painter, x, picture)
