"""What a photo goes through, above the controls of one step of it."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QVBoxLayout, QWidget

from studio.core.words.tongue import tr
from studio.gui.state.tools import Tool
from studio.gui.theme.hover import give_menu
from studio.gui.theme.icons import icon
from studio.gui.theme.palette import Theme
from studio.gui.widgets.steps.step_list import Line, StepList


class StepsRow(QWidget):
    """A button that adds a step and, where there are several, their list.

    Signals:
        added: (model) of the tool that the result should go on in.
    """

    added = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = QLabel(tr("Steps"))
        self.title.setObjectName("dim")
        self.add = QToolButton()
        self.add.setObjectName("small")
        self.add.setText(tr("Add step"))
        self.add.setAccessibleName(tr("Add step"))
        self.add.setToolTip(tr("Go on with the result in another tool"))
        self.add.setIconSize(QSize(16, 16))
        self.add.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.add.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.add.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.tools = QMenu(self)
        give_menu(self.add, self.tools)
        self.list = StepList()
        head = QHBoxLayout()
        head.setContentsMargins(2, 0, 0, 0)
        head.addWidget(self.title)
        head.addStretch(1)
        head.addWidget(self.add)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 12, 0)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addWidget(self.list)
        self.show_steps((), 0)
        self.hide()

    def offer(self, tools: Sequence[Tool]) -> None:
        """Offers tools to go on in; without any there is nothing to see."""
        self.tools.clear()
        for tool in tools:
            self.tools.addAction(tool.title, lambda model=tool.model: self.added.emit(model))
        self.setVisible(bool(tools))

    def show_steps(self, lines: Sequence[Line], chosen: int) -> None:
        """Shows these steps, one of them chosen; a single one needs no list."""
        several = len(lines) > 1
        self.list.show_steps(lines, chosen)
        for widget in (self.title, self.list):
            widget.setVisible(several)

    def dress(self, theme: Theme) -> None:
        """Gives button and lines their icons."""
        self.add.setIcon(icon("plus", theme))
        self.list.dress(theme)
