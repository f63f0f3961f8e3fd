"""The figures that say how good generated faces are: one definition for training and bench."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from studio.quality.features import load_efficientnet, load_vgg19
from studio.quality.kernel_distance import KernelDistance
from studio.quality.subjects import Band, Subject

_BATCH = 50
_BLUR = 1.0  # px, standard deviation of the blur that kernel distances are set beside
_MEASURED_AT = 64  # px, side of the pictures at most
_CLASSIFIED_AT = 128  # px, side at which the classifier looks at them


@dataclass(frozen=True)
class FacesQuality:
    """How generated pictures compare with the real ones.

    Attributes:
        kernel_distance: to the real ones; see `KernelDistance`.
        kernel_distance_of_blurred: of the real ones, blurred by 1 px: for scale.
        frechet_distance: to the real ones; see `frechet_distance`.
        diversity: mean pairwise distance, relative to that of the real ones.
        unlike_eyes: how unlike the left and the right eye are, relative to those of the real
            ones; None where the pictures have no eyes in one place.
    """

    kernel_distance: float
    kernel_distance_of_blurred: float
    frechet_distance: float
    diversity: float
    unlike_eyes: float | None


class RealFaces:
    """The pictures that a generator learnt from; what it makes is compared with them.

    All are measured at 64 px at most.

    Args:
        subject: all that was trained on.
    """

    def __init__(self, subject: Subject) -> None:
        self._real = measurable(subject.real).expand(-1, 3, -1, -1)
        self._eyes = subject.eyes
        self._distance = KernelDistance(_batches(self._real))
        self._of_blurred = self._distance.to(_batches(blurred(self._real)))
        self._spread = _spread(self._distance.real)
        self._classified = _classified(self._real)

    def measure(self, made: Tensor) -> FacesQuality:
        """Measures generated pictures (N, 3, S, S) in [0, 1]; 2,000 for a figure to be quoted."""
        made = measurable(made)
        found = self._distance.look_at(_batches(made))
        eyes = None
        if self._eyes is not None:
            eyes = unlikeness(made, self._eyes) / unlikeness(self._real, self._eyes)
        return FacesQuality(
            self._distance.of(found),
            self._of_blurred,
            frechet_distance(_classified(made), self._classified),
            _spread(found) / self._spread,
            eyes,
        )

    @torch.no_grad()
    def nearest(self, made: Tensor) -> Tensor:
        """The real picture next to each generated one (N, 3, S, S), at which it is measured.

        In VGG-19's relu3_1, place by place. A generator that has learnt pictures by heart is given
        away when both are the same. Mirror images are compared with too.
        """
        vgg = load_vgg19()

        def look(pictures: Tensor) -> Tensor:
            return torch.cat([
                vgg(batch, ("relu3_1",))["relu3_1"].flatten(1) for batch in _batches(pictures)
            ])  # fmt: skip

        wanted = look(measurable(made))
        best = torch.full((len(made),), torch.inf)
        found = torch.zeros(len(made), *self._real.shape[1:])
        for real in self._real.split(_BATCH):
            for pictures in (real, real.flip(3)):
                distance, index = torch.cdist(wanted, look(pictures)).min(1)
                nearer = distance < best
                best = torch.where(nearer, distance, best)
                found[nearer] = pictures[index[nearer]]
        return found

    def pairs(self, made: Tensor, columns: int) -> list[Tensor]:
        """Cells of a sheet: rows of generated (N, 3, S, S), each above the real ones nearest."""
        made, found = measurable(made), self.nearest(made)
        cells: list[Tensor] = []
        for first in range(0, len(made), columns):
            for pictures in (made, found):
                cells += list(pictures[first : first + columns])
        return cells


def measurable(pictures: Tensor) -> Tensor:
    """Pictures (N, C, S, S), uint8 or in [0, 1], as they are measured: in [0, 1], 64 px at most."""
    side = (_MEASURED_AT, _MEASURED_AT)
    scale = 1.0 if pictures.is_floating_point() else 1 / 255

    def reduced(batch: Tensor) -> Tensor:
        if batch.shape[3] <= _MEASURED_AT:
            return batch.float() * scale
        return F.interpolate(batch.float() * scale, side, mode="bicubic", antialias=True)

    return torch.cat([reduced(batch) for batch in pictures.split(_BATCH)]).clamp(0, 1)


def unlikeness(pictures: Tensor, band: Band) -> float:
    """Mean absolute difference of a band's left half and its mirrored right half.

    Args:
        pictures: (N, C, S, S).
        band: in the pictures.
    """
    side = pictures.shape[3]
    top, bottom, left = (round(share * side) for share in (band.top, band.bottom, band.left))
    rows = pictures[:, :, top:bottom]
    middle = side // 2
    right = rows[..., side - middle : side - left].flip(3)
    return float((rows[..., left:middle] - right).abs().mean())


def frechet_distance(first: Tensor, second: Tensor) -> float:
    """Of the normal distributions with the means and covariances of features (N, C), (M, C).

    Heusel et al., "GANs Trained by a Two Time-Scale Update Rule" (2017), section 3.
    """
    means = [each.double().mean(0) for each in (first, second)]
    a, b = (each.double().T.cov() for each in (first, second))
    values, vectors = torch.linalg.eigh(a)
    root = (vectors * values.clamp_min(0).sqrt()) @ vectors.T
    both = torch.linalg.eigvalsh(root @ b @ root).clamp_min(0).sqrt().sum()
    apart = (means[0] - means[1]).square().sum()
    return float(apart + a.trace() + b.trace() - 2 * both)


def blurred(pictures: Tensor, sigma: float = _BLUR) -> Tensor:
    """Pictures (N, C, H, W) under a Gaussian blur of a standard deviation in px."""
    reach = torch.arange(-4, 5, dtype=torch.float32)
    kernel = torch.softmax(-(reach**2) / (2 * sigma**2), 0)
    planes = F.pad(pictures.flatten(0, 1)[:, None], (4, 4, 4, 4), mode="reflect")
    planes = F.conv2d(planes, kernel.view(1, 1, 1, -1))
    return F.conv2d(planes, kernel.view(1, 1, -1, 1)).view_as(pictures)


@torch.no_grad()
def _classified(pictures: Tensor) -> Tensor:
    """EfficientNet-Lite0's last features, averaged over each picture: (N, 320)."""
    net = load_efficientnet()
    return torch.cat([
        net.stages(F.interpolate(batch, (_CLASSIFIED_AT,) * 2, mode="bilinear"))[-1].mean((2, 3))
        for batch in pictures.split(_BATCH)
    ])  # fmt: skip


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
