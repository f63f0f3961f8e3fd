"""How a front holds a batch, lets it go on, and ends it."""

from collections.abc import Callable
from dataclasses import dataclass

from studio.core.progress import CancelledError


@dataclass(frozen=True)
class Control:
    """What a batch asks at every step.

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
