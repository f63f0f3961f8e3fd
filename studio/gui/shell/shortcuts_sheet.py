"""All keys at a glance, read from the actions themselves."""

from collections.abc import Iterable

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QWidget,
)

from studio.core.words.tongue import tr
from studio.gui.widgets.labels import bold_label
from studio.gui.widgets.scrolled_dialog import lay_out_scrolled

# The first and the last of the keys of few keyboards, which the desktop binds to actions, too.
_RARE = Qt.Key.Key_F13, Qt.Key.Key_unknown
_MOST = 2  # keys of an action that are named


class ShortcutsSheet(QDialog):
    """What each key does; any key that shows it puts it away, too.

    Args:
        groups: titles, each with the actions below it; those without a key are left out.
    """

    def __init__(self, groups: Iterable[tuple[str, list[QAction]]], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Shortcuts"))
        inside = QWidget()
        self._columns = QHBoxLayout(inside)
        self._columns.setContentsMargins(24, 24, 24, 8)
        self._columns.setSpacing(40)
        parts = [(title, [each for each in of if each.shortcuts()]) for title, of in groups]
        self._fill([(title, of) for title, of in parts if of])
        lay_out_scrolled(self, inside).setAccessibleName(tr("Shortcuts"))

    def _fill(self, groups: list[tuple[str, list[QAction]]]) -> None:
        """Columns of about the same height."""
        half = sum(len(of) + 1 for _, of in groups) / 2
        lines = 0
        columns = [_column(), _column()]
        for title, actions in groups:
            grid = columns[lines + len(actions) / 2 > half]
            row = grid.rowCount()
            head = bold_label(title)
            head.setContentsMargins(0, 12 if row > 1 else 0, 0, 0)
            grid.addWidget(head, row, 0, 1, 2)
            for at, action in enumerate(actions, row + 1):
                keys = QLabel(_keys(action))
                keys.setObjectName("dim")
                grid.addWidget(QLabel(_words(action)), at, 0)
                grid.addWidget(keys, at, 1)
            lines += len(actions) + 1
        for grid in columns:
            grid.setRowStretch(grid.rowCount(), 1)
            self._columns.addLayout(grid)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_F1, Qt.Key.Key_Question):
            self.accept()
        else:
            super().keyPressEvent(event)


def _words(action: QAction) -> str:
    return action.text().rstrip("…").replace("&", "")


def _keys(action: QAction) -> str:
    native = QKeySequence.SequenceFormat.NativeText
    usual = [each for each in action.shortcuts() if not _is_rare(each)]
    return "   ".join(each.toString(native) for each in usual[:_MOST])


def _is_rare(keys: QKeySequence) -> bool:
    first: QKeyCombination = keys[0]  # pyright: ignore[reportIndexIssue] - PySide's stubs lack it
    return _RARE[0] <= first.key() <= _RARE[1]


def _column() -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(4)
    return grid
