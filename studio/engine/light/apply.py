"""Carries out the most usual of requests: a photo that fits in one piece, on a CPU."""

import logging
import os
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studio.core.catalogue import Catalogue, Weights
from studio.core.controls import Mask, Settings, Value, complete
from studio.core.events import Event, Finished, Noticed, Previewed, Progressed, Started
from studio.core.files.identity import file_key, refuse_originals
from studio.core.picture import Floats, Picture
from studio.core.picture_files import check_savable, open_picture, read_size
from studio.core.progress import Progress
from studio.core.requests import Apply, JobId, check_seed
from studio.core.values.mask_pictures import open_mask, record
from studio.engine.light.cache import Graphs
from studio.engine.light.graph import Graph, GraphError
from studio.engine.light.machine import may_have_an_accelerator
from studio.engine.light.painting import finished, fits, found, rgba, spread
from studio.engine.light.saving import save
from studio.engine.recent import Recent
from studio.engine.threads import Aside
from studio.models._header import check_header
from studio.models._spec import ModelSpec, find_spec

_log = logging.getLogger(__name__)

PixelsOf = tuple[NDArray[np.uint8], tuple[int, int], bool]
"""What `Previewed` tells."""
RUNTIME = "STUDIO_RUNTIME"
"""The environment variable that, as ``torch``, has torch do everything."""
_OPENED, _PAINTED = 0.1, 0.8  # shares of the job
_BESIDE = 24  # bytes a pixel, as in `ApplyJob.bytes_beside`


@dataclass(frozen=True)
class _Work:
    """What a request comes to."""

    request: Apply
    weights: Weights
    spec: ModelSpec
    settings: dict[str, Value]
    shares: tuple[float, ...]
    graph: Graph
    mask: Picture | None

    def key(self) -> Hashable:
        """Equal where the net's output is the same."""
        return _key(self.request, self.weights, self.settings)


class Light:
    """Does what can be done without torch.

    Args:
        catalogue: where the weights are.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._graphs = Graphs()
        self._aside = Aside()
        self._scenes: Recent[tuple[Picture, tuple[int, int]]] = Recent(6)
        self._painted: Recent[NDArray[np.float16]] = Recent(24)

    def carry_out(
        self,
        id_: JobId,
        request: object,
        tell: Callable[[Event], None],
        cancelled: Callable[[], bool],
    ) -> Finished | None:
        """Does a job, tells of it, and returns its terminal event; None: it is one for torch.

        Raises:
            StudioError: the request cannot be met.
            CancelledError: `cancelled` said so.
        """
        started = time.monotonic()
        if not isinstance(request, Apply) or not _is_usual(request):
            return None
        progress = Progress(lambda *what: tell(Progressed(id_, *what)), cancelled)
        try:
            work = self._prepared(request, progress, lambda: tell(Started(id_, "cpu")))
            if work is None:
                return None
            if request.output:
                size = self._save(work, progress, lambda text: tell(Noticed(id_, text)))
            else:
                size = self._preview(work, progress, lambda shown: tell(Previewed(id_, *shown)))
        except GraphError as error:  # such as for want of memory: torch can do with less
            _log.warning("the graph of %s failed: %s", request.weights, error)
            self._graphs.forget()
            return None
        seconds = time.monotonic() - started
        return Finished(id_, request.output, work.weights.id, "cpu", seconds, size)

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

    def _prepared(
        self, request: Apply, progress: Progress, begin: Callable[[], None]
    ) -> _Work | None:
        check_seed(request.seed)
        weights = self._catalogue.find(request.weights)
        if weights.gradual or weights.latent or (request.sha256 not in {"", weights.sha256}):
            return None
        spec = find_spec(weights.spec)
        check_header(weights, spec)
        settings = complete(spec.controls(weights.hyperparameters), request.settings)
        shares = spec.shares(weights.hyperparameters, settings)
        if shares is None or spec.skips_net(settings):
            return None
        begin()
        source = Path(request.source)
        looking = partial(read_size, source)  # aside: it may be a pipe into which nothing comes
        width, height = self._aside.do(looking, progress.check, ("size", file_key(str(source))))
        graph = self._graphs.get(weights, spec) if fits(spec, (height, width), settings) else None
        if graph is None:
            return None
        value = str(settings.get(_mask_name(weights), ""))
        mask = self._aside.do(partial(open_mask, value), progress.check) if value else None
        return _Work(request, weights, spec, settings, tuple(shares), graph, mask)

    def _save(
        self, work: _Work, progress: Progress, notice: Callable[[str], None]
    ) -> tuple[int, int]:
        request, output = work.request, Path(work.request.output)
        refuse_originals([output], [Path(request.source), work.weights.path])
        check_savable(output, overwrite=request.save.overwrite)
        progress.report(0.0, "opening")
        opening = partial(open_picture, Path(request.source), beside=_BESIDE)
        picture = self._aside.do(opening, progress.check)
        progress.report(_OPENED, "painting")
        size = (picture.height, picture.width)
        painted = self._found(work, picture, size, progress)
        result = self._finished(work, picture, painted, progress)
        progress.report(_PAINTED, "saving")
        saved = picture.with_pixels(result)
        save(request, _kept(work), saved, self._aside, progress, notice)
        return saved.width, saved.height

    def _preview(
        self, work: _Work, progress: Progress, tell: Callable[[PixelsOf], None]
    ) -> tuple[int, int]:
        request, key = work.request, (file_key(work.request.source), work.request.preview_side)

        def reduced() -> tuple[Picture, tuple[int, int]]:
            opening = partial(_reduced, Path(request.source), request.preview_side)
            return self._aside.do(opening, progress.check, key)

        progress.report(_OPENED, "opening")
        picture, (width, height) = self._scenes.get(key, reduced)
        ran_net = False

        def paint() -> NDArray[np.float16]:
            nonlocal ran_net
            ran_net = True
            return self._found(work, picture, (height, width), progress).astype(np.float16)

        kept = self._painted.get(work.key(), paint)
        result = self._finished(work, picture, kept.astype(np.float32), progress)
        shown = picture.with_pixels(result)
        tell((rgba(shown), (width, height), ran_net))
        return shown.width, shown.height

    def _found(
        self, work: _Work, picture: Picture, size: tuple[int, int], progress: Progress
    ) -> Floats:
        return found(
            work.graph, work.spec, picture.pixels, size, work.settings, work.shares,
            lambda run: self._aside.do(run, progress.check),
        )  # fmt: skip

    def _finished(
        self, work: _Work, picture: Picture, painted: Floats, progress: Progress
    ) -> Floats:
        mask, size = work.mask, (picture.height, picture.width)
        if mask is not None:
            mask = self._aside.do(partial(spread, mask, size), progress.check)
        return finished(work.spec, picture.pixels, painted, mask, work.settings)


def _mask_name(weights: Weights) -> str:
    """Of the control that has a mask; empty where none has."""
    return next((c.name for c in weights.controls if isinstance(c, Mask)), "")


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


def _kept(work: _Work) -> Apply:
    """The request that goes into the file: complete, and without the person's folders."""
    request, settings = work.request, dict(work.settings)
    if work.mask is not None:
        name = _mask_name(work.weights)
        settings[name] = record(str(settings[name]), work.mask)
    return replace(
        request,
        weights=work.weights.id,
        sha256=work.weights.sha256,
        source=Path(request.source).name,
        output=Path(request.output).name,
        settings=settings,
    )
