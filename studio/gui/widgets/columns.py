"""Widgets below each other, edge to edge."""

from PySide6.QtWidgets import QVBoxLayout, QWidget


def column(*widgets: QWidget) -> QVBoxLayout:
    """A layout without gaps."""
    layout = QVBoxLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    for widget in widgets:
        layout.addWidget(widget)
    return layout
