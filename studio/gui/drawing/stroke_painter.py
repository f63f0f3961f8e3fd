"""Paints a stroke while it grows; the same points always give the same pixels."""

import numpy as np
from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

from studio.gui.drawing.raster import words_of
from studio.gui.state.drawing import Point, Stroke

_LIGHTEST = 0.1  # share of a pen's width that the least pressure leaves
_THINNEST = 1.0  # px
_MOST_RINGS = 32  # of a soft edge


class StrokePainter:
    """Collects how far the stroke covers each pixel, and lays its colour on what was there before.

    Pieces that overlap cover no more than one of them does: soft edges stay even.

    Args:
        image: the paper, or another sheet of RGB32 pixels.
        softness: share of a stroke's radius over which its edge fades out, 0 to 1.
    """

    def __init__(self, image: QImage, softness: float = 0.0) -> None:
        self._softness = softness
        self._before = words_of(image).copy()
        self._cover = np.zeros_like(self._before, np.uint8)

    def step(self, image: QImage, stroke: Stroke) -> QRect:
        """Paints what the stroke's last point brings.

        The line goes through the middles between points and bends towards the points themselves,
        so that a quick stroke of few points is round.

        Returns:
            What of the paper has changed, in px.
        """
        points = stroke.points
        here, path = points[-1], QPainterPath()
        if len(points) == 1:
            path.moveTo(_spot(here))
            path.lineTo(here.x + 0.01, here.y)  # a dot: nothing but its round ends
            return self._paint(image, stroke, path, here.pressure)
        before = points[-2]
        path.moveTo(_middle(points[-3], before) if len(points) > 2 else _spot(before))
        path.quadTo(_spot(before), _middle(before, here))
        return self._paint(image, stroke, path, (before.pressure + here.pressure) / 2)

    def tail(self, image: QImage, stroke: Stroke) -> QRect:
        """Paints the last piece of a stroke, up to its last point; returns what has changed."""
        if len(stroke.points) < 2:
            return QRect()
        before, last = stroke.points[-2:]
        path = QPainterPath(_middle(before, last))
        path.lineTo(_spot(last))
        return self._paint(image, stroke, path, last.pressure)

    def _paint(self, image: QImage, stroke: Stroke, path: QPainterPath, pressure: float) -> QRect:
        width = max(_THINNEST, stroke.width * max(pressure, _LIGHTEST))
        margin = width / 2 + 2
        around = path.controlPointRect().adjusted(-margin, -margin, margin, margin)
        box = around.toAlignedRect().intersected(image.rect())
        if box.isEmpty():
            return box
        piece = _piece(path, width, box, self._softness, smooth=stroke.smooth)
        self._lay(image, stroke.colour, piece, box)
        if not stroke.mirrored:
            return box
        other = QRect(image.width() - box.right() - 1, box.top(), box.width(), box.height())
        self._lay(image, stroke.colour, piece[:, ::-1], other)
        return box.united(other)

    def _lay(self, image: QImage, colour: str, piece: np.ndarray, box: QRect) -> None:
        """Covers a part of the paper, box.height() x box.width() px, with a piece of the stroke."""
        part = np.s_[box.top() : box.bottom() + 1, box.left() : box.right() + 1]
        cover = self._cover[part]
        np.maximum(cover, piece, out=cover)
        before = self._before[part].view(np.uint8).reshape(*cover.shape, 4)
        ink = np.array([QColor(colour).rgb()], np.uint32).view(np.uint8).astype(np.int32)
        share = cover[..., None].astype(np.int32)
        mixed = (before * (255 - share) + ink * share + 127) // 255
        words_of(image)[part] = np.ascontiguousarray(mixed.astype(np.uint8)).view(np.uint32)[..., 0]


def paint_stroke(image: QImage, stroke: Stroke) -> None:
    """Paints a whole stroke."""
    painter = StrokePainter(image)
    for count in range(1, len(stroke.points) + 1):
        # No more than the last three points matter to a step.
        known = stroke.points[max(0, count - 3) : count]
        painter.step(image, stroke if count == len(stroke.points) else stroke.of(known))
    painter.tail(image, stroke)


def _piece(
    path: QPainterPath, width: float, box: QRect, softness: float, *, smooth: bool
) -> np.ndarray:
    """How far a line covers the px of a box: (H, W) uint8."""
    piece = QImage(box.size(), QImage.Format.Format_RGB32)
    piece.fill(0)
    with QPainter(piece) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, smooth)
        painter.translate(-box.left(), -box.top())
        for part, level in _rings(softness * width / 2, width):
            pen = QPen(QColor(level, level, level), part)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.strokePath(path, pen)
    words = np.frombuffer(piece.constBits(), np.uint8).reshape(box.height(), box.width(), 4)
    return words[..., 0].copy()


def _rings(fade: float, width: float) -> list[tuple[float, int]]:
    """(width in px, level to 255) of the lines over each other whose edge fades over so many px."""
    count = max(1, min(_MOST_RINGS, round(fade)))
    shares = [(number + 1) / count for number in range(count)]
    smooth = [share * share * (3 - 2 * share) for share in shares]
    inwards = [2 * fade * number / count for number in range(count)]
    return [
        (max(_THINNEST, width - inward), round(255 * level))
        for inward, level in zip(inwards, smooth, strict=True)
    ]


def _middle(one: Point, other: Point) -> QPointF:
    return QPointF((one.x + other.x) / 2, (one.y + other.y) / 2)


def _spot(point: Point) -> QPointF:
    return QPointF(point.x, point.y)
