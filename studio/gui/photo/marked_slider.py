"""The slider of a video's frames, with brackets around the part that is wanted."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSlider, QStyle

_HANDLE = 16  # px, as the style has it
_HEIGHT, _FOOT = 18, 4  # px, of a bracket


class MarkedSlider(QSlider):
    """Its values are the numbers of frames."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._part: tuple[int, int] | None = None

    def show_part(self, part: tuple[int, int] | None) -> None:
        """Shows a part by its first and its last frame; None: it is all of them."""
        self._part = part
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._part is None:
            return
        first, last = map(self._place, self._part)
        top = (self.height() - _HEIGHT) // 2
        with QPainter(self) as painter:
            painter.setPen(QPen(QColor(self.palette().text().color()), 2))
            for at, foot in ((first - _HANDLE // 2, _FOOT), (last + _HANDLE // 2, -_FOOT)):
                painter.drawLine(at, top, at, top + _HEIGHT)
                painter.drawLine(at, top, at + foot, top)
                painter.drawLine(at, top + _HEIGHT, at + foot, top + _HEIGHT)

    def _place(self, frame: int) -> int:
        room = self.width() - _HANDLE
        left = QStyle.sliderPositionFromValue(self.minimum(), self.maximum(), frame, room)
        return left + _HANDLE // 2
