"""Fills the filmstrip: photos at once, their pictures as they are read."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from studio.core.videos import is_video
from studio.gui.photo.filmstrip import SIDE, Filmstrip
from studio.gui.state.photo.reading import Reading
from studio.reader.orders import ThumbnailWish
from studio.reader.reader import GiveUp

_DENSEST = 2  # device px a logical px that thumbnails are made for


class Thumbnails(QObject):
    """Wishes for the picture of each photo that is new in the filmstrip."""

    def __init__(self, filmstrip: Filmstrip, reading: Reading, parent: QObject) -> None:
        super().__init__(parent)
        self._filmstrip, self._reading = filmstrip, reading
        self._known: dict[Path, GiveUp] = {}

    def show(self, paths: Sequence[Path], shown: Path | None) -> None:
        """Shows these photos in this order, one of them marked."""
        self._filmstrip.show_photos(list(paths), shown)
        for path in set(self._known) - set(paths):
            self._known.pop(path)()
        for path in paths:
            if path not in self._known:
                wish = ThumbnailWish(path, SIDE * _DENSEST, 0.0 if is_video(path) else None)
                take = partial(self._filmstrip.set_thumbnail, path)
                self._known[path] = self._reading.thumbnail(wish, take)
