"""A clip's frames through a model, a shot at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import torch
from torch import Tensor, nn

from studio.core.controls import Settings, automatic
from studio.core.events import Measured
from studio.core.progress import Progress
from studio.core.video.frames import Copied, Frame
from studio.core.video.orientation import Samples
from studio.engine.job import ApplyJob
from studio.engine.pixels.apply import Applier
from studio.engine.pixels.finding import Place
from studio.engine.pixels.finish import finish
from studio.engine.pixels.paint import attempts, paint
from studio.engine.video.damping import Damper
from studio.engine.video.flow import Floats
from studio.engine.video.shots import in_shots
from studio.engine.video.statistics import SharedStatistics


@dataclass(frozen=True)
class Painted:
    """A frame, and (s H, s W, 3) RGB, what became of it, as fine; whether it begins a shot."""

    frame: Frame
    pixels: Samples
    begins_shot: bool


class Painter:
    """Does what a job says to the frames of one shot after the other; all are (1, 3, H, W).

    Args:
        job: of one model that takes a picture; only its settings and its mask count.
        applier: has the net.
    """

    def __init__(self, job: ApplyJob, applier: Applier) -> None:
        self._job, self._applier = job, applier
        self._settings: Settings = job.settings
        self._spec = job.spec
        self._mask: Tensor | None = None
        self._told = False

    def begin_shot(self, photos: Sequence[Tensor]) -> None:
        """Takes levels and statistics from a shot's first frames; they hold for all of it."""
        if self._job.spec.skips_net(self._job.settings):
            return
        if self._mask is None:
            height, width = photos[0].shape[2:]
            self._mask = self._applier.mask(self._job, (width, height))
        self._settings = self._measured(photos[0])
        self._spec = self._job.spec
        if self._spec.steps is not None:
            shared = SharedStatistics(self._spec)
            self._spec = replace(self._spec, run=shared.run, steps=None)
            self._run(torch.cat(list(photos)))

    def paint(self, photo: Tensor) -> Tensor:
        """What becomes of a frame: (1, 3, s H, s W) in [0, 1]."""
        if self._job.spec.skips_net(self._job.settings):
            return photo
        place = Place.all_of(photo)
        inputs = self._applier.runs.marked(self._job, photo, place, self._mask, self._settings)
        result = self._run(inputs)
        return finish(self._job, photo, result, self._mask, self._settings).clamp(0, 1)

    def _run(self, photos: Tensor) -> Tensor:
        spec, job = self._spec, self._job
        own = (photos.shape[2], photos.shape[3])
        wanted = spec.working_size(own, self._settings)
        size = wanted if wanted[0] * wanted[1] < own[0] * own[1] else own

        def get_net(device: torch.device) -> nn.Module:
            return self._applier.runs.nets.get(job.weights, spec, device)

        return paint(
            spec, get_net, photos, size, job.weights.scale, self._settings, job.request.seed,
            attempts(spec, job.device, job.request.tile, size), Progress(), job.notice,
        )[0]  # fmt: skip

    def _measured(self, photo: Tensor) -> Settings:
        """The settings, with what is found in a shot's first frame for those at auto."""
        job = self._job

        def measure() -> dict[str, float]:
            net = self._applier.runs.nets.get(job.weights, job.spec, job.device)
            return job.spec.measure(net, photo)

        found = automatic(job.settings, measure)
        if found and not self._told:
            job.tell(Measured(job.id, found))
            self._told = True
        return {**job.settings, **found}


class Painters:
    """Has each frame go through all steps of a job.

    Args:
        job, applier: as `Painter` has them.
    """

    def __init__(self, job: ApplyJob, applier: Applier) -> None:
        self._painters = [Painter(step, applier) for step in (job, *job.then)]

    def begin_shot(self, frames: tuple[Frame, ...]) -> None:
        """As `Painter.begin_shot`; each step takes them from the frames that it sees."""
        photos = [_to_tensor(frame) for frame in frames]
        *before, last = self._painters
        for painter in before:
            painter.begin_shot(photos)
            photos = [painter.paint(photo) for photo in photos]
        last.begin_shot(photos)

    def paint(self, frame: Frame) -> Floats:
        """What becomes of a frame: (s H, s W, 3) float32 in [0, 1]."""
        photo = _to_tensor(frame)
        for painter in self._painters:
            photo = painter.paint(photo)
        return photo[0].permute(1, 2, 0).contiguous().numpy()


@torch.inference_mode()
def paint_all(
    job: ApplyJob, applier: Applier, items: Iterator[Frame | Copied], damping: float
) -> Iterator[Painted | Copied]:
    """All frames done, in their order, and the packets between them.

    Args:
        job: see `Painters`.
        applier: has the net.
        items: from `reader.read`.
        damping: of flicker, 0 to 1.
    """
    painters, damper = Painters(job, applier), Damper(damping)
    for item in in_shots(items):
        if isinstance(item, Copied):
            yield item
            continue
        if item.opening:
            painters.begin_shot(item.opening)
            damper.begin_shot()
        steady = partial(damper.next, item.frame.pixels, painters.paint(item.frame))
        result = applier.aside.do(steady, job.progress.check)
        if item.frame.fine is None:
            pixels: Samples = np.rint(result * 255).astype(np.uint8)
        else:
            pixels = np.rint(result * 65535).astype(np.uint16)
        yield Painted(item.frame, pixels, bool(item.opening))


def _to_tensor(frame: Frame) -> Tensor:
    """A frame (H, W, 3) as (1, 3, H, W) float32 in [0, 1]."""
    if frame.fine is None:
        return torch.from_numpy(frame.pixels).permute(2, 0, 1)[None].float() / 255
    return torch.from_numpy(frame.fine.astype(np.float32) / 65535).permute(2, 0, 1)[None]
