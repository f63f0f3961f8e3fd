"""Fills the filmstrip: photos at once, their pictures as they are read."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from studio.gui.photo.filmstrip import SIDE, Filmstrip
from studio.gui.state.background import Background
from studio.gui.state.photo.loading import OpenPicture, thumbnail

_DENSEST = 2  # device px a logical px that thumbnails are made for


class Thumbnails(QObject):
    """Reads on a thread of its own: many thumbnails must not hold up the photo that is wanted."""

    def __init__(self, filmstrip: Filmstrip, open_picture: OpenPicture, parent: QObject) -> None:
        super().__init__(parent)
        self._filmstrip, self._open_picture = filmstrip, open_picture
        self._background = Background(self, threads=1)
        self._known: set[Path] = set()

    def show(self, paths: Sequence[Path], shown: Path | None) -> None:
        """Shows these photos in this order, one of them marked."""
        self._filmstrip.show_photos(list(paths), shown)
        for path in paths:
            if path not in self._known:
                self._background.run(
                    partial(thumbnail, path, SIDE * _DENSEST, self._open_picture),
                    partial(self._filmstrip.set_thumbnail, path),
                    lambda _: None,  # it is said when the photo itself is opened
                )
        self._known = set(paths)

    def close(self) -> None:
        """Ends the thread."""
        self._background.close()
