"""Work off the window's thread of which only the latest matters."""

from collections.abc import Callable
from functools import partial
from typing import Generic, TypeVar

from studio.core.errors import StudioError
from studio.gui.background import Background, Failed

T = TypeVar("T")


class Latest(Generic[T]):
    """Does one piece of work at a time; of those that wait, only the last.

    Args:
        background: to work on.
        then: takes what came out, on the window's thread.
        failed: told of an error.
    """

    def __init__(self, background: Background, then: Callable[[T], None], failed: Failed) -> None:
        self._background, self._then, self._failed = background, then, failed
        self._busy = False
        self._waiting: Callable[[], T] | None = None
        self._round = 0

    def run(self, work: Callable[[], T]) -> None:
        """Wants work done, in the place of what waits."""
        if self._busy:
            self._waiting = work
            return
        self._busy = True
        self._background.run(
            work, partial(self._ended, self._round), partial(self._broke, self._round)
        )

    def forget(self) -> None:
        """Nothing of what was wanted so far is delivered any more."""
        self._waiting = None
        self._round += 1

    def _ended(self, asked: int, result: T) -> None:
        self._next()
        if asked == self._round:
            self._then(result)

    def _broke(self, asked: int, error: StudioError) -> None:
        self._next()
        if asked == self._round:
            self._failed(error)

    def _next(self) -> None:
        self._busy = False
        work, self._waiting = self._waiting, None
        if work is not None:
            self.run(work)
