"""Carries out `Apply`: a photo file in, a picture file or the pixels of a preview out."""

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import torch
from torch import Tensor

from studio.core.catalogue import Catalogue, check_takes_pictures
from studio.core.events import Event, Finished, Measured, Previewed, Started
from studio.core.files.disk import write_whole
from studio.core.files.identity import refuse_originals
from studio.core.memory import give_back
from studio.core.page_files import PagesWriter
from studio.core.picture import Picture
from studio.core.picture_files import check_savable
from studio.core.progress import SubProgress
from studio.core.requests import Apply, Generate
from studio.engine.job import ApplyJob, Order, following, resolve, takes_all
from studio.engine.light.paintings import Paintings
from studio.engine.light.saving import save
from studio.engine.pixels.finding import Place
from studio.engine.pixels.finish import finish, open_mask, to_tensor
from studio.engine.pixels.pages import render_pages
from studio.engine.pixels.previewing import Painted, Previewer
from studio.engine.pixels.runs import OPENED, PAINTED, Runs
from studio.engine.pixels.scene import open_source, shown_bytes
from studio.engine.threads import Aside


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
        self._catalogue = catalogue
        self._runs = Runs(full_precision=full_precision)
        self._aside = Aside()
        self._previewer = Previewer(self._runs, self._aside, self.mask, painted, self._rendered)
        self._paintings = Paintings(self._aside)

    @torch.inference_mode()
    def carry_out(self, order: Order[Apply]) -> Finished:
        """Does the job, tells of it, and returns its terminal event.

        Raises:
            StudioError: the request cannot be met.
            CancelledError: it was asked to stop.
        """
        started, output = time.monotonic(), order.request.output
        job = self.prepare(order)
        order.tell(Started(order.id, job.place))
        device, size = (self._save if output else self._preview)(job)
        seconds = time.monotonic() - started
        return Finished(order.id, output, job.weights.id, str(device), seconds, size)

    def prepare(self, order: Order[Apply]) -> ApplyJob:
        """Looks up all that a request names.

        Raises:
            StudioError: weights, device or settings are not to be had.
        """
        request, progress = order.request, order.progress()
        resolved = resolve(self._catalogue, request)
        check_takes_pictures(resolved.weights)
        settings = self._paintings.opened(resolved, progress.check)

        def tell_as(number: int, event: Event) -> None:
            order.tell(replace(event, step=number) if isinstance(event, Measured) else event)

        then = tuple(
            self.prepare(replace(order, request=following(request, step), tell=partial(tell_as, n)))
            for n, step in enumerate(request.then, 1)
        )
        return ApplyJob(
            order.id, request, resolved.weights, resolved.spec, settings, resolved.place,
            order.tell, progress, upscaling=self.upscaling(order), then=then,
        )  # fmt: skip

    def upscaling(self, order: Order[Apply] | Order[Generate]) -> ApplyJob | None:
        """What enlarges the results of a request, see `enlarged`; None: nothing does.

        Raises:
            StudioError: as `prepare`.
        """
        request = order.request
        if not request.upscaler:
            return None
        by = Apply(
            request.upscaler, "", sha256=request.upscaler_sha256, device=request.device,
            upscales=request.upscales,
        )  # fmt: skip
        return self.prepare(Order(by, order.id, cancelled=order.cancelled))

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

    def render(self, job: ApplyJob, picture: Picture) -> tuple[Picture, torch.device]:
        """The result of a job for its opened picture, in full size, and the device at last.

        Whoever does not hold the picture itself has it let go as soon as the first step is done.

        Raises:
            StudioError: memory does not suffice, or the result is no picture.
            CancelledError: the job should stop.
        """
        device = job.device
        with torch.inference_mode():
            for index, step in enumerate(job.steps()):
                if index:
                    give_back()  # what the nets before it have let go
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
        inputs = self._runs.marked(job, photo, Place.all_of(photo), mask, settings)
        painted, device = self._runs.paint(job, inputs, size, settings, (size[1], size[0]))
        del inputs
        painted = finish(job, photo, painted, mask, settings)
        if job.spec.finder is not None:
            painted = painted.clone()  # without the marks beside it
        return picture.with_pixels(painted[0].permute(1, 2, 0).numpy()), device

    def _save(self, job: ApplyJob) -> tuple[torch.device, tuple[int, int]]:
        request, output = job.request, Path(job.request.output)
        refuse_originals([output], job.originals())
        check_savable(output, overwrite=request.save.overwrite)
        if takes_all(request, Path(request.source)):
            return self._save_pages(job, output)
        job.progress.report(0.0, "opening")
        opening = partial(open_source, request, job.bytes_beside)
        picture, device = self.render(job, self._opened(job, opening))  # and holds no photo
        job.progress.report(PAINTED, "saving")
        save(request, job.kept_request(), picture, self._aside, job.progress, job.notice)
        return device, (picture.width, picture.height)

    def _opened(self, job: ApplyJob, opening: Callable[[], Picture]) -> Picture:
        picture = self._aside.do(opening, job.progress.check)
        job.progress.report(OPENED, "painting")
        return picture

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
        scene, result, device, ran_net = self._previewer.preview(job)
        if job.upscaling is not None:
            whole = scene.picture.with_pixels(result[0].permute(1, 2, 0).numpy())
            result = to_tensor(self.enlarged(job.upscaling, whole))
        pixels = shown_bytes(scene, result)
        by = pixels.shape[1] / (scene.shown[1].stop - scene.shown[1].start)
        width, height = (round(side * by) for side in scene.full_size)
        job.tell(Previewed(job.id, pixels, (width, height), ran_net))
        return device, (pixels.shape[1], pixels.shape[0])
