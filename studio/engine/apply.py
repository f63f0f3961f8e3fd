"""Carries out `Apply`: a photo file in, a picture file or the pixels of a preview out."""

import time
import warnings
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from studio.core.catalogue import Catalogue, Weights
from studio.core.controls import Mask, Value, complete
from studio.core.errors import StudioError
from studio.core.events import Event, Finished, Noticed, Previewed, Progressed, Started
from studio.core.formats.disk import refuse_existing
from studio.core.picture import Picture
from studio.core.picture_files import open_picture, save_picture
from studio.core.progress import Part, Progress
from studio.core.requests import Apply, JobId, to_json
from studio.engine.device import find_device
from studio.engine.loaded import LoadedNets
from studio.engine.paint import attempts, paint
from studio.engine.recent import Recent
from studio.models._spec import ModelSpec, find_spec

# Share of the work that is done when the photo is open, and when it is painted.
_OPENED, _PAINTED = 0.04, 0.9
_FINISH_ROWS = 256


@dataclass(frozen=True)
class _Job:
    """One request with all that was looked up for it."""

    id: JobId
    request: Apply
    weights: Weights
    spec: ModelSpec
    settings: dict[str, Value]
    device: torch.device
    tell: Callable[[Event], None]
    progress: Progress

    def notice(self, message: str) -> None:
        """Tells the person."""
        self.tell(Noticed(self.id, message))


