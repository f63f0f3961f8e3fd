"""The line under a video: where in it the frame lies that is shown."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSlider, QWidget

from studio.core.videos import Reel

_HEIGHT = 40  # px


class ScrubBar(QFrame):
    """Chooses a frame.

    Signals:
        moved: (seconds from the beginning).
    """

    moved = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("scrub-bar")
        self.setFixedHeight(_HEIGHT)
        self._frame = 1.0
        self.place = QLabel()
        self.length = QLabel()
        self.length.setObjectName("dim")
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName("Frame")
        self.slider.setToolTip("Which frame is shown; the arrow keys go to the next one")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 0, 16, 0)
        layout.setSpacing(16)
        layout.addWidget(self.place)
        layout.addWidget(self.slider, 1)
        layout.addWidget(self.length)
        self.slider.valueChanged.connect(self._moved)

    def show_reel(self, reel: Reel | None, seconds: float) -> None:
        """Shows a video, None while its length is unknown, and where in it one is."""
        self._frame = 1.0 if reel is None else reel.frame
        count = 0 if reel is None else max(0, round(reel.seconds / reel.frame) - 1)
        with QSignalBlocker(self.slider):
            self.slider.setRange(0, count)
            self.slider.setPageStep(max(1, round(1 / self._frame)))
            self.slider.setValue(round(seconds / self._frame))
        self.slider.setEnabled(count > 0)
        self.length.setText("" if reel is None else clock(reel.seconds))
        self.place.setText(clock(seconds))

    def _moved(self, number: int) -> None:
        seconds = number * self._frame
        self.place.setText(clock(seconds))
        self.moved.emit(seconds)


def clock(seconds: float) -> str:
    """Such as ``0:03.2`` or ``1:02:03.0``."""
    tenths = round(10 * seconds)
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    behind = f"{rest // 10:02}.{rest % 10}"
    return f"{hours}:{minutes:02}:{behind}" if hours else f"{minutes}:{behind}"
