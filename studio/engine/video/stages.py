"""Threads that read and write beside the model, a few frames apart and no more."""

import queue
import threading
from collections.abc import Callable, Generator, Iterator
from types import TracebackType
from typing import Generic, Self, TypeVar

T = TypeVar("T")

_ROOM = 4  # items between two stages
_LOOK = 0.1  # seconds after which a waiting thread asks whether it should stop


class _End:
    """No item comes after it."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error


class Ahead(Generic[T]):
    """Makes the next items on a thread of its own, within ``with``.

    Args:
        items: made there; its errors are raised where the items are taken.
        check: called where an item is waited for; may raise.
    """

    def __init__(self, items: Generator[T], check: Callable[[], None]) -> None:
        self._items, self._check = items, check
        self._queue: queue.Queue[T | _End] = queue.Queue(_ROOM)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name="video-reader", daemon=True)

    def __enter__(self) -> Iterator[T]:
        self._thread.start()
        return self._taken()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _taken(self) -> Iterator[T]:
        while True:
            try:
                item = self._queue.get(timeout=_LOOK)
            except queue.Empty:
                self._check()
                continue
            if isinstance(item, _End):
                if item.error is not None:
                    raise item.error
                return
            yield item

    def _work(self) -> None:
        end = _End()
        try:
            for item in self._items:
                if not _put(self._queue, item, self._stop):
                    break
        except BaseException as error:  # noqa: BLE001 - raised where the items are taken
            end = _End(error)
        finally:
            self._items.close()
        _put(self._queue, end, self._stop)


class Behind(Generic[T]):
    """Hands items to a thread of its own, within ``with``, whose end waits for the last of them.

    Args:
        take: called there with each item; its errors are raised where items are put.
        check: called where room is waited for; may raise.
    """

    def __init__(self, take: Callable[[T], None], check: Callable[[], None]) -> None:
        self._take, self._check = take, check
        self._queue: queue.Queue[T | _End] = queue.Queue(_ROOM)
        self._stop = threading.Event()
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._work, name="video-writer", daemon=True)

    def put(self, item: T) -> None:
        """Hands an item over; waits while there are too many."""
        if not _put(self._queue, item, self._stop, self._check) and self._error is not None:
            raise self._error

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None:
            self._stop.set()
        _put(self._queue, _End(), self._stop)
        self._thread.join()
        if error is None and self._error is not None:
            raise self._error

    def _work(self) -> None:
        while not self._stop.is_set():
            try:
                item = self._queue.get(timeout=_LOOK)
            except queue.Empty:
                continue
            if isinstance(item, _End):
                return
            try:
                self._take(item)
            except BaseException as error:  # noqa: BLE001 - raised where items are put
                self._error = error
                self._stop.set()


def _put(
    into: queue.Queue[T | _End],
    item: T | _End,
    stop: threading.Event,
    check: Callable[[], None] = lambda: None,
) -> bool:
    """Puts an item as soon as there is room; False: told to stop instead."""
    while not stop.is_set():
        try:
            into.put(item, timeout=_LOOK)
        except queue.Full:
            check()
            continue
        return True
    return False
