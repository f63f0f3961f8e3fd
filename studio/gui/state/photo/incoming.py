"""How photos come in: files, folders, and what lies on the clipboard."""

from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from studio.core.files.leftovers import TemporaryFolder
from studio.core.samples import is_sample
from studio.gui.state.background import Background
from studio.gui.state.clipboard import NOTHING, PASTED, pasted
from studio.gui.state.photo.loading import photos_among, write_pasted


class Incoming(QObject):
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
        self._temporary = TemporaryFolder()
        self._folder: Path | None = None
        self._pasted: set[Path] = set()

    def open(self, paths: Sequence[Path], model: str = "") -> None:
        """Opens photos, or the photos in folders, for the tool of a model."""
        self._background.run(
            partial(photos_among, list(paths)),
            lambda found: self.arrived.emit(found, model),
            self.failed.emit,
        )

    def paste(self) -> None:
        """Opens the clipboard's picture or files."""
        found = pasted()
        if found is None:
            self.noted.emit(NOTHING)
        elif isinstance(found, QImage):
            self.open_image(found)
        else:
            self.open(found)

    def open_image(self, image: QImage, name: str = PASTED, model: str = "") -> None:
        """Opens a picture that has no file, by giving it one.

        Args:
            image: the picture.
            name: beginning of the file's name.
            model: of the tool that it is meant for; empty: the one in use.
        """
        path, number = (self._folder or self._temporary.path) / f"{name}-1.png", 1
        while path in self._pasted or path.exists():
            number += 1
            path = path.with_name(f"{name}-{number}.png")
        self._pasted.add(path)
        self._background.run(
            partial(write_pasted, image, path),
            lambda written: self.open([written], model),
            self.failed.emit,
        )

    def is_pasted(self, path: Path) -> bool:
        """Whether a photo has no file but the one that it was given here."""
        return path in self._pasted

    def is_ours(self, path: Path) -> bool:
        """Whether a photo lies in no folder of the person's: given its file here, or a sample."""
        return self.is_pasted(path) or is_sample(path)

    def keep_in(self, folder: Path) -> None:
        """Gives pictures their files in a folder that stays; else they go with the window."""
        self._folder = folder

    def take(self, paths: Iterable[Path]) -> None:
        """Counts photos among those that were given a file here."""
        self._pasted |= {path for path in paths if path.parent == self._folder}

    def close(self) -> None:
        """Removes what goes with the window."""
        self._temporary.remove()
