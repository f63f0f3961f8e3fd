"""The rail at the left: one button a tool, and only for tools whose weights are there."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QImage
from PySide6.QtWidgets import QButtonGroup, QFrame, QToolButton, QVBoxLayout, QWidget

from studio.gui.state.clipboard import RESULT, brings_picture
from studio.gui.state.tools import Tool, tool_of
from studio.gui.theme.icons import icon
from studio.gui.theme.palette import Theme
from studio.gui.widgets.dropped import dropped_name, dropped_pictures

_SIDE, _AROUND = 56, 4  # px of a button, at least, and on either side of it
_PADDING = 4  # px beside its word


class Rail(QFrame):
    """Chooses the tool.

    Signals:
        chosen: (model's id).
        dropped: (model's id, paths) of pictures that were dropped on a tool.
        dropped_image: (model's id, QImage, name) of one without a file.
        used: (model's id) of the tool on which the result of the photo was dropped.
    """

    chosen = Signal(str)
    dropped = Signal(str, object)
    dropped_image = Signal(str, object, str)
    used = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        self.setAcceptDrops(True)
        self.setFixedWidth(_SIDE + 2 * _AROUND)
        self._buttons: dict[str, QToolButton] = {}
        self._group = QButtonGroup(self)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(_AROUND, 8, _AROUND, 8)
        self._layout.setSpacing(8)
        self._layout.addStretch()

    @property
    def models(self) -> list[str]:
        """Models of the tools that are shown."""
        return list(self._buttons)

    def button(self, model: str) -> QToolButton:
        """The button of a model's tool."""
        return self._buttons[model]

    def show_tools(self, tools: Sequence[Tool], current: str) -> None:
        """Shows a button for each tool."""
        for button in self._buttons.values():
            button.deleteLater()
        self._buttons = {tool.model: self._button(tool) for tool in tools}
        self._fit()
        for row, (model, button) in enumerate(self._buttons.items()):
            button.setChecked(model == current)
            self._layout.insertWidget(row, button)

    def choose(self, model: str) -> None:
        """Marks the tool of a model, without telling of it."""
        if model in self._buttons:
            self._buttons[model].setChecked(True)

    def dress(self, theme: Theme) -> None:
        """Gives the buttons their icons."""
        for model, button in self._buttons.items():
            button.setIcon(icon(tool_of(model).icon, theme))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        event.accept()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        data = event.mimeData()
        model = self._model_at(event.position().toPoint())
        self._press(model)
        event.setAccepted(bool(model) and (brings_picture(data) or data.hasFormat(RESULT)))

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._press("")
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        self._press("")
        model, pictures = self._model_at(event.position().toPoint()), dropped_pictures(event)
        if model and event.mimeData().hasFormat(RESULT):
            event.acceptProposedAction()
            self.used.emit(model)
        if not model or pictures is None:
            return
        event.acceptProposedAction()
        if isinstance(pictures, QImage):
            self.dropped_image.emit(model, pictures, dropped_name(event))
        else:
            self.dropped.emit(model, pictures)

    def _model_at(self, spot: QPoint) -> str:
        """The tool whose button is there; empty for none."""
        found = (m for m, button in self._buttons.items() if button.geometry().contains(spot))
        return next(found, "")

    def _press(self, model: str) -> None:
        """Shows where a picture would be dropped; empty: nowhere."""
        for each, button in self._buttons.items():
            button.setDown(each == model)

    def _fit(self) -> None:
        """Makes all buttons as wide as the longest word needs."""
        words = [
            b.fontMetrics().horizontalAdvance(b.text()) + _PADDING for b in self._buttons.values()
        ]
        width = max([_SIDE, *words])
        for button in self._buttons.values():
            button.setFixedSize(width, _SIDE)
        self.setFixedWidth(width + 2 * _AROUND)

    def _button(self, tool: Tool) -> QToolButton:
        button = QToolButton()
        button.setText(tool.title)
        button.setAccessibleName(tool.title)
        button.setCheckable(True)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setIconSize(QSize(24, 24))
        button.clicked.connect(lambda: self.chosen.emit(tool.model))
        self._group.addButton(button)
        return button
