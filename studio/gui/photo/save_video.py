"""Where to save a video, and how."""

from pathlib import Path

from PySide6.QtWidgets import QWidget

from studio.core.requests import SaveOptions
from studio.core.words.tongue import tr
from studio.gui.photo.video_rows import VIDEO_FORMATS, VideoRows, sizes_of
from studio.gui.state.photo_saves import Frames
from studio.gui.widgets.save_dialog import SaveDialog


class SaveVideo(SaveDialog):
    """Asks for what a video has besides where and how.

    Args:
        proposal: a file to begin with; its suffix gives the format.
        kept: options to begin with.
        damping: to begin with, in percent.
        size: (width, height) of the result in px.
    """

    def __init__(
        self,
        proposal: Path,
        kept: SaveOptions,
        damping: int,
        size: tuple[int, int] | None,
        parent: QWidget,
    ) -> None:
        self.rows = VideoRows(damping, sizes_of(size))
        super().__init__(proposal, kept, None, parent)
        self.setWindowTitle(tr("Save video"))
        self.leave_out_metadata()
        self.offer(VIDEO_FORMATS)
        self._choose_format(proposal.suffix)
        self.rows.put_into(self)
        self.check()

    @property
    def frames(self) -> Frames:
        """How they are to be written."""
        return self.rows.frames(self._suffix)

    def check(self) -> None:
        super().check()
        self.rows.show(self._suffix)

    @property
    def _suffix(self) -> str:
        return self.format.currentData().suffixes[0]
