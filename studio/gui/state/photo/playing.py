"""Plays a video with its effect, at what rate it can be painted."""

from pathlib import Path
from time import monotonic

from PySide6.QtCore import QObject, Signal

from studio.core.events import Previewed
from studio.core.requests import Apply
from studio.gui.state.photo.clips import Clips
from studio.gui.state.photo.photos import Photos
from studio.gui.state.photo.previews import Previews
from studio.gui.state.place import PICTURE, Place


class Playing(QObject):
    """As soon as a frame is painted, as a draft at least, the one whose time has come follows.

    Over and over the part that is marked, at the video's own speed: frames for which there is no
    time are left out.

    Signals:
        changed: it plays, or no longer does.
    """

    changed = Signal()

    def __init__(
        self,
        photos: Photos,
        clips: Clips,
        previews: Previews,
        place: Place,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._photos, self._clips, self._place = photos, clips, place
        self._path: Path | None = None
        self._begun = 0.0  # seconds of the clock at which the part's beginning was, or would be
        photos.document_changed.connect(self._check)
        photos.asked_again.connect(self._check)
        place.changed.connect(self._check)
        clips.moved.connect(lambda _: self.stop())
        previews.shown.connect(self._painted)
        previews.failed.connect(lambda *_: self.stop())

    @property
    def on(self) -> bool:
        """Whether a video plays."""
        return self._path is not None

    def toggle(self) -> None:
        """Plays the video that is shown from its frame on, or stops."""
        path = self._photos.document.shown
        if self.on or path is None or self._clips.reel(path) is None:
            self.stop()
            return
        self._path = path
        marks, at = self._clips.marks(path), self._clips.seconds(path) or 0.0
        within = marks.begin <= at and (marks.end is None or at < marks.end)
        self._begun = monotonic() - (at - marks.begin if within else 0.0)
        self.changed.emit()
        self._step()

    def stop(self) -> None:
        """Stops at the frame that is shown."""
        if self._path is not None:
            self._clips.read(self._path)  # the original of the frame that is shown
            self._path = None
            self.changed.emit()

    def _check(self) -> None:
        if self._photos.document.shown != self._path or self._place.page != PICTURE:
            self.stop()

    def _painted(self, request: Apply, event: Previewed) -> None:
        del event
        if self._path is not None and request.seconds == self._clips.seconds(self._path):
            self._step()

    def _step(self) -> None:
        """Goes to the frame whose time it is, or to the next one if it is too early for that."""
        path = self._path
        reel = None if path is None else self._clips.reel(path)
        if path is None or reel is None:
            return
        marks = self._clips.marks(path)
        first = round(marks.begin / reel.frame)
        count = max(1, round((marks.end or reel.seconds) / reel.frame) - first)
        shown = round((self._clips.seconds(path) or 0.0) / reel.frame) - first
        due = int((monotonic() - self._begun) / reel.frame) % count
        frame = first + (due if due != shown else (shown + 1) % count)
        self._clips.step(path, frame * reel.frame)
