"""A slider that tells which of its moves belong together."""

from PySide6.QtCore import QElapsedTimer, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QSlider

from studio.gui.state.gesture import Gesture

# Moves by wheel or keys that follow each other faster than this are one step of undo.
_SAME_GESTURE_MS = 800


class GestureSlider(QSlider):
    """A horizontal slider; a double click wants the default back.

    Signals:
        slid: (position, Gesture).
        reset: by double click.
    """

    slid = Signal(int, object)
    reset = Signal()

    def __init__(self, minimum: int, maximum: int) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setRange(minimum, maximum)
        self._since = QElapsedTimer()
        self._held = False
        self._gesture = Gesture()
        self.sliderPressed.connect(self._pressed)
        self.valueChanged.connect(self._moved)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        del event
        self.reset.emit()

    def _pressed(self) -> None:
        self._held = False  # the first move of a drag begins a step of undo

    def _moved(self, position: int) -> None:
        if self.isSliderDown():
            going_on, self._held = self._held, True
        else:
            going_on = self._since.isValid() and self._since.elapsed() < _SAME_GESTURE_MS
        self._since.start()
        if not going_on:
            self._gesture = Gesture()
        self.slid.emit(position, self._gesture)
