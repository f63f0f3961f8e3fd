"""Work that comes closer step by step, for minutes: shown meanwhile, kept when it is enough.

What was painted so is kept at the size at which it was painted, for the preview, the file and
whatever is moved after the net: it is not done twice.
"""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from studio.core.events import Previewed
from studio.core.progress import Progress, SubProgress
from studio.engine.job import ApplyJob
from studio.engine.pixels.finish import finish, open_mask
from studio.engine.recent import Recent

_EVERY = 1.0  # seconds between two pictures that are shown
Paint = Callable[[Tensor, Progress], tuple[Tensor, torch.device]]


@dataclass(frozen=True)
class _Painted:
    """A result (1, C, h, w) in half precision; where it was ended early, the share of its steps."""

    pixels: Tensor
    device: torch.device
    kept_at: float | None


class Gradual:
    """Paints for jobs whose model is `gradual`."""

    def __init__(self) -> None:
        self._painted: Recent[_Painted] = Recent(8)

    def paint(
        self,
        job: ApplyJob,
        photo: Tensor,
        size: tuple[int, int],
        full_size: tuple[int, int],
        shown: tuple[int, int],
        paint: Paint,
        progress: Progress,
    ) -> tuple[Tensor, torch.device]:
        """The result for a photo, and the device at last.

        Args:
            job: notes in `kept` where it was ended early.
            photo: (1, 3, H, W).
            size: (height, width) at which it is painted.
            full_size: (width, height) of the whole result.
            shown: (height, width) that the result is given back at.
            paint: paints a photo of that size.
            progress: of the painting.
        """
        small = _at(photo, size)
        pixels = hashlib.blake2b(small.contiguous().numpy().tobytes()).digest()
        key = (pixels, job.weights.sha256, job.before_net(), job.request.seed, job.request.device)

        def make() -> _Painted:
            watched = _Watched(progress, job, small, full_size)
            painted, device = paint(small, watched)
            return _Painted(painted.half(), device, watched.kept_at)

        found = self._painted.get(key, make)
        if found.kept_at is not None:
            job.kept[job.spec.gradual] = found.kept_at
        return _at(found.pixels.float(), shown), found.device


class _Watched(SubProgress):
    """Shows what is reached, and notes at which share of the steps it was enough."""

    def __init__(
        self, whole: Progress, job: ApplyJob, photo: Tensor, full_size: tuple[int, int]
    ) -> None:
        super().__init__(whole, 0.0, 1.0)
        self._job, self._photo, self._full_size = job, photo, full_size
        self._share, self._shown = 0.0, time.monotonic()
        self.kept_at: float | None = None

    def report(self, fraction: float, message: str) -> None:
        """Tells the whole."""
        self._share = fraction
        super().report(fraction, message)

    def enough(self) -> bool:
        """Asks the whole."""
        enough = super().enough()
        if enough:
            self.kept_at = self._share
        return enough

    @torch.inference_mode()
    def show(self, reached: Tensor) -> None:
        """Shows it as the result will be, at its own size, now and then."""
        if time.monotonic() - self._shown < _EVERY:
            return
        job, small = self._job, self._photo
        height, width = (  # without what a photo is filled up with that is smaller than nets see
            max(1, round(side * own / max(own, job.spec.minimum)))
            for side, own in zip(reached.shape[2:], small.shape[2:], strict=True)
        )
        size, reached = (height, width), reached[..., :height, :width]
        mask = open_mask(job, (size[1], size[0]))
        result = finish(job, _at(small, size), reached.cpu().clone(), mask, job.settings)
        pixels = np.full((*size, 4), 255, np.uint8)
        pixels[..., :3] = (result[0].permute(1, 2, 0) * 255).round().clamp(0, 255).byte().numpy()
        job.tell(Previewed(job.id, pixels, self._full_size, ran_net=True, final=False))
        self._shown = time.monotonic()


def _at(pictures: Tensor, size: tuple[int, int]) -> Tensor:
    """Pictures (N, C, H, W) at a size."""
    if tuple(pictures.shape[2:]) == size:
        return pictures
    return F.interpolate(pictures, size, mode="bicubic", antialias=True).clamp_(0, 1)
