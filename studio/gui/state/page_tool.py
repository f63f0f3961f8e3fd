"""Tools that work on a page of their own."""

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal

from studio.gui.state.album import Album
from studio.gui.state.drawing import Drawing
from studio.gui.state.place import Place


class PageTool(QObject):
    """A tool that works on a page of its own, with its own undo and redo.

    Args:
        place: the page that is shown.
        model: of the tool.

    Signals:
        history_changed: what can be undone or redone is another.
    """

    history_changed = Signal()

    def __init__(self, place: Place, model: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._place, self._model = place, model

    @property
    def is_open(self) -> bool:
        """Whether the page is shown."""
        return self._place.page == self._model

    def open(self) -> None:
        """Shows the page."""
        self._place.show(self._model)

    @property
    def weights(self) -> str:
        """Id of the weights in use."""
        raise NotImplementedError

    def choose_weights(self, weights: str) -> None:
        """Turns to other weights."""
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

    def copy(self) -> None:
        """Puts what is made, as large as it can be, on the clipboard."""
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


class DrawingTool(PageTool):
    """One whose drawings are kept."""

    @property
    def drawings(self) -> Mapping[str, Drawing]:
        """What is drawn, by the weights that it is drawn for."""
        raise NotImplementedError

    def take(self, drawings: Mapping[str, Drawing]) -> None:
        """Brings drawings back; they come before what is drawn already."""
        raise NotImplementedError


class AlbumTool(PageTool):
    """One whose pinned faces are kept."""

    @property
    def albums(self) -> Mapping[str, Album]:
        """What is pinned, by the weights whose faces they are."""
        raise NotImplementedError

    def take(self, albums: Mapping[str, Album]) -> None:
        """Brings albums back; of those that are in use, the pinned faces."""
        raise NotImplementedError
