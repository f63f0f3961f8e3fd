"""The opened photos in a row; a click shows one."""

from collections.abc import Container
from pathlib import Path

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSignalBlocker,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QListView,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from studio.gui.theme.palette import DARK, Theme
from studio.gui.widgets.thumbnail_painter import paint_ring, paint_thumbnail

SIDE = 64  # px, a thumbnail
_HEIGHT = 88
_PATH = Qt.ItemDataRole.UserRole
_IMAGE = Qt.ItemDataRole.UserRole + 1
_SHOWN = Qt.ItemDataRole.UserRole + 2
_EDITED = Qt.ItemDataRole.UserRole + 3
_MARK = 5  # px, radius of what marks an edited photo
_Index = QModelIndex | QPersistentModelIndex


class _Frame(QStyledItemDelegate):
    theme: Theme = DARK

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        del option, index
        return QSize(SIDE + 8, SIDE + 8)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        rect: QRect = option.rect
        square = QRect(rect.left() + 4, rect.top() + 4, SIDE, SIDE)
        name: str = index.data(Qt.ItemDataRole.ToolTipRole)
        paint_thumbnail(painter, square, index.data(_IMAGE), Path(name).name[:1], self.theme)
        if index.data(_EDITED):
            painter.setPen(QPen(QColor(self.theme.ground), 2))
            painter.setBrush(QColor(self.theme.accent))
            painter.drawEllipse(square.bottomRight() - QPoint(9, 9), _MARK, _MARK)
            painter.setBrush(Qt.BrushStyle.NoBrush)
        if index.data(_SHOWN):
            paint_ring(painter, square, self.theme.accent, 3)
        elif option.state & QStyle.StateFlag.State_Selected:
            paint_ring(painter, square, self.theme.accent, 1)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            paint_ring(painter, square, self.theme.dim, 1)


class Filmstrip(QListWidget):
    """The opened photos.

    Signals:
        chosen: (path) of the photo to show.
        closed: (path) of the photo to put away.
        selected: (paths) of the photos to work on together.
    """

    chosen = Signal(object)
    closed = Signal(object)
    selected = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("filmstrip")
        self.setAccessibleName("Opened photos")
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setFixedHeight(_HEIGHT)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setViewportMargins(8, 7, 8, 0)
        self.setHorizontalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._frame = _Frame(self)
        self.setItemDelegate(self._frame)
        self.setSelectionMode(QListWidget.SelectionMode.ExtendedSelection)
        self.itemSelectionChanged.connect(self._changed)
        self.customContextMenuRequested.connect(self._menu)

    def set_theme(self, theme: Theme) -> None:
        """Paints in other colours."""
        self._frame.theme = theme
        self.viewport().update()

    def show_photos(self, paths: list[Path], shown: Path | None) -> None:
        """Shows these photos in this order, one of them marked."""
        with QSignalBlocker(self):
            for row in reversed(range(self.count())):
                if self.item(row).data(_PATH) not in paths:
                    self.takeItem(row)
            known = {self.item(row).data(_PATH) for row in range(self.count())}
            for row, path in enumerate(paths):
                if path not in known:
                    self._add(row, path)
            for row in range(self.count()):
                item = self.item(row)
                item.setData(_SHOWN, item.data(_PATH) == shown)
                if item.data(_SHOWN):
                    if not item.isSelected():
                        self.setCurrentItem(item)
                    self.scrollToItem(item)
        self.selected.emit([item.data(_PATH) for item in self.selectedItems()])

    def set_thumbnail(self, path: Path, image: QImage) -> None:
        """Gives a photo its picture."""
        for row in range(self.count()):
            if self.item(row).data(_PATH) == path:
                self.item(row).setData(_IMAGE, image)

    def mark_edited(self, edited: Container[Path]) -> None:
        """Marks the photos of which something was made."""
        for row in range(self.count()):
            item = self.item(row)
            path = item.data(_PATH)
            item.setData(_EDITED, path in edited)
            words = f"{path.name}, edited" if path in edited else path.name
            item.setData(Qt.ItemDataRole.AccessibleTextRole, words)

    def _add(self, row: int, path: Path) -> None:
        item = QListWidgetItem()
        item.setData(_PATH, path)
        item.setToolTip(str(path))
        item.setData(Qt.ItemDataRole.AccessibleTextRole, path.name)
        self.insertItem(row, item)

    def _changed(self) -> None:
        """One alone is to be shown; several are worked on from the one that is."""
        paths = [item.data(_PATH) for item in self.selectedItems()]
        self.selected.emit(paths)
        if len(paths) == 1:
            self.chosen.emit(paths[0])

    def _menu(self, spot: QPoint) -> None:
        item = self.itemAt(spot)
        if item is None:
            return
        path = item.data(_PATH)
        menu = QMenu(self)
        menu.addAction(f"Close {path.name}", lambda: self.closed.emit(path))
        menu.exec(self.mapToGlobal(spot))
        menu.deleteLater()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.currentRow() >= 0:
            self.closed.emit(self.currentItem().data(_PATH))
        elif event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Backslash):
            event.ignore()  # the window's: hold to see the original
        else:
            super().keyPressEvent(event)
