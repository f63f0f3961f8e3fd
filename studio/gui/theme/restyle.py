"""Has the style sheet count again for one widget."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def restyle(widget: QWidget) -> None:
    """Applies the rules anew; Qt does not, where a name or a property has changed."""
    if widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):  # else it comes when it is seen
        widget.style().unpolish(widget)
        widget.style().polish(widget)
