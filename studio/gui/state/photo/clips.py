"""The videos among the opened photos: how long each is, and which of its frames is shown."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from studio.core.videos import Reel, is_video
from studio.gui.state.background import Background, Failed
from studio.gui.state.photo.loading import Opened, OpenPicture, open_for_screen, open_frame


class Clips(QObject):
    """Opens photos, and of videos the frame at which each of them stands.

    Args:
        background: reads.
        open_picture: reads a photo.
        longest: side in px of the copies for the screen.
        failed: told of an error in a frame.

    Signals:
        measured: (path) of a video whose length is known now.
        moved: (path) of a video that stands at another frame; it is being read.
        frame_opened: (Opened) such a frame.
    """

    measured = Signal(object)
    moved = Signal(object)
    frame_opened = Signal(object)

    def __init__(
        self,
        background: Background,
        open_picture: OpenPicture,
        longest: int,
        failed: Failed,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._background = background
        self._open_picture, self._longest = open_picture, longest
        self._at: dict[Path, float] = {}
        self._reels: dict[Path, Reel] = {}
        self._frames = background.latest(self.frame_opened.emit, failed)

    def seconds(self, path: Path) -> float | None:
        """Where a video stands, from its beginning; None for a photo."""
        return self._at.get(path, 0.0) if is_video(path) else None

    def reel(self, path: Path) -> Reel | None:
        """How long a video is; None while it is unknown."""
        return self._reels.get(path)

    def opening(self, path: Path) -> Callable[[], Opened]:
        """The work of reading a photo, or the frame that is shown."""
        seconds = self.seconds(path)
        read = self._open_picture if seconds is None else partial(open_frame, seconds=seconds)
        return partial(open_for_screen, path, self._longest, read)

    def measure(self, path: Path) -> None:
        """Finds out how long a video is."""

        def take(reel: Reel) -> None:
            self._reels[path] = reel
            self.measured.emit(path)

        # What is wrong with the file is said when its frame is opened.
        self._background.run(partial(_measure, path), take, lambda _: None)

    def move(self, path: Path, seconds: float) -> None:
        """Goes to another frame; of many wishes the last one is read."""
        self._at[path] = seconds
        self._frames.wish(self.opening(path))
        self.moved.emit(path)


def _measure(path: Path) -> Reel:
    from studio.core.video.clip import probe

    clip = probe(path)
    return Reel(clip.seconds, float(1 / clip.rate))
