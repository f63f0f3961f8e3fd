"""The sketch tool's part of the panel: what to draw, other pictures of it, and what is held."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPixmap
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from studio.core.drawings.labels import Label
from studio.core.words.tongue import tr
from studio.gui.theme.icons import icon
from studio.gui.theme.palette import Theme
from studio.gui.widgets.labels import bold_label
from studio.gui.widgets.tiles import Tiles
from studio.gui.widgets.weights_gallery import WeightsGallery

_SWATCH = 18  # px


class Side(QWidget):
    """Chooses weights and colours.

    Signals:
        colour_chosen: (#rrggbb).
    """

    colour_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.swatches: dict[str, QToolButton] = {}
        self.weights = WeightsGallery(tr("Draw"))
        self._colours = bold_label(tr("Colours"))
        self._palette = QWidget()
        self._group = QButtonGroup(self)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(2, 0, 12, 0)
        self._layout.setSpacing(8)
        self._layout.addWidget(self.weights)
        for widget in (self._colours, self._palette):
            self._layout.addWidget(widget)
            widget.hide()
        self.others, self.held = Tiles(), Tiles(removable=True)
        self.next = QToolButton()
        self.next.setText(tr("Others"))
        self.next.setToolTip(tr("Show further ones"))
        self.next.setAccessibleName(tr("Further ones"))
        self.next.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._others_title, self._held_title = bold_label(""), bold_label(tr("Held"))
        title = QWidget()
        row = QHBoxLayout(title)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._others_title, 1)
        row.addWidget(self.next)
        self._others_part = title, self.others
        self._held_part = self._held_title, self.held
        for widget in (*self._others_part, *self._held_part):
            self._layout.addWidget(widget)
            widget.hide()

    def show_others(
        self,
        title: str,
        names: Mapping[int, str],
        images: Mapping[int, QImage],
        chosen: int,
        *,
        shown: bool,
    ) -> None:
        """Offers pictures of the same drawing by their seeds."""
        self._others_title.setText(title)
        self.others.show_tiles(names, images, [chosen])
        for widget in self._others_part:
            widget.setVisible(shown)

    def show_held(self, names: Mapping[int, str], images: Mapping[int, QImage]) -> None:
        """Shows what is held by its numbers."""
        self.held.show_tiles(names, images, [])
        for widget in self._held_part:
            widget.setVisible(bool(names))

    def dress(self, theme: Theme) -> None:
        """Paints in other colours."""
        self.weights.set_theme(theme)
        self.others.set_theme(theme)
        self.held.set_theme(theme)
        self.next.setIcon(icon("arrows-clockwise", theme))

    def show_palette(self, labels: Sequence[Label], chosen: str) -> None:
        """Offers the colours of labels; none: there is no choice of colour."""
        if [label.colour for label in labels] != list(self.swatches):
            self._fill(labels)
        for widget in (self._colours, self._palette):
            widget.setVisible(bool(labels))
        if chosen in self.swatches:
            self.swatches[chosen].setChecked(True)

    def _fill(self, labels: Sequence[Label]) -> None:
        for button in self.swatches.values():
            self._group.removeButton(button)
        self._palette.deleteLater()
        self._palette = QWidget()
        grid = QGridLayout(self._palette)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(4)
        self.swatches = {}
        rows = -(-len(labels) // 2)
        for number, label in enumerate(labels):
            button = self._swatch(label)
            grid.addWidget(button, number % rows, number // rows)
            self.swatches[label.colour] = button
        self._layout.insertWidget(self._layout.indexOf(self._colours) + 1, self._palette)

    def _swatch(self, label: Label) -> QToolButton:
        button = QToolButton()
        name = tr(label.name)
        button.setText(f" {name[:1].upper()}{name[1:]}")
        button.setAccessibleName(tr("Colour: {name}", name=name))
        button.setToolTip(tr("Draw and fill with “{name}”", name=name))
        button.setCheckable(True)
        button.setIcon(_square(label.colour, self.devicePixelRatioF()))
        button.setIconSize(QSize(_SWATCH, _SWATCH))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setFixedHeight(32)
        button.setMinimumWidth(140)
        button.clicked.connect(lambda: self.colour_chosen.emit(label.colour))
        self._group.addButton(button)
        return button


def _square(colour: str, ratio: float) -> QIcon:
    pixmap = QPixmap(QSize(_SWATCH, _SWATCH) * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(QColor(colour))
    with QPainter(pixmap) as painter:
        painter.setPen(QColor("#808080"))
        painter.drawRect(0, 0, _SWATCH - 1, _SWATCH - 1)
    return QIcon(pixmap)
