"""Fills the shelf of paintings, and does what is wanted there."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from studio.gui.state.workspace import Workspace
from studio.gui.widgets.file_dialogs import ask_for_file, picture_filter
from studio.gui.widgets.painting_shelf import PaintingShelf
from studio.gui.widgets.previews_of_weights import show_picture
from studio.reader.orders import Thumbnail

_SIDE = 192  # px of the device, a tile's picture


class PaintingCommands(QObject):
    """Between the shelf and the paintings."""

    def __init__(self, shelf: PaintingShelf, workspace: Workspace, window: QWidget) -> None:
        super().__init__(shelf)
        self._shelf, self._workspace, self._window = shelf, workspace, window
        paintings = workspace.paintings
        paintings.changed.connect(self._show)
        workspace.place.changed.connect(self._show)
        paintings.pictured.connect(shelf.set_thumbnail)
        shelf.wanted.connect(self.ask)
        shelf.pasted.connect(paintings.paste)
        shelf.dropped.connect(paintings.choose)
        shelf.dropped_image.connect(paintings.take_image)
        shelf.used.connect(paintings.use)
        shelf.learn.connect(paintings.learn)
        shelf.finest.connect(paintings.paint_finest)

    def ask(self) -> None:
        """Asks for a painting."""
        kept = self._workspace.preferences

        def take(path: Path) -> None:
            self._workspace.remember(painting_folder=str(path.parent))
            self._workspace.paintings.choose(path)

        folder = kept.painting_folder or kept.folder
        ask_for_file(self._window, "Choose a painting", folder, picture_filter(), take)

    def _show(self) -> None:
        paintings, toolbox = self._workspace.paintings, self._workspace.toolbox
        self._shelf.setVisible(paintings.offered and self._workspace.place.is_about_photo)
        for key in self._shelf.show_tiles(paintings.tiles, paintings.chosen):
            show = partial(self._shelf.set_thumbnail, key)
            if key in toolbox:
                show_picture(self._workspace, toolbox.find(key).weights.preview, show)
            else:
                self._workspace.reading.thumbnail(Thumbnail(Path(key), _SIDE, None), show)
        self._shelf.offer(uses=bool(paintings.painting), finest=paintings.is_finest)
