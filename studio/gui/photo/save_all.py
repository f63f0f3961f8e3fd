"""Where and how to save several of the opened photos and videos at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QComboBox, QFileDialog, QWidget

from studio.core.requests import Apply
from studio.core.settings import Preferences
from studio.core.videos import is_video
from studio.core.words.tongue import tr
from studio.gui.photo.video_rows import VIDEO_FORMATS, VideoRows, sizes_of_several
from studio.gui.state.photo.document import Photo
from studio.gui.state.photo_saves import Manner
from studio.gui.widgets.save_dialog import SaveDialog


@dataclass(frozen=True)
class Ready:
    """One to save: the photo, what makes it look so, and its result's name without a suffix."""

    photo: Photo
    request: Apply
    named: str


class SaveAll(SaveDialog):
    """Asks for the folder and how; the files get names that are free there.

    Args:
        folder: to begin with.
        kept: preferences to begin with.
        ready: what is open.
        selected: those of it that are worked on together.
    """

    def __init__(
        self,
        folder: Path,
        kept: Preferences,
        ready: Sequence[Ready],
        selected: Sequence[Photo],
        parent: QWidget,
    ) -> None:
        chosen = [each for each in ready if each.photo in selected]
        self.what, self.names, self.video_format = QComboBox(), QComboBox(), QComboBox()
        self.rows = VideoRows(kept.damping, sizes_of_several())
        self.what.addItem(tr("All {count} that are open", count=len(ready)), ready)
        if 1 < len(chosen) < len(ready):
            self.what.addItem(tr("The {count} that are selected", count=len(chosen)), chosen)
            self.what.setCurrentIndex(1)
        super().__init__(folder / f"all.{kept.save_format}", kept.save_options(), None, parent)
        self.setWindowTitle(tr("Save all"))
        first = ready[0]
        self.names.addItem(tr("Photo and tool, such as {name}", name=first.named), True)
        self.names.addItem(tr("As the photo, such as {name}", name=first.photo.path.stem), False)
        for kind in VIDEO_FORMATS:
            self.video_format.addItem(kind.title, kind.suffixes[0])
        self.video_format.setCurrentIndex(self.video_format.findData(kept.video_format))
        self.show_row(self.name, False)
        self.add_row(tr("Na&mes"), self.names)
        self.add_row(tr("&What"), self.what)
        self.show_row(self.what, self.what.count() > 1)
        self.add_row_below(tr("&Videos"), self.video_format)
        self.rows.put_into(self)
        for choice in (self.what, self.video_format):
            choice.currentIndexChanged.connect(self.check)
        self.check()
        self.names.setFocus()

    @property
    def chosen(self) -> Sequence[Ready]:
        """What is to be saved."""
        return self.what.currentData()

    def files(self) -> list[Path]:
        return []  # their names are found while they are saved, since each takes one

    def manner(self) -> Manner:
        """How it is to be saved."""
        choice = self.choice()
        return Manner(
            choice.options, choice.suffix, self._video_suffix,
            self.rows.frames(self._video_suffix), names_tool=self.names.currentData(),
        )  # fmt: skip

    def check(self) -> None:
        super().check()
        if self._form.indexOf(self.video_format) < 0:
            return  # it is not laid out yet
        videos = sum(is_video(each.photo.path) for each in self.chosen)
        pictures = len(self.chosen) - videos
        self.show_row(self.format, pictures > 0)
        self.show_row(self.metadata, pictures > 0)
        if not pictures:
            self.show_row(self.deep, False)
        if videos:
            self.show_row(self._quality_row, True)
        self.show_row(self.video_format, videos > 0)
        self.rows.show(self._video_suffix if videos else "")
        self.save.setText(tr("Save {count}", count=len(self.chosen)))

    @property
    def _video_suffix(self) -> str:
        return self.video_format.currentData()

    def _browse(self) -> None:
        dialog = QFileDialog(self, tr("Save all into a folder"), self.folder.text())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self.folder.setText)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
