"""A child process behind a pipe: how it is held, and how both ends tell each other things.

Arrays go through the same pipe, apart from what is pickled. Shared memory would be no faster
(measured: 13 ms either way at 1280 x 960 px, 70 and 84 ms at 3840 x 2160 px), and has many ways to
fail: none there, full (which kills by SIGBUS), freed too early, left behind.
"""

import multiprocessing
import pickle
import queue
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any, Generic, TypeVar

from studio.core.log import logging_to_file
from studio.core.words.said import say

Order = TypeVar("Order")
Answer = TypeVar("Answer")
Main = Callable[[Connection], None]
"""What a child does with its end of the pipe, until the other end is closed."""

_CHUNK = 1 << 24  # bytes sent at once; Windows takes no more than about 32 MB


class Child(Generic[Order, Answer]):
    """One life of the process; it starts at once.

    Args:
        main: a function of a module, or a partial of one: it is imported there.
        name: of the process, for people.
    """

    def __init__(self, main: Main, name: str) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process: SpawnProcess = context.Process(
            target=_live, args=(main, theirs), name=name, daemon=True
        )
        self._process.start()
        theirs.close()
        self._orders: queue.SimpleQueue[Order | None] = queue.SimpleQueue()
        self._sender = threading.Thread(target=self._send_all, name=f"{name}-orders", daemon=True)
        self._sender.start()

    @property
    def id(self) -> int | None:
        """Of the process."""
        return self._process.pid

    def send(self, order: Order | None) -> None:
        """Sends an order after those before it; never waits, and one that is dead hears nothing.

        Args:
            order: None: to end.
        """
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

    def bury(self) -> str:
        """Ends it, if it has not ended; nothing is heard of it any more.

        Returns:
            Why it has ended, for people.
        """
        self._process.kill()
        self._process.join()
        self._orders.put(None)
        self._sender.join()  # at the latest when nobody is there to read
        self._pipe.close()
        return _reason(self._process.exitcode or 0)

    def _send_all(self) -> None:
        with suppress(OSError):
            while True:
                order = self._orders.get()
                self._pipe.send(order)
                if order is None:
                    return


def tell(pipe: Connection, message: object) -> None:
    """Sends a message; one thread at a time.

    Raises:
        OSError: the other end is closed.
    """
    apart: list[pickle.PickleBuffer] = []
    head = pickle.dumps(message, protocol=5, buffer_callback=apart.append)
    arrays = [each.raw() for each in apart]
    pipe.send((head, [each.nbytes for each in arrays]))
    for each in arrays:
        for start in range(0, each.nbytes, _CHUNK):
            pipe.send_bytes(each[start : start + _CHUNK])


def hear(pipe: Connection) -> Any:
    """Waits for the next message of `tell`.

    Raises:
        EOFError: the other end is closed.
        OSError: likewise, in the middle of a message.
    """
    head, sizes = pipe.recv()
    arrays = [memoryview(bytearray(size)) for size in sizes]
    for each in arrays:
        for start in range(0, each.nbytes, _CHUNK):
            pipe.recv_bytes_into(each[start : start + _CHUNK])
    return pickle.loads(head, buffers=arrays)  # noqa: S301 - as `Connection.recv` itself does


def _live(main: Main, pipe: Connection) -> None:
    for name in ("SIGINT", "SIGHUP"):  # Ctrl-C and a terminal's end are the window's to answer
        if hasattr(signal, name):
            signal.signal(signal.Signals[name], signal.SIG_IGN)
    with logging_to_file():
        main(pipe)
    pipe.close()


def _reason(status: int) -> str:
    """What an exit status says; below 0: the signal that ended it."""
    if status < 0:
        name = signal.Signals(-status).name
        return say("ended by the system, perhaps for lack of memory") if name == "SIGKILL" else name
    return say("exit status {status}", status=status)
