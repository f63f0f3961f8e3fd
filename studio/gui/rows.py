"""One row of the form for each kind of control."""

from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from studio.core.controls import Choice, Control, Mask, Slider, Switch, Value

# Moves by wheel or keys that follow each other faster than this are one step of undo.
_SAME_GESTURE_MS = 800


class Row(QWidget):
    """A control's label and field.

    Signals:
        edited: (value, whether it goes on with the move before, as in a drag).
    """

    edited = Signal(object, bool)

    def show_value(self, value: Value) -> None:
        """Shows a value without telling of it."""
        raise NotImplementedError


class SliderRow(Row):
    """Label, number and slider; a double click on label or slider resets."""

    def __init__(self, control: Slider, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._control = control
        # A plain ratio reads better in per cent.
        ratio = not control.unit and control.minimum >= 0 and control.maximum <= 1
        self._factor = 100.0 if ratio else 1.0
        self._since = QElapsedTimer()
        self._held = False
        label = QLabel(control.label)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, round((control.maximum - control.minimum) / control.step))
        self.slider.setPageStep(max(1, self.slider.maximum() // 10))
        self.number = QDoubleSpinBox()
        self._prepare_number(" %" if ratio else f" {control.unit}".rstrip())
        label.setBuddy(self.number)
        for widget in (self, label, self.slider, self.number):
            widget.setToolTip(f"{control.help}\nDouble click resets it.")
        for widget in (self.slider, self.number):
            widget.setAccessibleName(control.label)
            widget.setAccessibleDescription(control.help)
        top = QHBoxLayout()
        top.addWidget(label)
        top.addStretch()
        top.addWidget(self.number)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(self.slider)
        self.slider.valueChanged.connect(self._slid)
        self.slider.sliderPressed.connect(self._pressed)
        self.number.valueChanged.connect(self._typed)
        label.installEventFilter(self)
        self.slider.installEventFilter(self)
        self.show_value(control.default)

    def show_value(self, value: Value) -> None:
        number = float(value)
        with QSignalBlocker(self.slider), QSignalBlocker(self.number):
            self.slider.setValue(round((number - self._control.minimum) / self._control.step))
            self.number.setValue(number * self._factor)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseButtonDblClick:
            self._tell(self._control.default, going_on=False)
            return True
        return super().eventFilter(watched, event)

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
        number.setFixedWidth(72)

    def _pressed(self) -> None:
        self._held = False  # the first move of a drag begins a step of undo

    def _slid(self, position: int) -> None:
        control = self._control
        value = min(control.minimum + position * control.step, control.maximum)
        if self.slider.isSliderDown():
            going_on, self._held = self._held, True
        else:
            going_on = self._since.isValid() and self._since.elapsed() < _SAME_GESTURE_MS
        self._since.start()
        self._tell(round(value, 6), going_on=going_on)

    def _typed(self, number: float) -> None:
        value = min(max(number / self._factor, self._control.minimum), self._control.maximum)
        self._tell(round(value, 6), going_on=False)

    def _tell(self, value: float, *, going_on: bool) -> None:
        self.show_value(value)
        self.edited.emit(float(value), going_on)


class SwitchRow(Row):
    """A check box."""

    def __init__(self, control: Switch, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.box = QCheckBox(control.label)
        self.box.setToolTip(control.help)
        self.box.setAccessibleDescription(control.help)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.box)
        self.box.toggled.connect(lambda on: self.edited.emit(on, False))
        self.show_value(control.default)

    def show_value(self, value: Value) -> None:
        with QSignalBlocker(self.box):
            self.box.setChecked(bool(value))


class ChoiceRow(Row):
    """A label and a list to choose from."""

    def __init__(self, control: Choice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.combo = QComboBox()
        for option in control.options:
            self.combo.addItem(option.title, option.id)
        self.combo.setToolTip(control.help)
        self.combo.setAccessibleName(control.label)
        label = QLabel(control.label)
        label.setBuddy(self.combo)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(label)
        layout.addWidget(self.combo, 1)
        self.combo.activated.connect(lambda _: self.edited.emit(self.combo.currentData(), False))
        self.show_value(control.default)

    def show_value(self, value: Value) -> None:
        with QSignalBlocker(self.combo):
            self.combo.setCurrentIndex(self.combo.findData(value))


class MaskRow(Row):
    """The name of a grey picture, a button to choose it and one to do without."""

    def __init__(self, control: Mask, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._path = ""
        self.choose = QPushButton("Choose…")
        self.clear = QPushButton("Clear")
        self._name = QLabel()
        self._name.setObjectName("dim")
        self._name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(QLabel(control.label))
        layout.addWidget(self._name, 1)
        layout.addWidget(self.choose)
        layout.addWidget(self.clear)
        self.setToolTip(control.help)
        self.choose.setAccessibleName(f"Choose {control.label.lower()}")
        self.clear.setAccessibleName(f"Clear {control.label.lower()}")
        self.choose.clicked.connect(self._choose)
        self.clear.clicked.connect(lambda: self.edited.emit("", False))
        self.show_value(control.default)

    def show_value(self, value: Value) -> None:
        self._path = str(value)
        self._name.setText(Path(self._path).name if self._path else "everywhere")
        self._name.setToolTip(self._path)
        self.clear.setVisible(bool(self._path))

    def _choose(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self, "Choose a mask", self._path, "Pictures (*.png *.jpg *.jpeg *.webp *.tif *.tiff)"
        )
        if path:
            self.edited.emit(path, False)


def make_row(control: Control) -> Row:
    """The row for a control."""
    match control:
        case Slider():
            return SliderRow(control)
        case Switch():
            return SwitchRow(control)
        case Choice():
            return ChoiceRow(control)
        case Mask():
            return MaskRow(control)
