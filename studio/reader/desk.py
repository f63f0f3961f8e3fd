"""Where wishes are done, each on a thread of its own: in the child process, or in this one."""

import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from studio.core.errors import StudioError
from studio.core.log import report_hint
from studio.core.progress import CancelledError
from studio.core.words.said import say
from studio.reader.decoder import Decoder
from studio.reader.orders import (
    AheadWish,
    Done,
    Drafted,
    Order,
    Read,
    Refused,
    Stop,
    ThumbnailWish,
    Told,
)

_NICE = 5  # of what may wait: others go first


@dataclass
class _Open:
    """A wish that is being done.

    Attributes:
        seen: when it gave a sign of life last, in seconds.
        stopped: when it was not wanted any more; None: it is.
    """

    thread: threading.Thread | None = None
    seen: float = field(default_factory=time.monotonic)
    stopped: float | None = None

    def check(self) -> None:
        """See `decoder.Check`."""
        self.seen = time.monotonic()
        if self.stopped is not None:
            raise CancelledError


class Desk:
    """Does orders, and tells what comes of them on the threads that do them.

    Args:
        tell: takes the answers; one at a time is its own concern.
        decoder: does the wishes.
    """

    def __init__(self, tell: Callable[[Told], None], decoder: Decoder | None = None) -> None:
        self._tell = tell
        self._decoder = Decoder() if decoder is None else decoder
        self._open: dict[int, _Open] = {}

    def send(self, order: Order) -> None:
        """Takes an order."""
        match order:
            case Read():
                one = self._open[order.number] = _Open()
                one.thread = threading.Thread(
                    target=self._do, args=(order, one), name="studio-reader", daemon=True
                )
                one.thread.start()
            case Stop():
                found = self._open.get(order.number)
                if found is not None:
                    found.stopped = time.monotonic()

    @property
    def busy(self) -> bool:
        """Whether anything is being done."""
        return bool(self._open)

    def hung(self, patience: float, patience_stopped: float) -> int | None:
        """The number of one that has not given a sign of life for so many seconds; None: none."""
        now = time.monotonic()
        for number, one in list(self._open.items()):
            unheeded = one.stopped is not None and now - one.stopped > patience_stopped
            if unheeded or now - one.seen > patience:
                return number
        return None

    def start(self) -> None:
        """There is nothing to start: this process is up."""

    def close(self) -> None:
        """Stops everything, and waits for it to end."""
        for one in list(self._open.values()):
            one.stopped = time.monotonic()
            if one.thread is not None:
                one.thread.join()

    def _do(self, order: Read, one: _Open) -> None:
        if isinstance(order.wish, AheadWish | ThumbnailWish) and sys.platform == "linux":
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)  # this thread's own
        answer = self._answer(order, one)
        self._tell(answer)
        del self._open[order.number]

    def _answer(self, order: Read, one: _Open) -> Told:
        number = order.number
        try:
            found = self._decoder.do(
                order.wish, lambda levels: self._tell(Drafted(number, levels)), one.check
            )
            return Done(number, found)
        except CancelledError:
            return Done(number)
        except StudioError as error:
            return Refused(number, error.message, error.hint)
        except Exception as error:
            logging.getLogger(__name__).exception("%s was not read", order.wish.path)
            said = say(
                "the studio failed ({kind}: {error})", kind=type(error).__name__, error=error
            )
            return Refused(number, said, report_hint())
