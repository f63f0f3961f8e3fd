"""What can take the place of picture and filmstrip, and the tools that do."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFrame, QWidget

from studio.gui.theme.palette import Theme


class Page(QFrame):
    """A page of the window's middle: `Window.show_page` shows it.

    Attributes:
        is_tool: it is a tool of its own, with its own undo, redo and save, and not about the photo.

    Signals:
        left: the person wants the picture back.
        saveable_changed: it has something to save now, or nothing any more.
    """

    left = Signal()
    saveable_changed = Signal()
    is_tool = False

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._saveable = False

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


class PageTool(QObject):
    """A tool that works on a page of its own, with its own undo and redo.

    Signals:
        history_changed: what can be undone or redone is another.
    """

    history_changed = Signal()

    @property
    def is_open(self) -> bool:
        """Whether the page is shown."""
        raise NotImplementedError

    @property
    def weights(self) -> str:
        """Id of the weights in use."""
        raise NotImplementedError

    @property
    def next_undo(self) -> str | None:
        """What an undo would take back; None if there is nothing."""
        raise NotImplementedError

    @property
    def next_redo(self) -> str | None:
        """What a redo would make again; None if there is nothing."""
        raise NotImplementedError

    def undo(self) -> None:
        """Takes the last step back."""
        raise NotImplementedError

    def redo(self) -> None:
        """Makes the step again that was taken back last."""
        raise NotImplementedError

    def paste(self) -> None:
        """Takes what is on the clipboard."""
        raise NotImplementedError

    def save(self) -> None:
        """Asks what to save and where, and saves."""
        raise NotImplementedError

    def close(self) -> None:
        """Ends the threads and removes the files; the engine must have ended."""
        raise NotImplementedError
