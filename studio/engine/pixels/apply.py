"""Carries out `Apply`: a photo file in, a picture file or the pixels of a preview out."""

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from studio.core.catalogue import Catalogue, check_takes_pictures
from studio.core.controls import Settings
from studio.core.events import Event, Finished, Measured, Previewed, Progressed, Started
from studio.core.files.disk import write_whole
from studio.core.files.identity import refuse_originals
from studio.core.page_files import PagesWriter
from studio.core.picture import Picture
from studio.core.picture_files import check_savable
from studio.core.progress import Progress, SubProgress
from studio.core.requests import Apply, Generate, JobId
from studio.engine.light.saving import save
from studio.engine.pixels.finish import finish, open_mask, part_of, to_tensor
from studio.engine.pixels.job import ApplyJob, following, resolve
from studio.engine.pixels.pages import render_pages, takes_all
from studio.engine.pixels.paintings import Paintings
from studio.engine.pixels.runs import OPENED, PAINTED, Runs
from studio.engine.pixels.scene import Scene, Scenes, open_source, shown_bytes, source_key
from studio.engine.recent import Recent
from studio.engine.threads import Aside

Painted = Callable[[ApplyJob], NDArray[np.float16] | None]


class Applier:
    """Keeps what the next request may need again: nets, photos, painted previews.

    Args:
        catalogue: where the weights are.
        painted: what another runtime has painted of a preview already.
        full_precision: of nets, on every device.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        painted: Painted = lambda _: None,
        *,
        full_precision: bool = False,
    ) -> None:
        self._catalogue, self._painted_before = catalogue, painted
        self._runs = Runs(full_precision=full_precision)
        self._aside = Aside()
        self._scenes = Scenes(self._aside)
        self._painted: Recent[tuple[Tensor, torch.device]] = Recent(24)
        self._levels: Recent[dict[str, float]] = Recent(24)
        self._paintings = Paintings(self._aside)

    @torch.inference_mode()
    def carry_out(
        self,
        id_: JobId,
        request: Apply,
        tell: Callable[[Event], None],
        cancelled: Callable[[], bool],
        enough: Callable[[], bool] = lambda: False,
    ) -> Finished:
        """Does the job, tells of it, and returns its terminal event.

        A gradual work ends with what it has once `enough` says so.

        Raises:
            StudioError: the request cannot be met.
            CancelledError: `cancelled` said so.
        """
        started = time.monotonic()
        job = self.prepare(id_, request, tell, cancelled, enough)
        tell(Started(id_, str(job.device)))
        done = self._save if request.output else self._preview
        device, size = done(job)
        seconds = time.monotonic() - started
        return Finished(id_, request.output, job.weights.id, str(device), seconds, size)

    def prepare(
        self,
        id_: JobId,
        request: Apply,
        tell: Callable[[Event], None],
        cancelled: Callable[[], bool],
        enough: Callable[[], bool] = lambda: False,
    ) -> ApplyJob:
        """Looks up all that a request names.

        Raises:
            StudioError: weights, device or settings are not to be had.
        """
        resolved = resolve(self._catalogue, request)
        check_takes_pictures(resolved.weights)
        progress = Progress(lambda *what: tell(Progressed(id_, *what)), cancelled, enough)
        settings = self._paintings.opened(resolved, progress.check)

        def tell_as_step(event: Event) -> None:
            if not isinstance(event, Measured):  # the first model's controls are what is shown
                tell(event)

        then = tuple(
            self.prepare(id_, following(request, step), tell_as_step, cancelled, enough)
            for step in request.then
        )
        return ApplyJob(
            id_, request, resolved.weights, resolved.spec, settings, resolved.device, tell,
            progress, upscaling=self.upscaling(id_, request, cancelled), then=then,
        )  # fmt: skip

    def upscaling(
        self, id_: JobId, request: Apply | Generate, cancelled: Callable[[], bool]
    ) -> ApplyJob | None:
        """What enlarges the results of a request, see `enlarged`; None: nothing does.

        Raises:
            StudioError: as `prepare`.
        """
        if not request.upscaler:
            return None
        by = Apply(
            request.upscaler, "", sha256=request.upscaler_sha256, device=request.device,
            upscales=request.upscales,
        )  # fmt: skip
        return self.prepare(id_, by, lambda _: None, cancelled)

    def enlarged(self, upscaling: ApplyJob | None, picture: Picture) -> Picture:
        """A picture, enlarged as often as a request says.

        Raises:
            StudioError, CancelledError: as `render`.
        """
        if upscaling is not None:
            for _ in range(upscaling.request.upscales):
                picture, _ = self._rendered(upscaling, picture)
        return picture

    def close(self) -> None:
        """Waits for work that was given up."""
        self._aside.close()

    @property
    def aside(self) -> Aside:
        """For work in which nobody asks."""
        return self._aside

    def mask(self, job: ApplyJob, full_size: tuple[int, int]) -> Tensor | None:
        """See `open_mask`."""
        return self._aside.do(partial(open_mask, job, full_size), job.progress.check)

    @property
    def runs(self) -> Runs:
        """Runs the nets."""
        return self._runs

    def load(self, job: ApplyJob) -> None:
        """Loads the net of a job, so that damaged weights are found before any picture is opened.

        Raises:
            StudioError: the file's tensors do not fit the model, or cannot be read.
        """
        for each in (job, *job.then):
            self._runs.nets.get(each.weights, each.spec, each.device)

    @torch.inference_mode()
    def render(self, job: ApplyJob, picture: Picture) -> tuple[Picture, torch.device]:
        """The result of a job for its opened picture, in full size, and the device at last.

        Raises:
            StudioError: memory does not suffice, or the result is no picture.
            CancelledError: the job should stop.
        """
        device = job.device
        for step in job.steps():
            picture, device = self._rendered(step, picture)
        return self.enlarged(job.upscaling, picture), device

    def _rendered(self, job: ApplyJob, picture: Picture) -> tuple[Picture, torch.device]:
        """The result of one model, see `render`."""
        if job.spec.skips_net(job.settings):
            return picture, job.device
        picture = job.prepared(picture)
        size, photo = (picture.width, picture.height), to_tensor(picture)
        settings = self._runs.measured(job, lambda: self._runs.measure(job, picture))
        mask = self.mask(job, size)
        inputs = self._runs.marked(job, photo, (size[1], size[0]), mask, settings)
        painted, device = self._runs.paint(job, inputs, size, settings, (size[1], size[0]))
        del inputs
        painted = finish(job, photo, painted, mask, settings)
        return picture.with_pixels(painted[0].permute(1, 2, 0).numpy()), device

    def _save(self, job: ApplyJob) -> tuple[torch.device, tuple[int, int]]:
        request, output = job.request, Path(job.request.output)
        refuse_originals([output], job.originals())
        check_savable(output, overwrite=request.save.overwrite)
        if takes_all(request, Path(request.source)):
            return self._save_pages(job, output)
        job.progress.report(0.0, "opening")
        opening = partial(open_source, request, job.bytes_beside)
        picture = self._aside.do(opening, job.progress.check)
        job.progress.report(OPENED, "painting")
        result, device = self.render(job, picture)
        job.progress.report(PAINTED, "saving")
        save(request, job.kept_request(), result, self._aside, job.progress, job.notice)
        return device, (result.width, result.height)

    def render_pages(self, job: ApplyJob) -> tuple[PagesWriter, torch.device]:
        """The results of a job for all pages of its file, and the device at last.

        Raises:
            StudioError: as `render`; or the output cannot hold them.
            CancelledError: the job should stop.
        """
        return render_pages(job, self.render, self._aside)

    def _save_pages(self, job: ApplyJob, output: Path) -> tuple[torch.device, tuple[int, int]]:
        whole = replace(job, progress=SubProgress(job.progress, 0.0, PAINTED))
        written, device = self.render_pages(whole)
        job.progress.report(PAINTED, "saving")
        data = self._aside.do(written.encoded, job.progress.check)
        write_whole(output, data, overwrite=job.request.save.overwrite)
        for note in written.notes:
            job.notice(note)
        job.progress.report(1.0, "saved")
        return device, written.size

    def _preview(self, job: ApplyJob) -> tuple[torch.device, tuple[int, int]]:
        first, *others = job.steps()
        scene, result, device, ran_net = self._previewed(first)
        for step in others:
            picture = scene.picture.with_pixels(result[0].permute(1, 2, 0).numpy())
            picture, device = self._rendered(step, picture)
            result = to_tensor(picture)
        if job.upscaling is not None:
            whole = scene.picture.with_pixels(result[0].permute(1, 2, 0).numpy())
            result = to_tensor(self.enlarged(job.upscaling, whole))
        pixels = shown_bytes(scene, result, job.scale)
        width, height = (side * job.scale for side in scene.full_size)
        job.tell(Previewed(job.id, pixels, (width, height), ran_net or bool(others)))
        return device, (pixels.shape[1], pixels.shape[0])

    def _previewed(self, job: ApplyJob) -> tuple[Scene, Tensor, torch.device, bool]:
        """What is looked at, what one model makes of it, on what, and whether its net ran."""
        scene = self._scenes.get(job)
        job.progress.report(OPENED, "opening")
        ran_net = False

        def run_net() -> tuple[Tensor, torch.device]:
            nonlocal ran_net
            before = self._painted_before(job)
            if before is not None:
                return torch.from_numpy(before), job.device
            ran_net = True
            size = scene.full_size if job.request.region is None else _size(scene.picture)
            photo = to_tensor(scene.picture)
            if job.spec.gradual:  # it is painted of the whole picture, as it will be saved
                seen, shown = to_tensor(self._scenes.full(job)), _sides(photo)
                painted, device = self._runs.paint(job, seen, size, settings, shown)
            else:
                part = part_of(mask, scene.corner, scale, photo)
                whole = (scene.whole[1], scene.whole[0])
                inputs = self._runs.marked(job, photo, whole, part, settings, scene.key)
                painted, device = self._runs.repaint(job, inputs, size, settings, scene.key)
            return painted.half(), device

        scale = job.weights.scale
        if job.spec.skips_net(job.settings):
            device, result = job.device, to_tensor(scene.picture)
        else:
            key = (scene.key, job.weights.sha256, job.before_net())
            key = (*key, job.request.seed, job.request.device)
            settings = job.spec.reduced(self._measured_in_file(job), scene.factor)
            mask = self.mask(job, scene.whole)
            painted, device = self._painted.get(key, run_net)
            result = finish(
                job, to_tensor(scene.picture), painted.float(), mask, settings, scene.corner
            )
        return scene, result, device, ran_net

    def _measured_in_file(self, job: ApplyJob) -> Settings:
        """The settings, with what was found in the file's whole picture for those at auto."""
        key = (source_key(job.request), job.weights.sha256)

        def measure() -> dict[str, float]:
            return self._runs.measure(job, self._scenes.full(job))

        return self._runs.measured(job, lambda: self._levels.get(key, measure))


def _sides(pictures: Tensor) -> tuple[int, int]:
    return pictures.shape[2], pictures.shape[3]


def _size(picture: Picture) -> tuple[int, int]:
    return picture.width, picture.height
