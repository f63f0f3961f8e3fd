"""Buttons of the pages, and rows of them."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from studio.core.words.tongue import tr
from studio.gui.state.tools import Tool

_ROOMY = 720  # px, width from which the buttons below a page's pictures have icons, too


class UseButton(QToolButton):
    """Offers the other tools for what this one has made.

    Signals:
        wanted: (model) of the tool that should go on with it.
    """

    wanted = Signal(str)

    def __init__(self, tip: str) -> None:
        super().__init__()
        _raise(self, tr("Use in ▾"), tip)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.tools = QMenu(self)
        self.setMenu(self.tools)

    def show_tools(self, tools: Sequence[Tool]) -> None:
        """Offers tools; without any there is nothing to see."""
        self.tools.clear()
        self.setVisible(bool(tools))
        for tool in tools:
            self.tools.addAction(tool.title, lambda model=tool.model: self.wanted.emit(model))


def raised_button(words: str, tip: str) -> QToolButton:
    """A button with icon and words."""
    button = QToolButton()
    _raise(button, words, tip)
    return button


def show_icons(buttons: Iterable[QToolButton], width: int, roomy: int = _ROOMY) -> None:
    """Words with icons, or on a page of little width, in px, words alone."""
    style = Qt.ToolButtonStyle
    wanted = style.ToolButtonTextBesideIcon if width >= roomy else style.ToolButtonTextOnly
    for button in buttons:
        button.setToolButtonStyle(wanted)


def _raise(button: QToolButton, words: str, tip: str) -> None:
    button.setObjectName("raised")
    button.setText(words)
    button.setToolTip(tip)
    button.setAccessibleName(words.rstrip("…▾ "))
    button.setIconSize(QSize(20, 20))
    button.setFixedHeight(32)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)


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
