"""Buttons of the pages, and rows of them."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from studio.core.words.tongue import tr
from studio.gui.state.tools import Tool
from studio.gui.theme.hover import give_menu

_Style = Qt.ToolButtonStyle


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
        give_menu(self, self.tools)

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


def _raise(button: QToolButton, words: str, tip: str) -> None:
    button.setObjectName("raised")
    button.setText(words)
    button.setToolTip(tip)
    button.setAccessibleName(words.rstrip("…▾ "))
    button.setIconSize(QSize(20, 20))
    button.setFixedHeight(32)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)


class ButtonRow(QWidget):
    """Buttons side by side: icons and words where both fit, else words, else mostly icons.

    Args:
        buttons: the first one keeps its words longest; others, such as a slider, stay as they are.
        centred: in the middle, or else at the left.
    """

    def __init__(self, *buttons: QWidget, centred: bool = True) -> None:
        super().__init__()
        self._all = buttons
        self._buttons = [each for each in buttons if isinstance(each, QToolButton)]
        self._measured: object = None  # what the widths are of
        self._widths: list[int] = []  # px, of each of the ways
        few = len(self._buttons) - 1
        self._ways = (
            [_Style.ToolButtonTextBesideIcon] * (few + 1), [_Style.ToolButtonTextOnly] * (few + 1),
            [_Style.ToolButtonTextOnly, *[_Style.ToolButtonIconOnly] * few],
            [_Style.ToolButtonIconOnly] * (few + 1),
        )  # fmt: skip
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        if centred:
            self._row.addStretch()
        for button in buttons:
            self._row.addWidget(button)
        self._row.addStretch()

    def sizeHint(self) -> QSize:
        self._fit()
        return QSize(self._widths[1], self._row.sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        self._fit()
        return QSize(self._widths[-1], self._row.minimumSize().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.Polish, QEvent.Type.StyleChange}:
            self._measured = None
        if event.type() == QEvent.Type.LayoutRequest:  # other words, or one more is seen
            self._fit()
        return super().event(event)

    def _fit(self) -> None:
        shown = (
            [each.isHidden() for each in self._all],
            [(each.text(), each.icon().isNull()) for each in self._buttons],
        )
        if shown != self._measured:
            self._measured = shown
            self._widths = [self._width(way) for way in self._ways]
        ways = zip(self._ways, self._widths, strict=True)
        self._take(next((way for way, width in ways if width <= self.width()), self._ways[-1]))

    def _width(self, way: Sequence[_Style]) -> int:
        self._take(way)
        self._row.invalidate()
        return self._row.sizeHint().width()

    def _take(self, way: Sequence[_Style]) -> None:
        for button, style in zip(self._buttons, way, strict=True):
            button.setToolButtonStyle(style)
