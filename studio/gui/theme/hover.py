"""The mark of what is under the mouse, where Qt leaves it: on what had opened a list or a menu."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QComboBox, QMenu, QPushButton, QToolButton, QWidget
from shiboken6 import isValid


def let_go(left: QWidget | None, _: QWidget | None) -> None:
    """Takes the mark off a combo box that the mouse has gone from while its list was open.

    Args:
        left: what had the focus until now, such as that list.
    """
    box = left.window().parentWidget() if left is not None and isValid(left) else None
    if isinstance(box, QComboBox):
        _unmark(box)


def give_menu(button: QPushButton | QToolButton, menu: QMenu) -> None:
    """Gives a button a menu; the mark goes if the mouse has gone while that was open."""
    button.setMenu(menu)
    menu.aboutToHide.connect(partial(_unmark, button))


def _unmark(widget: QWidget) -> None:
    if isValid(widget) and not widget.rect().contains(widget.mapFromGlobal(QCursor.pos())):
        widget.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False)
        widget.update()
