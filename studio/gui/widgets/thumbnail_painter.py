"""Paints a thumbnail with rounded corners, cut to a square; shared by gallery and filmstrip."""

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

from studio.gui.theme.palette import Theme

_RADIUS = 4.0


def paint_thumbnail(
    painter: QPainter, square: QRect, image: QImage | None, letter: str, theme: Theme
) -> None:
    """Fills a square with the middle of an image, or with a neutral tile that carries a letter."""
    painter.save()
    painter.setRenderHints(
        QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
    )
    shape = QPainterPath()
    shape.addRoundedRect(QRectF(square), _RADIUS, _RADIUS)
    painter.setClipPath(shape)
    if image is None or image.isNull():
        painter.fillRect(square, QColor(theme.raised))
        painter.setPen(QColor(theme.dim))
        painter.drawText(square, Qt.AlignmentFlag.AlignCenter, letter)
    else:
        side = min(image.width(), image.height())
        middle = QRect((image.width() - side) // 2, (image.height() - side) // 2, side, side)
        painter.drawImage(square, image, middle)
    painter.restore()


def paint_ring(painter: QPainter, square: QRect, colour: str, width: int) -> None:
    """Frames a thumbnail, just outside of it."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(colour), width))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(square).adjusted(-1, -1, 1, 1), _RADIUS + 1, _RADIUS + 1)
    painter.restore()
