"""The pictures of a batch that could not be done, and why."""

import os

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from studio.core.words.tongue import tr
from studio.gui.state.wording import sentences

_Index = QModelIndex | QPersistentModelIndex

_MOST = 1000  # rows; the report has all of them
_SOURCE = Qt.ItemDataRole.UserRole
_ROOM = 16  # px of a cell beside and around its text


class _Whole(QStyledItemDelegate):
    """Makes rows as high as their texts need; Qt's own are cut off after a line."""

    def __init__(self, rows: QTreeWidget) -> None:
        super().__init__(rows)
        self._rows = rows

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        width = self._rows.columnWidth(index.column()) - _ROOM
        words: str = index.data(Qt.ItemDataRole.DisplayRole)
        room = QRect(0, 0, max(width, 1), 1 << 16)
        wrapped = QFontMetrics(option.font).boundingRect(room, Qt.TextFlag.TextWordWrap, words)
        return QSize(wrapped.width(), wrapped.height() + _ROOM // 2)


class FailureList(QWidget):
    """A row for each picture; hidden while there is none.

    Signals:
        opened: (path) of a picture whose folder is to be opened.
    """

    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count = 0
        self.title = QLabel()
        self.show_folder = QPushButton(tr("Show in folder"))
        self.show_folder.setToolTip(tr("Open the folder that the chosen picture lies in"))
        self.rows = QTreeWidget()
        self.rows.setAccessibleName(tr("Pictures that could not be done"))
        self.rows.setHeaderLabels([tr("Why"), tr("Picture")])
        self.rows.setRootIsDecorated(False)
        self.rows.setWordWrap(True)  # a reason is read whole
        self.rows.setMinimumHeight(128)
        # As high as there is room for: of itself it would be higher than the page.
        self.rows.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        self.rows.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.rows.header().setStretchLastSection(False)
        self.rows.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.rows.header().setSectionResizeMode(1, QHeaderView.ResizeMode.Interactive)
        self.rows.header().resizeSection(1, 224)
        self.rows.setItemDelegateForColumn(0, _Whole(self.rows))
        self.rows.header().sectionResized.connect(lambda *_: self.rows.doItemsLayout())
        top = QHBoxLayout()
        top.addWidget(self.title, 1)
        top.addWidget(self.show_folder)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(top)
        layout.addWidget(self.rows, 1)
        self.rows.itemActivated.connect(lambda item, _: self.opened.emit(item.data(0, _SOURCE)))
        self.rows.currentItemChanged.connect(lambda item, _: self._chose(item))
        self.show_folder.clicked.connect(self._open)
        self.clear()

    def clear(self) -> None:
        """Forgets all of them."""
        self._count = 0
        self.rows.clear()
        self.show_folder.setEnabled(False)
        self.hide()

    def add(self, source: str, folder: str, reason: str) -> None:
        """Adds a picture.

        Args:
            source: its path.
            folder: the folder of the batch, which its name is shown below.
            reason: why it could not be done.
        """
        self._count += 1
        more = tr("What could not be done (the first {most})", most=_MOST)
        self.title.setText(more if self._count > _MOST else tr("What could not be done"))
        if self._count <= _MOST:
            why = sentences(tr(reason).removeprefix(source).lstrip(": "))
            item = QTreeWidgetItem([why, os.path.relpath(source, folder)])
            item.setData(0, _SOURCE, source)
            item.setToolTip(0, why)
            item.setToolTip(1, source)
            self.rows.addTopLevelItem(item)
        self.show()

    def _chose(self, item: QTreeWidgetItem | None) -> None:
        self.show_folder.setEnabled(item is not None)

    def _open(self) -> None:
        item = self.rows.currentItem()
        if item is not None:
            self.opened.emit(item.data(0, _SOURCE))
