"""A quiet bar above the picture for what went wrong and what is done."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from studio.core.words.tongue import tr
from studio.gui.state.messages import Message, Messages
from studio.gui.theme.icons import coloured_icon, icon
from studio.gui.theme.palette import DARK, Theme
from studio.gui.theme.restyle import restyle

_ICONS = {"error": "warning-circle", "done": "check-circle", "note": "info"}


class MessageBar(QFrame):
    """Shows a message, how many wait behind it, and its button.

    Signals:
        resized: it needs another height.
    """

    resized = Signal()

    def __init__(self, messages: Messages, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message")
        self._theme = DARK
        self._messages = messages
        self._shown: Message | None = None
        self._picture = QLabel()
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.more = QLabel()
        self.more.setObjectName("dim")
        self.action = QPushButton()
        self.close_button = QToolButton()
        self.close_button.setText("✕")
        self.close_button.setToolTip(tr("Dismiss (Esc)"))
        self.close_button.setAccessibleName(tr("Dismiss the message"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 8, 8)
        layout.setSpacing(12)
        layout.addWidget(self._picture)
        layout.addWidget(self.words, 1)
        layout.addWidget(self.more)
        layout.addWidget(self.action)
        layout.addWidget(self.close_button)
        self.close_button.clicked.connect(messages.dismiss)
        self.action.clicked.connect(messages.act)
        messages.changed.connect(self._show)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Paints in other colours."""
        self._theme = theme
        if self._shown is not None:
            self._dress(self._shown.kind)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._messages.dismiss()
        else:
            super().keyPressEvent(event)

    def _show(self) -> None:
        waiting = self._messages.waiting
        self.more.setText(tr("{count} more", count=waiting))
        self.more.setVisible(waiting > 0)
        self.resized.emit()
        before, self._shown = self._shown, self._messages.shown
        shown = self._shown
        if shown is before:
            return
        if shown is None:
            self.hide()
            return
        self.words.setText(shown.words)
        self.action.setText(shown.label)
        self.action.setVisible(bool(shown.label))
        self._dress(shown.kind)
        self.resized.emit()
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def _dress(self, kind: str) -> None:
        theme = self._theme
        colour = {"error": theme.error, "done": theme.accent}.get(kind, theme.dim)
        self._picture.setPixmap(coloured_icon(_ICONS[kind], colour).pixmap(20, 20))
        self.close_button.setIcon(icon("x", theme))
        self.close_button.setText("")
        self.setProperty("kind", kind)
        restyle(self)
