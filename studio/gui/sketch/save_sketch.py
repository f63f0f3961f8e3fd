"""Where to save a sketch, and what of it: the result, the doodle or both."""

from enum import Enum
from pathlib import Path

from PySide6.QtWidgets import QComboBox, QWidget

from studio.core.requests import SaveOptions
from studio.core.words.said import say
from studio.core.words.tongue import tr
from studio.gui.widgets.save_dialog import SaveDialog


class Which(Enum):
    """What is saved; the value is remembered."""

    RESULT = "result"
    DOODLE = "doodle"
    BOTH = "both"


_WORDS = {
    Which.RESULT: say("The result"),
    Which.DOODLE: say("The doodle"),
    Which.BOTH: say("Both, as two files"),
}


class SaveSketch(SaveDialog):
    """Asks what to save besides where and how.

    Args:
        proposal: a file to begin with; its suffix gives the format.
        kept: options to begin with.
        offered: what can be saved.
        what: to begin with.
    """

    def __init__(
        self, proposal: Path, kept: SaveOptions, offered: list[Which], what: Which, parent: QWidget
    ) -> None:
        self.what = QComboBox()
        super().__init__(proposal, kept, None, parent)
        self.setWindowTitle(tr("Save sketch"))
        for each in offered:
            self.what.addItem(tr(_WORDS[each]), each)
        self.what.setCurrentIndex(max(0, self.what.findData(what)))
        self.leave_out_metadata()
        self.add_row(tr("&What"), self.what)
        self.what.currentIndexChanged.connect(self.check)
        self.check()

    @property
    def chosen(self) -> Which:
        """What is saved."""
        return self.what.currentData() or Which.RESULT

    def result_path(self) -> Path | None:
        """Where the result goes; None: nowhere."""
        return None if self.chosen is Which.DOODLE else self.path

    def doodle_path(self) -> Path | None:
        """Where the doodle goes; None: nowhere."""
        if self.chosen is Which.RESULT:
            return None
        if self.chosen is Which.DOODLE:
            return self.path
        return self.path.with_stem(f"{self.path.stem}-doodle")

    def files(self) -> list[Path]:
        paths = (self.result_path(), self.doodle_path())
        return [path for path in paths if path is not None]
