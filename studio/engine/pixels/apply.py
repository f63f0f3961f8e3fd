"""Carries out `Apply`: a photo file in, a picture file or the pixels of a preview out."""

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import torch
from torch import Tensor, nn

from studio.core.catalogue import Catalogue, check_takes_pictures
from studio.core.controls import AUTO, Settings
from studio.core.events import Event, Finished, Measured, Previewed, Progressed, Started
from studio.core.files.disk import write_whole
from studio.core.files.identity import refuse_originals
from studio.core.page_files import PagesWriter
from studio.core.picture import Picture
from studio.core.picture_files import check_savable, save_picture
from studio.core.progress import Progress, SubProgress
from studio.core.requests import Apply, Generate, JobId, to_json
from studio.engine.pixels.finish import finish, open_mask, to_tensor
from studio.engine.pixels.gradual import Gradual
from studio.engine.pixels.job import ApplyJob, resolve
from studio.engine.pixels.nets import LoadedNets
from studio.engine.pixels.pages import render_pages, takes_all
from studio.engine.pixels.paint import attempts, paint
from studio.engine.pixels.paintings import Paintings
from studio.engine.pixels.recent import Recent
from studio.engine.pixels.scene import Scenes, open_source, shown_bytes, source_key
from studio.engine.threads import Aside

# Share of the work that is done when the photo is open, and when it is painted.
_OPENED, _PAINTED = 0.04, 0.9


