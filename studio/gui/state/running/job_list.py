"""The jobs that the person asked for: what runs, what waits, what ended and how."""

from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from time import monotonic

from PySide6.QtCore import QObject, Signal

from studio.core.events import (
    BatchFinished,
    Cancelled,
    Event,
    Failed,
    Finished,
    Paused,
    Progressed,
    Resumed,
    Started,
)
from studio.core.handle import Handle
from studio.core.requests import Apply, Batch, Generate, JobId, Learn, Request, Video
from studio.core.words.said import say
from studio.core.words.tongue import tr
from studio.gui.state.running.activity import Activity
from studio.gui.state.running.jobs import Jobs
from studio.gui.state.running.work import Work
from studio.gui.state.wording import sentences

_MOST_ENDED = 50


class Standing(Enum):
    """Where a job is in its life."""

    WAITING = say("Waits")
    RUNNING = say("Runs")
    PAUSED = say("Paused")
    DONE = say("Done")
    FAILED = say("Failed")
    CANCELLED = say("Cancelled")


_OVER = {Standing.DONE, Standing.FAILED, Standing.CANCELLED}


@dataclass(frozen=True)
class ListedJob:
    """A job as the list has it.

    Attributes:
        handle, request: the job.
        words: what it does.
        now: the same in other words, for as long as it runs; empty: there are none.
        standing: where it is in its life.
        held: whether the person has asked it to wait.
        progress: how far it is, once that is known.
        begun: seconds of the clock at which it began to run; None: it has not.
        seconds: how long it ran; 0 until it has ended.
        said: how it ended, where there is more to say than its standing.
        failed: pictures of a folder that could not be done.
    """

    handle: Handle
    request: Request
    words: str
    now: str = ""
    standing: Standing = Standing.WAITING
    held: bool = False
    progress: Progressed | None = None
    begun: float | None = None
    seconds: float = 0.0
    said: str = ""
    failed: int = 0

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return self.standing in _OVER

    @property
    def ran(self) -> float:
        """For how many seconds it has run."""
        if self.is_over or self.begun is None:
            return self.seconds
        return monotonic() - self.begun

    @property
    def is_batch(self) -> bool:
        """Whether it is a whole folder, which has a page of its own."""
        return isinstance(self.request, Batch)

    @property
    def output(self) -> Path | None:
        """What it wrote, once that is there."""
        request = self.request
        named = "" if isinstance(request, Learn) else request.output
        return Path(named) if named and self.standing is Standing.DONE else None

    @property
    def picture(self) -> Path | None:
        """A file that shows what it is about; None: there is none."""
        if self.output is not None and not self.is_batch:
            return self.output
        return Path(self.request.source) if isinstance(self.request, Apply | Video) else None

    @property
    def can_retry(self) -> bool:
        """Whether the same may be asked for again."""
        request = self.request
        if self.standing not in {Standing.FAILED, Standing.CANCELLED}:
            return self.failed > 0
        if isinstance(request, Batch):  # what is left of it
            return Path(request.source).is_dir()
        if isinstance(request, Apply | Video):
            return Path(request.source).exists()
        return isinstance(request, Generate)

    def after(self, event: Event) -> "ListedJob":
        """The job once such a thing has happened to it."""
        ran = self.ran
        match event:
            case Started():
                return replace(self, standing=Standing.RUNNING, begun=monotonic())
            case Progressed():
                return replace(self, progress=event)
            case Paused():
                return replace(self, standing=Standing.PAUSED)
            case Resumed():
                return replace(self, standing=Standing.RUNNING)
            case Finished():
                return replace(self, standing=Standing.DONE, seconds=ran)
            case BatchFinished():
                done = event.done + event.done_before
                said = tr("{done} of {total} done", done=done, total=event.found)
                if event.failed:
                    said += ", " + tr("{count} failed", count=event.failed)
                return replace(
                    self, standing=Standing.DONE, seconds=ran, said=said, failed=event.failed
                )
            case Failed():
                said = sentences(event.message, event.hint)
                return replace(self, standing=Standing.FAILED, seconds=ran, said=said)
            case Cancelled():
                return replace(self, standing=Standing.CANCELLED, seconds=ran)
            case _:
                return self


class JobList(QObject):
    """Keeps them, the newest first; previews are not in it.

    Signals:
        changed: a job came, went, or stands otherwise.
        progressed: (`ListedJob`) is further.
        ended: (`ListedJob`) has ended.
        retried: (request) the same is asked for again.
        folder_retried: (Batch) what is left of a folder is asked for again.
    """

    changed = Signal()
    progressed = Signal(object)
    ended = Signal(object)
    retried = Signal(object)
    folder_retried = Signal(object)

    def __init__(self, jobs: Jobs, activity: Activity, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: dict[JobId, ListedJob] = {}
        jobs.began.connect(self._begin)
        jobs.heard.connect(self._take)
        activity.reworded.connect(self._reword)

    @property
    def jobs(self) -> list[ListedJob]:
        """All of them, the newest first."""
        return list(reversed(self._jobs.values()))

    @property
    def under_way(self) -> list[ListedJob]:
        """Those that have not ended."""
        return [job for job in self.jobs if not job.is_over]

    def find(self, id_: JobId) -> ListedJob | None:
        """The job of an id; None: it is not in the list."""
        return self._jobs.get(id_)

    def clear(self) -> None:
        """Forgets those that have ended."""
        self._jobs = {id_: job for id_, job in self._jobs.items() if not job.is_over}
        self.changed.emit()

    def retry(self, job: ListedJob) -> None:
        """Asks again for what failed or was cancelled; of a folder, only for that."""
        if self._jobs.pop(job.handle.id, None) is not None:
            self.changed.emit()
            again = self.folder_retried if job.is_batch else self.retried
            again.emit(job.request)

    def _begin(self, handle: Handle, request: Request, words: str, work: Work) -> None:
        if work is Work.PREVIEW:
            return
        ended = [id_ for id_, job in self._jobs.items() if job.is_over]
        for id_ in ended[: max(0, len(ended) - _MOST_ENDED)]:
            del self._jobs[id_]
        self._jobs[handle.id] = ListedJob(handle, request, words)
        self.changed.emit()

    def _take(self, event: Event) -> None:
        before = self._jobs.get(event.job)
        if before is None:
            return
        after = before.after(event)
        after = self._jobs[event.job] = replace(after, now="") if after.is_over else after
        if after.standing is not before.standing:
            self.changed.emit()
            if after.is_over:
                self.ended.emit(after)
        elif after is not before:
            self.progressed.emit(after)

    def _reword(self, handle: Handle, words: str, held: bool) -> None:
        job = self._jobs.get(handle.id)
        if job is not None and not job.is_over and (job.now, job.held) != (words, held):
            self._jobs[handle.id] = replace(job, now=words, held=held)
            self.progressed.emit(self._jobs[handle.id])
