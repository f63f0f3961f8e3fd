"""The line of time beside *Play*: where in the walk the face lies that is shown."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QWidget

from studio.core.words.tongue import tr
from studio.gui.faces.player import FPS


class TimeLine(QWidget):
    """Goes to a frame of a walk; there is nothing to see without one.

    Signals:
        moved: (number of a frame) by a person.
    """

    moved = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName(tr("Time"))
        self.slider.setToolTip(
            tr("Where in the walk it stands; the arrow keys go to the next frame")
        )
        self.setMinimumWidth(160)
        self.place = QLabel()
        self.place.setObjectName("dim")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.slider, 1)
        layout.addWidget(self.place)
        self.slider.valueChanged.connect(self._moved)
        self.hide()

    def show_frame(self, at: int, count: int) -> None:
        """Shows that one of so many frames is seen."""
        with QSignalBlocker(self.slider):
            self.slider.setRange(0, count - 1)
            self.slider.setPageStep(FPS)
            self.slider.setValue(at)
        self._say(at)
        self.show()

    def _moved(self, at: int) -> None:
        self._say(at)
        self.moved.emit(at)

    def _say(self, at: int) -> None:
        whole = (self.slider.maximum() + 1) / FPS
        self.place.setText(tr("{at:.1f} of {whole:.0f} s", at=at / FPS, whole=whole))
        self.slider.setAccessibleDescription(self.place.text())
