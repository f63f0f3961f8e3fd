"""Results that are dragged out of the window, as files in full size."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Qt, QUrl
from PySide6.QtGui import QDrag, QGuiApplication, QPixmap
from PySide6.QtWidgets import QWidget

from studio.core.errors import StudioError
from studio.core.events import TERMINAL, Event, Failed, Finished
from studio.core.files.leftovers import TemporaryFolder
from studio.core.requests import Apply
from studio.core.words.said import say
from studio.core.words.tongue import tr
from studio.gui.photo.filmstrip import Filmstrip
from studio.gui.state.clipboard import RESULT
from studio.gui.state.running.work import Work
from studio.gui.state.workspace import Workspace
from studio.gui.widgets.picture.canvas import Canvas
from studio.gui.widgets.picture.lifting import Lifting

_SIDE = 96  # px, of the picture under the pointer


class Dragging(QObject):
    """A file is made once it is dragged, and kept for as long as the photo looks so.

    The drag goes on as soon as the files are there, if the button is still down; else they wait
    for the next one.

    Args:
        canvas, filmstrip: what is dragged out of.
        workspace: makes the files.
    """

    def __init__(self, canvas: Canvas, filmstrip: Filmstrip, workspace: Workspace) -> None:
        super().__init__(canvas)
        self._canvas, self._filmstrip, self._workspace = canvas, filmstrip, workspace
        self._folder = TemporaryFolder()
        self._number = 0
        self._files: dict[Path, tuple[Apply, Path]] = {}  # of each photo, how it looked
        self._under_way: set[Path] = set()  # files
        self._dragged: tuple[Path, ...] = ()  # photos
        Lifting(canvas).lifted.connect(self._lift_shown)
        filmstrip.lifted.connect(partial(self._lift, filmstrip))

    def close(self) -> None:
        """Removes the files; the engine must have ended."""
        self._folder.remove()

    def _lift_shown(self) -> None:
        shown = self._workspace.photos.document.shown
        if shown is not None:
            self._lift(self._canvas, [shown])

    def _lift(self, source: QWidget, paths: Sequence[Path]) -> None:
        self._dragged = tuple(paths)
        try:
            for path in paths:
                self._make(path, source)
        except StudioError as error:
            self._workspace.messages.error(error)
            return
        self._carry(source)

    def _make(self, path: Path, source: QWidget) -> None:
        """Has a result's file made, unless it is there: of a video, the frame that is shown."""
        workspace, kept = self._workspace, self._workspace.preferences
        photo = workspace.photos.document.find(path)
        request = workspace.screen.request(photo)
        if photo is None or request is None or self._files.get(path, (None,))[0] == request:
            return
        self._number += 1  # each has a folder of its own, so that no name needs a number
        folder = self._folder.path / str(self._number)
        folder.mkdir()
        file = folder / f"{workspace.photo_saves.stem(photo)}.{kept.save_format}"
        self._files[path] = request, file
        self._under_way.add(file)
        wanted = replace(request, output=str(file), save=kept.save_options())
        take = partial(self._take, path, file, source)
        workspace.jobs.start(wanted, tr("Making {name}", name=file.name), Work.SAVE, take)

    def _take(self, path: Path, file: Path, source: QWidget, event: Event) -> None:
        if not isinstance(event, TERMINAL):
            return
        self._under_way.discard(file)
        if isinstance(event, Finished):
            self._carry(source)
            return
        if self._files.get(path, (None, None))[1] == file:
            del self._files[path]
        if isinstance(event, Failed):
            words = say("{name} cannot be dragged: {why}", name=file.name, why=event.message)
            self._workspace.messages.error(StudioError(words, event.hint))

    def _carry(self, source: QWidget) -> None:
        """Lets the drag go on once all of its files are there."""
        files = [self._files[path][1] for path in self._dragged if path in self._files]
        if not files or not self._under_way.isdisjoint(files):
            return
        if not QGuiApplication.mouseButtons() & Qt.MouseButton.LeftButton:
            words = tr("{name} can be dragged now.", name=files[0].name)
            if len(files) > 1:
                words = tr("{count} files can be dragged now.", count=len(files))
            self._workspace.messages.note(words)
            return
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
        data.setData(RESULT, b"")
        drag = QDrag(source)
        drag.setMimeData(data)
        shown, first = self._workspace.screen.shown, self._dragged[0]
        image = shown.after if shown.path == first else self._filmstrip.thumbnail(first)
        if not image.isNull():
            kind = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            drag.setPixmap(QPixmap.fromImage(image.scaled(_SIDE, _SIDE, *kind)))
        drag.exec(Qt.DropAction.CopyAction)
