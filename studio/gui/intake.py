"""How photos come in: files, folders, and what lies on the clipboard."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication, QImage

from studio.core.formats.leftovers import TemporaryFolder
from studio.gui.background import Background
from studio.gui.dropped import local_files
from studio.gui.loading import photos_among, write_pasted


class Intake(QObject):
    """Finds the photos that were meant, and gives a file to those that have none.

    Signals:
        arrived: (paths, model) of photos, at least one, and the tool that they are meant for;
            empty: the one in use.
        failed: (StudioError).
        noted: (words) to say.
    """

    arrived = Signal(object, str)
    failed = Signal(object)
    noted = Signal(str)

    def __init__(self, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._folder = TemporaryFolder()
        self._pasted = 0

    def open(self, paths: Sequence[Path], model: str = "") -> None:
        """Opens photos, or the photos in folders, for the tool of a model."""
        self._background.run(
            partial(photos_among, list(paths)),
            lambda found: self.arrived.emit(found, model),
            self.failed.emit,
        )

    def paste(self) -> None:
        """Opens the clipboard's picture or files."""
        data = QGuiApplication.clipboard().mimeData()
        paths = local_files(data)
        if paths:
            self.open(paths)
        elif data.hasImage():
            self.open_image(QImage(data.imageData()))
        else:
            self.noted.emit("There is no picture on the clipboard.")

    def open_image(self, image: QImage, name: str = "pasted", model: str = "") -> None:
        """Opens a picture that has no file, by giving it one.

        Args:
            image: the picture.
            name: beginning of the file's name.
            model: of the tool that it is meant for; empty: the one in use.
        """
        self._pasted += 1
        path = self._folder.path / f"{name}-{self._pasted}.png"
        self._background.run(
            partial(write_pasted, image, path),
            lambda written: self.open([written], model),
            self.failed.emit,
        )

    def is_pasted(self, path: Path) -> bool:
        """Whether a photo lies in a folder that goes when the window closes."""
        return self._folder.holds(path)

    def close(self) -> None:
        """Removes that folder."""
        self._folder.remove()
