"""In the place of the tools while a picture is taken over as lines: how many of them."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSlider, QWidget

from studio.core.words.tongue import tr


class LinesBar(QWidget):
    """A threshold, and what to do with the lines.

    Signals:
        moved: (threshold, 0 to 100).
        accepted: the lines are right.
        rejected: no lines are wanted.
    """

    moved = Signal(int)
    accepted = Signal()
    rejected = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.threshold = QSlider(Qt.Orientation.Horizontal)
        self.threshold.setRange(0, 100)
        self.threshold.setAccessibleName(tr("Threshold"))
        self.threshold.setToolTip(tr("How strong an edge must be to become a line"))
        self.threshold.setMaximumWidth(280)
        self.use = QPushButton(tr("Use lines"))
        self.use.setObjectName("primary")
        self.use.setToolTip(tr("Go on with these lines (Enter)"))
        self.cancel = QPushButton(tr("Cancel"))
        self.cancel.setToolTip(tr("Back to the drawing as it was (Esc)"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for words, widget in ((tr("More lines"), self.threshold), (tr("Fewer"), None)):
            label = QLabel(words)
            label.setObjectName("dim")
            layout.addWidget(label)
            if widget is not None:
                layout.addWidget(widget, 1)
        layout.addStretch(1)
        layout.addWidget(self.cancel)
        layout.addWidget(self.use)
        self.threshold.valueChanged.connect(self.moved)
        self.use.clicked.connect(self.accepted)
        self.cancel.clicked.connect(self.rejected)

    def show_threshold(self, threshold: int) -> None:
        """Shows a threshold, 0 to 100, without telling of it."""
        with QSignalBlocker(self.threshold):
            self.threshold.setValue(threshold)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.accepted.emit()
        else:
            super().keyPressEvent(event)
