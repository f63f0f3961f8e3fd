"""The row of tools above the paper: pen, eraser, fill, width, mirror, undo, redo."""

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QSlider, QToolButton, QWidget

from studio.core.words.said import say
from studio.core.words.tongue import tr
from studio.gui.sketch.brush import THICKEST, THINNEST, Brush, Tip
from studio.gui.state.wording import step_words
from studio.gui.theme.icons import icon
from studio.gui.theme.palette import Theme

_ICONS = {Tip.PEN: "pencil-simple", Tip.ERASER: "eraser", Tip.FILL: "paint-bucket"}
_TIPS = {
    Tip.PEN: say("Draw lines (B)"),
    Tip.ERASER: say("Rub out (E)"),
    Tip.FILL: say("Fill an area with the colour, up to its border (G)"),
}
_ROOMY = 640  # px, width from which the buttons have words


class ToolRow(QWidget):
    """Shows the brush and tells what a person makes of it.

    Signals:
        tip_chosen: (Tip).
        width_chosen: (px of the paper).
        mirror_chosen: (whether it is on).
        undo_wanted, redo_wanted.
    """

    tip_chosen = Signal(object)
    width_chosen = Signal(int)
    mirror_chosen = Signal(bool)
    undo_wanted = Signal()
    redo_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tips = {tip: self._button(tr(tip.value), tr(words)) for tip, words in _TIPS.items()}
        self._group = QButtonGroup(self)
        for tip, button in self.tips.items():
            button.setCheckable(True)
            button.clicked.connect(lambda _=False, tip=tip: self.tip_chosen.emit(tip))
            self._group.addButton(button)
        self.width_slider = QSlider(Qt.Orientation.Horizontal)
        self.width_slider.setRange(THINNEST, THICKEST)
        self.width_slider.setAccessibleName(tr("Width"))
        self.width_slider.setToolTip(tr("Width of the tool ([ and ], or Ctrl and the mouse wheel)"))
        self.width_slider.setMinimumWidth(80)
        self.width_slider.setMaximumWidth(200)
        self._number = QLabel()
        self._number.setObjectName("dim")
        self._number.setFixedWidth(44)
        self._number.setToolTip(tr("Px of the paper, which is 512 px wide"))
        self.mirror = self._button(tr("Mirror"), tr("Draw on both sides at once (M)"))
        self.mirror.setCheckable(True)
        self.undo = self._button(tr("Undo"), tr("Undo"))
        self.redo = self._button(tr("Redo"), tr("Redo"))
        self._lay_out()
        self.width_slider.valueChanged.connect(self.width_chosen)
        self.mirror.toggled.connect(self.mirror_chosen)
        self.undo.clicked.connect(self.undo_wanted)
        self.redo.clicked.connect(self.redo_wanted)

    def show_brush(self, brush: Brush, *, fills: bool) -> None:
        """Shows a brush; without `fills` there is nothing to fill."""
        self.tips[Tip.FILL].setVisible(fills)
        self.tips[brush.tip].setChecked(True)
        with QSignalBlocker(self.width_slider), QSignalBlocker(self.mirror):
            self.width_slider.setValue(brush.width)
            self.mirror.setChecked(brush.mirrored)
        self.width_slider.setEnabled(brush.tip is not Tip.FILL)
        self._number.setText(f"{brush.width} px")

    def show_steps(self, undo: str | None, redo: str | None) -> None:
        """Says what an undo and a redo would do; None: nothing."""
        for button, word, step in ((self.undo, say("Undo"), undo), (self.redo, say("Redo"), redo)):
            button.setEnabled(step is not None)
            button.setToolTip(step_words(word, step))

    def dress(self, theme: Theme) -> None:
        """Gives the buttons their icons."""
        for tip, button in self.tips.items():
            button.setIcon(icon(_ICONS[tip], theme))
        self.mirror.setIcon(icon("arrows-left-right", theme))
        self.undo.setIcon(icon("arrow-u-up-left", theme))
        self.redo.setIcon(icon("arrow-u-up-right", theme))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        style = Qt.ToolButtonStyle
        words = (
            style.ToolButtonTextBesideIcon if self.width() >= _ROOMY else style.ToolButtonIconOnly
        )
        for button in (*self.tips.values(), self.mirror):
            button.setToolButtonStyle(words)

    def _lay_out(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for button in self.tips.values():
            layout.addWidget(button)
        layout.addSpacing(16)
        layout.addWidget(self.width_slider, 1)
        layout.addWidget(self._number)
        layout.addSpacing(16)
        layout.addWidget(self.mirror)
        layout.addStretch(1)
        for button in (self.undo, self.redo):
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
            layout.addWidget(button)

    def _button(self, words: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setText(words)
        button.setAccessibleName(words)
        button.setToolTip(tip)
        button.setIconSize(QSize(20, 20))
        button.setFixedHeight(32)
        button.setMinimumWidth(36)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button