class Applier:
    """Keeps what the next request may need again: nets, photos, painted previews."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._nets = LoadedNets()
        self._aside = Aside()
        self._scenes = Scenes(self._aside)
        self._painted: Recent[tuple[Tensor, torch.device]] = Recent(24)
        self._gradual = Gradual()
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
        return ApplyJob(
            id_, request, resolved.weights, resolved.spec, settings, resolved.device, tell,
            progress, upscaling=self.upscaling(id_, request, cancelled),
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
    def nets(self) -> LoadedNets:
        """The nets that are loaded."""
        return self._nets

    def load(self, job: ApplyJob) -> None:
        """Loads the net of a job, so that damaged weights are found before any picture is opened.

        Raises:
            StudioError: the file's tensors do not fit the model, or cannot be read.
        """
        self._nets.get(job.weights, job.spec, job.device)

    @torch.inference_mode()
    def render(self, job: ApplyJob, picture: Picture) -> tuple[Picture, torch.device]:
        """The result of a job for its opened picture, in full size, and the device at last.

        Raises:
            StudioError: memory does not suffice, or the result is no picture.
            CancelledError: the job should stop.
        """
        result, device = self._rendered(job, picture)
        return self.enlarged(job.upscaling, result), device

    def _rendered(self, job: ApplyJob, picture: Picture) -> tuple[Picture, torch.device]:
        """The result as it is before it is enlarged."""
        if job.spec.skips_net(job.settings):
            return picture, job.device
        picture = job.prepared(picture)
        size, photo = (picture.width, picture.height), to_tensor(picture)
        settings = self._measured(job, lambda: self._measure(job, picture))
        painted, device = self._paint(job, photo, size, settings, (size[1], size[0]))
        painted = finish(job, photo, painted, self.mask(job, size), settings)
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
        job.progress.report(_OPENED, "painting")
        result, device = self.render(job, picture)
        job.progress.report(_PAINTED, "saving")
        notes = list(picture.metadata.notes)
        encode = partial(self._aside.do, check=job.progress.check)
        request_json = to_json(job.kept_request())
        save_picture(result, output, request.save, request_json, notes.append, encode)
        for note in notes:
            job.notice(note)
        job.progress.report(1.0, "saved")
        return device, (result.width, result.height)

    def render_pages(self, job: ApplyJob) -> tuple[PagesWriter, torch.device]:
        """The results of a job for all pages of its file, and the device at last.

        Raises:
            StudioError: as `render`; or the output cannot hold them.
            CancelledError: the job should stop.
        """
        return render_pages(job, self.render, self._aside)

    def _save_pages(self, job: ApplyJob, output: Path) -> tuple[torch.device, tuple[int, int]]:
        whole = replace(job, progress=SubProgress(job.progress, 0.0, _PAINTED))
        written, device = self.render_pages(whole)
        job.progress.report(_PAINTED, "saving")
        data = self._aside.do(written.encoded, job.progress.check)
        write_whole(output, data, overwrite=job.request.save.overwrite)
        for note in written.notes:
            job.notice(note)
        job.progress.report(1.0, "saved")
        return device, written.size

    def _preview(self, job: ApplyJob) -> tuple[torch.device, tuple[int, int]]:
        scene = self._scenes.get(job)
        job.progress.report(_OPENED, "opening")
        ran_net = False

        def run_net() -> tuple[Tensor, torch.device]:
            nonlocal ran_net
            ran_net = True
            size = scene.full_size if job.request.region is None else _size(scene.picture)
            # What takes minutes is painted of the whole picture, as it will be saved.
            seen = self._scenes.full(job) if job.spec.gradual else scene.picture
            shown = (scene.picture.height, scene.picture.width)
            painted, device = self._paint(job, to_tensor(seen), size, settings, shown)
            return painted.half(), device

        scale = job.scale
        if job.spec.skips_net(job.settings):
            scale //= job.weights.scale
            device, result = job.device, to_tensor(scene.picture)
        else:
            key = (scene.key, job.weights.sha256, job.before_net())
            key = (*key, job.request.seed, job.request.device)
            settings = job.spec.reduced(self._measured_in_file(job), scene.factor)
            painted, device = self._painted.get(key, run_net)
            mask = self.mask(job, scene.whole)
            result = finish(
                job, to_tensor(scene.picture), painted.float(), mask, settings, scene.corner
            )
        if job.upscaling is not None:
            whole = scene.picture.with_pixels(result[0].permute(1, 2, 0).numpy())
            result = to_tensor(self.enlarged(job.upscaling, whole))
        pixels = shown_bytes(scene, result, scale)
        width, height = scene.full_size
        job.tell(Previewed(job.id, pixels, (width * scale, height * scale), ran_net))
        return device, (pixels.shape[1], pixels.shape[0])

    def _measured_in_file(self, job: ApplyJob) -> Settings:
        """The settings, with what was found in the file's whole picture for those at auto."""
        key = (source_key(job.request), job.weights.sha256)
        return self._measured(
            job,
            lambda: self._levels.get(key, lambda: self._measure(job, self._scenes.full(job))),
        )

    def _measured(self, job: ApplyJob, measure: Callable[[], dict[str, float]]) -> Settings:
        """The settings, with what was found for those at auto; tells of it."""
        automatic = [name for name, value in job.settings.items() if value == AUTO]
        if not automatic:
            return job.settings
        levels = measure()
        job.tell(Measured(job.id, {name: levels[name] for name in automatic}))
        return {**job.settings, **{name: levels[name] for name in automatic}}

    def _measure(self, job: ApplyJob, picture: Picture) -> dict[str, float]:
        net = self._nets.get(job.weights, job.spec, job.device)
        return job.spec.measure(net, to_tensor(picture))

    def _paint(
        self, job: ApplyJob, photo: Tensor, full_size: tuple[int, int], settings: Settings,
        shown: tuple[int, int],
    ) -> tuple[Tensor, torch.device]:  # fmt: skip
        """Paints at the size that the full picture is painted at, as far as these pixels go.

        What is gradual is given back at the size (height, width) `shown`, all else at the photo's.
        """
        wanted = job.spec.working_size((full_size[1], full_size[0]), settings)
        own = (photo.shape[2], photo.shape[3])
        size = wanted if wanted[0] * wanted[1] < own[0] * own[1] else own

        def get_net(device: torch.device) -> nn.Module:
            return self._nets.get(job.weights, job.spec, device)

        def run(photo: Tensor, progress: Progress) -> tuple[Tensor, torch.device]:
            return paint(
                job.spec, get_net, photo, size, job.weights.scale, settings, job.request.seed,
                attempts(job.spec, job.device, job.request.tile, size), progress, job.notice,
            )  # fmt: skip

        part = SubProgress(job.progress, _OPENED, _PAINTED)
        if job.spec.gradual:
            return self._gradual.paint(job, photo, size, full_size, shown, run, part)
        return run(photo, part)


def _size(picture: Picture) -> tuple[int, int]:
    return picture.width, picture.height
