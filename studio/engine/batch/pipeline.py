"""A batch on this machine: while the model has one picture, others are opened and written.

The model runs on the engine's thread, which also decides what is begun when. Each picture holds
room from before it is opened until its result is written: so memory stays bounded, whatever the
sizes of the pictures and however slow the disk.
"""

import os
import time
from collections import deque
from concurrent.futures import Future, wait
from dataclasses import dataclass
from functools import partial
from typing import Any

from studio.core.picture import Picture
from studio.core.picture_files import read_size
from studio.core.progress import CancelledError, Progress
from studio.engine.batch.plan import Item
from studio.engine.batch.session import Session
from studio.engine.batch.threads import Memory, Threads
from studio.engine.batch.work import Rendered, UnwritableError, opened, reason, render, write
from studio.engine.pixels.apply import Applier
from studio.engine.pixels.pages import takes_all

_IN_FLIGHT = 75_000_000  # px, of 12 bytes each: three photos of 24 megapixels fit
_PATIENCE = 0.05  # seconds between two looks at whether the batch should end
_LAST = 0.2  # seconds that the threads have to end when it does


@dataclass(frozen=True)
class _Opened:
    """A picture in memory, the room that it has in px, and the seconds spent on it so far.

    None stands for several pages, of which none is in memory yet.
    """

    picture: Picture | None
    room: int
    seconds: float


class Pipeline:
    """Does the pictures of a batch.

    Args:
        session: the batch.
        applier: has the net.
    """

    def __init__(self, session: Session, applier: Applier) -> None:
        self._session, self._applier = session, applier
        self._count = threads_beside_the_model()
        self._memory = Memory(_IN_FLIGHT)
        self._openers: Threads[_Opened] = Threads(self._count, "open")
        self._writers: Threads[None] = Threads(self._count, "write")
        self._behind: deque[Future[None]] = deque()
        self._device = str(session.job.device)

    def run(self) -> str:
        """Does them all; returns the device that the net ran on at last.

        Raises:
            StudioError: no picture could be written any more.
            CancelledError: the batch was cancelled.
        """
        coming = deque(enumerate(self._session.items))
        ahead: deque[tuple[Item, Future[_Opened]]] = deque()
        try:
            while coming or ahead:
                while coming and len(ahead) <= self._count:
                    turn, item = coming.popleft()
                    ahead.append((item, self._openers.do(partial(self._open, turn, item))))
                self._hold()
                self._render(*ahead.popleft())
            self._drain(0)
        finally:
            self._session.results.stop()
            self._memory.close()
            for threads in (self._openers, self._writers):
                threads.close(_LAST)
        return self._device

    def _hold(self) -> None:
        if self._session.control.paused():
            self._drain(0)
            with self._session.results.held():
                self._session.hold()

    def _drain(self, left: int) -> None:
        """Waits until no more than `left` pictures are being written."""
        while len(self._behind) > left or (self._behind and self._behind[0].done()):
            future = self._behind.popleft()
            self._await(future)
            future.result()

    def _await(self, future: Future[Any]) -> None:
        while not future.done():
            self._session.control.check()
            wait([future], _PATIENCE)
            self._session.tally.tell()

    def _open(self, turn: int, item: Item) -> _Opened:
        """Runs on a thread of its own."""
        room = self._room(item)
        self._memory.take(turn, room)
        started = time.monotonic()
        try:
            self._session.results.begin(item)
            picture = opened(self._session.job, item)
        except BaseException:
            self._memory.give(room)
            raise
        return _Opened(picture, room, time.monotonic() - started)

    def _room(self, item: Item) -> int:
        if self._session.journal.record.deaths[item.name] > 0:
            return _IN_FLIGHT  # alone, so that if the program ends again, this picture was why
        try:
            if takes_all(self._session.job.request, item.source):
                return _IN_FLIGHT
            width, height = read_size(item.source)
        except Exception:  # noqa: BLE001 - opening it will say what is wrong
            return 0
        return width * height * max(1, self._session.job.weights.scale**2)

    def _render(self, item: Item, opening: Future[_Opened]) -> None:
        session = self._session
        self._await(opening)
        try:
            found = opening.result()
        except (CancelledError, UnwritableError):
            raise
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one, the others go on
            session.results.fail(item, reason(error, item), 0.0)
            session.tally.tell()
            return
        started = time.monotonic()
        progress = Progress(
            lambda fraction, _left, _message: session.tally.tell(item, fraction),
            session.control.cancelled,
        )
        try:
            rendered = render(self._applier, session.job, item, found.picture, progress)
        except CancelledError:
            raise
        except Exception as error:  # noqa: BLE001 - as above
            self._memory.give(found.room)
            session.results.fail(item, reason(error, item), time.monotonic() - started)
            session.tally.tell()
            return
        self._device = rendered.device
        seconds = found.seconds + time.monotonic() - started
        self._drain(self._count)
        write = partial(self._write, item, rendered, found.room, seconds)
        self._behind.append(self._writers.do(write))
        session.tally.tell()

    def _write(self, item: Item, rendered: Rendered, room: int, seconds: float) -> None:
        """Runs on a thread of its own."""
        session, started = self._session, time.monotonic()
        part = session.journal.part(item.output)
        try:
            made = partial(session.results.made, item)
            written = write(item, rendered, session.job.request, part, made, session.results.check)
            session.results.keep(item, written, seconds + time.monotonic() - started)
        except (CancelledError, UnwritableError):
            raise
        except Exception as error:  # noqa: BLE001 - as above
            session.results.fail(item, reason(error, item), seconds + time.monotonic() - started)
        finally:
            self._memory.give(room)


def threads_beside_the_model() -> int:
    """How many threads open pictures, and how many write them: two where they wait for the disk."""
    return max(2, min(4, (os.cpu_count() or 1) // 2))
