"""Finds texts that have too little room, in all that is seen of the window."""

from collections.abc import Iterator

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QWidget,
)


def cut_off() -> list[str]:
    """The texts of labels, buttons and lists that are wider or higher than what shows them."""
    seen = (w for w in QApplication.allWidgets() if w.isVisible())
    return [f"{_text(w)!r}: {why}" for w in seen if _text(w) for why in _troubles(w)]


def _text(widget: QWidget) -> str:
    if isinstance(widget, QToolButton):
        hidden = widget.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonIconOnly
        return "" if hidden and not widget.icon().isNull() else widget.text()
    if isinstance(widget, QComboBox):
        return widget.currentText()
    return widget.text() if isinstance(widget, QLabel | QAbstractButton) else ""


def _troubles(widget: QWidget) -> Iterator[str]:
    needed, given = _needed(widget), widget.size()
    if needed.width() > given.width() + 1:
        yield f"{needed.width()} px wide, has {given.width()}"
    if needed.height() > given.height() + 1:
        yield f"{needed.height()} px high, has {given.height()}"
    if not _scrolls(widget):
        window = widget.window()
        place = QRect(widget.mapTo(window, QPoint()), given)
        if not window.rect().adjusted(-1, -1, 1, 1).contains(place):
            yield f"lies at {place.getRect()} in a window of {window.size().toTuple()}"


def _needed(widget: QWidget) -> QSize:
    if widget.sizePolicy().horizontalPolicy() == QSizePolicy.Policy.Ignored:
        return QSize()  # names of files, which may be cut off
    if isinstance(widget, QLabel):
        if widget.wordWrap():
            return QSize(0, widget.heightForWidth(widget.width()))
        return QSize(widget.sizeHint().width(), 0)
    if isinstance(widget, QComboBox):
        return QSize(widget.sizeHint().width(), 0)
    if widget.minimumWidth() < widget.maximumWidth():
        return QSize(widget.sizeHint().width(), 0)
    words = widget.fontMetrics().size(Qt.TextFlag.TextShowMnemonic, _text(widget)).width()
    beside = isinstance(widget, QToolButton) and (
        widget.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonTextBesideIcon
    )
    shows_icon = isinstance(widget, QAbstractButton) and not widget.icon().isNull()
    beside = beside or (shows_icon and not isinstance(widget, QToolButton))
    return QSize(words + (widget.iconSize().width() if beside and shows_icon else 0), 0)


def _scrolls(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    while parent is not None and not isinstance(parent, QScrollArea):
        parent = parent.parentWidget()
    return parent is not None
