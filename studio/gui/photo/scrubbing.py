"""The scrubber under a video."""

from PySide6.QtCore import QObject

from studio.gui.photo.scrub_bar import ScrubBar
from studio.gui.state.place import PICTURE
from studio.gui.state.workspace import Workspace


class Scrubbing(QObject):
    """Shows where a video stands, and goes to another of its frames."""

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

    def _show(self) -> None:
        path, clips = self._workspace.photos.document.shown, self._workspace.clips
        seen = path is not None and self._workspace.place.page == PICTURE
        seconds = clips.seconds(path) if path is not None and seen else None
        self._bar.setVisible(seconds is not None)
        if path is None or seconds is None:
            return
        if clips.reel(path) is None:
            clips.measure(path)
        self._bar.show_reel(clips.reel(path), seconds)

    def _move(self, seconds: float) -> None:
        path = self._workspace.photos.document.shown
        if path is not None:
            self._workspace.clips.move(path, seconds)
