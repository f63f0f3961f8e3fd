"""Where to save faces, and as what: a picture, a film or numbers."""

from enum import Enum
from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QWidget

from studio.core.settings import Preferences
from studio.core.words.said import say
from studio.core.words.tongue import tr
from studio.gui.widgets.save_dialog import SaveDialog
from studio.gui.widgets.save_formats import FORMATS, Format


class What(Enum):
    """What is saved; the value is remembered."""

    FACE = "face"
    GRID = "grid"
    FILM = "film"
    NUMBERS = "numbers"


_FILMS = (
    Format("MP4", ("mp4",), True), Format("WebP", ("webp",), True), Format("GIF", ("gif",), False),
)  # fmt: skip
_NUMBERS = (Format(say("Numbers, to open again"), ("json",), False),)


class SaveFaces(SaveDialog):
    """Asks what to save besides where and how.

    Args:
        proposal: a file to begin with.
        kept: preferences to begin with.
        words: what can be saved, each with words for it.
        what: to begin with.
    """

    def __init__(
        self, proposal: Path, kept: Preferences, words: dict[What, str], what: What, parent: QWidget
    ) -> None:
        self.what = QComboBox()
        self.seconds = QDoubleSpinBox()
        self.loop = QCheckBox(tr("Back to the first one at the end"))
        super().__init__(proposal, kept.save_options(), None, parent)
        self.seconds.setRange(0.2, 60)
        self.seconds.setSingleStep(0.5)
        self.seconds.setDecimals(1)
        self.seconds.setValue(kept.film_seconds)
        self.seconds.setSuffix(tr(" s from one to the next"))
        self.loop.setChecked(kept.film_loop)
        for each, title in words.items():
            self.what.addItem(title, each)
        self.what.setCurrentIndex(max(0, self.what.findData(what)))
        self.leave_out_metadata()
        self.add_row("", self.loop)
        self.add_row(tr("&Pace"), self.seconds)
        self.add_row(tr("&What"), self.what)
        self.what.currentIndexChanged.connect(self._show_what)
        self._show_what()

    @property
    def chosen(self) -> What:
        """What is saved."""
        return self.what.currentData()

    def _show_what(self) -> None:
        films = self.chosen is What.FILM
        for row in (self.seconds, self.loop):
            self.show_row(row, films)
        formats = {What.FILM: _FILMS, What.NUMBERS: _NUMBERS}
        self.offer(formats.get(self.chosen, FORMATS))
