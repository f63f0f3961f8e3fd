"""The order in which Tab goes: as one reads, also for what is made later."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractSpinBox, QWidget


def put_behind(first: QWidget, area: QWidget) -> QWidget:
    """Puts what Tab stops at in an area behind a widget, in the order that it has.

    Returns:
        The last of these widgets, or `first` where there is none.
    """
    inside: list[QWidget] = []
    widget = area.nextInFocusChain()
    while widget is not None and widget is not area:
        if area.isAncestorOf(widget) and _stops_at(widget):
            inside.append(widget)
        widget = widget.nextInFocusChain()
    for widget in inside:
        QWidget.setTabOrder(first, widget)
        first = widget
    return first


def _stops_at(widget: QWidget) -> bool:
    # The line of a spin box goes with it.
    own = not isinstance(widget.parentWidget(), QAbstractSpinBox)
    return own and bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
