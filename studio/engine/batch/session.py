"""A batch that is under way: what those who do its pictures need."""

from collections.abc import Callable
from dataclasses import dataclass

from studio.core.events import Event, Noticed, Paused, Resumed
from studio.core.requests import Batch
from studio.engine.batch.control import Control
from studio.engine.batch.journal import Journal
from studio.engine.batch.plan import Item
from studio.engine.batch.results import Results
from studio.engine.batch.tally import Tally
from studio.engine.jobs.job import Job


@dataclass(frozen=True)
class Session:
    """One batch.

    Attributes:
        request: with weights, settings and folders spelt out.
        items: what is to be done now.
        job: what all pictures have in common.
        journal: gives temporary names.
        results: keeps what is done.
        tally: counts it.
        control: asked at every step.
        tell: receives events.
    """

    request: Batch
    items: tuple[Item, ...]
    job: Job
    journal: Journal
    results: Results
    tally: Tally
    control: Control
    tell: Callable[[Event], None]

    def hold(self) -> None:
        """Waits until the batch is no longer paused; what was begun has ended by now.

        Raises:
            CancelledError: it was cancelled instead.
        """
        self.tally.tell()
        self.tally.pause()
        self.tell(Paused(self.job.id))
        self.control.wait()
        self.control.check()
        self.tally.resume()
        self.tell(Resumed(self.job.id))

    def notice(self, message: str) -> None:
        """Tells the person."""
        self.tell(Noticed(self.job.id, message))
