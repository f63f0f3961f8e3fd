"""Ctrl-C, SIGTERM and SIGHUP: a run ends its step and keeps what it has learnt before it goes."""

import signal
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType

_DEFAULTS = (signal.SIG_DFL, signal.default_int_handler)


class StoppedError(Exception):
    """A run was asked to end, and has; its text says where, for people."""


class Stop:
    """The handler of these signals: interrupts at once or, when `patient`, keeps the wish.

    A second signal interrupts whatever the first one waits for.

    Attributes:
        number: of the signal that came first; 0 where none has.
        patient: whether somebody looks at `number` after each step.
    """

    def __init__(self) -> None:
        self.number = 0
        self.patient = False

    def __call__(self, number: int, _frame: FrameType | None) -> None:
        """Takes a signal."""
        again, self.number = self.number, self.number or number
        if again or not self.patient:
            raise KeyboardInterrupt


@contextmanager
def stopping() -> Generator[Stop]:
    """Within it these signals go to the `Stop` that it yields; those that are ignored stay so."""
    stop = Stop()
    names = ("SIGINT", "SIGTERM", "SIGHUP")
    numbers = [signal.Signals[name] for name in names if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}
    ours = [number for number in numbers if before[number] in _DEFAULTS]
    for number in ours:
        signal.signal(number, stop)
    try:
        yield stop
    finally:
        for number in ours:
            signal.signal(number, before[number])


def current_stop() -> Stop:
    """The `Stop` that this process's signals go to; outside `stopping` one that hears nothing."""
    found = signal.getsignal(signal.SIGTERM)
    return found if isinstance(found, Stop) else Stop()
