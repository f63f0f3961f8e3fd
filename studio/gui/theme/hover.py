"""The mark of what is under the mouse, where Qt leaves it: on a combo box whose list was closed."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QComboBox, QWidget
from shiboken6 import isValid


def let_go(left: QWidget | None, _: QWidget | None) -> None:
    """Takes the mark off a combo box that the mouse has gone from while its list was open.

    Args:
        left: what had the focus until now, such as that list.
    """
    box = left.window().parentWidget() if left is not None and isValid(left) else None
    if isinstance(box, QComboBox) and not box.rect().contains(box.mapFromGlobal(QCursor.pos())):
        box.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False)
        box.update()
