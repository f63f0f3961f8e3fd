"""Work in which nobody asks whether to go on, such as decoding a file: done aside, and awaited."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TypeVar

T = TypeVar("T")

_LOOK = 0.05  # seconds between two looks at whether it is still wanted
_AT_ONCE = 2  # a save's work, and a preview's that goes first


class Aside:
    """A few threads for it. What is given up runs to its end there, and nobody takes the result."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(_AT_ONCE, "engine-aside")

    def do(self, work: Callable[[], T], check: Callable[[], None]) -> T:
        """Does some work and returns what came out, or raises what it raised.

        Args:
            work: what it does beside its result must do no harm once it is given up.
            check: called on this thread all the while; what it raises gives the work up.
        """
        future = self._pool.submit(work)
        try:
            check()
            while not wait([future], _LOOK).done:
                check()
            return future.result()
        finally:
            future.cancel()
