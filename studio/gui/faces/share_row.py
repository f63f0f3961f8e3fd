"""How much of a pinned face is in the mixture."""

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from studio.core.words.tongue import tr
from studio.gui.widgets.rows.gesture_slider import GestureSlider

_STEPS = 100  # of the slider
_ALL = 1.0  # the share that a face begins with


class ShareRow(QWidget):
    """A slider, and the share as it counts: those of all faces sum to 100 %.

    Args:
        name: of the face.

    Signals:
        edited: (share, 0 to 1, Gesture).
    """

    edited = Signal(float, object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.slider = GestureSlider(0, _STEPS)
        self.slider.setPageStep(_STEPS // 10)
        self.slider.setAccessibleName(tr("Share of {name}", name=name))
        self.percent = QLabel()
        label = QLabel(name)
        for widget in (self, label, self.slider, self.percent):
            widget.setToolTip(
                tr("How much of {name} is in the mixture.\nDouble click resets it.", name=name)
            )
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(label, 1)
        top.addWidget(self.percent)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(self.slider)
        self.slider.slid.connect(lambda at, gesture: self.edited.emit(at / _STEPS, gesture))
        self.slider.reset.connect(lambda gesture: self.edited.emit(_ALL, gesture))

    def show_share(self, share: float, percent: int) -> None:
        """Shows a share as it was set, and as it counts."""
        with QSignalBlocker(self.slider):
            self.slider.setValue(round(share * _STEPS))
        self.percent.setText(f"{percent} %")
        self.slider.setAccessibleDescription(self.percent.text())
