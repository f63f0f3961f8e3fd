"""The figures that say how good generated faces are: one definition for training and bench."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from studio.models._features import load_vgg19
from studio.models._kernel_distance import KernelDistance
from studio.nets.vgg19 import VGG19

_LAYER = "relu5_1"
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


@torch.no_grad()
def measure_faces(made: Tensor, real: Tensor) -> FacesQuality:
    """Measures pictures.

    Args:
        made: (N, 3, S, S) in [0, 1], generated; 2,000 for a figure to be quoted.
        real: (M, 3, S, S) in [0, 1], all that were trained on.
    """
    distance, vgg = KernelDistance(_batches(real)), load_vgg19()
    return FacesQuality(
        distance.to(_batches(made)),
        distance.to(blurred(batch) for batch in _batches(real)),
        _spread(_features(vgg, made)) / _spread(_features(vgg, real)),
    )


@torch.no_grad()
def nearest(made: Tensor, real: Tensor) -> Tensor:
    """The real picture (N, 3, S, S) next to each generated one, in the features.

    A generator that has learnt pictures by heart is given away when both are the same.

    Args:
        made: (N, 3, S, S) in [0, 1].
        real: (M, 3, S, S); their mirror images are compared with too.
    """
    candidates, vgg = torch.cat([real, real.flip(3)]), load_vgg19()
    distances = torch.cdist(_features(vgg, made), _features(vgg, candidates))
    return candidates[distances.argmin(1)]


def pairs(made: Tensor, real: Tensor, columns: int) -> list[Tensor]:
    """Cells of a sheet: rows of generated (N, 3, S, S), each above the real ones nearest to it."""
    found = nearest(made, real)
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


def _features(vgg: VGG19, pictures: Tensor) -> Tensor:
    batches: Sequence[Tensor] = [
        vgg(batch, (_LAYER,))[_LAYER].mean((2, 3)) for batch in _batches(pictures)
    ]
    return torch.cat(batches)


def _batches(pictures: Tensor) -> Iterable[Tensor]:
    """Batches of a size that VGG takes: pictures below 32 px are enlarged."""

    def each() -> Iterator[Tensor]:
        for batch in pictures.split(_BATCH):
            zoom = -(-32 // batch.shape[3])
            yield F.interpolate(batch, scale_factor=float(zoom)) if zoom > 1 else batch

    return each()
