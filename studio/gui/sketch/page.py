"""The page of the tool "Sketch": the tools, the paper and the result beside it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage, QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QToolButton, QVBoxLayout, QWidget

from studio.core.words.tongue import tr
from studio.gui.sketch.lines_bar import LinesBar
from studio.gui.sketch.paper import Paper
from studio.gui.sketch.side import Side
from studio.gui.sketch.template_menu import TemplateMenu
from studio.gui.sketch.tool_row import ToolRow
from studio.gui.state.clipboard import brings_picture
from studio.gui.theme.hover import give_menu
from studio.gui.theme.icons import icon
from studio.gui.theme.palette import Theme
from studio.gui.widgets.buttons import ButtonRow, UseButton, raised_button
from studio.gui.widgets.dropped import dropped_pictures
from studio.gui.widgets.page import Page
from studio.gui.widgets.result_view import ResultView
from studio.gui.widgets.table import Table


class SketchPage(Page):
    """Lays out; what the parts do is told by their own signals.

    Signals:
        dropped: (path) of a picture.
        dropped_image: (QImage) of a picture without a file.
    """

    dropped = Signal(object)
    dropped_image = Signal(object)
    is_tool = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(True)
        self._side = Side()
        self.tools = ToolRow()
        self.lines = LinesBar()
        self.paper = Paper()
        self.result = ResultView()
        self.surprise = raised_button(
            tr("Surprise me"), tr("Begin with a drawing that nobody drew (S)")
        )
        self.clear = raised_button(tr("Clear"), tr("Take a blank sheet (Ctrl+Backspace)"))
        self.templates = raised_button(tr("Templates ▾"), tr("Start from a drawing that is there"))
        self.templates.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.template_menu = TemplateMenu(self)
        give_menu(self.templates, self.template_menu)
        self.import_ = raised_button(
            tr("Photo…"), tr("Take a photo's lines; it can be dropped here, too")
        )
        self.another = raised_button(
            tr("Another one"), tr("Draw the doodle again in another way (N)")
        )
        self.hold = raised_button(tr("Hold"), tr("Keep this result, and go on drawing (H)"))
        self.save = raised_button(tr("Save…"), tr("Save the result, the doodle or both"))
        self.use = UseButton(tr("Go on with the result in another tool"))
        self._above = QStackedWidget()
        self._above.addWidget(self.tools)
        self._above.addWidget(self.lines)
        self._above.setFixedHeight(36)
        self._below = (
            self.surprise, self.templates, self.import_, self.clear, self.another, self.hold,
            self.save, self.use,
        )  # fmt: skip
        self._lay_out()

    @property
    def side(self) -> Side:
        return self._side

    def ask_for_lines(self, asking: bool) -> None:
        """Shows the threshold in the place of the tools, or the tools again."""
        self._above.setCurrentWidget(self.lines if asking else self.tools)
        self.paper.hold_still(asking)
        for button in self._below:
            button.setEnabled(not asking)
        if asking:
            self.lines.threshold.setFocus()
        else:
            self.paper.setFocus()

    def take_focus(self) -> None:
        self.paper.setFocus()

    def dress(self, theme: Theme) -> None:
        """Gives the page its icons and colours."""
        self.paper.theme = self.result.theme = theme
        for button, name in (
            (self.clear, "trash"), (self.templates, "cards"), (self.import_, "image-square"),
            (self.another, "dice-five"), (self.save, "export"), (self.use, "arrow-square-out"),
            (self.surprise, "magic-wand"), (self.hold, "push-pin"),
        ):  # fmt: skip
            button.setIcon(icon(name, theme))
        self.tools.dress(theme)
        self._side.dress(theme)
        self.update()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.source() is not self.result and brings_picture(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        pictures = dropped_pictures(event)
        event.acceptProposedAction()
        if isinstance(pictures, QImage):
            self.dropped_image.emit(pictures)
        elif pictures is not None:
            self.dropped.emit(pictures[0])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._above.currentWidget() is self.lines:
            self.lines.rejected.emit()
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 8, 16, 16)
        layout.setSpacing(8)
        layout.addWidget(self._above)
        under_paper = ButtonRow(self.surprise, self.templates, self.import_, self.clear)
        under_result = ButtonRow(self.another, self.hold, self.save, self.use)
        table = Table((self.paper, under_paper), (self.result, under_result))
        layout.addWidget(table, 1)
