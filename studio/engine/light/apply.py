"""Carries out the most usual of requests: a photo that fits in one piece, on a CPU."""

import logging
import os
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.core.catalogue import Catalogue, Weights, check_takes_pictures
from studio.core.controls import Settings
from studio.core.events import Finished, Previewed, Started
from studio.core.files.identity import file_key, refuse_originals
from studio.core.memory import give_back
from studio.core.picture import Floats, Picture
from studio.core.picture_files import check_savable, open_picture, read_size
from studio.core.requests import Apply
from studio.engine.accelerators import may_have_an_accelerator
from studio.engine.job import ApplyJob, Order, Resolved, resolve
from studio.engine.light.cache import Graphs
from studio.engine.light.graph import GraphError, Wait
from studio.engine.light.manner import sees_paintings
from studio.engine.light.painting import enlarged, finished, fits, found, rgba, spread
from studio.engine.light.paintings import Paintings
from studio.engine.light.saving import save
from studio.engine.recent import Recent
from studio.engine.threads import Aside

_log = logging.getLogger(__name__)

RUNTIME = "STUDIO_RUNTIME"
"""The environment variable that, as ``torch``, has torch do everything."""
_OPENED, _PAINTED = 0.1, 0.8  # shares of the job
_BESIDE = 8  # bytes a pixel that a photo needs besides itself while it is done: what is encoded


@dataclass(frozen=True)
class _Work:
    """A job, and what paints it."""

    job: ApplyJob
    paint: Callable[[Floats, Wait], Floats]

    def key(self) -> Hashable:
        """Equal where the net's output is the same."""
        return _key(self.job.request, self.job.weights, self.job.settings)


