"""A batch that is under way: how it is held and ended, and where its results are kept."""

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from studio.core.errors import StudioError
from studio.core.events import Event, Noticed, Paused, Resumed
from studio.core.files.disk import publish
from studio.core.progress import CancelledError
from studio.core.requests import Batch
from studio.core.words.said import say
from studio.engine.batch.journal import Journal
from studio.engine.batch.outcomes import Tally
from studio.engine.batch.plan import Item
from studio.engine.batch.record import JournalEntry
from studio.engine.batch.work import UnwritableError, Written, trouble_of_writing
from studio.engine.job import ApplyJob


@dataclass(frozen=True)
class CancelToken:
    """What a batch asks at every step: whether to end, or to wait.

    Attributes:
        cancelled: whether it should end.
        paused: whether it should begin no other picture.
        wait: returns when it is no longer paused, or is cancelled.
    """

    cancelled: Callable[[], bool]
    paused: Callable[[], bool]
    wait: Callable[[], None]

    def check(self) -> None:
        """Raises CancelledError if the batch should end."""
        if self.cancelled():
            raise CancelledError


class Results:
    """Gives results their final names, each once the journal has it; used by any thread.

    Args:
        journal: of the batch.
        tally: is told too.
        overwrite: whether files are replaced.
    """

    def __init__(self, journal: Journal, tally: Tally, overwrite: bool) -> None:
        self._journal, self._tally, self._overwrite = journal, tally, overwrite
        self._lock = threading.Lock()
        self._stopped = False

    def keep(self, item: Item, written: Written, seconds: float) -> None:
        """Notes a result and names it; or notes that it could not be named.

        Raises:
            CancelledError: the batch was stopped; the result is gone.
            UnwritableError: the journal cannot be written.
        """
        with self._lock:
            if self._stopped:
                with suppress(OSError):
                    written.part.unlink(missing_ok=True)
                raise CancelledError
            part, output = self._journal.below(written.part), self._journal.below(item.output)
            entry = JournalEntry(
                item.name, seconds, "", part, output, written.size,
                self._overwrite or item.replaces, item.size, item.changed, _changed(written.part),
            )  # fmt: skip
            self._add(entry, item)
            error = self._name(item, written)
            if error:
                self._add(JournalEntry(item.name, seconds, error), item)
            self._tally.ended(item, seconds, error, () if error else written.notes)

    def begin(self, item: Item) -> None:
        """Notes that a picture is about to be opened.

        Raises:
            CancelledError: the batch was stopped.
            UnwritableError: the journal cannot be written.
        """
        with self._lock:
            self.check()
            self._note(partial(self._journal.open, item.name), item)

    def made(self, item: Item) -> None:
        """Notes that a result is in memory, and only has to be written.

        Raises:
            CancelledError: the batch was stopped.
            UnwritableError: the journal cannot be written.
        """
        with self._lock:
            self.check()
            self._note(partial(self._journal.made, item.name), item)

    def fail(self, item: Item, error: str, seconds: float) -> None:
        """Notes a picture that could not be done.

        Raises:
            UnwritableError: the journal cannot be written.
        """
        with self._lock:
            if not self._stopped:
                self._add(JournalEntry(item.name, seconds, error), item)
                self._tally.ended(item, seconds, error)

    def refuse(self, item: Item, error: str) -> None:
        """Notes a picture that is not tried; the journal says of those that were."""
        with self._lock:
            self._tally.ended(item, 0.0, error)

    @contextmanager
    def held(self) -> Generator[None]:
        """Within it the batch waits, and none of its pictures is to blame for what happens."""
        with self._lock:
            self._journal.hold()
        yield
        with self._lock:
            self._journal.go_on_after_hold()

    def stop(self) -> None:
        """Nothing is kept from here on."""
        with self._lock:
            if not self._stopped:
                self._journal.leave()
            self._stopped = True

    def check(self) -> None:
        """Raises CancelledError once nothing is kept any more."""
        if self._stopped:
            raise CancelledError

    def _add(self, entry: JournalEntry, item: Item) -> None:
        self._note(partial(self._journal.add, entry), item)

    def _note(self, write: Callable[[], None], item: Item) -> None:
        try:
            write()
        except OSError as error:
            why = trouble_of_writing(error, item.output)
            raise UnwritableError(
                say("the journal of the batch cannot be written ({why})", why=why.message),
                why.hint,
            ) from error

    def _name(self, item: Item, written: Written) -> str:
        """Gives a result its final name; returns why not, or nothing."""
        try:
            publish(written.part, item.output, overwrite=self._overwrite or item.replaces)
        except (StudioError, OSError) as error:
            with suppress(OSError):
                written.part.unlink(missing_ok=True)
            if isinstance(error, OSError):
                error = trouble_of_writing(error, item.output)
            return str(error)
        return ""


def _changed(part: Path) -> int:
    """When a file was written, in nanoseconds; -1: it is gone."""
    try:
        return part.stat().st_mtime_ns
    except OSError:
        return -1


@dataclass(frozen=True)
class RunningBatch:
    """A batch that is under way: what those who do its pictures need.

    Attributes:
        request: with weights, settings and folders spelt out.
        items: what is to be done now.
        job: what all pictures have in common.
        journal: gives temporary names.
        results: keeps what is done.
        tally: counts it.
        token: asked at every step.
        tell: receives events.
    """

    request: Batch
    items: tuple[Item, ...]
    job: ApplyJob
    journal: Journal
    results: Results
    tally: Tally
    token: CancelToken
    tell: Callable[[Event], None]

    def hold(self) -> None:
        """Waits until the batch is no longer paused; what was begun has ended by now.

        Raises:
            CancelledError: it was cancelled instead.
        """
        self.tally.tell()
        self.tally.pause()
        self.tell(Paused(self.job.id))
        self.token.wait()
        self.token.check()
        self.tally.resume()
        self.tell(Resumed(self.job.id))

    def notice(self, message: str) -> None:
        """Tells the person."""
        self.tell(Noticed(self.job.id, message))
