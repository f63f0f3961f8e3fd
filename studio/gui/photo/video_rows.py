"""What is asked of videos that are saved, one or several."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSlider, QWidget

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

Sizes = Sequence[tuple[str, int | None]]
"""Words, and px of the shorter side; None: full size."""


class VideoRows:
    """Rows for a dialog: how much flicker is damped, codec and size.

    Args:
        damping: to begin with, in percent.
        sizes: to choose from; none: it is not asked.
    """

    def __init__(self, damping: int, sizes: Sizes) -> None:
        self._dialog: SaveDialog | None = None
        self.damping, self.codec, self.size = _damping(damping), QComboBox(), QComboBox()
        self.codec.addItem(tr("H.264, or HEVC above 8 bits"), "auto")
        self.codec.addItem(tr("HEVC: smaller files, newer players"), "hevc")
        for words, side in sizes:
            self.size.addItem(words, side)
        self._steadiness = _with_number(self.damping)

    def put_into(self, dialog: SaveDialog) -> None:
        """Asks there, below all else."""
        self._dialog = dialog
        dialog.add_row_below(tr("S&teadiness"), self._steadiness)
        dialog.add_row_below(tr("&Codec"), self.codec)
        dialog.add_row_below(tr("Si&ze"), self.size)

    def show(self, suffix: str) -> None:
        """Shows what there is to choose for a format; empty: nothing."""
        if self._dialog is not None:
            self._dialog.show_row(self._steadiness, bool(suffix))
            self._dialog.show_row(self.codec, bool(suffix) and _has_codecs(suffix))
            self._dialog.show_row(self.size, bool(suffix) and self.size.count() > 0)

    def frames(self, suffix: str) -> Frames:
        """How they are to be written into a format."""
        codec = self.codec.currentData() if _has_codecs(suffix) else "auto"
        return Frames(self.size.currentData(), codec)


def sizes_of(size: tuple[int, int] | None) -> Sizes:
    """Those of one video whose full size, (width, height) in px, is known."""
    if size is None:
        return ()
    smaller = [(smaller_size(size, side), side) for side in _SIDES if side < min(size)]
    return [
        (tr("{width} × {height} px, full size", width=size[0], height=size[1]), None),
        *((tr("{width} × {height} px", width=w, height=h), side) for (w, h), side in smaller),
    ]


def sizes_of_several() -> Sizes:
    """Those of videos of any sizes."""
    words = [(tr("At most {side} px on the shorter side", side=side), side) for side in _SIDES]
    return [(tr("Full size"), None), *words]


def _has_codecs(suffix: str) -> bool:
    """A WebM is VP9."""
    return suffix != "webm"


def _damping(percent: int) -> QSlider:
    slider = QSlider(Qt.Orientation.Horizontal)
    slider.setRange(0, 100)
    slider.setAccessibleName(tr("Steadiness"))
    slider.setToolTip(tr("How much each frame leans on the one before it: less flicker"))
    slider.setValue(percent)
    return slider


def _with_number(slider: QSlider) -> QWidget:
    row, number = QWidget(), QLabel(f"{slider.value()} %")
    number.setFixedWidth(56)
    number.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    slider.valueChanged.connect(lambda percent: number.setText(f"{percent} %"))
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(8)
    layout.addWidget(slider, 1)
    layout.addWidget(number)
    return row
