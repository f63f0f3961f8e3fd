"""Puts the result, in full size, on the clipboard."""

from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from studio.core.errors import StudioError
from studio.core.events import Event, Failed, Finished
from studio.core.files.leftovers import TemporaryFolder
from studio.core.words.said import say
from studio.core.words.tongue import tr
from studio.gui.state.running.work import Work
from studio.gui.state.workspace import Workspace
from studio.gui.widgets.handing_on import lay_on_clipboard


class Copying(QObject):
    """A job makes a file, which is read and goes."""

    def __init__(self, workspace: Workspace, parent: QObject) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._folder = TemporaryFolder()
        self._number = 0

    def copy(self) -> None:
        """Copies what is shown, as it looks now; of a video the frame."""
        photo = self._workspace.photos.document.photo
        request = self._workspace.screen.request(photo)
        if photo is None or request is None:
            return
        self._number += 1
        try:
            path = self._folder.path / f"{self._number}.png"
        except StudioError as error:
            self._workspace.messages.error(error)
            return
        words, take = tr("Copying {name}", name=photo.path.name), partial(self._take, path)
        self._workspace.jobs.start(replace(request, output=str(path)), words, Work.SAVE, take)

    def close(self) -> None:
        """Removes the files; the engine must have ended."""
        self._folder.remove()

    def _take(self, path: Path, event: Event) -> None:
        messages, lay_out = self._workspace.messages, partial(lay_on_clipboard, self._workspace)
        match event:
            case Finished():
                self._workspace.background.run(partial(_read, path), lay_out, messages.error)
            case Failed():
                words = say("nothing was copied: {why}", why=event.message)
                messages.error(StudioError(words, event.hint))
            case _:
                pass


def _read(path: Path) -> QImage:
    """Reads what the engine has written, and removes it; called on a thread."""
    image = QImage(str(path))
    path.unlink(missing_ok=True)
    if image.isNull():
        raise StudioError("nothing was copied", "is the disk full?")
    return image
