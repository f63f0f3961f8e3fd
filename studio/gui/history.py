"""Undo and redo of looks, each photo with its own history."""

from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoGroup, QUndoStack

from studio.gui.document import Look


class Undoing(Protocol):
    """What undo and redo act on."""

    @property
    def next_undo(self) -> str | None:
        """What an undo would take back; None if there is nothing."""
        ...

    @property
    def next_redo(self) -> str | None:
        """What a redo would make again; None if there is nothing."""
        ...

    def undo(self) -> None:
        """Takes the last step back."""
        ...

    def redo(self) -> None:
        """Makes the step again that was taken back last."""
        ...


class _Change(QUndoCommand):
    """From one look to another; changes of one gesture become one step."""

    def __init__(
        self, history: "History", path: Path, looks: tuple[Look, Look], gesture: int, words: str
    ) -> None:
        super().__init__(words)
        self._history = history
        self._path = path
        self._before, self.after = looks
        self._gesture = gesture

    def id(self) -> int:
        return self._gesture

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, _Change):
            return False
        self.after = other.after
        self.setObsolete(self._before == self.after)
        return True

    def undo(self) -> None:
        self._history.wanted.emit(self._path, self._before)

    def redo(self) -> None:
        self._history.wanted.emit(self._path, self.after)


class History(QObject):
    """Records changes of looks and asks for them again.

    Signals:
        wanted: (path, look) that a photo should have now: after a change, an undo or a redo.
        changed: what can be undone or redone is another.
    """

    wanted = Signal(object, object)
    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._group = QUndoGroup(self)
        self._stacks: dict[Path, QUndoStack] = {}
        self._group.indexChanged.connect(self.changed)
        self._group.activeStackChanged.connect(self.changed)

    def show(self, path: Path | None) -> None:
        """Makes undo and redo act on one photo."""
        if path is not None and path not in self._stacks:
            self._stacks[path] = QUndoStack(self._group)
        stack = self._stacks[path] if path is not None else None
        # Qt takes null for "none"; its Python stub does not say so.
        self._group.setActiveStack(stack)  # pyright: ignore[reportArgumentType]

    def forget(self, path: Path) -> None:
        """Drops a closed photo's history."""
        stack = self._stacks.pop(path, None)
        if stack is not None:
            self._group.removeStack(stack)
            stack.deleteLater()

    def change(self, path: Path, before: Look, after: Look, gesture: int, words: str) -> None:
        """Records a change of the photo that `show` named last; `wanted` follows at once."""
        if path in self._stacks:
            self._stacks[path].push(_Change(self, path, (before, after), gesture, words))

    def undo(self) -> None:
        """Takes the last step back."""
        self._group.undo()

    def redo(self) -> None:
        """Makes the step again that was taken back last."""
        self._group.redo()

    @property
    def next_undo(self) -> str | None:
        """What an undo would take back; None if there is nothing."""
        return self._group.undoText() if self._group.canUndo() else None

    @property
    def next_redo(self) -> str | None:
        """What a redo would make again; None if there is nothing."""
        return self._group.redoText() if self._group.canRedo() else None
