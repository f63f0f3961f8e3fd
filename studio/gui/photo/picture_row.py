"""Photos that may be opened, by their pictures, under a title."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.core.controls import Choice, Option
from studio.gui.theme.palette import Theme
from studio.gui.widgets.gallery import Gallery
from studio.gui.widgets.labels import bold_label

SIDE = 80  # px of a picture: six lie side by side in the smallest usual window


class PictureRow(QWidget):
    """Breaks into several rows where there is no room for one.

    Signals:
        picked: (path as str).
    """

    picked = Signal(str)

    def __init__(self, title: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._theme = title, theme
        self._pictures: Sequence[tuple[str, str]] = ()
        self.gallery: Gallery | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 8, 0, 0)
        self._layout.setSpacing(8)
        self._layout.addWidget(bold_label(title))

    def show_pictures(self, pictures: Sequence[tuple[str, str]]) -> list[str]:
        """Shows the (path, name) of each; returns the paths that need a picture."""
        if list(pictures) == list(self._pictures):
            return []
        self._pictures = list(pictures)
        if self.gallery is not None:
            self._layout.removeWidget(self.gallery)
            self.gallery.deleteLater()
            self.gallery = None
        self.setVisible(bool(pictures))
        if pictures:
            self.gallery = self._made()
            self._layout.addWidget(self.gallery)
            self._fit()
        return [path for path, _ in pictures]

    def set_thumbnail(self, path: str, image: QImage) -> None:
        """Gives a photo its picture."""
        if self.gallery is not None:
            self.gallery.set_thumbnail(path, image)

    def set_theme(self, theme: Theme) -> None:
        """Paints in other colours."""
        self._theme = theme
        if self.gallery is not None:
            self.gallery.set_theme(theme)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _made(self) -> Gallery:
        options = tuple(Option(*picture) for picture in self._pictures)
        gallery = Gallery(Choice("photos", self._title, "", options, options[0].id), side=SIDE)
        gallery.set_theme(self._theme)
        gallery.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for path, _ in self._pictures:
            gallery.item_of(path).setToolTip(path)
        gallery.picked.connect(lambda path, _: self.picked.emit(path))
        return gallery

    def _fit(self) -> None:
        """As high as its rows are."""
        if self.gallery is not None:
            tile = self.gallery.sizeHintForIndex(self.gallery.indexFromItem(self.gallery.item(0)))
            columns = max(1, (self.width() - 1) // tile.width())  # Qt breaks a row that just fits
            rows = -(-len(self._pictures) // columns)
            self.gallery.setFixedHeight(rows * tile.height())
