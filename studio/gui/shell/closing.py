"""Closing photos, and having them back."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from studio.core.words.tongue import tr

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from studio.gui.shell.window import Window
    from studio.gui.state.photo.closed import Closed
    from studio.gui.state.workspace import Workspace


class Closing(QObject):
    """Undoes each *Close*: at once by its message, later by the menu, the last one first."""

    def __init__(self, window: Window, workspace: Workspace) -> None:
        super().__init__(window)
        self._workspace, self._photos = workspace, workspace.photos
        reopen = window.actions_.reopen
        window.filmstrip.closed.connect(self._close)
        window.actions_.close_photo.triggered.connect(
            lambda: self._close([self._photos.document.shown])
        )
        reopen.triggered.connect(lambda: self._reopen(self._photos.closed.last))
        self._photos.closed_changed.connect(lambda: reopen.setEnabled(bool(self._photos.closed)))

    def _close(self, paths: Iterable[Path | None]) -> None:
        each = [self._photos.close(path) for path in paths if path is not None]
        closed = [one for one in each if one is not None]
        if not closed:
            return
        said = tr("Closed {name}.", name=closed[0].path.name)
        if len(closed) > 1:
            said = tr("Closed {count} photo.", "Closed {count} photos.", count=len(closed))
        self._workspace.messages.done(said, tr("Undo"), partial(self._take_back, closed))

    def _take_back(self, closed: list[Closed]) -> None:
        for each in reversed(closed):
            self._reopen(each)
        self._workspace.messages.dismiss()

    def _reopen(self, closed: Closed | None) -> None:
        if closed is not None:
            self._workspace.place.leave()
            self._photos.reopen(closed)
