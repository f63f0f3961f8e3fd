"""What became of each picture, how much of a batch is done, and how long the rest will take."""

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from studio.core.events import Event, ItemEnded, Noticed, Progressed
from studio.core.requests import JobId
from studio.engine.batch.plan import Item

_BETWEEN = 0.05  # seconds between two Progressed
_LEAST = 20_000  # bytes that even the smallest picture counts as: opening it takes time too


class Status(Enum):
    """What became of a picture."""

    DONE = "done"
    DONE_BEFORE = "done before"
    FAILED = "failed"
    LEFT = "not tried"


@dataclass(frozen=True)
class Outcome:
    """What became of one picture: `error` says what went wrong and what to do."""

    item: Item
    status: Status
    error: str = ""
    seconds: float = 0.0
    notes: tuple[str, ...] = ()


class Tally:
    """Kept by any thread; told on the engine's thread alone.

    Args:
        id_: of the job.
        items: all of the batch.
        done_before: seconds spent on each picture that is done already, by its name.
        tell: receives the events.
    """

    def __init__(
        self,
        id_: JobId,
        items: Sequence[Item],
        done_before: dict[str, float],
        tell: Callable[[Event], None],
    ) -> None:
        self._id, self._tell = id_, tell
        self._items = items
        self._outcomes = {
            item.name: Outcome(item, Status.DONE_BEFORE, seconds=done_before[item.name])
            for item in items
            if item.name in done_before
        }
        self._whole = sum(_weight(item) for item in items)
        self._before = self._done = sum(_weight(o.item) for o in self._outcomes.values())
        self._shown = float(self._before)  # never goes back, though a picture is yet to be written
        self._untold: deque[Outcome] = deque()
        self._started, self._told, self._paused_at = time.monotonic(), 0.0, 0.0

    def ended(
        self, item: Item, seconds: float, error: str = "", notes: tuple[str, ...] = ()
    ) -> None:
        """Notes what became of a picture; `tell` says it."""
        status = Status.FAILED if error else Status.DONE
        self._untold.append(Outcome(item, status, error, seconds, notes))

    def tell(self, item: Item | None = None, fraction: float = 0.0) -> None:
        """Says what is new.

        Args:
            item: the picture that is in the model, if any.
            fraction: how much of it is done, 0 to 1.
        """
        while self._untold:
            outcome = self._untold.popleft()
            self._outcomes[outcome.item.name] = outcome
            self._done += _weight(outcome.item)
            for note in outcome.notes:
                self._tell(Noticed(self._id, f"{outcome.item.name}: {note}"))
            self._tell(_item_ended(self._id, outcome))
        begun = 0.0 if item is None else fraction * _weight(item)
        self._shown = min(self._whole, max(self._shown, self._done + begun))
        now = time.monotonic()
        if now - self._told >= _BETWEEN or len(self._outcomes) == len(self._items):
            self._told = now
            self._tell(self._progress(now))

    def pause(self) -> None:
        """Stops the clock."""
        self._paused_at = time.monotonic()

    def resume(self) -> None:
        """Lets the clock go on."""
        self._started += time.monotonic() - self._paused_at

    def count(self, status: Status) -> int:
        """How many pictures have come to this."""
        return sum(outcome.status is status for outcome in self.outcomes())

    def outcomes(self) -> list[Outcome]:
        """What became of every picture, in the order of their names."""
        return [self._outcomes.get(item.name, Outcome(item, Status.LEFT)) for item in self._items]

    def _progress(self, now: float) -> Progressed:
        done_now, left = self._shown - self._before, self._whole - self._shown
        spent = now - self._started
        known = done_now > 0 and spent > 0.5  # the first moments say little about the rest
        seconds_left = spent / done_now * left if known else None
        message = f"{len(self._outcomes)} of {len(self._items)}"
        return Progressed(self._id, self._shown / self._whole, seconds_left, message)


def _item_ended(id_: JobId, outcome: Outcome) -> ItemEnded:
    output = "" if outcome.error else str(outcome.item.output)
    return ItemEnded(id_, str(outcome.item.source), output, outcome.error, outcome.seconds)


def _weight(item: Item) -> int:
    return max(item.size, _LEAST)
