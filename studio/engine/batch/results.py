"""Gives results their final names, each once the journal has it."""

import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from studio.core.errors import StudioError
from studio.core.formats.disk import publish
from studio.core.progress import CancelledError
from studio.engine.batch.journal import Journal
from studio.engine.batch.plan import Item
from studio.engine.batch.record import Entry
from studio.engine.batch.tally import Tally
from studio.engine.batch.work import UnwritableError, Written, trouble_of_writing


class Results:
    """Used by any thread.

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
            self._add(
                Entry(item.name, seconds, "", part, output, written.size, self._overwrite), item
            )
            error = self._name(item, written)
            if error:
                self._add(Entry(item.name, seconds, error), item)
            self._tally.ended(item, seconds, error)

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
                self._add(Entry(item.name, seconds, error), item)
                self._tally.ended(item, seconds, error)

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

    def _add(self, entry: Entry, item: Item) -> None:
        self._note(partial(self._journal.add, entry), item)

    def _note(self, write: Callable[[], None], item: Item) -> None:
        try:
            write()
        except OSError as error:
            why = trouble_of_writing(error, item.output)
            raise UnwritableError(
                f"the journal of the batch cannot be written ({why.message})", why.hint
            ) from error

    def _name(self, item: Item, written: Written) -> str:
        """Gives a result its final name; returns why not, or nothing."""
        try:
            publish(written.part, item.output, overwrite=self._overwrite)
        except (StudioError, OSError) as error:
            with suppress(OSError):
                written.part.unlink(missing_ok=True)
            if isinstance(error, OSError):
                error = trouble_of_writing(error, item.output)
            return str(error)
        return ""
