"""The models that may follow the one whose controls are shown, to be switched on and off."""

from collections.abc import Collection, Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QLabel, QVBoxLayout, QWidget


class StepsRow(QWidget):
    """A check box for each; there is nothing to see where none can follow.

    Signals:
        chosen: (ids of those that are switched on, in their order).
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.boxes: dict[str, QCheckBox] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(2, 0, 12, 8)
        self._layout.setSpacing(8)
        label = QLabel("Then")
        label.setObjectName("dim")
        self._layout.addWidget(label)
        self.hide()

    def offer(self, choices: Sequence[tuple[str, str]]) -> None:
        """Offers the (id, title) of each, in the order in which they follow."""
        for box in self.boxes.values():
            box.hide()
            box.deleteLater()
        self.boxes = {id_: QCheckBox(title) for id_, title in choices}
        for title, box in zip((title for _, title in choices), self.boxes.values(), strict=True):
            box.setToolTip(f"{title}, once this is done")
            box.toggled.connect(self._tell)
            self._layout.addWidget(box)
        self.setVisible(bool(choices))

    def show_chosen(self, ids: Collection[str]) -> None:
        """Shows which are switched on, without telling of it."""
        for id_, box in self.boxes.items():
            with QSignalBlocker(box):
                box.setChecked(id_ in ids)

    def _tell(self) -> None:
        self.chosen.emit([id_ for id_, box in self.boxes.items() if box.isChecked()])
