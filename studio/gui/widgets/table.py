"""Lays paper and result side by side as equal squares, and what belongs to each below it."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

_GAP = 16  # px between the two, and around them
_NEAR = 8  # px between a square and what is below it


class Table(QWidget):
    """Two columns of equal width, as large as fits.

    Args:
        left, right: (square, row below it).
    """

    def __init__(self, left: tuple[QWidget, QWidget], right: tuple[QWidget, QWidget]) -> None:
        super().__init__()
        self._columns = (left, right)
        for column in self._columns:
            for widget in column:
                widget.setParent(self)

    def minimumSizeHint(self) -> QSize:
        rows = [row.minimumSizeHint() for _, row in self._columns]
        width = max(160, *(row.width() for row in rows))
        return QSize(2 * width + _GAP, 160 + _NEAR + max(row.height() for row in rows))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        below = max(row.sizeHint().height() for _, row in self._columns)
        room = self.height() - below - _NEAR
        side = max(1, min((self.width() - _GAP) // 2, room))
        # Where the squares are small, the rows below them may be wider than they are.
        wide = max(side, *(row.sizeHint().width() for _, row in self._columns))
        wide = min(wide, (self.width() - _GAP) // 2)
        left = (self.width() - 2 * wide - _GAP) // 2
        top = (self.height() - side - _NEAR - below) // 3
        for number, (square, row) in enumerate(self._columns):
            x = left + number * (wide + _GAP)
            square.setGeometry(x + (wide - side) // 2, top, side, side)
            row.setGeometry(x, top + side + _NEAR, wide, below)
