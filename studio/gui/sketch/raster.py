"""Paints what was done on a drawing into its pixels; the same list gives the same pixels."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

from studio.gui.sketch.drawing import PAPER, Fill, Lines, Point, Stroke

_FORMAT = QImage.Format.Format_RGB32
_LIGHTEST = 0.1  # share of a pen's width that the least pressure leaves
_THINNEST = 1.0  # px


def blank(ground: str) -> QImage:
    """A paper of one colour, #rrggbb."""
    image = QImage(PAPER, PAPER, _FORMAT)
    image.fill(QColor(ground))
    return image


def paint_stroke(image: QImage, stroke: Stroke) -> None:
    """Paints a whole stroke."""
    for step in range(len(stroke.points)):
        paint_step(image, stroke, step)
    paint_tail(image, stroke)


def paint_step(image: QImage, stroke: Stroke, step: int) -> QRect:
    """Paints what a stroke's point brings; points that come later do not change it.

    The line goes through the middles between points and bends towards the points themselves, so
    that a quick stroke of few points is round.

    Returns:
        What of the paper has changed, in px.
    """
    here, path = stroke.points[step], QPainterPath()
    if step == 0:
        path.moveTo(here.x, here.y)
        path.lineTo(here.x + 0.01, here.y)  # a dot: nothing but its round ends
        return _paint_path(image, stroke, path, here.pressure)
    before = stroke.points[step - 1]
    path.moveTo(_middle(stroke.points[step - 2], before) if step > 1 else _spot(before))
    path.quadTo(_spot(before), _middle(before, here))
    return _paint_path(image, stroke, path, (before.pressure + here.pressure) / 2)


def paint_tail(image: QImage, stroke: Stroke) -> QRect:
    """Paints the last piece of a stroke, up to its last point; returns what has changed."""
    if len(stroke.points) < 2:
        return QRect()
    before, last = stroke.points[-2:]
    path = QPainterPath(_middle(before, last))
    path.lineTo(_spot(last))
    return _paint_path(image, stroke, path, last.pressure)


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
    """The pixels of a paper to read and write: (PAPER, PAPER) uint32, 0xffRRGGBB."""
    return np.frombuffer(image.bits(), np.uint32).reshape(PAPER, PAPER)


def mirrored(point: Point) -> Point:
    """The point on the other side of the middle."""
    return point._replace(x=PAPER - point.x)


def _paint_path(image: QImage, stroke: Stroke, path: QPainterPath, pressure: float) -> QRect:
    width = max(_THINNEST, stroke.width * max(pressure, _LIGHTEST))
    pen = QPen(QColor(stroke.colour), width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    margin = width / 2 + 2
    box = path.controlPointRect().adjusted(-margin, -margin, margin, margin).toAlignedRect()
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, stroke.smooth)
        painter.strokePath(path, pen)
        if stroke.mirrored:
            painter.translate(PAPER, 0)
            painter.scale(-1, 1)
            painter.strokePath(path, pen)
            box = box.united(QRect(PAPER - box.right() - 1, box.top(), box.width(), box.height()))
    return box


def _middle(one: Point, other: Point) -> QPointF:
    return QPointF((one.x + other.x) / 2, (one.y + other.y) / 2)


def _spot(point: Point) -> QPointF:
    return QPointF(point.x, point.y)


def _inside(place: float) -> int:
    return min(PAPER - 1, max(0, int(place)))
