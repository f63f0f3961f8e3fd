"""The figures that say how good generated faces are: one definition for training and bench."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from studio.quality.kernel_distance import KernelDistance

_BATCH = 50
_BLUR = 1.0  # px, standard deviation of the blur that kernel distances are set beside


@dataclass(frozen=True)
class FacesQuality:
    """How generated pictures compare with the real ones.

    Attributes:
        kernel_distance: to the real ones; see `KernelDistance`.
        kernel_distance_of_blurred: of the real ones, blurred by 1 px: for scale.
        diversity: mean pairwise distance, relative to that of the real ones.
    """

    kernel_distance: float
    kernel_distance_of_blurred: float
    diversity: float


class RealFaces:
    """The pictures that a generator learnt from; what it makes is compared with them.

    Args:
        real: (M, 3, S, S) in [0, 1], all that were trained on.
    """

    def __init__(self, real: Tensor) -> None:
        self._real = real
        self._distance = KernelDistance(_batches(real))
        self._of_blurred = self._distance.to(_batches(blurred(real)))
        self._spread = _spread(self._distance.real)

    def measure(self, made: Tensor) -> FacesQuality:
        """Measures generated pictures (N, 3, S, S); 2,000 for a figure to be quoted."""
        found = self._distance.look_at(_batches(made))
        diversity = _spread(found) / self._spread
        return FacesQuality(self._distance.of(found), self._of_blurred, diversity)

    def nearest(self, made: Tensor) -> Tensor:
        """The real picture next to each generated one, in the features; both (N, 3, S, S).

        A generator that has learnt pictures by heart is given away when both are the same. Mirror
        images are compared with too.
        """
        mirrored = self._real.flip(3)
        features = torch.cat([self._distance.real, self._distance.look_at(_batches(mirrored))])
        distances = torch.cdist(self._distance.look_at(_batches(made)), features)
        return torch.cat([self._real, mirrored])[distances.argmin(1)]

    def pairs(self, made: Tensor, columns: int) -> list[Tensor]:
        """Cells of a sheet: rows of generated (N, 3, S, S), each above the real ones nearest."""
        found = self.nearest(made)
        cells: list[Tensor] = []
        for first in range(0, len(made), columns):
            for pictures in (made, found):
                cells += list(pictures[first : first + columns])
        return cells


def blurred(pictures: Tensor, sigma: float = _BLUR) -> Tensor:
    """Pictures (N, C, H, W) under a Gaussian blur of a standard deviation in px."""
    reach = torch.arange(-4, 5, dtype=torch.float32)
    kernel = torch.softmax(-(reach**2) / (2 * sigma**2), 0)
    planes = F.pad(pictures.flatten(0, 1)[:, None], (4, 4, 4, 4), mode="reflect")
    planes = F.conv2d(planes, kernel.view(1, 1, 1, -1))
    return F.conv2d(planes, kernel.view(1, 1, -1, 1)).view_as(pictures)


def _spread(features: Tensor) -> float:
    """Mean distance between two of (N, C)."""
    return float(torch.pdist(features).mean())


def _batches(pictures: Tensor) -> Iterable[Tensor]:
    """Batches of a size that VGG takes: pictures below 32 px are enlarged."""

    def each() -> Iterator[Tensor]:
        for batch in pictures.split(_BATCH):
            zoom = -(-32 // batch.shape[3])
            yield F.interpolate(batch, scale_factor=float(zoom)) if zoom > 1 else batch

    return each()
