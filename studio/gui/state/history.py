"""Undo and redo of values that never change themselves; each thing has its own history."""

from collections.abc import Hashable
from typing import Generic, Protocol, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoGroup, QUndoStack

from studio.gui.state.gesture import NO_GESTURE, Gesture

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


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


class _Change(QUndoCommand, Generic[K, V]):
    """From one value to another; changes of one gesture become one step."""

    def __init__(
        self, history: "History[K, V]", key: K, values: tuple[V, V], gesture: Gesture, words: str
    ) -> None:
        super().__init__(words)
        self._history = history
        self._key = key
        self._before, self.after = values
        self.gesture = gesture
        self._done = True  # by whoever records it

    def id(self) -> int:
        return -1 if self.gesture is NO_GESTURE else 1  # Qt: those with -1 are never merged

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, _Change) or other.gesture is not self.gesture:
            return False
        self.after = other.after
        self.setObsolete(self._before == self.after)
        return True

    def undo(self) -> None:
        self._history.wanted.emit(self._key, self._before)

    def redo(self) -> None:
        if not self._done:
            self._history.wanted.emit(self._key, self.after)
        self._done = False


class History(QObject, Generic[K, V]):
    """Records changes of values and asks for them again, such as the looks of photos.

    Signals:
        wanted: (key, value) that a thing should have after an undo or a redo.
        changed: what can be undone or redone is another.
    """

    wanted = Signal(object, object)
    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._group = QUndoGroup(self)
        self._stacks: dict[K, QUndoStack] = {}
        self._group.indexChanged.connect(self.changed)
        self._group.activeStackChanged.connect(self.changed)

    def show(self, key: K | None) -> None:
        """Makes undo and redo act on one thing."""
        stack = self._stack(key) if key is not None else None
        # Qt takes null for "none"; its Python stub does not say so.
        self._group.setActiveStack(stack)  # pyright: ignore[reportArgumentType]

    def put_away(self, key: K) -> QUndoStack | None:
        """Takes the history of a thing that is closed; it goes with what is returned."""
        stack = self._stacks.pop(key, None)
        if stack is not None:
            self._group.removeStack(stack)
            stack.setParent(None)
        return stack

    def bring_back(self, key: K, stack: QUndoStack) -> None:
        """Gives a thing the history that was put away."""
        self._group.addStack(stack)
        self._stacks[key] = stack

    def record(self, key: K, before: V, after: V, gesture: Gesture, words: str) -> None:
        """Records a change that was made of a thing; one gesture may change several things."""
        self._stack(key).push(_Change(self, key, (before, after), gesture, words))

    def _stack(self, key: K) -> QUndoStack:
        if key not in self._stacks:
            self._stacks[key] = QUndoStack(self._group)
        return self._stacks[key]

    def undo(self) -> None:
        """Takes the last step back, from all things that its gesture has changed."""
        gesture = _gesture(self._group.activeStack(), -1)
        if gesture is NO_GESTURE:
            self._group.undo()
        else:
            self.take_back(gesture)

    def take_back(self, gesture: Gesture) -> None:
        """Takes a gesture back from all things for which it is the last step."""
        for stack in self._stacks.values():
            if _gesture(stack, -1) is gesture:
                stack.undo()

    def redo(self) -> None:
        """Makes the step again that was taken back last, with all things of its gesture."""
        gesture = _gesture(self._group.activeStack(), 0)
        if gesture is NO_GESTURE:
            self._group.redo()
            return
        for stack in self._stacks.values():
            if _gesture(stack, 0) is gesture:
                stack.redo()

    @property
    def next_undo(self) -> str | None:
        """What an undo would take back; None if there is nothing."""
        return self._group.undoText() if self._group.canUndo() else None

    @property
    def next_redo(self) -> str | None:
        """What a redo would make again; None if there is nothing."""
        return self._group.redoText() if self._group.canRedo() else None


def _gesture(stack: QUndoStack | None, ahead: int) -> Gesture:
    """That of the step to be undone next (-1), or redone (0); `NO_GESTURE`, too, for no step."""
    change = None if stack is None else stack.command(stack.index() + ahead)
    return change.gesture if isinstance(change, _Change) else NO_GESTURE
