"""A dialog whose inside is scrolled where it does not fit the screen."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from studio.core.words.tongue import tr

_BELOW = QSize(24, 72)  # px, what is around the inside
_FREE = 80  # px of the screen that stay free


def lay_out_scrolled(dialog: QDialog, inside: QWidget, width: int | None = None) -> QScrollArea:
    """Puts a widget into a dialog, and *Close* below it.

    Args:
        dialog: without a layout.
        inside: what it shows.
        width: of the dialog in px, whose inside is then scrolled upwards only; None: that of the
            inside.

    Returns:
        What scrolls it.
    """
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setWidget(inside)
    if width is not None:
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    close = QPushButton(tr("Close"))
    close.setDefault(True)
    close.clicked.connect(dialog.accept)
    below = QHBoxLayout()
    below.setContentsMargins(24, 0, 24, 16)
    below.addStretch()
    below.addWidget(close)
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(area, 1)
    layout.addLayout(below)
    wanted, room = inside.sizeHint() + _BELOW, dialog.screen().availableSize()
    size = QSize(width or wanted.width(), wanted.height())
    dialog.resize(size.boundedTo(room - QSize(_FREE, _FREE)))
    return area