class Light:
    """Does what can be done without torch.

    Args:
        catalogue: where the weights are.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._graphs = Graphs()
        self._aside = Aside()
        self._paintings = Paintings(self._aside)
        self._scenes: Recent[tuple[Picture, tuple[int, int]]] = Recent(6)
        self._painted: Recent[NDArray[np.float16]] = Recent(24)

    def carry_out(self, order: Order[Any]) -> Finished | None:
        """Does a job, tells of it, and returns its terminal event; None: it is one for torch.

        Raises:
            StudioError: the request cannot be met.
            CancelledError: it was asked to stop.
        """
        started = time.monotonic()
        job = self.prepare(order)
        if job is None:
            return None
        order.tell(Started(order.id, job.place))
        try:
            work = self._work(job, self._size(job))
            if work is None:
                return None
            size = self._save(work) if job.request.output else self._preview(work)
        except GraphError as error:
            self._give_up(job, error)
            return None
        seconds = time.monotonic() - started
        return Finished(job.id, job.request.output, job.weights.id, job.place, seconds, size)

    def prepare(self, order: Order[Any]) -> ApplyJob | None:
        """Looks up all that a request names; None: it is one for torch, whatever its photo.

        Raises:
            StudioError: weights, device or settings are not to be had.
        """
        request = order.request
        if not isinstance(request, Apply) or not _is_usual(request):
            return None
        found = resolve(self._catalogue, request)
        check_takes_pictures(found.weights)
        if not _is_known(found):
            return None
        progress = order.progress()
        settings = self._paintings.opened(found, progress.check)
        return ApplyJob(
            order.id, request, found.weights, found.spec, settings, found.place, order.tell,
            progress,
        )  # fmt: skip

    def load(self, job: ApplyJob) -> bool:
        """Loads the graph of a job, or makes it; says whether there is one.

        Raises:
            StudioError: the weights cannot be loaded.
        """
        try:
            return self._work(job, (1, 1)) is not None
        except GraphError as error:
            self._give_up(job, error)
            return False

    def render(self, job: ApplyJob, picture: Picture) -> Picture | None:
        """The result of a job for its opened picture, in full size; None: it is one for torch.

        It takes the picture's place: that is no longer what it was.

        Raises:
            CancelledError: the job should stop.
        """
        size = picture.height, picture.width
        try:
            work = self._work(job, size)
            return None if work is None else self._rendered(work, picture)
        except GraphError as error:
            self._give_up(job, error)
            return None

    def painted(
        self, request: Apply, weights: Weights, settings: Settings
    ) -> NDArray[np.float16] | None:
        """What the net made of a preview, (1, C, H, W), if it was painted here with such settings.

        Settings that act after the net, such as a mask, may be others.
        """
        return self._painted.peek(_key(request, weights, settings)) if _is_usual(request) else None

    def close(self) -> None:
        """Waits for work that was given up."""
        self._aside.close()

    def _size(self, job: ApplyJob) -> tuple[int, int]:
        """Height and width of the photo."""
        source = Path(job.request.source)
        looking = partial(read_size, source)  # aside: it may be a pipe into which nothing comes
        key = ("size", file_key(str(source)))
        width, height = self._aside.do(looking, job.progress.check, key)
        return height, width

    def _work(self, job: ApplyJob, size: tuple[int, int]) -> _Work | None:
        """How a job is done for a photo of (height, width); None: by torch."""
        known = _is_usual(job.request) and _is_known(job)
        if not known or not fits(job.spec, size, job.settings):
            return None
        paint = self._graphs.painter(job.weights, job.spec, job.settings, self._wait(job))
        return None if paint is None else _Work(job, paint)

    def _wait(self, job: ApplyJob) -> Wait:
        return lambda work: self._aside.do(work, job.progress.check)

    def _give_up(self, job: ApplyJob, error: GraphError) -> None:
        """Leaves a job to torch, which can do with less memory, if that was why."""
        _log.warning("the graph of %s failed: %s", job.weights.id, error)
        self._graphs.forget()

    def _save(self, work: _Work) -> tuple[int, int]:
        job, request = work.job, work.job.request
        output = Path(request.output)
        refuse_originals([output], job.originals())
        check_savable(output, overwrite=request.save.overwrite)
        job.progress.report(0.0, "opening")
        opening = partial(open_picture, Path(request.source), beside=_BESIDE)
        picture = self._aside.do(opening, job.progress.check)
        job.progress.report(_OPENED, "painting")
        picture = self._rendered(work, picture)
        job.progress.report(_PAINTED, "saving")
        save(request, job.kept_request(), picture, self._aside, job.progress, job.notice)
        return picture.width, picture.height

    def _preview(self, work: _Work) -> tuple[int, int]:
        job, request = work.job, work.job.request
        key = (file_key(request.source), request.preview_side)

        def reduced() -> tuple[Picture, tuple[int, int]]:
            opening = partial(_reduced, Path(request.source), request.preview_side)
            return self._aside.do(opening, job.progress.check, key)

        job.progress.report(_OPENED, "opening")
        picture, (width, height) = self._scenes.get(key, reduced)
        ran_net = False

        def paint() -> NDArray[np.float16]:
            nonlocal ran_net
            ran_net = True
            found = self._found(work, picture, (height, width))
            return enlarged(found, (picture.height, picture.width)).astype(np.float16)

        kept = self._painted.get(work.key(), paint)
        shown = picture.with_pixels(self._finished(job, picture, kept.astype(np.float32)))
        job.tell(Previewed(job.id, rgba(shown), (width, height), ran_net))
        return shown.width, shown.height

    def _rendered(self, work: _Work, picture: Picture) -> Picture:
        """The result, in the place of the picture."""
        painted = self._found(work, picture, (picture.height, picture.width))
        give_back()  # what the net has let go
        return picture.with_pixels(self._finished(work.job, picture, painted, picture.given_up()))

    def _found(self, work: _Work, picture: Picture, size: tuple[int, int]) -> Floats:
        job = work.job
        return found(work.paint, job.spec, picture.pixels, size, job.settings, self._wait(job))

    def _finished(
        self, job: ApplyJob, picture: Picture, painted: Floats, into: Floats | None = None
    ) -> Floats:
        def finish() -> Floats:
            size = picture.height, picture.width
            mask = None if job.mask is None else spread(job.mask, size)
            return finished(job.spec, picture.pixels, painted, mask, job.settings, into)

        return self._aside.do(finish, job.progress.check)


def _is_known(job: ApplyJob | Resolved) -> bool:
    """Whether there may be a graph that does it; not where no net is needed."""
    told = job.spec.shares(job.weights.hyperparameters, job.settings) is not None
    return (told or sees_paintings(job.weights)) and not job.spec.skips_net(job.settings)


def _key(request: Apply, weights: Weights, settings: Settings) -> Hashable:
    before_net = tuple(settings[c.name] for c in weights.controls if not c.after_net)
    return file_key(request.source), request.preview_side, weights.sha256, before_net


def _reduced(source: Path, side: int) -> tuple[Picture, tuple[int, int]]:
    """A copy for the screen, and the whole picture's size."""
    full = open_picture(source)
    return full.reduced(side), (full.width, full.height)


def _is_usual(request: Apply) -> bool:
    """Whether a request is of the kind that is done here, whatever its weights."""
    if os.environ.get(RUNTIME) == "torch" or request.region is not None:
        return False
    on_cpu = request.device == "cpu" or (request.device == "auto" and not may_have_an_accelerator())
    pages = request.output and request.pages != "first"
    more = request.then or request.upscaler or pages
    return on_cpu and request.tile == "auto" and not more and request.seconds is None
