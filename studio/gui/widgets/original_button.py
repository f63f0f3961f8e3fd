"""Shows the original: while it is held down, or from a click to the next."""

from time import monotonic

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QToolButton, QWidget

from studio.core.words.tongue import tr

_HELD = 0.35  # seconds, from which on a press was no click


class OriginalButton(QToolButton):
    """Is down while the original is shown.

    Signals:
        wanted: (whether) the original should be seen.
    """

    wanted = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(tr("Original"))
        self.setToolTip(tr(r"See the original: click, or hold (also Space or \)"))
        self.setAccessibleName(tr("Original"))
        self.setCheckable(True)
        self.setEnabled(False)
        self._pressed_at = 0.0
        self.pressed.connect(self._press)
        self.released.connect(self._release)

    def let_go(self) -> None:
        """Shows the result again."""
        if self.isChecked():
            self.setChecked(False)
            self.wanted.emit(False)

    def _press(self) -> None:
        self._pressed_at = monotonic()
        self.wanted.emit(True)

    def _release(self) -> None:
        if monotonic() - self._pressed_at >= _HELD:
            self.setChecked(False)
        self.wanted.emit(self.isChecked())
