"""Before and after side by side: two halves of the canvas that show the same part."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter

from studio.core.words.tongue import tr
from studio.gui.widgets.picture.patched import Patched
from studio.gui.widgets.picture.picture_painter import PicturePainter
from studio.gui.widgets.picture.plate import paint_plate

_GAP = 2  # px between them
_FROM_EDGE = 12  # px, of the words


def half_of(width: int) -> int:
    """Width of a half in px, of a canvas that is so wide."""
    return max(1, (width - _GAP) // 2)


def in_left_half(spot: QPointF, width: int) -> QPointF:
    """The point of the left half that shows what a point of the right half shows."""
    right = width - half_of(width)
    return QPointF(spot.x() - right, spot.y()) if spot.x() >= right else spot


def paint_halves(
    painter: QPainter,
    pictures: PicturePainter,
    halves: tuple[Patched, Patched],
    rect: QRectF,
    size: QSize,
    ratio: float,
    zoom: float,
    line: str,
) -> None:
    """Paints both halves and a line between them.

    Args:
        painter: of the canvas.
        pictures: paints pictures.
        halves: what the left and the right one show.
        rect: where the picture lies in the left half, in logical px.
        size: of the canvas in px.
        ratio: px of the device a logical px.
        zoom: px of the device a px of the picture.
        line: its colour, #rrggbb.
    """
    half = half_of(size.width())
    right = size.width() - half
    second = tr("Before") if halves[1] is halves[0] else tr("After")  # the original may be held
    for word, shown, left in zip((tr("Before"), second), halves, (0, right), strict=True):
        place, room = rect.translated(left, 0), QRectF(left, 0, half, size.height())
        painter.save()
        painter.setClipRect(room, Qt.ClipOperation.IntersectClip)
        shown.paint(painter, pictures, place, ratio, zoom)
        seen = place.intersected(room)
        corner = QPointF(seen.left() + _FROM_EDGE, seen.top() + _FROM_EDGE)
        paint_plate(painter, word, corner, seen)
        painter.restore()
    painter.fillRect(QRectF(half, 0, right - half, size.height()), QColor(line))
