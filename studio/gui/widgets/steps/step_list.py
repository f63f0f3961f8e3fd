"""The steps that a photo goes through, one line each: to choose, switch off, reorder and remove."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QPointF, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QCursor, QHoverEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QListWidget, QListWidgetItem, QWidget

from studio.core.words.tongue import tr
from studio.gui.theme.palette import Theme
from studio.gui.widgets.steps.step_painter import ROW, StepPainter

_MOST = 4  # lines that are seen at once


@dataclass(frozen=True)
class Line:
    """What a line says: the tool and its weights, and whether the step is on."""

    words: str
    on: bool


class StepList(QListWidget):
    """Tells what a person does with the steps; what becomes of it is shown by `show_steps`.

    Signals:
        chosen: (row) the step to edit.
        switched: (row, whether it should be on).
        moved: (row, row that it should have).
        removed: (row).
    """

    chosen = Signal(int)
    switched = Signal(int, bool)
    moved = Signal(int, int)
    removed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Steps"))
        self.setToolTip(tr("Space: on or off · Alt+Up, Alt+Down: reorder · Delete: remove"))
        self.setMouseTracking(True)
        self.setDragDropMode(QListWidget.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._painter = StepPainter(self)
        self.setItemDelegate(self._painter)
        self.currentRowChanged.connect(self._choose)
        self.itemChanged.connect(self._switch)
        self.model().rowsMoved.connect(self._move)
        # Queued: a line may not go while its delegate is at work.
        self._painter.removed.connect(self.removed, Qt.ConnectionType.QueuedConnection)

    def show_steps(self, lines: Sequence[Line], chosen: int) -> None:
        """Shows these steps, one of them chosen, without telling of it."""
        with QSignalBlocker(self):
            while self.count() > len(lines):
                self.takeItem(self.count() - 1)
            while self.count() < len(lines):
                self.addItem(QListWidgetItem())
        alone = sum(line.on for line in lines) == 1
        with QSignalBlocker(self):
            for row, line in enumerate(lines):
                self._show(self.item(row), line, fixed=alone and line.on)
            self.setCurrentRow(chosen)
        self.setFixedHeight(min(len(lines), _MOST) * ROW)
        self._find_hovered()

    def dress(self, theme: Theme) -> None:
        """Gives the lines their icons."""
        self._painter.dress(theme)
        self.viewport().update()

    def _find_hovered(self) -> None:
        """Qt goes on lighting the line that lay under the mouse before lines went or came."""
        there = QPointF(self.viewport().mapFromGlobal(QCursor.pos()))
        kind = QEvent.Type.HoverMove if self.viewport().underMouse() else QEvent.Type.HoverLeave
        QApplication.sendEvent(self.viewport(), QHoverEvent(kind, there, QCursor.pos(), there))

    def _show(self, item: QListWidgetItem, line: Line, *, fixed: bool) -> None:
        item.setText(line.words)
        item.setCheckState(Qt.CheckState.Checked if line.on else Qt.CheckState.Unchecked)
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        flags |= Qt.ItemFlag.ItemIsDragEnabled  # no drop on it: only between two of them
        item.setFlags(flags if fixed else flags | Qt.ItemFlag.ItemIsUserCheckable)

    def _choose(self, row: int) -> None:
        if row >= 0:
            self.chosen.emit(row)

    def _switch(self, item: QListWidgetItem) -> None:
        self.switched.emit(self.row(item), item.checkState() == Qt.CheckState.Checked)

    def _move(
        self, _parent: QModelIndex, start: int, _end: int, _to: QModelIndex, row: int
    ) -> None:
        self.moved.emit(start, row - 1 if row > start else row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.currentRow()
        by = (event.key() == Qt.Key.Key_Down) - (event.key() == Qt.Key.Key_Up)
        if event.modifiers() & Qt.KeyboardModifier.AltModifier and by:
            if 0 <= row + by < self.count():
                self.moved.emit(row, row + by)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and row >= 0:
            self.removed.emit(row)
        else:
            super().keyPressEvent(event)
