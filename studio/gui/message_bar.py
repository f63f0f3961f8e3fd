"""A quiet bar above the picture for what went wrong and what is done."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
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

from studio.core.errors import StudioError
from studio.gui.icons import coloured_icon, icon
from studio.gui.palette import DARK, Theme
from studio.gui.wording import sentences

_GOES_AFTER_MS = 10_000
_ICONS = {"error": "warning-circle", "done": "check-circle", "note": "info"}


class MessageBar(QFrame):
    """Shows one message until it is dismissed; good news go by themselves."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message")
        self._theme = DARK
        self._kind = "note"
        self._act: Callable[[], object] | None = None
        self._picture = QLabel()
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.action = QPushButton()
        self.close_button = QToolButton()
        self.close_button.setText("✕")
        self.close_button.setToolTip("Dismiss (Esc)")
        self.close_button.setAccessibleName("Dismiss the message")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 8, 8)
        layout.setSpacing(12)
        layout.addWidget(self._picture)
        layout.addWidget(self.words, 1)
        layout.addWidget(self.action)
        layout.addWidget(self.close_button)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_GOES_AFTER_MS)
        self._timer.timeout.connect(self.hide)
        self.close_button.clicked.connect(self.dismiss)
        self.action.clicked.connect(self._acted)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Paints in other colours."""
        self._theme = theme
        self._dress()

    def error(self, error: StudioError) -> None:
        """Says what went wrong and what to do about it; stays."""
        self._say("error", sentences(error.message, error.hint))

    def note(self, words: str) -> None:
        """Says something to know; goes by itself."""
        self._say("note", sentences(words))
        self._timer.start()

    def ask(self, words: str, label: str, act: Callable[[], object]) -> None:
        """Says something that wants an answer; stays."""
        self._say("note", words)
        self._offer(label, act)

    def done(self, words: str, label: str, act: Callable[[], object]) -> None:
        """Says that something is done, with a button for what comes next; goes by itself."""
        self._say("done", words)
        self._offer(label, act)
        self._timer.start()

    def says(self, words: str) -> bool:
        """Whether this is what it shows."""
        return self.isVisible() and self.words.text() == words

    def dismiss(self) -> None:
        """Hides the message."""
        self._timer.stop()
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def _say(self, kind: str, words: str) -> None:
        self._kind = kind
        self._timer.stop()
        self._act = None
        self.action.hide()
        self.words.setText(words)
        self._dress()
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def _offer(self, label: str, act: Callable[[], object]) -> None:
        self.action.setText(label)
        self.action.show()
        self._act = act

    def _dress(self) -> None:
        theme = self._theme
        colour = {"error": theme.error, "done": theme.accent}.get(self._kind, theme.dim)
        self._picture.setPixmap(coloured_icon(_ICONS[self._kind], colour).pixmap(20, 20))
        self.close_button.setIcon(icon("x", theme))
        self.close_button.setText("")
        self.setProperty("kind", self._kind)
        self.style().unpolish(self)
        self.style().polish(self)

    def _acted(self) -> None:
        if self._act is not None:
            self._act()
