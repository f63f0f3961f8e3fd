"""Carries out `Generate`: latents in; a grid, a film, files, latents or pixels out."""

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from studio.core.catalogue import Catalogue, Weights, check_generates
from studio.core.errors import StudioError
from studio.core.events import Event, Finished, Previewed, Started
from studio.core.files import disk
from studio.core.files.identity import refuse_originals
from studio.core.latents import Latents, LatentsFile, draw, walk, write_latents
from studio.core.picture import Picture
from studio.core.picture_files import check_savable, save_picture
from studio.core.progress import Progress, SubProgress
from studio.core.requests import Generate, JobId, check_seed, to_json
from studio.core.video import film
from studio.core.words.said import say
from studio.engine.device import drafting
from studio.engine.job import ApplyJob, Order, Resolved, resolve
from studio.engine.pixels.apply import Applier
from studio.engine.pixels.singles import fill_folder

_MADE = 0.9  # share of the work that is done when all is generated
_MOST = 16_384  # pictures of a grid, frames of a film
_MOST_FILES = 200_000
_FRAMES_AT_ONCE = 16


@dataclass(frozen=True)
class GenerateJob:
    """What carrying out a `Generate` needs: the job's request, and all that it names."""

    id: JobId
    request: Generate
    resolved: Resolved
    progress: Progress
    upscaling: ApplyJob | None


class Sampler:
    """Makes pictures.

    Args:
        catalogue: where the weights are.
        applier: enlarges pictures; keeps the nets.
    """

    def __init__(self, catalogue: Catalogue, applier: Applier) -> None:
        self._catalogue = catalogue
        self._applier = applier
        self._nets = applier.runs.nets

    @torch.inference_mode()
    def carry_out(self, order: Order[Generate]) -> Finished:
        """Does the job, tells of it, and returns its terminal event.

        Raises:
            StudioError: the request cannot be met.
            CancelledError: it was asked to stop.
        """
        request, started = order.request, time.monotonic()
        resolved = resolve(self._catalogue, request)
        check_generates(resolved.weights)
        upscaling = self._applier.upscaling(order)
        job = GenerateJob(order.id, request, resolved, order.progress(), upscaling)
        order.tell(Started(order.id, str(resolved.device)))
        size = self._answer(job, order.tell)
        seconds = time.monotonic() - started
        device = str(resolved.device)
        return Finished(order.id, request.output, resolved.weights.id, device, seconds, size)

    def _answer(self, job: GenerateJob, tell: Callable[[Event], None]) -> tuple[int, int]:
        """Writes or tells the result; returns its width and height in px."""
        request, output = job.request, Path(job.request.output)
        latents, suffix = find_latents(request, job.resolved.weights), output.suffix.lower()
        if request.single:
            make = partial(self._make, job)
            side = fill_folder(request, _recipe(job), latents, make, job.progress)
            return side, side
        if request.output:
            refuse_originals([output], _originals(job))
            if suffix == ".mp4" and not request.frames:
                raise StudioError("a film needs frames", "`--interpolate 3,11,42 --frames 120`")
            is_grid = suffix != ".json" and not request.frames
            check = check_savable if is_grid else disk.refuse_unwritable
            check(output, overwrite=request.save.overwrite)
        if suffix == ".json":
            return self._keep(job, latents, output)
        if request.frames and request.output:
            return self._film(job, latents, output)
        grid = _grid(self._make(job, latents, SubProgress(job.progress, 0, _MADE)), request)
        height, width = grid.shape[:2]
        if not request.output:
            pixels = np.full((height, width, 4), 255, np.uint8)
            pixels[..., :3] = np.rint(grid * 255)
            tell(Previewed(job.id, pixels, (width, height), True))
            return width, height
        job.progress.report(_MADE, "saving")
        encode = partial(self._applier.aside.do, check=job.progress.check)
        save_picture(Picture(grid), output, request.save, to_json(_recipe(job)), encode=encode)
        job.progress.report(1.0, "saved")
        return width, height

    def _make(self, job: GenerateJob, latents: Latents, progress: Progress) -> Tensor:
        """Pictures (N, 3, S, S) in [0, 1] of latents (N, Z)."""
        resolved = job.resolved
        net = self._nets.get(resolved.weights, resolved.spec, resolved.device)
        like = next(net.parameters())
        with drafting(resolved.device, enabled=not job.request.output):
            made = resolved.spec.run(
                net, torch.from_numpy(latents).to(like), resolved.settings,
                torch.Generator().manual_seed(job.request.seed), progress,
            )  # fmt: skip
        made = made.float().cpu()
        if job.upscaling is not None:
            made = torch.stack([self._enlarged(job.upscaling, each) for each in made])
        if job.request.zoom > 1:
            made = F.interpolate(made, scale_factor=float(job.request.zoom), mode="bicubic")
        return made.clamp(0, 1)

    def _enlarged(self, job: ApplyJob, made: Tensor) -> Tensor:
        picture = Picture(made.clamp(0, 1).permute(1, 2, 0).numpy())
        result = self._applier.enlarged(job, picture)
        return torch.from_numpy(result.pixels).permute(2, 0, 1)

    def _film(self, job: GenerateJob, latents: Latents, output: Path) -> tuple[int, int]:
        request = job.request
        size = (0, 0)

        def frames() -> Iterator[NDArray[np.uint8]]:
            nonlocal size
            for first in range(0, len(latents), _FRAMES_AT_ONCE):
                some = latents[first : first + _FRAMES_AT_ONCE]
                part = (_MADE * n / len(latents) for n in (first, first + len(some)))
                made = self._make(job, some, SubProgress(job.progress, *part))
                size = (made.shape[3], made.shape[2])
                yield from (made * 255).round().byte().permute(0, 2, 3, 1).numpy()

        suffix = output.suffix.lower()
        data = film.encode_film(frames(), request.fps, suffix, request.save.quality)
        job.progress.report(_MADE, "saving")
        disk.write_whole(output, data, overwrite=request.save.overwrite)
        job.progress.report(1.0, "saved")
        return size

    def _keep(self, job: GenerateJob, latents: Latents, output: Path) -> tuple[int, int]:
        rows = tuple(tuple(float(number) for number in row) for row in latents)
        file = LatentsFile(job.resolved.weights.id, rows, job.resolved.settings)
        write_latents(output, file, overwrite=job.request.save.overwrite)
        return 0, 0


