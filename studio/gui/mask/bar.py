"""The row above the picture while a mask is painted: what the brush does, and how wide it is."""

from collections.abc import Iterable

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QSlider,
    QToolButton,
    QWidget,
)

from studio.core.words.said import say
from studio.core.words.tongue import tr
from studio.gui.mask.brush import THICKEST, THINNEST, MaskBrush, Tip
from studio.gui.theme.icons import icon
from studio.gui.theme.palette import DARK, Theme
from studio.gui.widgets.buttons import raised_button

_TIPS = {
    Tip.CHANGE: ("paint-brush", say("The picture is changed where you paint")),
    Tip.KEEP: ("prohibit", say("The photo stays as it is where you paint")),
    Tip.RESET: ("eraser", say("What was found counts again where you paint")),
}
_LABELS = {say("Width"): "circle", say("Softness"): "drop-half", say("Overlay"): "stack"}
_ROOMY, _WIDE = 760, 1080  # px, widths from which the tips, and all else, have words


class MaskBar(QFrame):
    """Shows the brush and tells what a person makes of it.

    Attributes:
        accent: colour of what is painted, of the theme.

    Signals:
        tip_chosen: (Tip).
        width_chosen: (px of the sheet).
        softness_chosen, overlay_chosen: (per cent) of the brush's edge; of what shows the mask.
        filled: the whole picture is to be what the brush makes of a place.
        inverted: what is changed is to be kept, and the other way round.
        cleared: nothing is to be painted any more.
        left: the brush is put away.
    """

    tip_chosen = Signal(object)
    width_chosen = Signal(int)
    softness_chosen = Signal(int)
    overlay_chosen = Signal(int)
    filled = Signal()
    inverted = Signal()
    cleared = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.accent = DARK.accent
        self.setObjectName("mask-bar")
        self.setFixedHeight(48)
        self.tips = {
            tip: raised_button(tr(tip.value), tr(words)) for tip, (_, words) in _TIPS.items()
        }
        self._group = QButtonGroup(self)
        self._pictures: dict[str, QPixmap] = {}
        for tip, button in self.tips.items():
            button.setCheckable(True)
            button.setIconSize(QSize(20, 20))
            button.clicked.connect(lambda _=False, tip=tip: self.tip_chosen.emit(tip))
            self._group.addButton(button)
        self.width_slider, self.softness, self.overlay = sliders = (
            _slider(
                tr("Width of the brush"),
                tr("Width of the brush ([ and ], or Ctrl and mouse wheel)"),
            ),
            _slider(
                tr("Softness of the brush"), tr("How far the brush fades out towards its edge")
            ),
            _slider(
                tr("Overlay"), tr("How clearly the mask is seen; moving it shows all of the mask")
            ),
        )
        self.width_slider.setRange(THINNEST, THICKEST)
        self._labels = {word: QLabel(tr(word)) for word in _LABELS}
        self.invert = raised_button(tr("Invert"), tr("Swap what is changed with what is kept"))
        self.fill = raised_button(tr("Fill"), tr("Do with the whole picture what the brush does"))
        self.clear = raised_button(tr("Clear"), tr("Take back all that was painted"))
        self.done = raised_button(tr("Done"), tr("Put the brush away (B)"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 0, 12, 0)
        layout.setSpacing(6)
        for button in self.tips.values():
            layout.addWidget(button)
        for label, slider in zip(self._labels.values(), sliders, strict=True):
            label.setBuddy(slider)
            layout.addWidget(label)
            layout.addWidget(slider, 1)
        layout.addStretch()
        for button in (self.invert, self.fill, self.clear, self.done):
            layout.addWidget(button)
        self.width_slider.valueChanged.connect(self.width_chosen)
        self.softness.valueChanged.connect(self.softness_chosen)
        self.overlay.valueChanged.connect(self.overlay_chosen)
        self.invert.clicked.connect(self.inverted)
        self.fill.clicked.connect(self.filled)
        self.clear.clicked.connect(self.cleared)
        self.done.clicked.connect(self.left)

    def show_brush(self, brush: MaskBrush, *, finds: bool) -> None:
        """Shows a brush; without `finds` the model finds no mask that could count again."""
        self.tips[Tip.RESET].setVisible(finds)
        self.tips[brush.tip].setChecked(True)
        with QSignalBlocker(self.width_slider):
            self.width_slider.setValue(brush.width)
        with QSignalBlocker(self.softness):
            self.softness.setValue(brush.softness)

    def show_overlay(self, share: int) -> None:
        """Shows how clearly the mask is seen, in per cent."""
        with QSignalBlocker(self.overlay):
            self.overlay.setValue(share)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_words()

    def _show_words(self) -> None:
        self._word((*self.tips.values(), self.done), words=self.width() >= _ROOMY)
        wide = self.width() >= _WIDE
        self._word((self.invert, self.fill, self.clear), words=wide)
        for word, label in self._labels.items():
            if wide or word not in self._pictures:
                label.setText(tr(word))
            else:
                label.setPixmap(self._pictures[word])

    def _word(self, buttons: Iterable[QToolButton], *, words: bool) -> None:
        style = Qt.ToolButtonStyle
        wanted = style.ToolButtonTextBesideIcon if words else style.ToolButtonIconOnly
        for button in buttons:
            button.setToolButtonStyle(wanted)

    def dress(self, theme: Theme) -> None:
        """Gives the buttons their icons."""
        self.accent = theme.accent
        for tip, (name, _) in _TIPS.items():
            self.tips[tip].setIcon(icon(name, theme))
        self.invert.setIcon(icon("selection-inverse", theme))
        self.fill.setIcon(icon("paint-bucket", theme))
        self.clear.setIcon(icon("trash", theme))
        self.done.setIcon(icon("check", theme))
        self._pictures = {w: icon(name, theme).pixmap(18, 18) for w, name in _LABELS.items()}
        self._show_words()


def _slider(name: str, tip: str) -> QSlider:
    slider = QSlider(Qt.Orientation.Horizontal)
    slider.setRange(0, 100)
    slider.setAccessibleName(name)
    slider.setToolTip(tip)
    slider.setMinimumWidth(40)
    slider.setMaximumWidth(140)
    return slider
