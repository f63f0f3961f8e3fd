"""Fills the shelf of paintings, and does what is wanted there."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from studio.core.videos import is_video
from studio.core.words.tongue import tr
from studio.gui.state.workspace import Workspace
from studio.gui.widgets.file_dialogs import ask_for_file, picture_filter
from studio.gui.widgets.painting_shelf import PaintingShelf
from studio.gui.widgets.previews_of_weights import show_picture
from studio.reader.orders import ThumbnailWish

_SIDE = 192  # px of the device, a tile's picture
_MISSING = "painting"  # what a message is about


class PaintingCommands(QObject):
    """Between the shelf and the paintings."""

    def __init__(self, shelf: PaintingShelf, workspace: Workspace, window: QWidget) -> None:
        super().__init__(shelf)
        self._shelf, self._workspace, self._window = shelf, workspace, window
        self._is_missing = False
        paintings, lessons = workspace.paintings, workspace.lessons
        for changed in (paintings.changed, lessons.changed, workspace.place.changed):
            changed.connect(self._show)
        lessons.pictured.connect(shelf.set_thumbnail)
        shelf.wanted.connect(self.ask)
        shelf.pasted.connect(paintings.paste)
        shelf.dropped.connect(paintings.choose)
        shelf.dropped_image.connect(paintings.take_image)
        shelf.used.connect(self._use)
        shelf.learn.connect(lessons.begin)
        shelf.finest.connect(paintings.paint_finest)

    def ask(self) -> None:
        """Asks for a painting."""
        kept = self._workspace.preferences

        def take(path: Path) -> None:
            self._workspace.remember(painting_folder=str(path.parent))
            self._workspace.paintings.choose(path)

        folder = kept.painting_folder or kept.folder
        ask_for_file(self._window, tr("Choose a painting"), folder, picture_filter(), take)

    def _use(self, key: str) -> None:
        """What a tile stands for: weights, or a painting's file."""
        if key in self._workspace.toolbox:
            self._workspace.photos.choose_weights(key)
        elif key in self._workspace.paintings.recent:
            self._workspace.paintings.choose(Path(key))

    def _show(self) -> None:
        paintings, toolbox = self._workspace.paintings, self._workspace.toolbox
        lessons, look = self._workspace.lessons, self._workspace.photos.look
        recent = [(path, Path(path).stem) for path in paintings.recent]
        tiles = [*lessons.under_way, *lessons.learnt, *recent]
        chosen = paintings.chosen or ("" if look is None else look.weights)
        self._shelf.setVisible(paintings.offered and self._workspace.place.is_about_photo)
        for key in self._shelf.show_tiles(tiles, chosen):
            show = partial(self._shelf.set_thumbnail, key)
            if key in toolbox:
                show_picture(self._workspace, toolbox.find(key).weights.preview, show)
            elif key in paintings.recent:
                self._workspace.reading.thumbnail(
                    ThumbnailWish(Path(key), _SIDE, None), show,
                    lambda _, key=key: paintings.forget_unreadable(key),
                )  # fmt: skip
        shown = self._workspace.photos.document.shown
        self._shelf.offer(
            uses=bool(paintings.chosen),
            finest=paintings.is_finest,
            still=shown is None or not is_video(shown),
        )
        self._invite(paintings.is_missing and self._workspace.place.is_about_photo)

    def _invite(self, is_missing: bool) -> None:
        """Asks for a painting where there must be one."""
        if is_missing == self._is_missing:
            return
        self._is_missing, messages = is_missing, self._workspace.messages
        if is_missing:
            words = tr("Choose a painting, and the photo is painted in its manner.")
            messages.offer(words, tr("Choose…"), self.ask, about=_MISSING)
        else:
            messages.settle(_MISSING)