def find_latents(request: Generate, weights: Weights) -> Latents:
    """The latents (N, Z) of a request's pictures or frames.

    Raises:
        StudioError: latents of another size, no pictures or too many, or a film of one picture.
    """
    size = weights.latent
    if request.latents:
        if any(len(row) != size for row in request.latents):
            raise StudioError(
                say("these latents are not for {id}", id=weights.id),
                say("its own have {size} numbers each", size=size),
            )
        latents = np.asarray(request.latents, np.float32)
        if not np.isfinite(latents).all():
            raise StudioError("a latent has a number that is none", "generate the latents anew")
    else:
        count = len(request.seeds) or request.count
        most = _MOST_FILES if request.single else _MOST
        if not 0 < count <= most:
            raise StudioError(
                say("{count} pictures", count=count), say("ask for 1 to {most}", most=most)
            )
        seeds = request.seeds or range(request.seed, request.seed + count)
        for seed in seeds:
            check_seed(seed)
        latents = draw(seeds, size)
    if request.frames:
        if len(latents) < 2:
            raise StudioError("a film leads from one picture to another", "give two or more seeds")
        if not 2 <= request.frames <= _MOST or not 0 < request.fps <= 240:
            raise StudioError(
                say("{frames} frames at {fps:g} a second", frames=request.frames, fps=request.fps),
                say("ask for 2 to {most} frames, at up to 240 a second", most=_MOST),
            )
        latents = walk(latents, request.frames, loop=request.loop)
    return latents


def _grid(pictures: Tensor, request: Generate) -> NDArray[np.float32]:
    """Pictures (N, 3, S, S) side by side: (H, W, 3)."""
    columns = min(request.columns or math.ceil(math.sqrt(len(pictures))), len(pictures))
    rows, gap = math.ceil(len(pictures) / columns), request.padding if len(pictures) > 1 else 0
    white = pictures.new_ones(rows * columns - len(pictures), *pictures.shape[1:])
    cells = F.pad(torch.cat((pictures, white)), (gap, 0, gap, 0), value=1.0)
    sheet = cells.unflatten(0, (rows, columns)).permute(0, 3, 1, 4, 2).flatten(2, 3).flatten(0, 1)
    return np.ascontiguousarray(F.pad(sheet, (0, 0, 0, gap, 0, gap), value=1.0).numpy())


def _originals(job: GenerateJob) -> list[Path]:
    """The files that are read, and never written to."""
    upscaling = [] if job.upscaling is None else [job.upscaling.weights.path]
    latents = [Path(job.request.source)] if job.request.source else []
    return [job.resolved.weights.path, *upscaling, *latents]


def _recipe(job: GenerateJob) -> Generate:
    """The request that goes into the file: complete, and without the person's folders."""
    weights, upscaling = job.resolved.weights, job.upscaling
    return replace(
        job.request,
        weights=weights.id,
        sha256=weights.sha256,
        source="",
        output="",  # the same picture under every name
        settings=job.resolved.settings,
        upscaler="" if upscaling is None else upscaling.weights.id,
        upscaler_sha256="" if upscaling is None else upscaling.weights.sha256,
        save=replace(job.request.save, overwrite=False),  # and whatever was there
    )
