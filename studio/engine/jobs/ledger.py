"""The jobs that the child process has not ended, and what becomes of them when it dies.

Those that wait go to the next child without a word. What ran is tried once more, and then fails;
what had only made way for it, such as a save for a preview, is not counted as tried. A batch
has one try more, in which it names the picture with which the child died, and does the others;
with each further picture that ends it begins to count anew.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import reduce
from pathlib import Path

from studio.core.events import (
    TERMINAL,
    Cancelled,
    Event,
    Failed,
    ItemEnded,
    Noticed,
    Progressed,
    Started,
)
from studio.core.files.disk import remove_parts
from studio.core.requests import Batch, JobId, Request
from studio.core.words.said import say
from studio.engine.batch.journal import remove_parts_of_batch

_TRIES = 2  # how often a job may run while a child dies
_TRIES_OF_BATCH = 3
UNSTARTABLE = say("it does not start; `studio demo` in a terminal says why")
_HINT = say("it was started anew; a smaller photo may work where memory is short")
_GO_ON = say("it was started anew, and the batch can be gone on with")


@dataclass
class OpenJob:
    """A job that has not ended.

    Attributes:
        turn: counts up with each job that starts; 0: this one waits.
        begun: of a batch: it has a journal, with which it can be gone on with.
        cancelled: when it was asked to stop after it had started, in seconds.
        ended: the pictures of a batch that have ended.
        deaths: of children while it ran, since a further picture of it ended.
    """

    id: JobId
    request: Request
    tell: Callable[[Event], None]
    turn: int = 0
    begun: bool = False
    paused: bool = False
    cancelled: float | None = None
    ended: set[str] = field(default_factory=set)
    deaths: int = 0

    @property
    def name(self) -> str:
        """For people."""
        output = self.request.output
        return Path(output).name if output else say("a preview")

    def clean_up(self, process: int | None) -> None:
        """Removes what a process that has ended may have left half-written."""
        if isinstance(self.request, Batch):
            remove_parts_of_batch(Path(self.request.output))
        elif self.request.output and process is not None:
            with suppress(OSError):  # they are in nobody's way
                remove_parts(Path(self.request.output).parent, process)


class Ledger:
    """Keeps the open jobs in the order in which they were asked for; knows no thread."""

    def __init__(self) -> None:
        self._jobs: dict[JobId, OpenJob] = {}
        self._turns = 0

    def __iter__(self) -> Iterator[OpenJob]:
        return iter(self._jobs.values())

    def add(self, job: OpenJob) -> None:
        """Takes in a new job."""
        self._jobs[job.id] = job

    def find(self, job: JobId) -> OpenJob | None:
        """None: it has ended."""
        return self._jobs.get(job)

    def remove(self, job: JobId) -> None:
        """It has ended."""
        del self._jobs[job]

    def note(self, job: OpenJob, event: Event) -> None:
        """Takes note of how far a job is."""
        if isinstance(event, Started):
            self._turns += 1
            job.turn = self._turns
        elif isinstance(event, Progressed | ItemEnded):
            job.begun = True
            if isinstance(event, ItemEnded) and event.source not in job.ended:
                job.ended.add(event.source)
                job.deaths = 0
        elif isinstance(event, TERMINAL):
            self.remove(job.id)

    @property
    def has_any(self) -> bool:
        """Whether there are open jobs."""
        return bool(self._jobs)

    @property
    def started(self) -> list[OpenJob]:
        """Those that do not wait."""
        return [job for job in self if job.turn]

    def lose(
        self, reason: str, *, was_up: bool, given_up: bool
    ) -> list[tuple[Callable[[Event], None], Event]]:
        """The child has died: drops what does not go on, and lets all else wait for the next one.

        Args:
            reason: why it has died.
            was_up: whether it was ever ready to do anything.
            given_up: there will be no next one.

        Returns:
            What is to be said, and to whom.
        """
        running = max(self, key=lambda job: job.turn, default=None)
        if running is not None and running.turn and was_up:
            running.deaths += 1
        told: list[tuple[Callable[[Event], None], Event]] = []
        for job in list(self):
            ending = _ending(job, reason, given_up=given_up)
            if ending is not None:
                self.remove(job.id)
                told.append((job.tell, ending))
        again = self.started
        if again:
            what = reduce(_and, (job.name for job in again))
            said = say(
                "the engine stopped ({reason}) and was started anew, and so was {what}",
                reason=reason,
                what=what,
            )
            told.append((again[0].tell, Noticed(again[0].id, said)))
        for job in again:
            job.turn = 0
            if isinstance(job.request, Batch) and job.begun:
                job.request = replace(job.request, resume=True)
        return told


def _ending(job: OpenJob, reason: str, *, given_up: bool) -> Event | None:
    """How a job ends with the child; None: it goes on with the next one."""
    if job.cancelled is not None:
        return Cancelled(job.id)
    if given_up:
        return Failed(job.id, say("the engine stopped ({reason})", reason=reason), UNSTARTABLE)
    if isinstance(job.request, Batch) and job.deaths >= _TRIES_OF_BATCH:
        return Failed(
            job.id, say("the engine stopped three times ({reason})", reason=reason), _GO_ON
        )
    if not isinstance(job.request, Batch) and job.deaths >= _TRIES:
        return Failed(job.id, say("the engine stopped twice ({reason})", reason=reason), _HINT)
    return None


def _and(one: str, other: str) -> str:
    return say("{one} and {other}", one=one, other=other)
