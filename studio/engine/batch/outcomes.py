"""What became of each picture of a batch: counted, told while it runs, and reported at its end."""

import json
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from studio.core.errors import StudioError
from studio.core.events import Event, ItemEnded, Noticed, Progressed
from studio.core.files.disk import refuse_unwritable, write_whole
from studio.core.files.identity import file_id, refuse_originals
from studio.core.requests import Batch, JobId, to_json
from studio.core.words.said import as_said, say
from studio.engine.batch.journal import NAME
from studio.engine.batch.plan import Item
from studio.engine.batch.scan import Left

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
            item.name: Outcome(
                item, Status.DONE_BEFORE, seconds=done_before[item.name], notes=_kept(item)
            )
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
                self._tell(
                    Noticed(
                        self._id, say("{name}: {note}", name=outcome.item.name, note=as_said(note))
                    )
                )
            self._tell(_item_ended(self._id, outcome))
        begun = 0.0 if item is None else fraction * _weight(item)
        self._shown = min(self._whole, max(self._shown, self._done + begun))
        now = time.monotonic()
        if now - self._told >= _BETWEEN or len(self._outcomes) == len(self._items):
            self._told = now
            self._tell(self._progress(now))

    def pause(self) -> None:
        """Stops the clock, and says how far it was: with the last picture, which may be news."""
        self._paused_at = time.monotonic()
        self._tell(self._progress(self._paused_at))

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
        message = say("{over} of {total}", over=len(self._outcomes), total=len(self._items))
        return Progressed(self._id, self._shown / self._whole, seconds_left, message)


def _item_ended(id_: JobId, outcome: Outcome) -> ItemEnded:
    output = "" if outcome.error else str(outcome.item.output)
    return ItemEnded(id_, str(outcome.item.source), output, outcome.error, outcome.seconds)


def _kept(item: Item) -> tuple[str, ...]:
    return (item.kept,) if item.kept else ()


def _weight(item: Item) -> int:
    return max(item.size, _LEAST)


@dataclass(frozen=True)
class Ending:
    """How a batch ended.

    Attributes:
        status: ``finished``, ``cancelled``, or ``failed`` where the rest could not be tried.
        error: why it failed; else empty.
        device: what it ran on.
        seconds: from start to end.
    """

    status: str
    error: str
    device: str
    seconds: float


def check_report(request: Batch, items: Iterable[Item], originals: Iterable[Path]) -> None:
    """Finds out before the batch starts whether its report can be written.

    Args:
        request: names it.
        items: all pictures of the batch.
        originals: what the batch reads.

    Raises:
        StudioError: it cannot, or it would be in the place of another file of the batch.
    """
    if not request.report:
        return
    path = Path(request.report)
    refuse_originals([path], originals)
    results = {item.output for item in items}
    folders = {folder for result in results for folder in result.parents}
    journal = Path(request.output, NAME)
    if file_id(path) in map(file_id, [journal, *results, *folders]):
        raise StudioError(
            say("{path} is the batch's own", path=path), "choose another name for the report"
        )
    refuse_unwritable(path, overwrite=request.resume or request.save.overwrite)


def write_report(request: Batch, tally: Tally, left: tuple[Left, ...], ending: Ending) -> None:
    """Writes the report, whole or not at all.

    Args:
        request: with weights and settings spelt out.
        tally: what became of each picture.
        left: files that were left alone.
        ending: of the batch.

    Raises:
        StudioError: it cannot be written.
    """
    outcomes = tally.outcomes()
    counts = {status.value: sum(o.status is status for o in outcomes) for status in Status}
    report: dict[str, Any] = {
        "status": ending.status,
        "error": ending.error,
        "found": len(outcomes),
        "done": counts["done"],
        "done_before": counts["done before"],
        "failed": counts["failed"],
        "not_tried": counts["not tried"],
        "skipped": len(left),
        "weights": {"id": request.weights, "sha256": request.sha256},
        "device": ending.device,
        "seconds": round(ending.seconds, 3),
        "request": json.loads(to_json(request)),
        "items": [_row(outcome) for outcome in outcomes],
        "left_alone": [
            {"source": str(Path(request.source, each.name)), "reason": each.reason} for each in left
        ],
    }
    text = json.dumps(report, indent=1, ensure_ascii=False)
    # Python's stand-ins for bytes of a file name that are no UTF-8 are JSON only if escaped.
    data = text.encode("utf-8", "backslashreplace")
    write_whole(Path(request.report), data, overwrite=True)


def _row(outcome: Outcome) -> dict[str, Any]:
    has_result = outcome.status in {Status.DONE, Status.DONE_BEFORE}
    return {
        "source": str(outcome.item.source),
        "output": str(outcome.item.output) if has_result else "",
        "status": outcome.status.value,
        "error": outcome.error,
        "notes": list(outcome.notes),
        "seconds": round(outcome.seconds, 3),
    }
