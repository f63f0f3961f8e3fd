"""A word on the picture, on a dark plate that makes it readable on any."""

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

_PADDING = 8, 4  # px, sideways and upwards


def plate_size(painter: QPainter, word: str) -> QSizeF:
    """How large the plate of a word is, in px."""
    metrics = QFontMetricsF(painter.font())
    across, upwards = _PADDING
    return QSizeF(metrics.horizontalAdvance(word) + 2 * across, metrics.height() + 2 * upwards)


def paint_plate(painter: QPainter, word: str, corner: QPointF, room: QRectF) -> None:
    """Paints a word, its plate's top left corner at a point, unless that leaves the room."""
    plate = QRectF(corner, plate_size(painter, word))
    if not room.contains(plate):
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, 140))
    painter.drawRoundedRect(plate, 4, 4)
    painter.setPen(Qt.GlobalColor.white)
    painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, word)
    painter.restore()
