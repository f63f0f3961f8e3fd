"""The program's own icon, drawn in SVG."""

from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QIcon, QImage, QPainter, QPixmap

SIZES = (16, 22, 24, 32, 48, 64, 96, 128, 256, 512)
"""Sides in px that desktops ask for."""
SVG = Path(__file__).with_name("studio.svg")


def app_icon() -> QIcon:
    """For the window, sharp in every size."""
    icon = QIcon()
    for side in SIZES[:-1]:
        icon.addPixmap(QPixmap.fromImage(drawn(side)))
    return icon


def drawn(side: int) -> QImage:
    """The icon as a square of so many px."""
    from PySide6.QtSvg import QSvgRenderer

    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    QSvgRenderer(str(SVG)).render(painter)
    painter.end()
    return image


def png(side: int) -> bytes:
    """The same as a file."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    drawn(side).save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())
