"""The weights below each other, one of them chosen."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from studio.core.words.tongue import tr
from studio.gui.theme.icons import smaller
from studio.gui.theme.palette import DARK, Theme
from studio.gui.widgets.thumbnail_painter import paint_thumbnail

_SIDE = 48  # px, a picture
_ROOM = 6  # px around it
_ID = Qt.ItemDataRole.UserRole
_IMAGE = Qt.ItemDataRole.DecorationRole
_WHAT = Qt.ItemDataRole.UserRole + 1
_Index = QModelIndex | QPersistentModelIndex


class _Line(QStyledItemDelegate):
    """Picture, title, and under it what the weights are for."""

    theme: Theme = DARK

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        del option, index
        return QSize(_SIDE, _SIDE + 2 * _ROOM)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        rect: QRect = option.rect
        square = QRect(rect.left() + _ROOM, rect.top() + _ROOM, _SIDE, _SIDE)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self.theme.raised))
            painter.drawRoundedRect(rect, 4, 4)
        title: str = index.data(Qt.ItemDataRole.DisplayRole)
        paint_thumbnail(painter, square, index.data(_IMAGE), title[:1], self.theme)
        small = smaller(option.font)
        high, low = QFontMetrics(option.font).height(), QFontMetrics(small).height()
        left, top = square.right() + 2 * _ROOM, square.center().y() - (high + low) // 2
        width = rect.right() - _ROOM - left
        first = self.theme.accent if chosen else self.theme.text
        for font, height, words, colour in (
            (option.font, high, title, first), (small, low, index.data(_WHAT), self.theme.dim)
        ):  # fmt: skip
            painter.setFont(font)
            painter.setPen(QColor(colour))
            short = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, width)
            painter.drawText(QRect(left, top, width, height), Qt.AlignmentFlag.AlignLeft, short)
            top += height


class ModelList(QListWidget):
    """Pictures and titles.

    Signals:
        chosen: (id).
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Models"))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._line = _Line(self)
        self.setItemDelegate(self._line)
        self.currentItemChanged.connect(self._turned)

    def show_models(self, models: Sequence[tuple[str, str, str]]) -> None:
        """Shows the (id, title, what it is) of each; the same one, or its neighbour, is chosen."""
        row, chosen = max(0, self.currentRow()), self.current
        pictures = {item.data(_ID): item.data(_IMAGE) for item in self._items()}
        self.blockSignals(True)
        self.clear()
        for id_, title, what in models:
            item = QListWidgetItem(title, self)
            item.setData(_ID, id_)
            item.setData(_WHAT, what)
            item.setData(_IMAGE, pictures.get(id_))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{title}, {what}")
        self.setCurrentRow(min(row, self.count() - 1))
        self.choose(chosen)
        self.blockSignals(False)
        self._turned()

    @property
    def current(self) -> str:
        """Id of the one that is chosen; empty: there is none."""
        item = self.currentItem()
        return "" if item is None else item.data(_ID)  # pyright: ignore[reportUnnecessaryComparison] - there may be none

    def choose(self, id_: str) -> None:
        """Chooses one, if it is there."""
        for item in self._items():
            if item.data(_ID) == id_:
                self.setCurrentItem(item)

    def set_picture(self, id_: str, image: QImage) -> None:
        """Gives one its picture."""
        for item in self._items():
            if item.data(_ID) == id_:
                item.setData(_IMAGE, image)

    def set_theme(self, theme: Theme) -> None:
        """Paints in other colours."""
        self._line.theme = theme
        self.viewport().update()

    def _items(self) -> list[QListWidgetItem]:
        return [self.item(row) for row in range(self.count())]

    def _turned(self) -> None:
        if self.current:
            self.chosen.emit(self.current)
