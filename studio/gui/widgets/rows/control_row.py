"""What every row of the form can do."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from studio.core.controls import Value


class Row(QWidget):
    """A control's label and field.

    Signals:
        edited: (value, Gesture) as the person wants it; it is shown once the state has it.
    """

    edited = Signal(object, object)

    def show_value(self, value: Value) -> None:
        """Shows a value without telling of it."""
        raise NotImplementedError

    def show_level(self, level: float | None) -> None:
        """Shows what the model found in the photo; None: nothing yet."""

    def finish(self) -> None:
        """Tells what is being typed, and lets go of what is held."""
