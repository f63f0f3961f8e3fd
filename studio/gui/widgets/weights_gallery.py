"""The weights of a tool that has several, as pictures to choose from."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.core.controls import Choice, Option
from studio.gui.theme.palette import DARK, Theme
from studio.gui.widgets.gallery import Gallery
from studio.gui.widgets.labels import bold_label

_SPARE = 4  # px below the last row
_COLUMNS = 2


class WeightsGallery(QWidget):
    """Chooses weights; there is nothing to see where there is no choice.

    Signals:
        chosen: (id).
    """

    chosen = Signal(str)

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        self._theme = DARK
        self._choices: Sequence[tuple[str, str]] = ()
        self.gallery: Gallery | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)
        self._layout.addWidget(bold_label(title))
        self.hide()

    def show_weights(self, choices: Sequence[tuple[str, str]]) -> None:
        """Offers the (id, title) of each; one that is offered already keeps its keyboard focus."""
        if choices == self._choices:
            return
        self._choices = choices
        self.setVisible(len(choices) > 1)
        if self.gallery is not None:
            self.gallery.deleteLater()
            self.gallery = None
        if len(choices) < 2:
            return
        options = tuple(Option(*choice) for choice in choices)
        self.gallery = Gallery(Choice("weights", self._title, "", options, choices[0][0]))
        rows = -(-len(choices) // _COLUMNS)
        self.gallery.setFixedHeight(rows * self.gallery.sizeHintForRow(0) + _SPARE)
        self.gallery.set_theme(self._theme)
        self.gallery.picked.connect(lambda weights, _: self.chosen.emit(weights))
        self._layout.addWidget(self.gallery)

    def show_chosen(self, weights: str) -> None:
        """Marks weights."""
        if self.gallery is not None:
            self.gallery.show_shares({weights: 1.0})

    def set_thumbnail(self, weights: str, image: QImage) -> None:
        """Gives weights their picture."""
        if self.gallery is not None and not image.isNull():
            self.gallery.set_thumbnail(weights, image)

    def set_theme(self, theme: Theme) -> None:
        """Paints in other colours."""
        self._theme = theme
        if self.gallery is not None:
            self.gallery.set_theme(theme)
