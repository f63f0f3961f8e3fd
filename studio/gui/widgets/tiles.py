"""Small pictures to pick one of, in rows."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QImage, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QMenu, QWidget

from studio.core.words.tongue import tr
from studio.gui.theme.palette import DARK, Theme
from studio.gui.widgets.thumbnail_painter import paint_ring, paint_thumbnail

_SIDE = 64  # px
_RINGS = 4  # px around it, for the rings of what is picked and of the focus
_COLUMNS = 4


class Tile(QAbstractButton):
    """One picture.

    Signals:
        let_go: it should go.
    """

    let_go = Signal()

    def __init__(self, *, removable: bool) -> None:
        super().__init__()
        self.setFixedSize(QSize(_SIDE, _SIDE) + QSize(2 * _RINGS, 2 * _RINGS))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = Qt.FocusPolicy.StrongFocus if removable else Qt.FocusPolicy.TabFocus
        self.setFocusPolicy(policy)  # by a click, too: the next key may let it go
        self.theme = DARK
        self.image = QImage()
        self.picked = False
        self._removable = removable

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        square = self.rect().adjusted(_RINGS, _RINGS, -_RINGS, -_RINGS)
        with QPainter(self) as painter:
            paint_thumbnail(painter, square, self.image, "", self.theme)
            if self.picked:
                paint_ring(painter, square, self.theme.accent, 2)
            elif self.underMouse():
                paint_ring(painter, square, self.theme.dim, 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._removable and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.let_go.emit()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self._removable:
            menu = QMenu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.addAction(tr("Let go"), self.let_go.emit)
            menu.popup(event.globalPos())


class Tiles(QWidget):
    """Pictures with numbers.

    Args:
        removable: whether a picture can be let go, by the Delete key or its menu.

    Signals:
        picked: (number).
        let_go: (number).
    """

    picked = Signal(object)
    let_go = Signal(object)

    def __init__(self, *, removable: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._removable, self._theme = removable, DARK
        self.tiles: dict[int, Tile] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(0)
        self._grid.setColumnStretch(_COLUMNS, 1)

    def show_tiles(
        self, names: Mapping[int, str], images: Mapping[int, QImage], picked: Sequence[int]
    ) -> None:
        """Shows pictures by their numbers; the tiles of those that stay are kept.

        Args:
            names: of all, in their order, for tips and for who cannot see.
            images: as far as they are there.
            picked: those that are marked.
        """
        for number in [number for number in self.tiles if number not in names]:
            tile = self.tiles.pop(number)
            self._grid.removeWidget(tile)
            tile.hide()
            tile.deleteLater()
        for place, (number, name) in enumerate(names.items()):
            tile = self.tiles.get(number) or self._make(number)
            self._grid.addWidget(tile, place // _COLUMNS, place % _COLUMNS)
            tip = tr("{name}. Delete lets it go", name=name) if self._removable else name
            tile.setToolTip(tip)
            chosen = tr("{name}, chosen", name=name) if number in picked else name
            tile.setAccessibleName(chosen)
            tile.picked = number in picked
            if number in images:
                tile.image = images[number]
            tile.update()

    def set_theme(self, theme: Theme) -> None:
        """Paints in other colours."""
        self._theme = theme
        for tile in self.tiles.values():
            tile.theme = theme
            tile.update()

    def _make(self, number: int) -> Tile:
        tile = Tile(removable=self._removable)
        tile.theme = self._theme
        tile.clicked.connect(lambda: self.picked.emit(number))
        tile.let_go.connect(lambda: self.let_go.emit(number))
        self.tiles[number] = tile
        return tile
