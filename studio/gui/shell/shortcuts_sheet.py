"""All keys at a glance, read from the actions themselves."""

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from studio.gui.widgets.labels import bold_label

_COLUMNS = 2


class ShortcutsSheet(QDialog):
    """What each key does; any key that shows it puts it away, too.

    Args:
        groups: titles, each with the actions below it; those without a key are left out.
    """

    def __init__(self, groups: Iterable[tuple[str, list[QAction]]], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Shortcuts")
        inside = QWidget()
        self._grid = QGridLayout(inside)
        self._grid.setContentsMargins(24, 24, 24, 8)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(4)
        parts = [(title, [each for each in of if each.shortcuts()]) for title, of in groups]
        self._fill([(title, of) for title, of in parts if of])
        area = QScrollArea()
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setWidget(inside)
        area.setAccessibleName("Shortcuts")
        close = QPushButton("Close")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        below = QHBoxLayout()
        below.setContentsMargins(24, 0, 24, 16)
        below.addStretch()
        below.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(area, 1)
        layout.addLayout(below)
        wanted, room = inside.sizeHint(), self.screen().availableSize()
        self.resize(
            min(room.width() - 80, wanted.width() + 24),
            min(room.height() - 80, wanted.height() + 64),
        )

    def _fill(self, groups: list[tuple[str, list[QAction]]]) -> None:
        """Columns of about the same height."""
        lines = sum(len(of) + 1 for _, of in groups)
        row, column = 0, 0
        for title, actions in groups:
            if row and column < _COLUMNS - 1 and row + len(actions) / 2 > lines / _COLUMNS:
                row, column = 0, column + 1
            head = bold_label(title)
            head.setContentsMargins(0, 12 if row else 0, 0, 0)
            self._grid.addWidget(head, row, 3 * column, 1, 2)
            for action in actions:
                row += 1
                self._grid.addWidget(QLabel(_words(action)), row, 3 * column)
                keys = QLabel(_keys(action))
                keys.setObjectName("dim")
                self._grid.addWidget(keys, row, 3 * column + 1)
            row += 1
        self._grid.setColumnMinimumWidth(2, 24)
        self._grid.setRowStretch(self._grid.rowCount(), 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_F1, Qt.Key.Key_Question):
            self.accept()
        else:
            super().keyPressEvent(event)


def _words(action: QAction) -> str:
    return action.text().rstrip("…").replace("&", "")


def _keys(action: QAction) -> str:
    native = QKeySequence.SequenceFormat.NativeText
    return "   ".join(each.toString(native) for each in action.shortcuts())
