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
        parts = [(title, _lines(of)) for title, of in groups]
        held = "   ".join(_native(QKeySequence(key)) for key in (Qt.Key.Key_Space, "\\"))
        parts.append((tr("While held"), [(tr("Original"), held)]))
        self._fill([(title, of) for title, of in parts if of])
        lay_out_scrolled(self, inside).setAccessibleName(tr("Shortcuts"))

    def _fill(self, groups: list[tuple[str, list[tuple[str, str]]]]) -> None:
        """Columns of about the same height."""
        half = sum(len(of) + 1 for _, of in groups) / 2
        lines = 0
        columns = [_column(), _column()]
        for title, told in groups:
            grid = columns[lines + len(told) / 2 > half]
            row = grid.rowCount()
            head = bold_label(title)
            head.setContentsMargins(0, 12 if row > 1 else 0, 0, 0)
            grid.addWidget(head, row, 0, 1, 2)
            for at, (words, keys) in enumerate(told, row + 1):
                pressed = QLabel(keys)
                pressed.setObjectName("dim")
                grid.addWidget(QLabel(words), at, 0)
                grid.addWidget(pressed, at, 1)
            lines += len(told) + 1
        for grid in columns:
            grid.setRowStretch(grid.rowCount(), 1)
            self._columns.addLayout(grid)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_F1, Qt.Key.Key_Question):
            self.accept()
        else:
            super().keyPressEvent(event)


def _lines(actions: list[QAction]) -> list[tuple[str, str]]:
    """What those that have keys do, and the keys."""
    return [(_words(each), _keys(each)) for each in actions if each.shortcuts()]


def _words(action: QAction) -> str:
    return action.text().rstrip("…").replace("&", "")


def _keys(action: QAction) -> str:
    usual = [each for each in action.shortcuts() if not _is_rare(each)]
    return "   ".join(_native(each) for each in usual[:_MOST])


def _native(keys: QKeySequence) -> str:
    return keys.toString(QKeySequence.SequenceFormat.NativeText)


def _is_rare(keys: QKeySequence) -> bool:
    first: QKeyCombination = keys[0]  # pyright: ignore[reportIndexIssue] - PySide's stubs lack it
    return _RARE[0] <= first.key() <= _RARE[1]


def _column() -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(4)
    return grid
