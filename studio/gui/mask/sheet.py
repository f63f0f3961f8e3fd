"""A mask that is being painted: its pixels, and a tint that shows them over the picture."""

import numpy as np
from PySide6.QtCore import QBuffer, QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QImageWriter

from studio.core.values.masks import LONGEST, from_png
from studio.gui.drawing.raster import words_of
from studio.gui.drawing.stroke_painter import StrokePainter
from studio.gui.mask.brush import grey
from studio.gui.state.drawing import Point, Stroke

_QUICK = 80  # Qt's "quality" of a PNG: 7 ms, where its best takes 10 to 100


class MaskSheet:
    """Grey pixels, RGB32, that strokes are painted on.

    Args:
        picture: (width, height) of what the mask is for, in px.
        neutral: level of an untouched mask, 0 to 1.
        image: to begin with, of any size; null: an untouched mask.
    """

    def __init__(self, picture: tuple[float, float], neutral: float, image: QImage) -> None:
        self._neutral = neutral
        scale = LONGEST / max(picture)
        size = QSize(*(max(1, round(side * scale)) for side in picture))
        if image.isNull():
            self.image = QImage(size, QImage.Format.Format_RGB32)
            self.image.fill(QColor(grey(neutral)))
        else:
            self.image = image.scaled(
                size, Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            ).convertToFormat(QImage.Format.Format_RGB32)  # fmt: skip
        self._stroke: Stroke | None = None
        self._painter = StrokePainter(self.image)

    @property
    def drawing_now(self) -> bool:
        """Whether a stroke is being drawn."""
        return self._stroke is not None

    def fill(self, level: float) -> None:
        """Gives all of it one level, 0 to 1."""
        self.image.fill(QColor(grey(level)))

    def invert(self) -> None:
        """Swaps what is changed with what is kept."""
        self.image.invertPixels()

    def begin(self, stroke: Stroke, softness: float) -> QRect:
        """Begins a stroke, of one point so far; returns what has changed, in px.

        Args:
            stroke: which.
            softness: of its edge; see `StrokePainter`.
        """
        self._stroke, self._painter = stroke, StrokePainter(self.image, softness)
        return self._painter.step(self.image, stroke)

    def move(self, point: Point) -> QRect:
        """The stroke goes on to a point."""
        if self._stroke is None:
            return QRect()
        self._stroke = self._stroke.of((*self._stroke.points[-2:], point))
        return self._painter.step(self.image, self._stroke)

    def end(self) -> QRect:
        """The stroke is done."""
        stroke, self._stroke = self._stroke, None
        return QRect() if stroke is None else self._painter.tail(self.image, stroke)

    def tint(self, box: QRect, colour: str, opacity: float) -> QImage:
        """A part of it as a veil: the colour where there is more than nothing said, black for less.

        Args:
            box: in px.
            colour: ``#rrggbb``.
            opacity: where a mask is furthest from untouched, 0 to 1.
        """
        part = words_of(self.image)[box.top() : box.bottom() + 1, box.left() : box.right() + 1]
        away = (part & 255) / 255 - self._neutral
        furthest = max(self._neutral, 1 - self._neutral)
        alpha = np.abs(away) / furthest * opacity
        ink = QColor(colour)
        pixels = np.zeros((*part.shape, 4), np.uint8)
        for place, level in enumerate((ink.red(), ink.green(), ink.blue())):
            pixels[..., place] = np.where(away > 0, level, 0)
        pixels[..., 3] = np.rint(255 * alpha * (np.abs(away) > 2 / 255))
        height, width = part.shape
        return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()

    @property
    def value(self) -> str:
        """The mask, as the value of its control."""
        buffer = QBuffer()
        buffer.open(QBuffer.OpenModeFlag.WriteOnly)
        writer = QImageWriter(buffer, b"png")
        writer.setQuality(_QUICK)
        writer.write(self.image.convertToFormat(QImage.Format.Format_Grayscale8))
        return from_png(bytes(buffer.data().data()))
