"""Where to save a sketch, and what of it: the result, the doodle or both."""

from enum import Enum
from pathlib import Path

from PySide6.QtWidgets import QComboBox, QWidget

from studio.gui.widgets.save_dialog import SaveDialog


class Part(Enum):
    """What is saved; the value is remembered."""

    RESULT = "result"
    DOODLE = "doodle"
    BOTH = "both"


_WORDS = {Part.RESULT: "The result", Part.DOODLE: "The doodle", Part.BOTH: "Both, as two files"}


class SaveSketch(SaveDialog):
    """Asks what to save besides where and how.

    Args:
        proposal: a file to begin with; its suffix gives the format.
        quality: to begin with, 1 to 100.
        parts: what can be saved.
        part: to begin with.
    """

    def __init__(
        self, proposal: Path, quality: int, parts: list[Part], part: Part, parent: QWidget
    ) -> None:
        self.part = QComboBox()
        super().__init__(proposal, quality, None, parent)
        self.setWindowTitle("Save sketch")
        for each in parts:
            self.part.addItem(_WORDS[each], each)
        self.part.setCurrentIndex(max(0, self.part.findData(part)))
        self.add_row("&What", self.part)
        self.part.currentIndexChanged.connect(self.check)
        self.check()

    @property
    def chosen(self) -> Part:
        """What is saved."""
        return self.part.currentData() or Part.RESULT

    def result_path(self) -> Path | None:
        """Where the result goes; None: nowhere."""
        return None if self.chosen is Part.DOODLE else self.path

    def doodle_path(self) -> Path | None:
        """Where the doodle goes; None: nowhere."""
        if self.chosen is Part.RESULT:
            return None
        if self.chosen is Part.DOODLE:
            return self.path
        return self.path.with_stem(f"{self.path.stem}-doodle")

    def files(self) -> list[Path]:
        paths = (self.result_path(), self.doodle_path())
        return [path for path in paths if path is not None]
