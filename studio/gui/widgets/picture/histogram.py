"""How often each tone occurs in a picture, in red, green, blue and brightness."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.core.words.tongue import tr
from studio.gui.theme.palette import DARK, Theme

Tones = NDArray[np.float64]
"""(4, `_BINS`), each the share of the highest that is not clipped: red, green, blue, brightness."""

_BINS = 64
_SIDE = 320  # px that a picture is looked at with
_HEIGHT, _LEAST = 96, 48  # px
_COLOURS = QColor(224, 64, 56, 130), QColor(64, 176, 80, 130), QColor(64, 120, 240, 130)
_LUMA = np.array([0.299, 0.587, 0.114])


def tones_of(image: QImage) -> Tones:
    """Counts tones; quick, but not for the window's thread."""
    small = image.scaled(_SIDE, _SIDE, Qt.AspectRatioMode.KeepAspectRatio)
    plain = small.convertToFormat(QImage.Format.Format_RGBX8888)
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), -1)
    pixels = rows[:, : 4 * plain.width()].reshape(-1, 4)[:, :3]
    planes = [*pixels.T, (pixels @ _LUMA).round().astype(np.uint8)]
    counts = np.array([np.bincount(p // (256 // _BINS), minlength=_BINS) for p in planes])
    highest = max(1, counts[:, 1:-1].max())  # black and white may tower above all else
    return np.minimum(counts / highest, 1.0)


class Histogram(QWidget):
    """Takes the room that is left; where that is too little it shows nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Histogram"))
        self.setToolTip(tr("How often each tone occurs in what is shown, from black to white"))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        self.setMaximumHeight(_HEIGHT)
        self.theme: Theme = DARK
        self._tones: Tones | None = None

    def show_tones(self, tones: Tones | None) -> None:
        """Shows those of another picture; None: there is none."""
        self._tones = tones
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(0, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        if self._tones is None or self.height() < _LEAST:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        grey = QColor(self.theme.dim)
        grey.setAlpha(110)
        for colour, tones in zip((grey, *_COLOURS), self._tones[[3, 0, 1, 2]], strict=True):
            painter.setBrush(colour)
            painter.drawPolygon(self._outline(tones))
        painter.setPen(QColor(self.theme.line))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)

    def _outline(self, tones: NDArray[np.float64]) -> QPolygonF:
        step, floor = self.width() / (_BINS - 1), self.height() - 1
        points = [QPointF(at * step, floor * (1 - tone)) for at, tone in enumerate(tones)]
        return QPolygonF([QPointF(0, floor), *points, QPointF(self.width(), floor)])
