"""Threads beside the engine's own: for what nobody asks whether to go on, such as a decoder."""

import threading
from collections import deque
from collections.abc import Callable, Generator, Hashable, Iterator
from concurrent.futures import Future, wait
from queue import SimpleQueue
from typing import Any, Generic, Self, TypeVar

T = TypeVar("T")

_LOOK = 0.05  # seconds between two looks at whether it is still wanted
_AT_ONCE = 4  # a save's work, a preview's that goes first, and what was given up
_AHEAD = 4  # items that are made before they are asked for


class Threads:
    """Do calls, begun in the order in which they were given; `close` at the end of a ``with``.

    They are daemons: a decoder cannot be interrupted, and the program must not wait for one when it
    is told to end.

    Args:
        count: how many there are at most.
        name: of the threads.
    """

    def __init__(self, count: int, name: str) -> None:
        self._count, self._name = count, name
        self._calls: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._closed = False

    def do(self, call: Callable[[], T]) -> Future[T]:
        """Queues a call."""
        future: Future[T] = Future()

        def carry_out() -> None:
            if not self._closed and future.set_running_or_notify_cancel():
                try:
                    future.set_result(call())
                except BaseException as error:  # noqa: BLE001 - it is raised where it is asked for
                    future.set_exception(error)

        self._calls.put(carry_out)
        if len(self._threads) < self._count:
            self._start()
        return future

    def add_one(self) -> None:
        """There is one thread more, in the place of one that does not come back."""
        self._count += 1
        self._start()

    def close(self, patience: float | None = None) -> None:
        """Gives up the calls that wait; waits for the others, up to `patience` seconds."""
        self._closed = True
        for _ in self._threads:
            self._calls.put(None)
        for thread in self._threads:
            thread.join(None if patience is None else patience / len(self._threads))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _start(self) -> None:
        name = f"{self._name}-{len(self._threads)}"
        self._threads.append(threading.Thread(target=self._work, name=name, daemon=True))
        self._threads[-1].start()

    def _work(self) -> None:
        while (call := self._calls.get()) is not None:
            call()
            del call  # it holds pixels, and the next one may be long in coming


def awaited(future: Future[T], check: Callable[[], None]) -> T:
    """What a call returned or raised; `check` is called meanwhile, and may raise too."""
    while not wait([future], _LOOK).done:
        check()
    return future.result()


class Aside:
    """Does work aside. What is given up runs to its end; the same wish takes it up again."""

    def __init__(self) -> None:
        self._threads = Threads(_AT_ONCE, "engine-aside")
        self._given_up: dict[Hashable, Future[Any]] = {}

    def do(self, work: Callable[[], T], check: Callable[[], None], key: Hashable = None) -> T:
        """Does some work and returns what came out, or raises what it raised.

        Args:
            work: what it does beside its result must do no harm once it is given up.
            check: called on this thread all the while; what it raises gives the work up.
            key: equal for work with the same result, which is not begun twice at a time.
        """
        future: Future[T] = self._given_up.pop(key, None) or self._threads.do(work)
        try:
            check()
            return awaited(future, check)
        finally:
            if not future.cancel() and not future.done() and key is not None:
                self._given_up[key] = future
                future.add_done_callback(lambda _: self._given_up.pop(key, None))

    def close(self) -> None:
        """Waits for what was given up."""
        self._threads.close()


class Ahead(Generic[T]):
    """Makes the next items on a thread of its own, within ``with``.

    Args:
        items: made there; its errors are raised where the items are taken.
        check: called where an item is waited for; may raise.
        name: of the thread.
    """

    def __init__(self, items: Generator[T], check: Callable[[], None], name: str) -> None:
        self._items, self._check = items, check
        self._threads = Threads(1, name)

    def __enter__(self) -> Iterator[T]:
        coming = deque(self._threads.do(self._next) for _ in range(_AHEAD))
        while (item := awaited(coming.popleft(), self._check)) is not None:
            coming.append(self._threads.do(self._next))
            yield item[0]

    def __exit__(self, *_: object) -> None:
        self._threads.close()
        self._items.close()

    def _next(self) -> tuple[T] | None:
        try:
            return (next(self._items),)
        except StopIteration:
            return None


class Behind:
    """Hands calls to threads, no more than a few at a time.

    Args:
        threads: do them.
        check: called where room is waited for; may raise.
        room: how many calls may be on their way.
    """

    def __init__(self, threads: Threads, check: Callable[[], None], room: int) -> None:
        self._threads, self._check, self._room = threads, check, room
        self._calls: deque[Future[None]] = deque()

    def put(self, call: Callable[[], None]) -> None:
        """Hands a call over; what an earlier one raised is raised here."""
        self._calls.append(self._threads.do(call))
        self._settle(self._room)

    def drain(self) -> None:
        """Waits for all of them; raises what one raised."""
        self._settle(0)

    def _settle(self, left: int) -> None:
        while len(self._calls) > left or (self._calls and self._calls[0].done()):
            awaited(self._calls.popleft(), self._check)
