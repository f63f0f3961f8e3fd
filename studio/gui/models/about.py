"""A card about the weights in use, as a dialog."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QPushButton, QVBoxLayout, QWidget

from studio.core.catalogue import Weights
from studio.core.words.tongue import tr
from studio.gui.models.card import ModelCard


class AboutModel(QDialog):
    """Tells what stands in the header of a weights file."""

    def __init__(self, weights: Weights, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("About {title}", title=weights.title))
        self.setMinimumWidth(520)
        self.card = ModelCard()
        self.card.show_model(weights)
        close = QPushButton(tr("Close"))
        close.setDefault(True)
        close.clicked.connect(self.accept)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(16)
        layout.addWidget(self.card, 1)
        layout.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
        self.resize(520, 560)
