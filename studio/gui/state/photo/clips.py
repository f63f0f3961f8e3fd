"""The videos among the opened photos: how long each is, and which of its frames is shown."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from msgspec import Meta
from PySide6.QtCore import QObject, Signal

from studio.core.videos import Reel, is_video
from studio.gui.state.photo.reading import Failed, Reading
from studio.reader.orders import PhotoWish

_Seconds = Annotated[float, Meta(ge=0, le=1e9)]


@dataclass(frozen=True)
class Marks:
    """The part of a video that is played and saved, in seconds; `end` None: to its end."""

    begin: _Seconds = 0.0
    end: _Seconds | None = None


class Clips(QObject):
    """Knows of each video at which frame it stands, and which part of it is wanted.

    Args:
        reading: reads frames.
        longest: side in px of the copies for the screen.
        failed: told of an error in a frame.

    Signals:
        measured: (path) of a video whose length is known now.
        moved: (path) of a video that the person had stand at another frame.
        stepped: (path) of one that plays, likewise.
        marked: (path) of one of which another part is wanted.
        frame_opened: (ScreenCopy) such a frame.
    """

    measured = Signal(object)
    moved = Signal(object)
    stepped = Signal(object)
    marked = Signal(object)
    frame_opened = Signal(object)

    def __init__(
        self,
        reading: Reading,
        longest: int,
        failed: Failed,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._reading, self._longest, self._failed = reading, longest, failed
        self._at: dict[Path, float] = {}
        self._passing: set[Path] = set()
        self._reels: dict[Path, Reel] = {}
        self._marks: dict[Path, Marks] = {}

    def seconds(self, path: Path) -> float | None:
        """Where a video stands, from its beginning; None for a photo."""
        return self._at.get(path, 0.0) if is_video(path) else None

    def is_passing(self, path: Path) -> bool:
        """Whether a video plays: the frame at which it stands is seen for a moment only."""
        return path in self._passing

    def reel(self, path: Path) -> Reel | None:
        """How long a video is; None while it is unknown."""
        return self._reels.get(path)

    def marks(self, path: Path) -> Marks:
        """Which part of a video is wanted."""
        return self._marks.get(path, Marks())

    def begin_here(self, path: Path) -> None:
        """The part begins with the frame that is shown; an end that is before it goes."""
        begin, end = self.seconds(path) or 0.0, self.marks(path).end
        self.mark(path, Marks(begin, end if end is None or end > begin else None))

    def end_here(self, path: Path) -> None:
        """The part ends with the frame that is shown; a beginning that is behind it goes."""
        reel = self._reels[path]
        begin, end = self.marks(path).begin, (self.seconds(path) or 0.0) + reel.frame
        is_last = end > reel.seconds - reel.frame / 2
        self.mark(path, Marks(begin if begin < end else 0.0, None if is_last else end))

    def mark(self, path: Path, marks: Marks) -> None:
        """Wants a part of a video."""
        self._marks[path] = marks
        self.marked.emit(path)

    def wish(self, path: Path) -> PhotoWish:
        """For a photo, or the frame that is shown."""
        return PhotoWish(path, self._longest, self.seconds(path))

    def measure(self, path: Path) -> None:
        """Finds out how long a video is."""

        def take(reel: Reel) -> None:
            self._reels[path] = reel
            self.measured.emit(path)

        self._reading.length(path, take)

    def move(self, path: Path, seconds: float) -> None:
        """Goes to another frame; of many wishes the last one is read."""
        self._at[path] = seconds
        self.read(path)
        self.moved.emit(path)

    def step(self, path: Path, seconds: float) -> None:
        """Goes to another frame of a video that plays: only its result is shown."""
        self._at[path] = seconds
        self._passing.add(path)
        self.stepped.emit(path)

    def read(self, path: Path) -> None:
        """Reads the frame at which a video stands."""
        self._passing.discard(path)
        self._reading.frame(self.wish(path), self.frame_opened.emit, self._failed)
