"""The scrubber under a video."""

from PySide6.QtCore import QObject

from studio.gui.shell.window import Window
from studio.gui.state.session import Session


class ClipCommands(QObject):
    """Shows where a video stands, and goes to another of its frames."""

    def __init__(self, window: Window, session: Session) -> None:
        super().__init__(window)
        self._window, self._session = window, session
        session.document_changed.connect(self._show)
        session.clips.measured.connect(self._show)
        window.page_changed.connect(self._show)
        window.scrubber.moved.connect(self._move)

    def _show(self) -> None:
        path, clips, bar = self._session.document.shown, self._session.clips, self._window.scrubber
        seconds = None if path is None or self._window.page is not None else clips.seconds(path)
        bar.setVisible(seconds is not None)
        if path is None or seconds is None:
            return
        if clips.reel(path) is None:
            clips.measure(path)
        bar.show_reel(clips.reel(path), seconds)

    def _move(self, seconds: float) -> None:
        path = self._session.document.shown
        if path is not None:
            self._session.clips.move(path, seconds)
