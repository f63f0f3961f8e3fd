"""The thumbnails of a choice: one is picked, or two that blend."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QGuiApplication, QImage, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QListView,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from studio.core.controls import Choice
from studio.core.words.tongue import tr
from studio.gui.theme.icons import smaller
from studio.gui.theme.palette import DARK, Theme
from studio.gui.widgets.thumbnail_painter import paint_ring, paint_thumbnail

_SIDE = 96  # px, a thumbnail
_DISABLED = 0.4  # opacity of what cannot be picked now
_ID = Qt.ItemDataRole.UserRole
_IMAGE = Qt.ItemDataRole.UserRole + 1
_SHARE = Qt.ItemDataRole.UserRole + 2
_Index = QModelIndex | QPersistentModelIndex


class _Tile(QStyledItemDelegate):
    """Thumbnail, the painting's name, and under it whose it is."""

    theme: Theme = DARK

    def __init__(self, side: int, parent: QWidget, *, lines: int) -> None:
        super().__init__(parent)
        self.side, self._lines = side, lines

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        del index
        line = QFontMetrics(smaller(option.font)).height()
        return QSize(self.side + 4, self.side + 4 + (self._lines * line + 8 if self._lines else 0))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        rect: QRect = option.rect
        square = QRect(rect.left() + 2, rect.top() + 2, self.side, self.side)
        title: str = index.data(Qt.ItemDataRole.DisplayRole)
        share: float = index.data(_SHARE) or 0.0
        if not option.state & QStyle.StateFlag.State_Enabled:
            painter.setOpacity(_DISABLED)
        paint_thumbnail(painter, square, index.data(_IMAGE), title[:1], self.theme)
        if share:
            paint_ring(painter, square, self.theme.accent, 2)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            paint_ring(painter, square, self.theme.dim, 1)
        if 0 < share < 1:
            self._badge(painter, square, f"{share:.0%}", option)
        if self._lines:
            self._words(painter, rect, square.bottom() + 4, title, option, chosen=share > 0)

    def _badge(
        self, painter: QPainter, square: QRect, words: str, option: QStyleOptionViewItem
    ) -> None:
        painter.setFont(smaller(option.font))
        inside = painter.fontMetrics().size(0, words)
        spot = QRect(square.left() + 4, square.bottom() - inside.height() - 5, 0, 0)
        spot.setSize(inside + QSize(8, 2))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.theme.accent))
        painter.drawRoundedRect(spot, 3, 3)
        painter.setPen(QColor(self.theme.on_accent))
        painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, words)

    def _words(
        self,
        painter: QPainter,
        rect: QRect,
        top: int,
        title: str,
        option: QStyleOptionViewItem,
        *,
        chosen: bool,
    ) -> None:
        name, _, maker = title.partition(", ")
        painter.setFont(smaller(option.font))
        metrics = painter.fontMetrics()
        lines = ((name, self.theme.accent if chosen else self.theme.text), (maker, self.theme.dim))
        for row, (words, colour) in enumerate(lines):
            height = metrics.height()
            line = QRect(rect.left() + 2, top + row * height, self.side, height)
            painter.setPen(QColor(colour))
            short = metrics.elidedText(words, Qt.TextElideMode.ElideRight, self.side)
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft, short)


class Gallery(QListWidget):
    """The options of a choice.

    Args:
        choice: has the options.
        side: of a thumbnail in px.
        named: whether names stand below them; else they are tool tips alone.

    Signals:
        picked: (option's id, whether to blend it with what is picked already).
    """

    picked = Signal(str, bool)

    def __init__(
        self,
        choice: Choice,
        parent: QWidget | None = None,
        *,
        side: int = _SIDE,
        named: bool = True,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(choice.label)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setSelectionMode(QListView.SelectionMode.NoSelection)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalScrollBar().setSingleStep(24)
        self.setMinimumHeight(side)  # in a low window one row is seen still
        makers = any(", " in option.title for option in choice.options)
        self._tile = _Tile(side, self, lines=1 + makers if named else 0)
        self.setItemDelegate(self._tile)
        for option in choice.options:
            item = QListWidgetItem(option.title, self)
            item.setData(_ID, option.id)
            item.setToolTip(option.title)
        self.itemClicked.connect(self._clicked)

    def set_theme(self, theme: Theme) -> None:
        """Paints in other colours."""
        self._tile.theme = theme
        self.viewport().update()

    def set_thumbnail(self, option: str, image: QImage) -> None:
        """Gives an option its picture."""
        for item in self._items():
            if item.data(_ID) == option:
                item.setData(_IMAGE, image)

    def show_shares(self, shares: dict[str, float]) -> None:
        """Marks what is picked; shares sum to 1."""
        for item in self._items():
            share = shares.get(item.data(_ID), 0.0)
            item.setData(_SHARE, share)
            chosen = tr("{name}, chosen, {share:.0%}", name=item.text(), share=share)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, chosen if share else item.text())

    def title(self, option: str) -> str:
        """The name of an option, without its maker."""
        found = (item.text() for item in self._items() if item.data(_ID) == option)
        return next(found, option).partition(", ")[0]

    def item_of(self, option: str) -> QListWidgetItem:
        """The tile of an option."""
        return next(item for item in self._items() if item.data(_ID) == option)

    def _items(self) -> list[QListWidgetItem]:
        return [self.item(row) for row in range(self.count())]

    def _clicked(self, item: QListWidgetItem) -> None:
        held = QGuiApplication.keyboardModifiers() & Qt.KeyboardModifier.ControlModifier
        self.picked.emit(item.data(_ID), bool(held))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentRow() >= 0:
            held = event.modifiers() & Qt.KeyboardModifier.ControlModifier
            self.picked.emit(self.currentItem().data(_ID), bool(held))
        elif event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Backslash):
            event.ignore()  # the window's: hold to see the original
        else:
            super().keyPressEvent(event)
