"""The JSON report of a batch."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studio.core.errors import StudioError
from studio.core.formats.disk import refuse_unwritable, write_whole
from studio.core.formats.identity import file_id, refuse_originals
from studio.core.requests import Batch, to_json
from studio.engine.batch.journal import NAME
from studio.engine.batch.plan import Item
from studio.engine.batch.tally import Outcome, Status, Tally


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
        raise StudioError(f"{path} is the batch's own", "choose another name for the report")
    refuse_unwritable(path, overwrite=request.resume or request.save.overwrite)


def write_report(request: Batch, tally: Tally, skipped: int, ending: Ending) -> None:
    """Writes the report, whole or not at all.

    Args:
        request: with weights and settings spelt out.
        tally: what became of each picture.
        skipped: how many files were left alone.
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
        "skipped": skipped,
        "weights": {"id": request.weights, "sha256": request.sha256},
        "device": ending.device,
        "seconds": round(ending.seconds, 3),
        "request": json.loads(to_json(request)),
        "items": [_item(outcome) for outcome in outcomes],
    }
    text = json.dumps(report, indent=1, ensure_ascii=False)
    # Python's stand-ins for bytes of a file name that are no UTF-8 are JSON only if escaped.
    data = text.encode("utf-8", "backslashreplace")
    write_whole(Path(request.report), data, overwrite=True)


def _item(outcome: Outcome) -> dict[str, Any]:
    has_result = outcome.status in {Status.DONE, Status.DONE_BEFORE}
    return {
        "source": str(outcome.item.source),
        "output": str(outcome.item.output) if has_result else "",
        "status": outcome.status.value,
        "error": outcome.error,
        "seconds": round(outcome.seconds, 3),
    }
