"""The row above the picture while a mask is painted: what the brush does, and how wide it is."""

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QLabel, QSlider, QWidget

from studio.gui.mask.brush import THICKEST, THINNEST, MaskBrush, Tip
from studio.gui.theme.icons import icon
from studio.gui.theme.palette import DARK, Theme
from studio.gui.widgets.buttons import raised_button

_TIPS = {
    Tip.CHANGE: ("paint-brush", "The picture is changed where you paint"),
    Tip.KEEP: ("prohibit", "The photo stays as it is where you paint"),
    Tip.RESET: ("eraser", "What was found counts again where you paint"),
}
_ROOMY = 760  # px, width from which the buttons have words


class MaskBar(QFrame):
    """Shows the brush and tells what a person makes of it.

    Attributes:
        accent: colour of what is painted, of the theme.

    Signals:
        tip_chosen: (Tip).
        width_chosen: (px of the sheet).
        cleared: nothing is to be painted any more.
        left: the brush is put away.
    """

    tip_chosen = Signal(object)
    width_chosen = Signal(int)
    cleared = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.accent = DARK.accent
        self.setObjectName("mask-bar")
        self.setFixedHeight(48)
        self.tips = {tip: raised_button(tip.value, words) for tip, (_, words) in _TIPS.items()}
        self._group = QButtonGroup(self)
        for tip, button in self.tips.items():
            button.setCheckable(True)
            button.setIconSize(QSize(20, 20))
            button.clicked.connect(lambda _=False, tip=tip: self.tip_chosen.emit(tip))
            self._group.addButton(button)
        self.width_slider = QSlider(Qt.Orientation.Horizontal)
        self.width_slider.setRange(THINNEST, THICKEST)
        self.width_slider.setAccessibleName("Width of the brush")
        self.width_slider.setToolTip("Width of the brush ([ and ], or Ctrl and the mouse wheel)")
        self.width_slider.setMinimumWidth(80)
        self.width_slider.setMaximumWidth(200)
        self.clear = raised_button("Clear", "Take back all that was painted")
        self.done = raised_button("Done", "Put the brush away (B)")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 0, 16, 0)
        layout.setSpacing(8)
        for button in self.tips.values():
            layout.addWidget(button)
        layout.addSpacing(8)
        label = QLabel("Width")
        label.setBuddy(self.width_slider)
        layout.addWidget(label)
        layout.addWidget(self.width_slider, 1)
        layout.addStretch(1)
        layout.addWidget(self.clear)
        layout.addWidget(self.done)
        self.width_slider.valueChanged.connect(self.width_chosen)
        self.clear.clicked.connect(self.cleared)
        self.done.clicked.connect(self.left)

    def show_brush(self, brush: MaskBrush, *, finds: bool) -> None:
        """Shows a brush; without `finds` the model finds no mask that could count again."""
        self.tips[Tip.RESET].setVisible(finds)
        self.tips[brush.tip].setChecked(True)
        with QSignalBlocker(self.width_slider):
            self.width_slider.setValue(brush.width)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        style = Qt.ToolButtonStyle
        roomy = self.width() >= _ROOMY
        words = style.ToolButtonTextBesideIcon if roomy else style.ToolButtonIconOnly
        for button in (*self.tips.values(), self.clear):
            button.setToolButtonStyle(words)

    def dress(self, theme: Theme) -> None:
        """Gives the buttons their icons."""
        self.accent = theme.accent
        for tip, (name, _) in _TIPS.items():
            self.tips[tip].setIcon(icon(name, theme))
        self.clear.setIcon(icon("trash", theme))
        self.done.setIcon(icon("check", theme))
