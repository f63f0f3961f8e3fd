"""Cancelling, in one place: every step that torch is asked for first asks whether to go on.

So a net stops between any two of its layers, whole, in strips or in tiles, and no model has to
think of it. The loops outside torch (decoding, encoding, optical flow) ask `Progress.check`.
"""

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from torch.overrides import TorchFunctionMode

from studio.core.progress import CancelledError

_UNASKED = "_set_grad_enabled"  # ends `no_grad`, as it must where work is given up, too


class Interrupt(TorchFunctionMode):
    """Looks at one thread's calls of torch; see `asking`."""

    def __init__(self) -> None:
        super().__init__()
        self._asked: list[Callable[[], bool]] = []

    @contextmanager
    def asking(self, cancelled: Callable[[], bool]) -> Generator[None]:
        """Within it, this thread's calls of torch raise CancelledError once `cancelled` says so.

        `cancelled` may itself do another job, under another `asking`: until that one ends, it alone
        is asked.
        """
        self._asked.append(cancelled)
        try:
            with self:
                yield
        finally:
            self._asked.pop()

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Sequence[type],
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        """Asks, then does what was called."""
        del types
        if func.__name__ != _UNASKED and self._asked[-1]():
            raise CancelledError
        return func(*args, **(kwargs or {}))
