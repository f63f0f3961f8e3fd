"""The order in which Tab goes: as one reads, also for what is made later."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractSpinBox, QWidget

_Policy = Qt.FocusPolicy
_STOPS = frozenset({_Policy.TabFocus, _Policy.StrongFocus, _Policy.WheelFocus})


def put_behind(first: QWidget, *areas: QWidget) -> None:
    """Puts what Tab stops at in some areas behind a widget: area by area, each in its own order."""
    inside: dict[QWidget, list[QWidget]] = {area: [] for area in areas}
    widget = first.nextInFocusChain()
    while widget is not None and widget is not first:
        if _stops_at(widget):  # few do, and to look for what they are in takes longer
            area = next((each for each in areas if each.isAncestorOf(widget)), None)
            if area is not None:
                inside[area].append(widget)
        widget = widget.nextInFocusChain()
    for widget in (each for area in areas for each in inside[area]):
        QWidget.setTabOrder(first, widget)
        first = widget


def _stops_at(widget: QWidget) -> bool:
    # The line of a spin box goes with it.
    return widget.focusPolicy() in _STOPS and not isinstance(
        widget.parentWidget(), QAbstractSpinBox
    )
