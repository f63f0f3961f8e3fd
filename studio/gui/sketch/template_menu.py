"""The templates as small pictures in a menu."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QKeyEvent, QPixmap
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QMenu,
    QToolButton,
    QWidget,
    QWidgetAction,
)

from studio.core.words.tongue import tr

_SIDE = 96  # px
_COLUMNS = 2


class TemplateMenu(QMenu):
    """Picks a template by mouse, or by arrow keys and Enter.

    Signals:
        picked: (name).
    """

    picked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons: dict[str, QToolButton] = {}

    def show_templates(self, templates: Sequence[tuple[str, QImage]]) -> None:
        """Offers templates by name and picture."""
        self.clear()
        body = QWidget()
        grid = QGridLayout(body)
        grid.setContentsMargins(4, 4, 4, 4)
        grid.setSpacing(4)
        self.buttons = {}
        group = QButtonGroup(body)  # makes the arrow keys go as the buttons lie
        group.setExclusive(False)
        for number, (name, image) in enumerate(templates):
            button = self._button(name, image)
            grid.addWidget(button, number // _COLUMNS, number % _COLUMNS)
            group.addButton(button)
            self.buttons[name] = button
        action = QWidgetAction(self)
        action.setDefaultWidget(body)
        self.addAction(action)
        if self.buttons:
            next(iter(self.buttons.values())).setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        button = self.focusWidget()
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and isinstance(button, QToolButton):
            button.click()
        else:
            super().keyPressEvent(event)

    def _button(self, name: str, image: QImage) -> QToolButton:
        button = QToolButton()
        button.setText(tr(name))
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        ratio = self.devicePixelRatioF()
        small = image.scaled(
            QSize(_SIDE, _SIDE) * ratio,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        small.setDevicePixelRatio(ratio)
        button.setIcon(QIcon(QPixmap.fromImage(small)))
        button.setIconSize(QSize(_SIDE, _SIDE))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setMinimumWidth(_SIDE + 40)
        button.clicked.connect(lambda: self._pick(name))
        return button

    def _pick(self, name: str) -> None:
        self.close()
        self.picked.emit(name)
