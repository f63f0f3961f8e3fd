"""Saving: full-size jobs that run while the person goes on."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from studio.core.errors import StudioError
from studio.core.events import TERMINAL, Cancelled, Event, Failed, Finished
from studio.core.files.identity import FileId, file_id
from studio.core.handle import Handle
from studio.core.requests import Apply, Generate, JobId, Video
from studio.core.words.said import say
from studio.core.words.tongue import tr
from studio.gui.state.messages import Messages
from studio.gui.state.running.jobs import Jobs
from studio.gui.state.running.work import Work


class Saves(QObject):
    """Starts saves and says how they end.

    Signals:
        written: (request) its file is there.
    """

    written = Signal(object)

    def __init__(self, jobs: Jobs, messages: Messages, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._messages = messages
        self._running: dict[JobId, tuple[Handle, Path]] = {}

    @property
    def running(self) -> list[Handle]:
        """The jobs that have not ended."""
        return [handle for handle, _ in self._running.values()]

    @property
    def files(self) -> frozenset[FileId]:
        """What is being written, and may not be there yet."""
        return frozenset(file_id(path) for _, path in self._running.values())

    def free_name(self, folder: Path, stem: str, suffix: str) -> Path:
        """A file neither there nor being written: ``stem.suffix``, or ``stem-2.suffix`` ..."""
        path, number, busy = folder / f"{stem}.{suffix}", 1, self.files
        while path.exists() or file_id(path) in busy:
            number += 1
            path = folder / f"{stem}-{number}.{suffix}"
        return path

    def start(
        self, request: Apply | Generate | Video, ended: Callable[[], None] = lambda: None
    ) -> None:
        """Saves a picture or a film.

        Args:
            request: names the file.
            ended: called when it is saved, or was not.
        """
        path = Path(request.output)
        take = partial(self._take, request, ended)
        handle = self._jobs.start(request, tr("Saving {name}", name=path.name), Work.SAVE, take)
        self._running[handle.id] = handle, path

    def cancel_all(self) -> None:
        """Asks every save to stop."""
        for handle in self.running:
            handle.cancel()

    def _take(
        self, request: Apply | Generate | Video, ended: Callable[[], None], event: Event
    ) -> None:
        path = Path(request.output)
        if isinstance(event, TERMINAL):
            del self._running[event.job]
            ended()
        match event:
            case Finished():
                self._messages.saved(path, about=path)
                self.written.emit(request)
            case Failed():
                self._messages.error(
                    StudioError(
                        say("{name} was not saved: {why}", name=path.name, why=event.message),
                        event.hint,
                    ),
                    about=path,
                    run=say("files were not saved"),
                )
            case Cancelled():
                self._messages.note(
                    tr("Saving {name} was cancelled; nothing was written.", name=path.name)
                )
            case _:
                pass
