"""What fingers and keys mean to a picture."""

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QGestureEvent, QPinchGesture


def pinch_of(event: QEvent) -> tuple[float, QPointF] | None:
    """The factor to zoom by, and around which point; None for any other event."""
    if isinstance(event, QNativeGestureEvent):
        if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            return 1 + event.value(), event.position()
    elif isinstance(event, QGestureEvent):
        pinch = event.gesture(Qt.GestureType.PinchGesture)
        if isinstance(pinch, QPinchGesture):
            return pinch.scaleFactor(), pinch.centerPoint()
    return None


def is_scrolled_by_fingers(event: QWheelEvent) -> bool:
    """Whether it is a touchpad that scrolls, in two directions, and no wheel."""
    has_phase = event.phase() != Qt.ScrollPhase.NoScrollPhase
    return has_phase and not event.pixelDelta().isNull()


def arrow_of(event: QKeyEvent) -> tuple[int, int]:
    """Which way an arrow key points: -1, 0 or 1 to the right, and downwards."""
    key = Qt.Key(event.key())
    sideways = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(key, 0)
    return sideways, {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(key, 0)
