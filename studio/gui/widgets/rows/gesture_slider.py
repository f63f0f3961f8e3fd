"""A slider that tells which of its moves belong together."""

from PySide6.QtCore import QElapsedTimer, QRect, Qt, Signal
from PySide6.QtGui import QHideEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSlider, QStyle, QStyleOptionSlider

from studio.gui.state.gesture import Gesture

# Moves by wheel or keys that follow each other faster than this are one step of undo.
_SAME_GESTURE_MS = 800


class GestureSlider(QSlider):
    """A horizontal slider; a click takes it along, a double click wants the default back.

    Args:
        minimum, maximum: positions; where 0 lies between them it is filled from there to where it
            stands, else from its left end.

    Signals:
        slid: (position, Gesture).
        reset: (Gesture) by double click, whose first click may have moved it.
    """

    slid = Signal(int, object)
    reset = Signal(object)

    def __init__(self, minimum: int, maximum: int) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setRange(minimum, maximum)
        self._bipolar = minimum < 0 < maximum
        self.setProperty("bipolar", self._bipolar)
        self._since = QElapsedTimer()
        self._held = False
        self._gesture = Gesture()
        self.sliderPressed.connect(self._pressed)
        self.valueChanged.connect(self._moved)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        handle = self._handle()
        jumps = event.button() is Qt.MouseButton.LeftButton and not handle.contains(
            event.position().toPoint()
        )
        if jumps:
            self._since.invalidate()
            room = self.width() - handle.width()
            at = round(event.position().x() - handle.width() / 2)
            self.setValue(QStyle.sliderValueFromPosition(self.minimum(), self.maximum(), at, room))
        super().mousePressEvent(event)
        if jumps:
            self._held = True  # a drag that follows goes on with that move

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():  # Qt moves it also when it was let go, until the button is up
            super().mouseMoveEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self.let_go()
        super().hideEvent(event)

    def let_go(self) -> None:
        """Ends a drag: the mouse moves it again from the next press on."""
        self.setSliderDown(False)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._bipolar or not self.isEnabled():
            return
        handle = self._handle()
        room = self.width() - handle.width()
        from_left = QStyle.sliderPositionFromValue(self.minimum(), self.maximum(), 0, room)
        zero = from_left + handle.width() // 2
        left, right = (zero, handle.left()) if zero < handle.left() else (handle.right() + 1, zero)
        if left < right:
            with QPainter(self) as painter:
                filled = QRect(left, handle.center().y() - 1, right - left, 4)
                painter.fillRect(filled, self.palette().highlight())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        del event
        self.reset.emit(self._gesture if self._is_recent() else Gesture())

    def _pressed(self) -> None:
        self._held = False  # the first move of a drag begins a step of undo

    def _moved(self, position: int) -> None:
        if self.isSliderDown():
            going_on, self._held = self._held, True
        else:
            going_on = self._is_recent()
        self._since.start()
        if not going_on:
            self._gesture = Gesture()
        self.slid.emit(position, self._gesture)

    def _is_recent(self) -> bool:
        return self._since.isValid() and self._since.elapsed() < _SAME_GESTURE_MS

    def _handle(self) -> QRect:
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        style, part = self.style(), QStyle.SubControl.SC_SliderHandle
        return style.subControlRect(QStyle.ComplexControl.CC_Slider, option, part, self)
