"""Carries out `Generate`: latents in; a grid, a film, a file of latents or pixels out."""

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F
from torchvision.utils import make_grid

from studio.core import film
from studio.core.catalogue import Catalogue, check_generates
from studio.core.errors import StudioError
from studio.core.events import Event, Finished, Previewed, Progressed, Started
from studio.core.formats import disk
from studio.core.latents import Latents, LatentsFile, draw, walk, write_latents
from studio.core.picture import Picture
from studio.core.picture_files import save_picture
from studio.core.progress import Part, Progress
from studio.core.requests import Generate, JobId, to_json
from studio.engine.loaded import LoadedNets
from studio.engine.named import Named, look_up

_MADE = 0.9  # share of the work that is done when all is generated
_MOST = 16_384  # pictures of a grid, frames of a film
_FRAMES_AT_ONCE = 16


@dataclass(frozen=True)
class _Job:
    id: JobId
    request: Generate
    named: Named
    progress: Progress


class Sampler:
    """Keeps the nets that the next request may need again."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._nets = LoadedNets()

    @torch.inference_mode()
    def carry_out(
        self,
        id_: JobId,
        request: Generate,
        tell: Callable[[Event], None],
        cancelled: Callable[[], bool],
    ) -> Finished:
        """Does the job, tells of it, and returns its terminal event.

        Raises:
            StudioError: the request cannot be met.
            CancelledError: `cancelled` said so.
        """
        started = time.monotonic()
        named = look_up(self._catalogue, request)
        check_generates(named.weights)
        progress = Progress(lambda *what: tell(Progressed(id_, *what)), cancelled)
        job = _Job(id_, request, named, progress)
        tell(Started(id_, str(named.device)))
        size = self._answer(job, tell)
        seconds = time.monotonic() - started
        device = str(named.device)
        return Finished(id_, request.output, named.weights.id, device, seconds, size)

    def _answer(self, job: _Job, tell: Callable[[Event], None]) -> tuple[int, int]:
        """Writes or tells the result; returns its width and height in px."""
        request, output = job.request, Path(job.request.output)
        latents, suffix = find_latents(request, job.named.weights.latent), output.suffix.lower()
        if request.output:
            disk.refuse_existing(output, overwrite=request.save.overwrite)
            if not output.parent.is_dir():
                raise StudioError(f"there is no folder {output.parent}", "make it, or choose another")
        if suffix == ".json":
            return self._keep(job, latents, output)
        if request.frames and request.output:
            return self._film(job, latents, output)
        if suffix == ".mp4":
            raise StudioError("a film needs frames", "`--interpolate 3,11,42 --frames 120`")
        grid = _grid(self._make(job, latents, Part(job.progress, 0, _MADE)), request)
        height, width = grid.shape[:2]
        if not request.output:
            pixels = np.full((height, width, 4), 255, np.uint8)
            pixels[..., :3] = np.rint(grid * 255)
            tell(Previewed(job.id, pixels, (width, height), True))
            return width, height
        job.progress.report(_MADE, "saving")
        save_picture(Picture(grid), output, request.save, to_json(_recipe(job)))
        job.progress.report(1.0, "saved")
        return width, height

    def _make(self, job: _Job, latents: Latents, progress: Progress) -> Tensor:
        """Pictures (N, 3, S, S) in [0, 1] of latents (N, Z)."""
        named = job.named
        net = self._nets.get(named.weights, named.spec, named.device)
        like = next(net.parameters())
        made = named.spec.run(
            net, torch.from_numpy(latents).to(like), named.settings,
            torch.Generator().manual_seed(job.request.seed), progress,
        )  # fmt: skip
        made = made.float().cpu()
        if job.request.zoom > 1:
            made = F.interpolate(made, scale_factor=float(job.request.zoom), mode="bicubic")
        return made.clamp(0, 1)

    def _film(self, job: _Job, latents: Latents, output: Path) -> tuple[int, int]:
        request = job.request
        size = (0, 0)

        def frames() -> Iterator[NDArray[np.uint8]]:
            nonlocal size
            for first in range(0, len(latents), _FRAMES_AT_ONCE):
                job.progress.report(_MADE * first / len(latents), "filming")
                some = latents[first : first + _FRAMES_AT_ONCE]
                made = self._make(job, some, Progress(cancelled=job.cancelled))
                size = (made.shape[3], made.shape[2])
                yield from (made * 255).round().byte().permute(0, 2, 3, 1).numpy()

        suffix = output.suffix.lower()
        data = film.encode_film(frames(), request.fps, suffix, request.save.quality)
        job.progress.report(_MADE, "saving")
        disk.write_whole(output, data, overwrite=request.save.overwrite)
        job.progress.report(1.0, "saved")
        return size

    def _keep(self, job: _Job, latents: Latents, output: Path) -> tuple[int, int]:
        rows = tuple(tuple(float(number) for number in row) for row in latents)
        file = LatentsFile(job.named.weights.id, rows, job.named.settings)
        write_latents(output, file, overwrite=job.request.save.overwrite)
        return 0, 0
