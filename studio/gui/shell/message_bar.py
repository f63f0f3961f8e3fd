"""A quiet bar above the picture for what went wrong and what is done."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace

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
from studio.gui.theme.icons import coloured_icon, icon
from studio.gui.theme.palette import DARK, Theme
from studio.gui.widgets.wording import sentences

_GOES_AFTER_MS = 10_000
_ICONS = {"error": "warning-circle", "done": "check-circle", "note": "info"}
_QUESTION, _TROUBLE, _NEWS = range(3)  # ranks: what is shown first
_LISTED = 8  # failures of one message; more are counted


@dataclass(frozen=True)
class _Message:
    """What is said.

    Attributes:
        kind: how it looks.
        rank: news go by themselves, all else stays.
        lines: what is said, each with what it is about; None: with nothing that could settle it.
        run: what has happened to all that the lines are about, such as ``files were not saved``.
        label, act: of its button, if it has one.
    """

    kind: str
    rank: int
    lines: tuple[tuple[Hashable, str], ...]
    run: str = ""
    label: str = ""
    act: Callable[[], object] | None = None

    @property
    def words(self) -> str:
        """As a person reads it."""
        if len(self.lines) == 1:
            return self.lines[0][1]
        said = [f"{len(self.lines)} {self.run}:", *(line for _, line in self.lines[:_LISTED])]
        hidden = len(self.lines) - _LISTED
        return "\n".join([*said, f"and {hidden} more"] if hidden > 0 else said)

    def without(self, about: Hashable) -> "_Message":
        """But for what is settled."""
        left = tuple(line for line in self.lines if line[0] != about)
        return self if left == self.lines else replace(self, lines=left)

    def replaces(self, old: "_Message") -> bool:
        """Whether nothing is lost with an older one: the newest of good news is enough."""
        return self.rank == old.rank == _NEWS and old.label in ("", self.label)


class MessageBar(QFrame):
    """Shows the newest message, and the one before when that is dismissed.

    Good news go by themselves, and so does what was said of a thing that is settled since. The
    failures of one run are one message.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message")
        self._theme = DARK
        self._messages: list[_Message] = []  # the first is shown
        self._shown: _Message | None = None
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
        self.close_button.setToolTip("Dismiss (Esc)")
        self.close_button.setAccessibleName("Dismiss the message")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 8, 8)
        layout.setSpacing(12)
        layout.addWidget(self._picture)
        layout.addWidget(self.words, 1)
        layout.addWidget(self.more)
        layout.addWidget(self.action)
        layout.addWidget(self.close_button)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_GOES_AFTER_MS)
        self._timer.timeout.connect(self.dismiss)
        self.close_button.clicked.connect(self.dismiss)
        self.action.clicked.connect(self._acted)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Paints in other colours."""
        self._theme = theme
        if self._shown is not None:
            self._dress(self._shown.kind)

    def error(self, error: StudioError, *, about: Hashable = None, run: str = "") -> None:
        """Says what went wrong and what to do about it; stays until it is dismissed or settled.

        Args:
            error: what went wrong.
            about: what with, such as the path of a file.
            run: joins it with others of these words, such as ``files were not saved``.
        """
        lines: tuple[tuple[Hashable, str], ...] = ()
        for before in [old for old in self._messages if run and old.run == run]:
            self._messages.remove(before)
            lines = before.without(about).lines
        line = about, sentences(error.message, error.hint)
        self._add(_Message("error", _TROUBLE, (line, *lines), run))

    def note(self, words: str) -> None:
        """Says something to know; goes by itself."""
        self._add(_Message("note", _NEWS, ((None, sentences(words)),)))

    def ask(
        self, words: str, label: str, act: Callable[[], object], *, about: Hashable = None
    ) -> None:
        """Says something that wants an answer; stays until it is dismissed or settled."""
        self._add(_Message("note", _QUESTION, ((about, words),), "", label, act))

    def done(
        self, words: str, label: str, act: Callable[[], object], *, about: Hashable = None
    ) -> None:
        """Says that something is done, with a button for what comes next; goes by itself."""
        self.settle(about)
        self._add(_Message("done", _NEWS, ((None, words),), "", label, act))

    def settle(self, about: Hashable) -> None:
        """Takes back what was said about a thing that is well now, or asked of one that is over."""
        if about is not None:
            self._messages = [left for m in self._messages if (left := m.without(about)).lines]
            self._show()

    def says(self, words: str) -> bool:
        """Whether this is what it shows."""
        return self.isVisible() and self.words.text() == words

    def dismiss(self) -> None:
        """Puts the message away; the next one is shown, if there is one."""
        del self._messages[:1]
        self._show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def _add(self, new: _Message) -> None:
        self._messages = [
            old for old in self._messages if not new.replaces(old) and old.words != new.words
        ]
        self._messages = sorted([new, *self._messages], key=lambda message: message.rank)
        self._show()

    def _show(self) -> None:
        waiting = len(self._messages) - 1
        self.more.setText(f"{waiting} more")
        self.more.setVisible(waiting > 0)
        before, self._shown = self._shown, self._messages[0] if self._messages else None
        shown = self._shown
        if shown is before:
            return
        self._timer.stop()
        if shown is None:
            self.hide()
            return
        self.words.setText(shown.words)
        self.action.setText(shown.label)
        self.action.setVisible(bool(shown.label))
        self._dress(shown.kind)
        self.show()
        if shown.rank == _NEWS:
            self._timer.start()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def _dress(self, kind: str) -> None:
        theme = self._theme
        colour = {"error": theme.error, "done": theme.accent}.get(kind, theme.dim)
        self._picture.setPixmap(coloured_icon(_ICONS[kind], colour).pixmap(20, 20))
        self.close_button.setIcon(icon("x", theme))
        self.close_button.setText("")
        self.setProperty("kind", kind)
        self.style().unpolish(self)
        self.style().polish(self)

    def _acted(self) -> None:
        if self._shown is not None and self._shown.act is not None:
            self._shown.act()
