"""The opened photos in a row; a click shows one."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSignalBlocker,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPen
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

from studio.core.words.tongue import tr
from studio.gui.theme.palette import DARK, Theme
from studio.gui.widgets.thumbnail_painter import paint_ring, paint_thumbnail

SIDE = 64  # px, a thumbnail
_HEIGHT = 88
_PATH = Qt.ItemDataRole.UserRole
_IMAGE = Qt.ItemDataRole.UserRole + 1
_SHOWN = Qt.ItemDataRole.UserRole + 2
_MARKS = Qt.ItemDataRole.UserRole + 3
VIDEO, EDITED, SAVED = "video", "edited", "saved"
"""What a photo is marked as; read to those who cannot see."""

_DOT, _SEAL = 5, 8  # px, radius of what marks an edited photo, and a saved one
_ALONE = QItemSelectionModel.SelectionFlag.ClearAndSelect
_Index = QModelIndex | QPersistentModelIndex


class _Frame(QStyledItemDelegate):
    theme: Theme = DARK

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        del option, index
        return QSize(SIDE + 8, SIDE + 8)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        rect: QRect = option.rect
        square = QRect(rect.left() + 4, rect.top() + 4, SIDE, SIDE)
        letter = index.data(_PATH).name[:1]
        paint_thumbnail(painter, square, index.data(_IMAGE), letter, self.theme)
        self._paint_marks(painter, square, index.data(_MARKS) or ())
        if index.data(_SHOWN):
            paint_ring(painter, square, self.theme.accent, 3)
        elif option.state & QStyle.StateFlag.State_Selected:
            paint_ring(painter, square, self.theme.accent, 1)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            paint_ring(painter, square, self.theme.dim, 1)

    def _paint_marks(self, painter: QPainter, square: QRect, marks: Sequence[str]) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rim, accent = QPen(QColor(self.theme.ground), 2), QColor(self.theme.accent)
        if EDITED in marks or SAVED in marks:
            radius = _SEAL if SAVED in marks else _DOT
            spot = square.bottomRight() - QPoint(_SEAL + 2, _SEAL + 2)
            painter.setPen(rim)
            painter.setBrush(accent)
            painter.drawEllipse(spot, radius, radius)
            if SAVED in marks:  # a tick
                painter.setPen(QPen(QColor(self.theme.on_accent), 2))
                ends = (QPoint(-4, 0), QPoint(-1, 3), QPoint(4, -3))
                painter.drawPolyline([spot + end for end in ends])
        if VIDEO in marks:
            painter.setPen(rim)
            painter.setBrush(QColor(self.theme.text))
            spot = square.bottomLeft() + QPoint(6, -6)
            painter.drawPolygon([spot, spot - QPoint(0, 14), spot + QPoint(12, -7)])
        painter.restore()


class Filmstrip(QListWidget):
    """The opened photos.

    Signals:
        chosen: (path) of the photo to show.
        closed: (paths) of the photos to put away.
        selected: (paths) of the photos to work on together.
        lifted: (paths) of the photos that are dragged away.
    """

    chosen = Signal(object)
    closed = Signal(object)
    selected = Signal(object)
    lifted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("filmstrip")
        self.setAccessibleName(tr("Opened photos"))
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
        self.setDragDropMode(QListWidget.DragDropMode.DragOnly)
        self._lifted = False
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
                        # Of itself Qt would add it to what was selected before.
                        self.setCurrentItem(item, _ALONE)
                    self.scrollToItem(item)
        self.selected.emit(self._paths())

    def set_thumbnail(self, path: Path, image: QImage) -> None:
        """Gives a photo its picture."""
        for row in range(self.count()):
            if self.item(row).data(_PATH) == path:
                self.item(row).setData(_IMAGE, image)

    def thumbnail(self, path: Path) -> QImage:
        """The picture of a photo; null while there is none."""
        items = (self.item(row) for row in range(self.count()))
        found = (item.data(_IMAGE) for item in items if item.data(_PATH) == path)
        return next(found, None) or QImage()

    def startDrag(self, actions: Qt.DropAction) -> None:
        del actions
        self._lifted = True
        self.lifted.emit(self._paths())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._lifted = False
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not self._lifted:  # else Qt would select what is dragged over
            super().mouseMoveEvent(event)

    def show_marks(self, marks: Mapping[Path, Sequence[str]]) -> None:
        """Marks each photo as what it is: `VIDEO`, `EDITED`, `SAVED`."""
        for row in range(self.count()):
            item = self.item(row)
            path, said = item.data(_PATH), marks.get(item.data(_PATH), ())
            item.setData(_MARKS, said)
            item.setToolTip("\n".join([str(path), ", ".join(said).capitalize()]).rstrip())
            item.setData(Qt.ItemDataRole.AccessibleTextRole, ", ".join([path.name, *said]))

    def _add(self, row: int, path: Path) -> None:
        item = QListWidgetItem()
        item.setData(_PATH, path)
        item.setToolTip(str(path))
        item.setData(Qt.ItemDataRole.AccessibleTextRole, path.name)
        self.insertItem(row, item)

    def _paths(self) -> list[Path]:
        """Of those that are selected."""
        return [item.data(_PATH) for item in self.selectedItems()]

    def _changed(self) -> None:
        """One alone is to be shown; several are worked on from the one that is."""
        paths = self._paths()
        self.selected.emit(paths)
        if len(paths) == 1:
            self.chosen.emit(paths[0])

    def _menu(self, spot: QPoint) -> None:
        item = self.itemAt(spot)
        if item is None:
            return
        paths = self._paths() if item.isSelected() else [item.data(_PATH)]
        menu = QMenu(self)
        menu.addActions(self.actions())
        menu.addSeparator()
        close = tr("Close {name}", name=paths[0].name)
        if len(paths) > 1:
            close = tr("Close {count} photo", "Close {count} photos", count=len(paths))
        menu.addAction(close, lambda: self.closed.emit(paths))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.mapToGlobal(spot))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.currentRow() >= 0:
            self.closed.emit(self._paths())
        elif event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Backslash):
            event.ignore()  # the window's: hold to see the original
        else:
            super().keyPressEvent(event)
