"""What is shown before the first photo: an invitation."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from studio.gui.theme.icons import accent_icon, coloured_icon
from studio.gui.theme.palette import Theme

_MOST_OFFERS = 3


class EmptyPage(QFrame):
    """Says how to bring a photo in.

    Signals:
        chosen: (row) of what was offered to be opened again.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("empty")
        self._picture = QLabel()
        self._picture.setFixedHeight(64)
        words = QLabel("Drop a photo here")
        font = words.font()
        font.setPointSizeF(font.pointSizeF() * 1.6)
        words.setFont(font)
        self.open = QPushButton("Open a photo…")
        self.open.setObjectName("primary")
        self.open.setMinimumHeight(36)
        paste = QKeySequence(QKeySequence.StandardKey.Paste)
        key = paste.toString(QKeySequence.SequenceFormat.NativeText)
        also = QLabel(f"or paste one with {key}")
        also.setObjectName("dim")
        layout = QVBoxLayout(self)
        layout.addStretch(4)
        for widget, gap in ((self._picture, 16), (words, 16), (self.open, 16), (also, 16)):
            layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
            layout.addSpacing(gap)
        self.offers = [QPushButton() for _ in range(_MOST_OFFERS)]
        for row, offer in enumerate(self.offers):
            offer.setFlat(True)
            offer.hide()
            offer.clicked.connect(lambda _=False, row=row: self.chosen.emit(row))
            layout.addWidget(offer, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(5)

    def offer(self, words: Sequence[str]) -> None:
        """Offers to open again what was open, the first of it above."""
        for row, button in enumerate(self.offers):
            button.setVisible(row < len(words))
            button.setText(words[row] if row < len(words) else "")

    def dress(self, theme: Theme) -> None:
        """Gives the page its icons."""
        self._picture.setPixmap(coloured_icon("image", theme.dim).pixmap(64, 64))
        self.open.setIcon(accent_icon("folder-open", theme))

    def invite(self, *, on: bool) -> None:
        """Shows that a photo held over the window may be dropped."""
        self.setProperty("inviting", on)
        self.style().unpolish(self)
        self.style().polish(self)
