"""Opens faces that were saved as numbers."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from studio.core.errors import StudioError
from studio.core.latents import LatentsFile, read_latents
from studio.core.words.said import Said, say
from studio.core.words.tongue import tr
from studio.gui.state.albums import Albums
from studio.gui.state.background import Background
from studio.gui.widgets.file_dialogs import ask_for_file


class Opening(QObject):
    """Reads a file on a thread, and says whether its faces are of weights that are here.

    Signals:
        opened: (path, id of the weights, Album) with the faces pinned.
        failed: (StudioError).
    """

    opened = Signal(object, str, object)
    failed = Signal(object)

    def __init__(self, albums: Albums, background: Background, parent: QObject) -> None:
        super().__init__(parent)
        self._albums, self._background = albums, background

    def ask(self, page: QWidget, plural: Said, folder: str) -> None:
        """Asks for a file in a folder to begin with, and opens it."""
        filter_ = tr("{plural} as numbers (*.json)", plural=tr(plural).capitalize())
        ask_for_file(page, tr("Open {plural}", plural=plural), folder, filter_, self.open)

    def open(self, path: Path) -> None:
        """Opens a file."""
        take = partial(self._take, path)
        self._background.run(partial(read_latents, path), take, self.failed.emit)

    def take_dropped(self, picture: list[Path] | QImage) -> None:
        """Opens what was dropped on the tool's button, if it is such a file."""
        if isinstance(picture, QImage) or picture[0].suffix.lower() != ".json":
            words = say("faces are made of numbers, not of photos")
            self.failed.emit(StudioError(words, "drop a .json file"))
        else:
            self.open(picture[0])

    def _take(self, path: Path, file: LatentsFile) -> None:
        try:
            fitting = self._albums.fitting(file)
        except StudioError as error:
            self.failed.emit(error)
        else:
            self.opened.emit(path, file.weights, fitting)
