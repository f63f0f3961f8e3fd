"""What the middle of the window shows: the picture, or a page in its place."""

from enum import Enum, auto

from PySide6.QtCore import QObject, Signal

from studio.gui.state.tools import TOOLS

PICTURE, BATCH, MODELS = "", "batch", "models"  # besides the models of tools with a page
_OF_TOOLS = frozenset(tool.model for tool in TOOLS if tool.has_page)


class Detail(Enum):
    """How near what is shown is to what will be saved."""

    FINAL = auto()
    PREVIEW = auto()
    DRAFT = auto()


class Place(QObject):
    """Where the person is.

    Attributes:
        page: `PICTURE`, `BATCH`, `MODELS`, or the model of a tool that works on a page of its own.
        size: (width, height) in px of the result that is shown; None while it is unknown.
        detail: how near what is shown of it is to that.

    Signals:
        changed: a page has come or gone, or has come again.
        size_changed: `size` or `detail` is another.
    """

    changed = Signal()
    size_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.page = PICTURE
        self.size: tuple[int, int] | None = None
        self.detail = Detail.FINAL

    @property
    def is_about_photo(self) -> bool:
        """Whether panel, undo and save are the photo's, and not those of a tool with a page."""
        return self.page not in _OF_TOOLS

    def show(self, page: str) -> None:
        """Shows a page in the place of the picture."""
        self.page = page
        self.changed.emit()

    def leave(self) -> None:
        """Goes back to the picture."""
        if self.page != PICTURE:
            self.show(PICTURE)

    def show_size(self, size: tuple[int, int] | None, detail: Detail = Detail.FINAL) -> None:
        """Tells the size of the result that is shown, and what is shown of it."""
        if (size, detail) != (self.size, self.detail):
            self.size, self.detail = size, detail
            self.size_changed.emit()