class Applier:
    """Keeps what the next request may need again: nets, reduced photos, painted previews."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._nets = LoadedNets()
        self._reduced: Recent[tuple[Picture, tuple[int, int]]] = Recent(6)
        self._painted: Recent[tuple[Tensor, torch.device]] = Recent(24)

    @torch.inference_mode()
    def carry_out(
        self,
        id_: JobId,
        request: Apply,
        tell: Callable[[Event], None],
        cancelled: Callable[[], bool],
    ) -> Finished:
        """Does the job, tells of it, and returns its terminal event.

        Raises:
            StudioError: the request cannot be met.
            CancelledError: `cancelled` said so.
        """
        started = time.monotonic()
        weights = self._catalogue.find(request.weights)
        if request.sha256 and weights.sha256 != request.sha256:
            raise StudioError(
                f"the weights {weights.id} are not those of the request",
                "other weights of that name were installed since",
            )
        device = find_device(request.device)
        progress = Progress(lambda *what: tell(Progressed(id_, *what)), cancelled)
        job = _Job(
            id_, request, weights, find_spec(weights.model),
            complete(weights.controls, request.settings), device, tell, progress,
        )  # fmt: skip
        tell(Started(id_, str(device)))
        done = self._save if request.output else self._preview
        device, size = done(job)
        seconds = time.monotonic() - started
        return Finished(id_, request.output, weights.id, str(device), seconds, size)

    def _preview(self, job: _Job) -> tuple[torch.device, tuple[int, int]]:
        request = job.request
        key = (_file_key(request.source), request.preview_side)
        picture, full_size = self._reduced.get(
            key, lambda: _open_reduced(Path(request.source), request.preview_side)
        )
        job.progress.report(_OPENED, "opening")
        ran_net = False

        def run_net() -> tuple[Tensor, torch.device]:
            nonlocal ran_net
            ran_net = True
            painted, device = self._paint(job, picture, full_size)
            return painted.half(), device

        device = job.device
        if job.spec.skips_net(job.settings):
            result = _tensor(picture).clone()
        else:
            before_net = tuple(
                (c.name, job.settings[c.name]) for c in job.weights.controls if not c.after_net
            )
            painted, device = self._painted.get(
                (key, job.weights.sha256, before_net, request.seed, request.device), run_net
            )
            result = painted.float()
            _finish(job, picture, result)
        pixels = np.empty((picture.height, picture.width, 4), np.uint8)
        pixels[..., :3] = (result[0].permute(1, 2, 0) * 255).round().clamp(0, 255).byte().numpy()
        pixels[..., 3] = 255 if picture.alpha is None else np.rint(picture.alpha * 255)
        job.tell(Previewed(job.id, pixels, full_size, ran_net))
        return device, (picture.width, picture.height)

    def _save(self, job: _Job) -> tuple[torch.device, tuple[int, int]]:
        request, output = job.request, Path(job.request.output)
        refuse_existing(output, overwrite=request.save.overwrite)
        job.progress.report(0.0, "opening")
        picture = open_picture(Path(request.source))
        job.progress.report(_OPENED, "painting")
        device, result = job.device, picture
        if not job.spec.skips_net(job.settings):
            painted, device = self._paint(job, picture, (picture.width, picture.height))
            _finish(job, picture, painted)
            result = picture.with_pixels(painted[0].permute(1, 2, 0).numpy())
        job.progress.report(_PAINTED, "saving")
        save_picture(result, output, request.save, to_json(_recipe(job)))
        job.progress.report(1.0, "saved")
        return device, (picture.width, picture.height)

    def _paint(
        self, job: _Job, picture: Picture, full_size: tuple[int, int]
    ) -> tuple[Tensor, torch.device]:
        """Paints at the size that the full picture is painted at, as far as these pixels go."""
        photo = _tensor(picture)
        wanted = job.spec.working_size((full_size[1], full_size[0]), job.settings)
        own = (picture.height, picture.width)
        size = wanted if wanted[0] * wanted[1] < own[0] * own[1] else own

        def get_net(device: torch.device) -> nn.Module:
            return self._nets.get(job.weights, job.spec, device)

        return paint(
            job.spec, get_net, photo, size, job.settings, job.request.seed,
            attempts(job.device, job.request.tile, size),
            Part(job.progress, _OPENED, _PAINTED), job.notice,
        )  # fmt: skip


def _open_reduced(path: Path, side: int) -> tuple[Picture, tuple[int, int]]:
    picture = open_picture(path)
    return picture.reduced(side), (picture.width, picture.height)


def _finish(job: _Job, picture: Picture, painted: Tensor) -> None:
    """Blends photo and result in place, some rows at a time."""
    mask = _open_mask(job, picture)
    photo = _tensor(picture)
    for start in range(0, picture.height, _FINISH_ROWS):
        job.progress.check()
        rows = slice(start, start + _FINISH_ROWS)
        painted[:, :, rows] = job.spec.finish(
            photo[:, :, rows],
            painted[:, :, rows],
            None if mask is None else mask[:, :, rows],
            job.settings,
        )


def _open_mask(job: _Job, picture: Picture) -> Tensor | None:
    """The mask at the picture's size, (1, 1, H, W) in [0, 1]; None for everywhere."""
    names = [c.name for c in job.weights.controls if isinstance(c, Mask)]
    path = next((str(job.settings[name]) for name in names if job.settings[name]), "")
    if not path:
        return None
    grey = _tensor(open_picture(Path(path))).mean(1, keepdim=True)
    size = (picture.height, picture.width)
    return F.interpolate(grey, size, mode="bilinear", antialias=True).clamp_(0, 1)


def _tensor(picture: Picture) -> Tensor:
    """A view (1, 3, H, W) of a picture's pixels, which are read-only: never written to."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="The given NumPy array is not writable")
        return torch.from_numpy(picture.pixels).permute(2, 0, 1)[None]


def _recipe(job: _Job) -> Apply:
    """The request that goes into the file: complete, and without the person's folders."""
    request = job.request
    settings = {**job.settings}
    for control in job.weights.controls:
        if isinstance(control, Mask):
            settings[control.name] = Path(str(settings[control.name])).name
    return replace(
        request,
        weights=job.weights.id,
        sha256=job.weights.sha256,
        source=Path(request.source).name,
        output=Path(request.output).name,
        settings=settings,
    )


def _file_key(path: str) -> Hashable:
    try:
        stat = Path(path).stat()
    except OSError:
        return path  # opening it will say what is wrong
    return path, stat.st_mtime_ns, stat.st_size
