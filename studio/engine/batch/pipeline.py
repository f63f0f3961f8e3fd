"""A batch on this machine: while the model has one picture, others are opened and written.

The model runs on the engine's thread, which also decides what is begun when. Each picture holds
room from before it is opened until its result is written: so memory stays bounded, whatever the
sizes of the pictures and however slow the disk.
"""

import math
import os
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial

from studio.core.errors import StudioError
from studio.core.picture import Picture
from studio.core.picture_files import read_size
from studio.core.progress import CancelledError, Progress
from studio.core.words.said import say
from studio.engine.batch.painter import Painter
from studio.engine.batch.plan import Item
from studio.engine.batch.running import RunningBatch
from studio.engine.batch.work import Rendered, UnwritableError, opened, reason, render, write
from studio.engine.job import takes_all
from studio.engine.threads import Behind, Threads, awaited

_IN_FLIGHT = 75_000_000  # px, of 12 bytes each: three photos of 24 megapixels fit
_PATIENCE = 120.0  # seconds that a decoder has, and `_A_MEGAPIXEL` more for each
_A_MEGAPIXEL = 2.0
_LAST = 0.2  # seconds that the threads have to end when it does


@dataclass(frozen=True)
class _Waiting:
    """A picture in memory, and the seconds spent on it so far.

    None stands for several pages, of which none is in memory yet.
    """

    picture: Picture | None
    seconds: float


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


class _Opening:
    """One picture's way to its result: the room that it has, and how long it has been opened for.

    Args:
        item: the picture.
        memory: in which it has room.
    """

    def __init__(self, item: Item, memory: Memory) -> None:
        self.item = item
        self._memory, self._lock = memory, threading.Lock()
        self._room, self._until = 0, math.inf

    def take(self, turn: int, room: int) -> None:
        """Waits for room, in px; from then on it has so much time."""
        self._memory.take(turn, room)
        self._room = room
        self._until = time.monotonic() + _PATIENCE + _A_MEGAPIXEL * room / 1e6

    def give(self) -> None:
        """Gives its room back, unless that was done."""
        with self._lock:
            self._room, room = 0, self._room
        if room:
            self._memory.give(room)

    def check(self) -> None:
        """Raises StudioError where its decoder will hardly come back."""
        if time.monotonic() > self._until:
            raise _HangingError(
                say("{name} does not open: its decoder was given up", name=self.item.name)
            )


class _HangingError(StudioError):
    """A thread does not come back."""


class Pipeline:
    """Does the pictures of a batch.

    Args:
        batch: the batch.
        painter: has the net.
    """

    def __init__(self, batch: RunningBatch, painter: Painter) -> None:
        self._batch, self._painter = batch, painter
        self._count = threads_beside_the_model()
        self._memory = Memory(_IN_FLIGHT)
        self._openers = Threads(self._count, "batch-open")
        self._writers = Threads(self._count, "batch-write")
        self._behind = Behind(self._writers, self._look, self._count)
        self._device = batch.job.place

    def run(self) -> str:
        """Does them all; returns the device that the net ran on at last.

        Raises:
            StudioError: no picture could be written any more.
            CancelledError: the batch was cancelled.
        """
        coming = deque(enumerate(self._batch.items))
        ahead: deque[tuple[_Opening, Future[_Waiting]]] = deque()
        try:
            while coming or ahead:
                while coming and len(ahead) <= self._count:
                    turn, item = coming.popleft()
                    opening = _Opening(item, self._memory)
                    ahead.append((opening, self._openers.do(partial(self._open, turn, opening))))
                self._hold()
                # Nothing here holds the picture any more when its room may be given back.
                self._behind.put(self._render(*ahead.popleft()))
            self._behind.drain()
        finally:
            self._batch.results.stop()
            self._memory.close()
            for threads in (self._openers, self._writers):
                threads.close(_LAST)
        return self._device

    def _hold(self) -> None:
        if self._batch.token.paused():
            self._behind.drain()
            with self._batch.results.held():
                self._batch.hold()

    def _look(self) -> None:
        """While something is waited for: raises CancelledError if the batch should end."""
        self._batch.token.check()
        self._batch.tally.tell()

    def _open(self, turn: int, opening: _Opening) -> _Waiting:
        """Runs on a thread of its own."""
        item = opening.item
        opening.take(turn, self._room(item))
        started = time.monotonic()
        try:
            self._batch.results.begin(item)
            picture = opened(self._batch.job, item)
        except BaseException:
            opening.give()
            raise
        return _Waiting(picture, time.monotonic() - started)

    def _room(self, item: Item) -> int:
        if self._batch.journal.record.deaths[item.name] > 0:
            return _IN_FLIGHT  # alone, so that if the program ends again, this picture was why
        try:
            if takes_all(self._batch.job.request, item.source):
                return _IN_FLIGHT
            width, height = read_size(item.source)
        except Exception:  # noqa: BLE001 - opening it will say what is wrong
            return 0
        return width * height * max(1, self._batch.job.scale**2)

    def _render(self, opening: _Opening, coming: Future[_Waiting]) -> Callable[[], None]:
        """Paints a picture; returns what is left to do with it."""
        batch, item = self._batch, opening.item

        def look() -> None:
            self._look()
            opening.check()

        try:
            found = awaited(coming, look)
        except (CancelledError, UnwritableError):
            raise
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one, the others go on
            if isinstance(error, _HangingError):
                opening.give()
                self._openers.add_one()
            batch.results.fail(item, reason(error, item), 0.0)
            batch.tally.tell()
            return _done
        started = time.monotonic()
        progress = Progress(
            lambda fraction, _left, _message: batch.tally.tell(item, fraction),
            batch.token.cancelled,
        )
        try:
            rendered = render(self._painter, batch.job, item, found.picture, progress)
        except CancelledError:
            raise
        except Exception as error:  # noqa: BLE001 - as above
            opening.give()
            batch.results.fail(item, reason(error, item), time.monotonic() - started)
            batch.tally.tell()
            return _done
        self._device = rendered.device
        seconds = found.seconds + time.monotonic() - started
        batch.tally.tell()
        return partial(self._write, opening, rendered, seconds)

    def _write(self, opening: _Opening, rendered: Rendered, seconds: float) -> None:
        """Runs on a thread of its own."""
        batch, item, started = self._batch, opening.item, time.monotonic()
        part = batch.journal.part(item.output)
        try:
            made = partial(batch.results.made, item)
            written = write(item, rendered, batch.job.request, part, made, batch.results.check)
            batch.results.keep(item, written, seconds + time.monotonic() - started)
        except (CancelledError, UnwritableError):
            raise
        except Exception as error:  # noqa: BLE001 - as above
            batch.results.fail(item, reason(error, item), seconds + time.monotonic() - started)
        finally:
            opening.give()


def _done() -> None:
    """Nothing is left to do."""


def threads_beside_the_model() -> int:
    """How many threads open pictures, and how many write them: two where they wait for the disk."""
    return max(2, min(4, (os.cpu_count() or 1) // 2))
