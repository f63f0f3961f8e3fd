"""The samples: one is looked at, some are pinned."""

from collections.abc import Sequence
from math import ceil, sqrt

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSignalBlocker,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QListView,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from studio.core.words.tongue import tr
from studio.gui.theme.palette import DARK, Theme
from studio.gui.widgets.thumbnail_painter import paint_ring, paint_thumbnail

_IMAGE = Qt.ItemDataRole.UserRole
_CHOSEN = Qt.ItemDataRole.UserRole + 1
_PINNED = Qt.ItemDataRole.UserRole + 2
_GAP = 4  # px between two faces
_Index = QModelIndex | QPersistentModelIndex


class _Cell(QStyledItemDelegate):
    """A face, a ring around the one that is looked at, and a dot on those that are pinned."""

    theme: Theme = DARK

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        rect: QRect = option.rect
        side = min(rect.width(), rect.height()) - _GAP
        square = QRect(rect.left() + _GAP // 2, rect.top() + _GAP // 2, side, side)
        paint_thumbnail(painter, square, index.data(_IMAGE), "", self.theme)
        if index.data(_CHOSEN):
            paint_ring(painter, square, self.theme.accent, 2)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            paint_ring(painter, square, self.theme.dim, 1)
        if index.data(_PINNED):
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QColor(self.theme.on_accent))
            painter.setBrush(QColor(self.theme.accent))
            painter.drawEllipse(QRectF(square.right() - 13, square.top() + 4, 9, 9))
            painter.restore()


class FaceGrid(QListWidget):
    """Faces in as many rows as columns, as large as fits.

    Signals:
        chosen: (number of the face) by click or arrow keys.
        pinned: (number of the face) by double click or the Enter key.
    """

    chosen = Signal(int)
    pinned = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Samples"))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setSpacing(0)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._cell = _Cell(self)
        self.setItemDelegate(self._cell)
        self.currentRowChanged.connect(self._moved)
        self.itemClicked.connect(lambda item: self.chosen.emit(self.row(item)))
        self.itemActivated.connect(lambda item: self.pinned.emit(self.row(item)))

    def show_names(self, names: Sequence[str]) -> None:
        """Makes room for so many faces; those that were there stay until others come."""
        with QSignalBlocker(self):  # another row becomes the current one, but nobody chose it
            while self.count() > len(names):
                self.takeItem(self.count() - 1)
        while self.count() < len(names):
            self.addItem(QListWidgetItem())
        for row, name in enumerate(names):
            item = self.item(row)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, name)
            item.setToolTip(tr("{name}: click to see it large, double click to pin it", name=name))
        self._fit()

    def show_images(self, first: int, images: Sequence[QImage]) -> None:
        """Gives faces from a number on their pictures."""
        for row, image in zip(range(first, self.count()), images, strict=False):
            self.item(row).setData(_IMAGE, image)

    def show_marks(self, chosen: Sequence[bool], pinned: Sequence[bool]) -> None:
        """Marks the faces that are looked at, and those that are pinned."""
        for row in range(self.count()):
            self.item(row).setData(_CHOSEN, chosen[row])
            self.item(row).setData(_PINNED, pinned[row])

    def image(self, row: int) -> QImage:
        """The picture of a face; null while there is none."""
        found: QImage | None = self.item(row).data(_IMAGE)
        return found or QImage()

    def set_theme(self, theme: Theme) -> None:
        """Paints in other colours."""
        self._cell.theme = theme
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentRow() >= 0:
            self.pinned.emit(self.currentRow())
        elif event.text() and event.key() not in (Qt.Key.Key_Space, Qt.Key.Key_Tab):
            event.ignore()  # letters are the page's keys; a list would look for names
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        columns = max(1, ceil(sqrt(self.count())))
        room = min(self.viewport().width(), self.viewport().height()) - 1
        side = max(8, room // columns)
        self.setGridSize(QSize(side, side))
        for row in range(self.count()):
            self.item(row).setSizeHint(QSize(side, side))

    def _moved(self, row: int) -> None:
        if row >= 0 and self.hasFocus():
            self.chosen.emit(row)
