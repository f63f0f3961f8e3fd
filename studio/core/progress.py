"""Progress of long work: how far, how long it will still take, and whether it should stop."""

import time
from collections.abc import Callable
from typing import Any

_FIRST_MOMENTS = 0.5  # seconds, which say little about the rest


class CancelledError(Exception):
    """The work was asked to stop."""


class Progress:
    """Handed down to whatever takes long.

    Args:
        tell: receives (fraction 0 to 1, seconds left or None, message), at most 20 times a second.
        cancelled: asked at every step.
        enough: asked between steps by work that comes closer step by step.
        clock: seconds, of which those in which the work has to wait do not count.
    """

    def __init__(
        self,
        tell: Callable[[float, float | None, str], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
        enough: Callable[[], bool] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._tell = tell
        self._cancelled = cancelled
        self._enough = enough
        self._clock = clock
        self._started = clock()
        self._told = 0.0

    def check(self) -> None:
        """Raises CancelledError if the work should stop."""
        if self._cancelled is not None and self._cancelled():
            raise CancelledError

    def enough(self) -> bool:
        """Whether the work should end with what there is; a step is reported before it is asked."""
        return self._enough is not None and self._enough()

    def show(self, reached: Any) -> None:
        """Shows a picture that is reached so far, where anybody wants to see it."""

    def report(self, fraction: float, message: str) -> None:
        """Says how far the work is; raises CancelledError if it should stop."""
        self.check()
        now = self._clock()
        if self._tell is None or (now - self._told < 0.05 and fraction < 1):
            return
        self._told = now
        spent = now - self._started
        tells = fraction > 0.02 and spent > _FIRST_MOMENTS
        left = spent / fraction * (1 - fraction) if tells else None
        self._tell(fraction, left, message)


class SubProgress(Progress):
    """A part of some work, on the whole work's scale and clock.

    Args:
        whole: the whole work's progress.
        start: share of the whole that is done when the part begins.
        stop: share that is done when it ends.
    """

    def __init__(self, whole: Progress, start: float, stop: float) -> None:
        super().__init__()
        self._whole, self._start, self._stop = whole, start, stop

    def check(self) -> None:
        """Asks the whole."""
        self._whole.check()

    def enough(self) -> bool:
        """Asks the whole."""
        return self._whole.enough()

    def show(self, reached: Any) -> None:
        """Shows it to the whole."""
        self._whole.show(reached)

    def report(self, fraction: float, message: str) -> None:
        """Tells the whole."""
        self._whole.report(self._start + (self._stop - self._start) * fraction, message)
