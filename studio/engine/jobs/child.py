"""The process that the engine lives in: what it does, and how the window's process starts it.

This file is imported by the window's process: torch is imported in the child alone.
"""

import os
import threading
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection

from studio.core.child import Child, tell
from studio.engine.jobs.protocol import (
    Answer,
    Cancel,
    Keep,
    Order,
    Pause,
    Pong,
    Ready,
    Rested,
    Resume,
    Submit,
    Use,
)

_NICE = 5  # the window goes first on a busy processor: it needs little, and at once


def start(rest: float) -> "Child[Order, Answer]":
    """Starts it; see `Engine` for its rest."""
    return Child(partial(serve, rest=rest), "studio-engine")


def serve(pipe: Connection, rest: float) -> None:
    """Does what comes through the pipe, until the window closes it."""
    from studio.core.catalogue import Catalogue
    from studio.core.memory import take_at_most
    from studio.engine.jobs.engine import Engine

    if hasattr(os, "nice"):
        os.nice(_NICE)
    lock = threading.Lock()

    def say(answer: Answer) -> None:
        with lock, suppress(OSError):  # a window that has gone: the pipe's end tells the main loop
            tell(pipe, answer)

    engine = Engine(Catalogue(), rest, lambda: say(Rested()))
    say(Ready())
    with suppress(EOFError, OSError):  # the window has gone
        while (order := pipe.recv()) is not None:
            match order:
                case Use():
                    take_at_most(order.machine.memory)
                    engine.use(order.machine)
                case Submit():
                    engine.submit(order.request, say, order.job)
                case Cancel():
                    engine.cancel(order.job)
                case Keep():
                    engine.keep(order.job)
                case Pause():
                    engine.pause(order.job)
                case Resume():
                    engine.resume(order.job)
                case _:
                    say(Pong())
    engine.close()
