"""Paints fills and lines into the pixels of a drawing, and gives access to them."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage, QPainter

from studio.gui.state.drawing import PAPER, Fill, Lines, Point

_FORMAT = QImage.Format.Format_RGB32


def blank(ground: str) -> QImage:
    """A paper of one colour, #rrggbb."""
    image = QImage(PAPER, PAPER, _FORMAT)
    image.fill(QColor(ground))
    return image


def paint_fill(image: QImage, fill: Fill) -> None:
    """Gives the area around a point another colour, up to where the colour changes."""
    from skimage.segmentation import flood  # loaded ahead, see `warm_up`

    pixels = words_of(image)
    points = [fill.point, mirrored(fill.point)] if fill.mirrored else [fill.point]
    for point in points:
        at = (_inside(point.y), _inside(point.x))
        pixels[flood(pixels, at, connectivity=1)] = QColor(fill.colour).rgb()


def paint_lines(image: QImage, lines: Lines) -> None:
    """Puts lines on a paper."""
    ink = np.frombuffer(lines.ink, np.uint8).reshape(PAPER, PAPER)
    colour = QColor(lines.colour)
    if not lines.smooth:
        words_of(image)[ink >= 128] = colour.rgb()
        return
    layer = QImage(PAPER, PAPER, QImage.Format.Format_ARGB32)
    layer.fill(colour)
    alpha = QImage(ink.tobytes(), PAPER, PAPER, PAPER, QImage.Format.Format_Alpha8)
    layer.setAlphaChannel(alpha)
    with QPainter(image) as painter:
        painter.drawImage(0, 0, layer)


def warm_up() -> None:
    """Loads what filling needs; on a thread, for it takes a while."""
    from skimage.segmentation import flood

    flood(np.zeros((4, 4), np.uint32), (0, 0), connectivity=1)


def words_of(image: QImage) -> NDArray[np.uint32]:
    """The pixels of an RGB32 image to read and write: (H, W) uint32, 0xffRRGGBB."""
    return np.frombuffer(image.bits(), np.uint32).reshape(image.height(), image.width())


def mirrored(point: Point) -> Point:
    """The point on the other side of the middle."""
    return point._replace(x=PAPER - point.x)


def _inside(place: float) -> int:
    return min(PAPER - 1, max(0, int(place)))
