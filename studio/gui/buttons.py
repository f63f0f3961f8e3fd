"""Buttons of the pages, and rows of them."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget


def raised_button(words: str, tip: str) -> QToolButton:
    """A button with icon and words."""
    button = QToolButton()
    button.setObjectName("raised")
    button.setText(words)
    button.setToolTip(tip)
    button.setAccessibleName(words.rstrip("…▾ "))
    button.setIconSize(QSize(20, 20))
    button.setFixedHeight(32)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


def row_of(*buttons: QWidget) -> QWidget:
    """Buttons side by side in the middle."""
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(8)
    layout.addStretch()
    for button in buttons:
        layout.addWidget(button)
    layout.addStretch()
    return row
