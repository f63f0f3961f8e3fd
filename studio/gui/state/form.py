"""The controls of the panel: whose values they show, and who takes a change."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Signal

from studio.core.controls import Value
from studio.gui.state.gesture import Gesture
from studio.gui.state.look import Look

TakeEdit = Callable[[str, Value, Gesture], None]  # control, value


class Form(QObject):
    """A look that can be edited; its owner takes what is edited.

    Attributes:
        look: shown; None before the first.
        levels: what the model found in the photo, for the sliders that stand at auto.

    Signals:
        changed: another look, or other levels.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.look: Look | None = None
        self.levels: Mapping[str, float] = {}
        self._take: TakeEdit | None = None

    def show(self, look: Look, take: TakeEdit, levels: Mapping[str, float] | None = None) -> None:
        """Shows a look; `take` is told of what the person edits of it."""
        self.look, self._take, self.levels = look, take, levels or {}
        self.changed.emit()

    def edit(self, name: str, value: Value, gesture: Gesture) -> None:
        """The person has moved a control."""
        if self._take is not None:
            self._take(name, value, gesture)
