"""Threads that open and write pictures beside the model, and the memory that they share with it."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Generic, TypeVar

from studio.core.progress import CancelledError

T = TypeVar("T")


class Threads(Generic[T]):
    """Threads that do calls, begun in the order in which they were given.

    They are daemons: a decoder cannot be interrupted, and the program must not wait for one when it
    is told to end.

    Args:
        count: how many.
        name: of the threads.
    """

    def __init__(self, count: int, name: str) -> None:
        self._calls: SimpleQueue[tuple[Future[T], Callable[[], T]] | None] = SimpleQueue()
        self._closed = False
        self._threads = [
            threading.Thread(target=self._work, name=f"batch-{name}-{n}", daemon=True)
            for n in range(count)
        ]
        for thread in self._threads:
            thread.start()

    def do(self, call: Callable[[], T]) -> Future[T]:
        """Queues a call."""
        future: Future[T] = Future()
        self._calls.put((future, call))
        return future

    def close(self, patience: float) -> None:
        """Gives up the calls that wait, and waits up to `patience` seconds for the others."""
        self._closed = True
        for _ in self._threads:
            self._calls.put(None)
        for thread in self._threads:
            thread.join(patience / len(self._threads))

    def _work(self) -> None:
        while (given := self._calls.get()) is not None:
            future, call = given
            if not self._closed and future.set_running_or_notify_cancel():
                try:
                    future.set_result(call())
                except BaseException as error:  # noqa: BLE001 - it is raised where it is asked for
                    future.set_exception(error)
            del given, future, call  # they hold pixels, and the next call may be long in coming


class Memory:
    """Room for the pictures that are on their way; taken in the order of the pictures.

    A picture that is larger than all of it goes alone.

    Args:
        size: how much there is, in px.
    """

    def __init__(self, size: int) -> None:
        self._changed = threading.Condition()
        self._size, self._taken, self._turn = size, 0, 0
        self._closed = False

    def take(self, turn: int, amount: int) -> None:
        """Waits for room.

        Args:
            turn: 0 for the first picture, then 1 and so on; each comes exactly once.
            amount: in px.

        Raises:
            CancelledError: the batch has ended.
        """
        with self._changed:
            self._changed.wait_for(
                lambda: (
                    self._closed
                    or (
                        turn == self._turn
                        and (self._taken == 0 or self._taken + amount <= self._size)
                    )
                )
            )
            if self._closed:
                raise CancelledError
            self._turn += 1
            self._taken += amount
            self._changed.notify_all()

    def give(self, amount: int) -> None:
        """Gives room back."""
        with self._changed:
            self._taken -= amount
            self._changed.notify_all()

    def close(self) -> None:
        """Lets go whoever waits."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
