"""The row of a slider, with a toggle where the model can find the value itself."""

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from studio.core.controls import AUTO, Slider, Value
from studio.core.words.tongue import tr
from studio.gui.state.gesture import NO_GESTURE, Gesture
from studio.gui.theme.restyle import restyle
from studio.gui.widgets.rows.control_row import Row
from studio.gui.widgets.rows.gesture_slider import GestureSlider


class SliderRow(Row):
    """Label, number and slider; a double click on label or slider resets."""

    def __init__(self, control: Slider, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._control = control
        self._value: Value = control.default
        self._level: float | None = None
        # A plain ratio reads better in per cent.
        ratio = not control.unit and control.minimum >= 0 and control.maximum <= 1
        self._factor = 100.0 if ratio else 1.0
        self._label = QLabel(control.label)
        # Positions are counted from the value 0, so that they are what is shown where a step is 1.
        first, last = (round(end / control.step) for end in (control.minimum, control.maximum))
        self.slider = GestureSlider(first, last)
        self.slider.setPageStep(max(1, (last - first) // 10))
        self.number = QDoubleSpinBox()
        self._prepare_number(" %" if ratio else f" {control.unit}".rstrip())
        self.auto = QToolButton()
        self._prepare_auto()
        self._describe()
        self._lay_out()
        self.slider.slid.connect(self._slid)
        self.slider.reset.connect(self._reset)
        self.number.valueChanged.connect(self._typed)
        self.auto.clicked.connect(self._toggled)
        for watched in (self._label, self.number):
            watched.installEventFilter(self)
        self._refresh()

    def show_value(self, value: Value) -> None:
        self._value = value
        self._refresh()

    def show_level(self, level: float | None) -> None:
        if level != self._level:
            self._level = level
            self._refresh()

    def finish(self) -> None:
        if self.number.hasFocus():
            self.number.interpretText()
        self.slider.let_go()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.number:
            return isinstance(event, QKeyEvent) and self._ends_typing(event)
        if event.type() == QEvent.Type.MouseButtonDblClick:
            self._reset()
            return True
        return super().eventFilter(watched, event)

    def _ends_typing(self, event: QKeyEvent) -> bool:
        """After Return, or Escape, keys act on the picture again, and digits on nothing."""
        if event.type() != QEvent.Type.KeyPress:
            return False
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.number.interpretText()
            case Qt.Key.Key_Escape:
                self._refresh()
            case _:
                return False
        self.slider.setFocus()
        return True

    def _prepare_number(self, suffix: str) -> None:
        control, number = self._control, self.number
        number.setButtonSymbols(QDoubleSpinBox.ButtonSymbols.NoButtons)
        number.setKeyboardTracking(False)
        number.setAlignment(Qt.AlignmentFlag.AlignRight)
        step = control.step * self._factor
        number.setDecimals(0 if step >= 1 else (1 if step >= 0.1 else 2))
        number.setSingleStep(step)
        number.setRange(control.minimum * self._factor, control.maximum * self._factor)
        number.setSuffix(suffix)
        number.setFrame(False)
        # One width for all, so that the toggles stand below each other.
        longest = number.fontMetrics().horizontalAdvance(f"{_prefix()}00.00 px")
        number.setFixedWidth(longest + 12 if control.automatic else 72)

    def _prepare_auto(self) -> None:
        self.auto.setObjectName("small")
        self.auto.setText(tr("Auto"))
        self.auto.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.auto.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.auto.setCheckable(True)
        if not self._control.automatic:
            self.auto.hide()
        self.auto.setAccessibleName(tr("{label}: automatic", label=self._control.label))

    def _describe(self) -> None:
        control = self._control
        back = tr("Double click resets it.")
        if control.automatic:
            back = tr("Double click lets the model find it again.")
        self._label.setBuddy(self.number)
        for widget in (self, self._label, self.slider, self.number):
            widget.setToolTip(f"{control.help}\n{back}")
        self.auto.setToolTip(tr("Let the model find this in each photo"))
        for widget in (self.slider, self.number):
            widget.setAccessibleName(control.label)
        self.number.setAccessibleDescription(control.help)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self._label)
        top.addStretch()
        top.addWidget(self.auto)
        top.addWidget(self.number)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(self.slider)

    def _refresh(self) -> None:
        automatic = self._value == AUTO
        found = self._level if automatic else float(self._value)
        value = self._control.minimum if found is None else found
        with QSignalBlocker(self.slider), QSignalBlocker(self.number):
            self.slider.setValue(round(value / self._control.step))
            self.number.setPrefix(_prefix() if automatic else "")
            # While nothing is found, the minimum stands for it, and is shown as a word.
            self.number.setSpecialValueText(tr("auto") if found is None else "")
            self.number.setValue(value * self._factor)
        self.slider.setAccessibleDescription(f"{self.number.text()}. {self._control.help}")
        self.auto.setChecked(automatic)
        if self.slider.property("auto") != automatic:
            self.slider.setProperty("auto", automatic)
            restyle(self.slider)

    def _toggled(self, on: bool) -> None:
        self._tell(AUTO if on else self._at(self.slider.value()))

    def _slid(self, position: int, gesture: Gesture) -> None:
        self._tell(self._at(position), gesture)

    def _reset(self, gesture: Gesture = NO_GESTURE) -> None:
        self._tell(self._control.default, gesture)

    def _at(self, position: int) -> float:
        """The value where the slider stands."""
        control = self._control
        return round(min(max(position * control.step, control.minimum), control.maximum), 6)

    def _typed(self, number: float) -> None:
        value = min(max(number / self._factor, self._control.minimum), self._control.maximum)
        self._tell(round(value, 6))

    def _tell(self, value: Value, gesture: Gesture = NO_GESTURE) -> None:
        self.edited.emit(value if isinstance(value, str) else float(value), gesture)


def _prefix() -> str:
    return tr("auto") + " · "
