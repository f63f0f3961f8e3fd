"""Where to save a video, and how much its flicker is damped."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSlider, QWidget

from studio.core.requests import SaveOptions
from studio.core.videos import smaller_size
from studio.core.words.tongue import tr
from studio.gui.state.photo_saves import Frames
from studio.gui.widgets.save_dialog import SaveDialog
from studio.gui.widgets.save_formats import Format

VIDEO_FORMATS = (
    Format("MP4", ("mp4", "m4v"), True), Format("QuickTime", ("mov",), True),
    Format("Matroska", ("mkv",), True), Format("WebM", ("webm",), True),
)  # fmt: skip


_SIDES = 2160, 1440, 1080, 720, 480, 360  # px, of what is written: the shorter one


class SaveVideo(SaveDialog):
    """Asks for size, codec and damping besides where and how.

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
        self.codec = QComboBox()
        super().__init__(proposal, kept, None, parent)
        self.setWindowTitle(tr("Save video"))
        self.damping = QSlider(Qt.Orientation.Horizontal)
        self.damping.setRange(0, 100)
        self.damping.setAccessibleName(tr("Steadiness"))
        self.damping.setToolTip(tr("How much each frame leans on the one before it: less flicker"))
        number = QLabel()
        number.setFixedWidth(56)
        number.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.damping.valueChanged.connect(lambda percent: number.setText(f"{percent} %"))
        self.damping.setValue(damping)
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.damping, 1)
        layout.addWidget(number)
        self.leave_out_metadata()
        self.offer(VIDEO_FORMATS)
        self._choose_format(proposal.suffix)
        self.add_row_below(tr("S&teadiness"), row)
        self.codec.addItem(tr("H.264, or HEVC above 8 bits"), "auto")
        self.codec.addItem(tr("HEVC: smaller files, newer players"), "hevc")
        self.add_row_below(tr("&Codec"), self.codec)
        self.size_ = QComboBox()
        if size is not None:
            self._offer_sizes(size)
        self.check()

    @property
    def frames(self) -> Frames:
        """How they are to be written."""
        codec = self.codec.currentData() if self._has_codecs else "auto"
        return Frames(self.size_.currentData(), codec)

    def check(self) -> None:
        super().check()
        if self._form.indexOf(self.codec) >= 0:  # it is laid out
            self.show_row(self.codec, self._has_codecs)

    @property
    def _has_codecs(self) -> bool:
        """A WebM is VP9."""
        return "webm" not in self.format.currentData().suffixes

    def _offer_sizes(self, size: tuple[int, int]) -> None:
        across, down = size
        self.size_.addItem(tr("{width} × {height} px, full size", width=across, height=down), None)
        for side in _SIDES:
            if side < min(size):
                width, height = smaller_size(size, side)
                self.size_.addItem(tr("{width} × {height} px", width=width, height=height), side)
        self.add_row_below(tr("Si&ze"), self.size_)
