"""Work in which nobody asks whether to go on, such as decoding a file: done aside, and awaited."""

from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, TypeVar

T = TypeVar("T")

_LOOK = 0.05  # seconds between two looks at whether it is still wanted
_AT_ONCE = 4  # a save's work, a preview's that goes first, and what was given up


class Aside:
    """A few threads for it. What is given up runs to its end there; the same wish takes it up."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(_AT_ONCE, "engine-aside")
        self._given_up: dict[Hashable, Future[Any]] = {}

    def do(self, work: Callable[[], T], check: Callable[[], None], key: Hashable = None) -> T:
        """Does some work and returns what came out, or raises what it raised.

        Args:
            work: what it does beside its result must do no harm once it is given up.
            check: called on this thread all the while; what it raises gives the work up.
            key: equal for work with the same result, which is not begun twice at a time.
        """
        future: Future[T] = self._given_up.pop(key, None) or self._pool.submit(work)
        try:
            check()
            while not wait([future], _LOOK).done:
                check()
            return future.result()
        finally:
            if not future.cancel() and not future.done() and key is not None:
                self._given_up[key] = future
                future.add_done_callback(lambda _: self._given_up.pop(key, None))
