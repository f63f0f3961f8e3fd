"""The process that the engine lives in: what it does, and how the window's process holds it.

This file is imported by the window's process: torch is imported in the child alone.
"""

import multiprocessing
import queue
import signal
import threading
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess

from studio.core.log import logging_to_file
from studio.engine.jobs.protocol import (
    Answer,
    Cancel,
    Order,
    Pause,
    Ping,
    Pong,
    Ready,
    Resume,
    Submit,
    hear,
    tell,
)


class Child:
    """One life of the process; it starts at once."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process: SpawnProcess = context.Process(
            target=serve, args=(theirs,), name="studio-engine", daemon=True
        )
        self._process.start()
        theirs.close()
        self._orders: queue.SimpleQueue[Order] = queue.SimpleQueue()
        self._sender = threading.Thread(target=self._send_all, name="engine-orders", daemon=True)
        self._sender.start()

    @property
    def id(self) -> int | None:
        """Of the process."""
        return self._process.pid

    def send(self, order: Order) -> None:
        """Sends an order after those before it; never waits, and one that is dead hears nothing."""
        self._orders.put(order)

    def hear(self) -> Answer:
        """Waits for its next answer.

        Raises:
            EOFError, OSError: it has died, or is dying.
        """
        return hear(self._pipe)

    def join(self, seconds: float) -> None:
        """Waits so long for it to end by itself."""
        self._process.join(seconds)

    def kill(self) -> None:
        """Ends it; what it has answered can still be heard."""
        self._process.kill()

    def bury(self) -> int:
        """Ends it, if it has not ended; nothing is heard of it any more.

        Returns:
            The exit status; below 0: the signal that ended it.
        """
        self._process.kill()
        self._process.join()
        self._orders.put(None)
        self._sender.join()  # at the latest when nobody is there to read
        self._pipe.close()
        return self._process.exitcode or 0

    def _send_all(self) -> None:
        with suppress(OSError):
            order: Order = Ping()
            while order is not None:
                order = self._orders.get()
                self._pipe.send(order)


def serve(pipe: Connection) -> None:
    """The child's main function."""
    for name in ("SIGINT", "SIGHUP"):  # Ctrl-C and a terminal's end are the window's to answer
        if hasattr(signal, name):
            signal.signal(signal.Signals[name], signal.SIG_IGN)
    with logging_to_file():
        _answer(pipe)


def _answer(pipe: Connection) -> None:
    """Does what comes through the pipe, until the window closes it."""
    from studio.core.catalogue import Catalogue
    from studio.engine.jobs.engine import Engine

    lock = threading.Lock()

    def say(answer: Answer) -> None:
        with lock, suppress(OSError):  # a window that has gone: the pipe's end tells the main loop
            tell(pipe, answer)

    engine = Engine(Catalogue())
    say(Ready())
    with suppress(EOFError, OSError):  # the window has gone
        while (order := pipe.recv()) is not None:
            match order:
                case Submit():
                    engine.submit(order.request, say, order.job)
                case Cancel():
                    engine.cancel(order.job)
                case Pause():
                    engine.pause(order.job)
                case Resume():
                    engine.resume(order.job)
                case _:
                    say(Pong())
    engine.close()
    pipe.close()
