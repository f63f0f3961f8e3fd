"""What the batch page needs of the disk; called on the threads of `Background`."""

import json
from dataclasses import dataclass
from pathlib import Path

from studio.core.errors import StudioError
from studio.core.events import BatchFinished
from studio.core.files.disk import read_error, write_whole
from studio.core.files.identity import refuse_originals
from studio.core.requests import Batch


@dataclass(frozen=True)
class Begun:
    """A batch that has not ended.

    Attributes:
        request: as it was begun.
        done: pictures.
    """

    request: Batch
    done: int


def find_begun(folder: Path) -> Begun | None:
    """The batch that a folder's journal tells of, if it has not ended and nobody is at it."""
    from studio.engine.batch.journal import read_journal

    try:
        record = read_journal(folder)
    except StudioError:
        return None  # it is said when a batch is started there
    if record is None or record.request is None or record.ended:
        return None
    return Begun(record.request, sum(not entry.error for entry in record.entries.values()))


def copy_report(finished: BatchFinished, to: Path) -> Path:
    """Copies the report of a batch, whole or not at all; returns where to.

    Raises:
        StudioError: it cannot be written, or it would be in the place of another file of the batch.
    """
    from studio.engine.batch.journal import NAME

    try:
        data = Path(finished.report).read_bytes()
    except OSError as error:
        raise read_error(error, finished.report) from error
    items: list[dict[str, str]] = json.loads(data).get("items", [])
    others = [Path(item[key]) for item in items for key in ("source", "output") if item[key]]
    refuse_originals([to], [Path(finished.output, NAME), *others])
    write_whole(to, data, overwrite=True)
    return to
