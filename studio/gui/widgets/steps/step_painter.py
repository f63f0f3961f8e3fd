"""Paints the lines of a list of steps."""

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QIcon, QMouseEvent, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from studio.gui.theme.icons import coloured_icon
from studio.gui.theme.palette import DARK, Theme

ROW = 32  # px, height of a line
_ICON, _MARGIN = 18, 8  # px
_CHECK = Qt.ItemDataRole.CheckStateRole
_Index = QModelIndex | QPersistentModelIndex


class StepPainter(QStyledItemDelegate):
    """Paints an eye, the words and, on the line under the mouse or chosen, a cross.

    Signals:
        removed: (row) its cross was clicked.
    """

    removed = Signal(int)
    theme: Theme = DARK

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._icons: dict[str, tuple[QIcon, QIcon]] = {}

    def dress(self, theme: Theme) -> None:
        """Paints in a theme's colours, with icons."""
        self.theme = theme
        self._icons = {
            name: (coloured_icon(name, theme.text), coloured_icon(name, theme.faint))
            for name in ("eye", "eye-slash", "x")
        }

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        del option, index
        return QSize(0, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        rect: QRect = option.rect
        under = bool(option.state & QStyle.StateFlag.State_MouseOver)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen or under:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self.theme.raised))
            painter.drawRoundedRect(rect.adjusted(0, 1, 0, -1), 4, 4)
        if chosen:
            painter.setBrush(QColor(self.theme.accent))
            painter.drawRoundedRect(QRect(rect.left(), rect.top() + 6, 3, rect.height() - 12), 1, 1)
        on = _is_on(index)
        usable = bool(index.flags() & Qt.ItemFlag.ItemIsUserCheckable)
        self._draw(painter, "eye" if on else "eye-slash", eye_of(rect), faint=not (on and usable))
        if under or chosen:
            self._draw(painter, "x", cross_of(rect), faint=False)
        left = eye_of(rect).right() + _MARGIN
        room = QRect(left, rect.top(), cross_of(rect).left() - left - 2, rect.height())
        words = painter.fontMetrics().elidedText(
            index.data(), Qt.TextElideMode.ElideRight, room.width()
        )
        painter.setPen(QColor(self.theme.text if on else self.theme.dim))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)
        painter.restore()

    def _draw(self, painter: QPainter, name: str, square: QRect, *, faint: bool) -> None:
        if name in self._icons:
            self._icons[name][faint].paint(painter, square)

    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: _Index,
    ) -> bool:
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonRelease:
            spot = event.position().toPoint()
            if eye_of(option.rect).adjusted(-6, -6, 6, 6).contains(spot):
                if index.flags() & Qt.ItemFlag.ItemIsUserCheckable:
                    on = _is_on(index)
                    state = Qt.CheckState.Unchecked if on else Qt.CheckState.Checked
                    model.setData(index, state, _CHECK)
                return True
            if cross_of(option.rect).adjusted(-6, -6, 6, 6).contains(spot):
                self.removed.emit(index.row())
                return True
            return False
        return super().editorEvent(event, model, option, index)


def _is_on(index: _Index) -> bool:
    return Qt.CheckState(index.data(_CHECK)) == Qt.CheckState.Checked  # data of it is a number


def eye_of(line: QRect) -> QRect:
    """Where a line's eye is."""
    top = line.top() + (line.height() - _ICON) // 2
    return QRect(line.left() + _MARGIN + 2, top, _ICON, _ICON)


def cross_of(line: QRect) -> QRect:
    """Where a line's cross is."""
    top = line.top() + (line.height() - _ICON) // 2
    return QRect(line.right() - _MARGIN - _ICON, top, _ICON, _ICON)
