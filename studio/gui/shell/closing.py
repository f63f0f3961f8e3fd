"""Closing photos, and having them back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QUndoStack

    from studio.gui.shell.window import Window
    from studio.gui.state.document import Photo
    from studio.gui.state.session import Session

_KEPT = 50  # closed photos


@dataclass(frozen=True)
class Closed:
    """A photo that was put away, with its look.

    Attributes:
        place: among the photos.
        steps: what can be undone and redone.
    """

    photo: Photo
    place: int
    steps: QUndoStack | None


class Closing(QObject):
    """Undoes each *Close*: at once by its message, later by the menu, the last one first."""

    def __init__(self, window: Window, session: Session) -> None:
        super().__init__(window)
        self._window, self._session = window, session
        self._closed: list[Closed] = []
        window.filmstrip.closed.connect(self._close)
        window.actions_.close_photo.triggered.connect(lambda: self._close(session.document.shown))
        session.unreadable.connect(self._keep)  # perhaps for a moment only, as on a network's disk
        window.actions_.reopen.triggered.connect(lambda: self._reopen(self._closed[-1]))

    def _close(self, path: Path | None) -> None:
        closed = None if path is None else self._session.close_photo(path)
        if closed is None:
            return
        self._keep(closed)
        self._window.messages.done(
            f"Closed {closed.photo.path.name}.", "Undo", partial(self._take_back, closed)
        )

    def _keep(self, closed: Closed) -> None:
        self._closed = [*self._closed, closed][-_KEPT:]
        self._window.actions_.reopen.setEnabled(True)

    def _take_back(self, closed: Closed) -> None:
        self._reopen(closed)
        self._window.messages.dismiss()

    def _reopen(self, closed: Closed) -> None:
        self._closed = [each for each in self._closed if each is not closed]
        self._window.actions_.reopen.setEnabled(bool(self._closed))
        self._window.leave_page()
        session, path = self._session, closed.photo.path
        if path not in session.document and closed.steps is not None:
            session.history.bring_back(path, closed.steps)
        session.join([closed.photo], path, closed.place)
