"""Saving: full-size jobs that run while the person goes on."""

from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from studio.core.errors import StudioError
from studio.core.events import Cancelled, Failed, Finished
from studio.core.formats.identity import FileId, file_id
from studio.core.requests import Apply, Generate, JobId, Video
from studio.gui.activity import Activity, Work
from studio.gui.bridge import Bridge
from studio.gui.engine_like import EngineLike
from studio.gui.message_bar import MessageBar


class Saves(QObject):
    """Starts saves and says how they end.

    Signals:
        written: (path) a file is there.
    """

    written = Signal(object)

    def __init__(
        self,
        engine: EngineLike,
        bridge: Bridge,
        activity: Activity,
        messages: MessageBar,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._activity = activity
        self._messages = messages
        self._jobs: dict[JobId, Path] = {}
        bridge.finished.connect(self._finished)
        bridge.failed.connect(self._failed)
        bridge.cancelled.connect(self._cancelled)

    @property
    def running(self) -> list[JobId]:
        """The jobs that have not ended."""
        return list(self._jobs)

    @property
    def files(self) -> frozenset[FileId]:
        """What is being written, and may not be there yet."""
        return frozenset(map(file_id, self._jobs.values()))

    def free_name(self, folder: Path, stem: str, suffix: str) -> Path:
        """A file neither there nor being written: ``stem.suffix``, or ``stem-2.suffix`` ..."""
        path, number, busy = folder / f"{stem}.{suffix}", 1, self.files
        while path.exists() or file_id(path) in busy:
            number += 1
            path = folder / f"{stem}-{number}.{suffix}"
        return path

    def start(self, request: Apply | Generate | Video) -> JobId:
        """Saves a picture or a film; returns the job."""
        path = Path(request.output)
        job = self._engine.submit(request)
        self._jobs[job] = path
        self._activity.begin(job, f"Saving {path.name}", Work.SAVE)
        return job

    def cancel_all(self) -> None:
        """Asks every save to stop."""
        for job in self._jobs:
            self._engine.cancel(job)

    def _finished(self, event: Finished) -> None:
        path = self._jobs.pop(event.job, None)
        if path is not None:
            folder = QUrl.fromLocalFile(str(path.parent))
            self._messages.done(
                f"Saved {path}", "Show in folder", lambda: QDesktopServices.openUrl(folder),
                about=path,
            )  # fmt: skip
            self.written.emit(path)

    def _failed(self, event: Failed) -> None:
        path = self._jobs.pop(event.job, None)
        if path is not None:
            self._messages.error(
                StudioError(f"{path.name} was not saved: {event.message}", event.hint),
                about=path,
                run="files were not saved",
            )

    def _cancelled(self, event: Cancelled) -> None:
        path = self._jobs.pop(event.job, None)
        if path is not None:
            self._messages.note(f"Saving {path.name} was cancelled; nothing was written.")
