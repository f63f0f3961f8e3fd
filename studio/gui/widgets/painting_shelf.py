"""Paintings beside a tool's gallery: those used last, one more, and what to do with one."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QToolButton, QVBoxLayout, QWidget

from studio.core.controls import Choice, Option
from studio.core.words.tongue import tr
from studio.gui.state.clipboard import brings_picture
from studio.gui.theme.hover import give_menu
from studio.gui.theme.palette import DARK, Theme
from studio.gui.widgets.dropped import dropped_pictures
from studio.gui.widgets.gallery import Gallery
from studio.gui.widgets.labels import bold_label

_SIDE = 52  # px of a tile: five lie side by side


class PaintingShelf(QWidget):
    """Shows tiles, and takes a painting by a dialog, a drop or the clipboard.

    Signals:
        wanted: a painting is to be asked for.
        pasted: the one on the clipboard is meant.
        dropped: (Path) one was dropped here.
        dropped_image: (QImage) likewise, without a file.
        used: (key) of a tile.
        learn: a style is to be learnt from the painting in use.
        finest: (on) it is to be painted for minutes, or at once.
    """

    wanted = Signal()
    pasted = Signal()
    dropped = Signal(object)
    dropped_image = Signal(object)
    used = Signal(str)
    learn = Signal()
    finest = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(True)
        self._theme = DARK
        self._tiles: Sequence[tuple[str, str]] = ()
        self.gallery: Gallery | None = None
        self.add = QToolButton()
        self.add.setText(tr("Choose…"))
        self.add.setAccessibleName(tr("Choose a painting"))
        self.add.setToolTip(tr("Paint as any picture is painted: choose one, or drop it here"))
        self.add.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        self.add.clicked.connect(self.wanted)
        menu = QMenu(self)
        menu.addAction(tr("Paste")).triggered.connect(self.pasted)
        give_menu(self.add, menu)
        self.learn_button = QPushButton(tr("Learn"))
        self.learn_button.setToolTip(
            tr("Make a style of the painting, in some minutes: quick then")
        )
        self.learn_button.clicked.connect(self.learn)
        self.finest_button = QPushButton(tr("Finest"))
        self.finest_button.setToolTip(tr("Paint the photo for some minutes, as finely as it goes"))
        self.finest_button.setCheckable(True)
        self.finest_button.clicked.connect(self.finest)
        self._uses = QWidget()
        self._lay_out()
        self._uses.hide()
        self.hide()

    def show_tiles(self, tiles: Sequence[tuple[str, str]], chosen: str) -> list[str]:
        """Shows the (key, title) of each, one of them marked.

        Returns:
            The keys of those that need a picture.
        """
        new = list(tiles) != list(self._tiles)
        if new:
            self._tiles = list(tiles)
            self._build()
        if self.gallery is not None:
            self.gallery.show_shares({chosen: 1.0})
        return [key for key, _ in tiles] if new else []

    def set_thumbnail(self, key: str, image: QImage) -> None:
        """Gives a tile its picture."""
        if self.gallery is not None and not image.isNull():
            self.gallery.set_thumbnail(key, image)

    def offer(self, *, uses: bool, finest: bool, still: bool) -> None:
        """Offers what can be done with a painting, if one is in use; marks what is done.

        Only what stands still is painted for minutes.
        """
        self._uses.setVisible(uses)
        self.finest_button.setVisible(still)
        self.finest_button.setChecked(finest)

    def set_theme(self, theme: Theme) -> None:
        """Paints in other colours."""
        self._theme = theme
        if self.gallery is not None:
            self.gallery.set_theme(theme)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if brings_picture(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        pictures: list[Path] | QImage | None = dropped_pictures(event)
        event.acceptProposedAction()
        if isinstance(pictures, QImage):
            self.dropped_image.emit(pictures)
        elif pictures:
            self.dropped.emit(pictures[0])

    def _build(self) -> None:
        if self.gallery is not None:
            self.gallery.deleteLater()
            self.gallery = None
        if not self._tiles:
            return
        options = tuple(Option(*tile) for tile in self._tiles)
        choice = Choice("paintings", tr("Paintings"), "", options, options[0].id)
        self.gallery = Gallery(choice, side=_SIDE, named=False)
        self.gallery.setFixedHeight(_SIDE + 8)  # one row; further ones are scrolled to
        self.gallery.set_theme(self._theme)
        self.gallery.picked.connect(lambda key, _: self.used.emit(key))
        self._layout.insertWidget(1, self.gallery)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(bold_label(tr("Paintings")))
        top.addStretch()
        top.addWidget(self.add)
        uses = QHBoxLayout(self._uses)
        uses.setContentsMargins(0, 0, 0, 0)
        uses.setSpacing(8)
        uses.addWidget(self.learn_button, 1)
        uses.addWidget(self.finest_button, 1)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)
        self._layout.addLayout(top)
        self._layout.addWidget(self._uses)
