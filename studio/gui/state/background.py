"""Work off the window's thread, its result back on it."""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from studio.core.errors import StudioError
from studio.core.log import report_hint
from studio.core.words.said import say
from studio.gui.state.latest_wins import LatestWins

T = TypeVar("T")
U = TypeVar("U")
Failed = Callable[[StudioError], None]


class Background(QObject):
    """A few threads that open and decode files, so that the window never waits for a disk.

    Args:
        threads: how many; what is more waits, first come first served.
    """

    _ended = Signal(object, object, object)

    def __init__(self, parent: QObject | None = None, threads: int = 2) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(threads, "studio-files")
        self._open = True
        # Queued even where the work was done before it could be asked for its end: nobody is called
        # back from within `run`.
        self._ended.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        work: Callable[[], T],
        then: Callable[[T], None],
        failed: Failed,
    ) -> None:
        """Calls `work` on a thread, then `then` or `failed` on the window's thread."""
        if self._open:
            future = self._pool.submit(work)
            future.add_done_callback(lambda done: self._tell(done, then, failed))

    def latest(self, then: Callable[[T], None], failed: Failed) -> LatestWins[Callable[[], T]]:
        """For work of which only the latest matters: wish for it there, and it is run as here."""

        def begin(work: Callable[[], T]) -> Callable[[], None]:
            self.run(work, lambda result: end(then, result), lambda error: end(failed, error))
            return lambda: None

        def end(take: Callable[[U], None], result: U) -> None:
            wanted = latest.wanted is not None
            latest.ended()
            if wanted:
                take(result)

        latest = LatestWins(begin)
        return latest

    def close(self) -> None:
        """Forgets what waits and waits for what runs; nothing is delivered any more."""
        self._open = False
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _tell(self, future: Future[T], then: Callable[[T], None], failed: Failed) -> None:
        if self._open and not future.cancelled():
            self._ended.emit(future, then, failed)

    def _deliver(self, future: Future[T], then: Callable[[T], None], failed: Failed) -> None:
        if not self._open:
            return
        error = future.exception()
        if error is None:
            then(future.result())
        elif isinstance(error, StudioError):
            failed(error)
        else:
            logging.getLogger(__name__).error("work on a file failed", exc_info=error)
            kind = type(error).__name__
            said = say("the studio failed ({kind}: {error})", kind=kind, error=error)
            failed(StudioError(said, report_hint()))
