"""The walk through the pinned faces: played, paused, gone through by hand."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QSignalBlocker, Signal
from PySide6.QtGui import QImage

from studio.gui.faces.page import FacesPage
from studio.gui.faces.player import Player
from studio.gui.faces.requests import FaceRequests, frames_of
from studio.gui.state.album import Album


class Walking(QObject):
    """*Play* and the line of time; a walk that is paused shows a face as any other.

    Args:
        page: has both.
        requests: makes the frames.
        album: whose pinned faces are walked through.

    Attributes:
        player: shows the frames.

    Signals:
        began: it plays, or will.
        shown: (QImage) a frame.
        paused: (Face) that the walk has come to.
        lost: the walk does not come, or is over.
    """

    began = Signal()
    shown = Signal(QImage)
    paused = Signal(object)
    lost = Signal()

    def __init__(self, page: FacesPage, requests: FaceRequests, album: Callable[[], Album]) -> None:
        super().__init__(page)
        self._page, self._requests, self._album = page, requests, album
        self.player = Player(self)
        self.player.moved.connect(self._show_frame)
        page.play.toggled.connect(self._toggled)
        page.time.moved.connect(self._go)
        requests.walk_shown.connect(self._take)
        requests.walk_lost.connect(self._lose)

    @property
    def on(self) -> bool:
        """Whether it plays, or will as soon as its frames are there."""
        return self._page.play.isChecked()

    def hold(self) -> None:
        """Pauses what plays: what is seen now is meant."""
        if self.on:
            self._show_playing(False)
            self._pause()

    def follow(self) -> None:
        """The faces have changed: what is played is made anew, what is paused is forgotten."""
        if self.on:
            self._requests.want_walk(self._album())
        else:
            self.player.forget()
            self._page.time.setEnabled(False)

    def end(self) -> None:
        """Something else is looked at."""
        self._requests.stop_walk()
        self.player.stop()
        self._show_playing(False)
        self._page.time.hide()

    def _toggled(self, on: bool) -> None:
        self._show_playing(on)
        if not on:
            self._pause()
            return
        if self.player.loaded:
            self.player.play()
        else:
            self._requests.want_walk(self._album())
        self.began.emit()

    def _pause(self) -> None:
        if self.player.loaded:
            self.player.pause()
            album = self._album()
            self.paused.emit(album.on_the_way(self.player.at, frames_of(album)))
        else:
            self._requests.stop_walk()
            self._lose()

    def _go(self, at: int) -> None:
        if self.player.loaded:
            self._show_playing(False)
            self.player.pause()
            self.player.go(at)
            self._pause()

    def _take(self, frames: list[QImage]) -> None:
        if self.on:
            self.player.play(frames)
            self._page.time.setEnabled(True)

    def _show_frame(self, at: int, image: QImage) -> None:
        self._page.time.show_frame(at, frames_of(self._album()))
        self.shown.emit(image)

    def _lose(self) -> None:
        self.end()
        self.lost.emit()

    def _show_playing(self, on: bool) -> None:
        with QSignalBlocker(self._page.play):
            self._page.play.setChecked(on)
        self._page.show_playing(on)
