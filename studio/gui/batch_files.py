"""What the batch page needs of the disk; called on the threads of `Background`."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from studio.core.errors import StudioError
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
    from studio.engine.batch.journal import look

    try:
        record = look(folder)
    except StudioError:
        return None  # it is said when a batch is started there
    if record is None or record.request is None or record.ended:
        return None
    return Begun(record.request, sum(not entry.error for entry in record.entries.values()))


def copy_report(report: Path, to: Path) -> Path:
    """Copies the report of a batch, whole or not at all; returns where to.

    Raises:
        StudioError: it cannot be written.
    """
    draft = to.with_name(f".{to.name}.{os.getpid()}")
    try:
        shutil.copyfile(report, draft)
        draft.replace(to)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise StudioError(f"the report cannot be saved as {to}: {error.strerror}") from None
    return to
