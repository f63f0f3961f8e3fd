"""The latest wish wins: one is being done, one waits, the rest is forgotten."""

from collections.abc import Callable
from typing import Generic, TypeVar

W = TypeVar("W")


def _never(_old: object, _new: object) -> bool:
    return False


class LatestWins(Generic[W]):
    """Turns many wishes into little work.

    Args:
        begin: begins to do a wish and returns what stops it; once it has ended, stopped or not,
            `ended` has to be called, though not from within `begin`.
        useless: whether the second wish makes the work on the first one useless, so that it is
            stopped; without it the work is done to its end.
    """

    def __init__(
        self,
        begin: Callable[[W], Callable[[], None]],
        useless: Callable[[W, W], bool] = _never,
    ) -> None:
        self._begin = begin
        self._useless = useless
        self._doing: W | None = None
        self._waiting: W | None = None
        self._stop: Callable[[], None] | None = None  # None: nothing is done, or it was stopped

    @property
    def busy(self) -> bool:
        """Whether a wish is being done, be it still wanted or not."""
        return self._doing is not None

    @property
    def wanted(self) -> W | None:
        """The wish that is being done, while what comes of it is still wanted."""
        return None if self._stop is None else self._doing

    def wish(self, wish: W) -> None:
        """Wishes, in the place of every earlier wish that has not begun."""
        if self._doing is None:
            self._do(wish)
        elif wish == self.wanted:
            self._waiting = None
        else:
            self._waiting = wish
            if self._useless(self._doing, wish):
                self._give_up_doing()

    def forget_waiting(self) -> None:
        """Only what is being done is still wanted."""
        self._waiting = None

    def give_up(self) -> None:
        """Wants nothing any more; stops what is being done."""
        self._waiting = None
        self._give_up_doing()

    def ended(self) -> None:
        """What was being done has ended; the wish that waits gets its turn."""
        self._doing = self._stop = None
        if self._waiting is not None:
            wish, self._waiting = self._waiting, None
            self._do(wish)

    def _do(self, wish: W) -> None:
        self._doing = wish
        self._stop = self._begin(wish)

    def _give_up_doing(self) -> None:
        stop, self._stop = self._stop, None
        if stop is not None:
            stop()
