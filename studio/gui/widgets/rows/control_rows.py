"""One row of the form for each kind of control."""

from pathlib import Path

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from studio.core.controls import Choice, Control, Mask, Painting, Slider, Switch, Value
from studio.core.words.tongue import tr, within
from studio.gui.state.gesture import NO_GESTURE
from studio.gui.state.look_words import mask_words, painting_words
from studio.gui.widgets.file_dialogs import ask_for_file, picture_filter
from studio.gui.widgets.rows.control_row import Row
from studio.gui.widgets.rows.slider_row import SliderRow


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
        self.box.toggled.connect(lambda on: self.edited.emit(on, NO_GESTURE))
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
        self.combo.activated.connect(
            lambda _: self.edited.emit(self.combo.currentData(), NO_GESTURE)
        )
        self.show_value(control.default)

    def show_value(self, value: Value) -> None:
        with QSignalBlocker(self.combo):
            self.combo.setCurrentIndex(self.combo.findData(value))


class _PictureRow(Row):
    """The name of a picture, a button to choose it and one to do without."""

    def __init__(self, control: Mask | Painting, nothing: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._nothing = nothing
        self.choose = QPushButton(tr("Choose…"))
        self.clear = QPushButton(tr("Clear"))
        self._name = QLabel()
        self._name.setObjectName("dim")
        self._name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(QLabel(control.label))
        layout.addWidget(self._name, 1)
        layout.addWidget(self.clear)
        layout.addWidget(self.choose)  # always last, so that what comes and goes moves nothing
        self.setToolTip(control.help)
        self.choose.setAccessibleName(tr("Choose {what}", what=within(control.label)))
        self.clear.setAccessibleName(tr("Clear {what}", what=within(control.label)))
        self.clear.clicked.connect(lambda: self.edited.emit("", NO_GESTURE))
        self.show_value(control.default)

    def show_value(self, value: Value) -> None:
        picture, words = str(value), self._words(str(value))
        self._name.setText(words or self._nothing)
        self._name.setToolTip(picture if picture.endswith(words) else "")
        self.clear.setVisible(bool(picture))

    def _words(self, picture: str) -> str:
        """What a picture is called."""
        raise NotImplementedError


class MaskRow(_PictureRow):
    """The name of a grey picture; who has the row asks for another one."""

    def __init__(self, control: Mask, parent: QWidget | None = None) -> None:
        super().__init__(
            control, tr("everywhere") if control.neutral == 1 else tr("as found"), parent
        )

    def _words(self, picture: str) -> str:
        return mask_words(picture)


class PaintingRow(_PictureRow):
    """The name of a painting, and a dialog that asks for another one."""

    def __init__(self, control: Painting, parent: QWidget | None = None) -> None:
        super().__init__(control, tr("none"), parent)
        self._title = tr("Choose a {what}", what=within(control.label))
        self.choose.clicked.connect(self._ask)

    def _words(self, picture: str) -> str:
        return painting_words(picture)

    def _ask(self) -> None:
        def take(path: Path) -> None:
            self.edited.emit(str(path), NO_GESTURE)

        ask_for_file(self, self._title, "", picture_filter(), take)


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
        case Painting():
            return PaintingRow(control)
