"""What is done to one picture: the same on this machine's threads and on a cluster's workers."""

import errno
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

from studio.core.catalogue import Catalogue
from studio.core.errors import NO_MEMORY, StudioError
from studio.core.events import Event, Noticed
from studio.core.files.disk import write_error, write_part
from studio.core.log import report_hint
from studio.core.page_files import PagesWriter
from studio.core.picture import Picture
from studio.core.picture_files import open_picture, write_picture
from studio.core.progress import CancelledError, Progress
from studio.core.requests import Apply, Batch, to_json
from studio.core.words.said import as_said, say
from studio.engine.batch.painter import Painter, torch_alone
from studio.engine.batch.plan import Item
from studio.engine.job import ApplyJob, Order, takes_all
from studio.engine.light.apply import Light

_NOT_WRITTEN = {"JPEG 2000", "JPEG XL"}
_log = logging.getLogger(__name__)


class UnwritableError(StudioError):
    """No other picture could be written either: the batch has to end."""


@dataclass(frozen=True)
class Written:
    """A result under its temporary name.

    Attributes:
        part: the file.
        size: in bytes.
        device: what the net ran on.
        notes: what a person should know of how the picture was opened and written.
    """

    part: Path
    size: int
    device: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rendered:
    """A result in memory, the request that goes into its file, and what the net ran on."""

    picture: Picture | PagesWriter
    request_json: str
    device: str


def request_for(request: Batch) -> Apply:
    """The request that each picture of a batch is, but for its files."""
    return Apply(
        weights=request.weights,
        source="",
        sha256=request.sha256,
        settings=request.settings,
        seed=request.seed,
        device=request.device,
        tile=request.tile,
        save=request.save,
        pages=request.pages,
        then=request.then,
    )


def opened(job: ApplyJob, item: Item) -> Picture | None:
    """The picture of an item; None: there are several, which `render` opens one by one.

    Raises:
        StudioError: it cannot be opened.
    """
    if takes_all(job.request, item.source):
        return None
    return open_picture(item.source, beside=job.bytes_beside)


def render(
    painter: Painter, job: ApplyJob, item: Item, picture: Picture | None, progress: Progress
) -> Rendered:
    """Runs the model on an opened picture.

    Args:
        painter: has the net.
        job: of the whole batch.
        item: says which picture it is.
        picture: as `opened` gave it.
        progress: told and asked at every step.

    Raises:
        StudioError: memory does not suffice, or the result is no picture.
        CancelledError: `progress` said so.
    """

    def tell(event: Event) -> None:
        if isinstance(event, Noticed):  # all else is about one picture, and the job is about many
            job.tell(
                replace(
                    event,
                    message=say("{name}: {note}", name=item.name, note=as_said(event.message)),
                )
            )

    wanted = replace(job.request, source=str(item.source), output=str(item.output))
    own = replace(job, request=wanted, tell=tell, progress=progress)
    if picture is None:
        pages, device = painter.render_pages(own)
        return Rendered(pages, to_json(own.kept_request()), device)
    result, device = painter.render(own, picture)
    return Rendered(result, to_json(own.kept_request()), device)


def write(
    item: Item,
    result: Rendered,
    request: Apply,
    part: Path,
    made: Callable[[], None] = lambda: None,
    check: Callable[[], None] = lambda: None,
) -> Written:
    """Encodes a result and writes it under a temporary name.

    Args:
        item: whose result it is.
        result: the picture and its request.
        request: says how results are saved.
        part: the temporary name.
        made: called when all is encoded; what it raises leaves no file.
        check: called when all is written; the same.

    Raises:
        StudioError: it cannot be written.
        UnwritableError: because the disk is full.
    """
    encoded = BytesIO()
    kind = item.output.suffix[1:]
    if isinstance(result.picture, PagesWriter):
        encoded.write(result.picture.encoded())
        notes = result.picture.notes
    else:
        notes = list(result.picture.metadata.notes)
        if (kept := result.picture.metadata.format) in _NOT_WRITTEN and kind == "jpg":
            notes.append(
                say(
                    "a {kind} becomes a JPEG, which loses a little even of one without loss",
                    kind=kept,
                )
            )
        write_picture(
            result.picture, encoded, kind, request.save, result.request_json, notes.append
        )
    made()
    try:
        part.parent.mkdir(parents=True, exist_ok=True)
        write_part(part, encoded.getvalue())
        check()
    except OSError as error:
        part.unlink(missing_ok=True)
        raise trouble_of_writing(error, item.output) from error
    except CancelledError:
        part.unlink(missing_ok=True)
        raise
    return Written(part, encoded.tell(), result.device, tuple(notes))


def trouble_of_writing(error: OSError, output: Path) -> StudioError:
    """Says why a result could not be written: `UnwritableError` if others could not be either."""
    said = write_error(error, str(output))
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return UnwritableError(said.message, "make room, then go on with it", ("--resume",))
    return said


def reason(error: Exception, item: Item) -> str:
    """What a person is told of a picture that could not be done."""
    if isinstance(error, StudioError):
        return str(error)
    from studio.engine.device import lacks_memory  # loads torch

    if lacks_memory(error):
        return str(StudioError(*NO_MEMORY))
    # One picture that meets a mistake of ours must not keep the others from being done.
    _log.error("%s could not be done", item.source, exc_info=error)
    return say(
        "the studio failed ({kind}: {error}); {hint}",
        kind=type(error).__name__,
        error=error,
        hint=report_hint(),
    )


@dataclass(frozen=True)
class WorkerResult:
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
        self._painter = Painter(Light(Catalogue([])), torch_alone(Catalogue([])))
        self._lock = threading.Lock()

    def start(self) -> tuple[str, str]:
        """Loads the net; returns the device, and why that cannot be, or nothing."""
        try:
            self._job = self._painter.prepare(Order(self._request))
            self._painter.load(self._job)
        except StudioError as error:
            return "", str(error)
        return self._job.place, ""

    def do(self, item: Item, part: Path) -> WorkerResult:
        """Does one picture; called on two threads at a time."""
        started = time.monotonic()
        try:
            picture = opened(self._job, item)
            with self._lock:
                rendered = render(self._painter, self._job, item, picture, Progress())
            written = write(item, rendered, self._request, part)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one, the others go on
            unwritable = isinstance(error, UnwritableError)
            return WorkerResult(None, reason(error, item), unwritable, time.monotonic() - started)
        return WorkerResult(written, "", False, time.monotonic() - started)
