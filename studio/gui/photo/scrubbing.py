"""The scrubber under a video."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from studio.gui.photo.scrub_bar import ScrubBar
from studio.gui.state.photo.clips import Marks
from studio.gui.state.place import PICTURE
from studio.gui.state.workspace import Workspace


class Scrubbing(QObject):
    """Shows where a video stands, goes to another of its frames, and marks a part of it.

    Signals:
        marks_changed: (whether a part can be marked, whether one is).
    """

    marks_changed = Signal(bool, bool)

    def __init__(self, bar: ScrubBar, workspace: Workspace) -> None:
        super().__init__(bar)
        self._bar, self._workspace = bar, workspace
        workspace.photos.document_changed.connect(self._show)
        workspace.clips.measured.connect(self._show)
        workspace.place.changed.connect(self._show)
        bar.moved.connect(self._move)
        bar.played.connect(workspace.playing.toggle)
        workspace.playing.changed.connect(lambda: bar.show_playing(workspace.playing.on))
        workspace.clips.stepped.connect(lambda _: self._show())
        workspace.clips.marked.connect(lambda _: self._show())

    def begin_here(self) -> None:
        """The part that is wanted begins with the frame that is shown."""
        self._mark(self._workspace.clips.begin_here)

    def end_here(self) -> None:
        """It ends with the frame that is shown."""
        self._mark(self._workspace.clips.end_here)

    def take_whole(self) -> None:
        """All of the video is wanted."""
        self._mark(lambda path: self._workspace.clips.mark(path, Marks()))

    def _mark(self, act: Callable[[Path], None]) -> None:
        path = self._workspace.photos.document.shown
        if path is not None and self._workspace.clips.reel(path) is not None:
            act(path)

    def _show(self) -> None:
        path, clips = self._workspace.photos.document.shown, self._workspace.clips
        seen = path is not None and self._workspace.place.page == PICTURE
        seconds = clips.seconds(path) if path is not None and seen else None
        self._bar.setVisible(seconds is not None)
        if path is None or seconds is None:
            self.marks_changed.emit(False, False)
            return
        if clips.reel(path) is None:
            clips.measure(path)
        self._bar.show_reel(clips.reel(path), seconds)
        self._bar.show_marks(clips.marks(path))
        self.marks_changed.emit(clips.reel(path) is not None, clips.marks(path) != Marks())

    def _move(self, seconds: float) -> None:
        path = self._workspace.photos.document.shown
        if path is not None:
            self._workspace.clips.move(path, seconds)
