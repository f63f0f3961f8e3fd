"""What can take the place of picture and filmstrip."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from studio.gui.theme.palette import Theme


class Page(QFrame):
    """A page of the window's middle.

    Attributes:
        is_tool: it is a tool of its own, with its own undo, redo and save, and not about the photo.
        kept_free: px at its left over which no message lies.

    Signals:
        left: the person wants the picture back.
        saveable_changed: it has something to save now, or nothing any more.
    """

    left = Signal()
    saveable_changed = Signal()
    is_tool = False
    kept_free = 0

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._saveable = False

    def take_focus(self) -> None:
        """Takes the keyboard where it begins to be of use."""

    @property
    def side(self) -> QWidget | None:
        """What it shows in the panel above the controls; None: nothing."""
        return None

    @property
    def saveable(self) -> bool:
        """Whether it has something to save."""
        return self._saveable

    def allow_saving(self, allowed: bool) -> None:
        """Says whether there is something to save."""
        if allowed != self._saveable:
            self._saveable = allowed
            self.saveable_changed.emit()

    def dress(self, theme: Theme) -> None:
        """Gives the page its icons and colours."""
        raise NotImplementedError
