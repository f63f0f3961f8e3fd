"""What lives in a process of a cluster: loads the net once, and does one picture after another."""

import threading
import time
from dataclasses import dataclass
from pathlib import Path

from studio.core.catalogue import Catalogue
from studio.core.errors import StudioError
from studio.core.progress import Progress
from studio.core.requests import Apply, JobId
from studio.engine.batch.plan import Item
from studio.engine.batch.work import UnwritableError, Written, opened, reason, render, write
from studio.engine.pixels.apply import Applier


@dataclass(frozen=True)
class Answer:
    """What a worker says of a picture.

    Attributes:
        written: the result under its temporary name; None: there is none.
        error: why not, as in an `ItemEnded`.
        unwritable: whether no other picture could be written either.
        seconds: spent on it.
    """

    written: Written | None
    error: str
    unwritable: bool
    seconds: float


class Worker:
    """Does what the pipeline's threads do on one machine.

    Args:
        request: what all pictures have in common; the weights are a path.
    """

    def __init__(self, request: Apply) -> None:
        self._request = request
        self._applier = Applier(Catalogue([]))
        self._lock = threading.Lock()

    def start(self) -> tuple[str, str]:
        """Loads the net; returns the device, and why that cannot be, or nothing."""
        try:
            self._job = self._applier.prepare(
                JobId(0), self._request, lambda _: None, lambda: False
            )
            self._applier.load(self._job)
        except StudioError as error:
            return "", str(error)
        return str(self._job.device), ""

    def do(self, item: Item, part: Path) -> Answer:
        """Does one picture; called on two threads at a time."""
        started = time.monotonic()
        try:
            picture = opened(self._job, item)
            with self._lock:
                rendered = render(self._applier, self._job, item, picture, Progress())
            written = write(item, rendered, self._request, part)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one, the others go on
            unwritable = isinstance(error, UnwritableError)
            return Answer(None, reason(error, item), unwritable, time.monotonic() - started)
        return Answer(written, "", False, time.monotonic() - started)
