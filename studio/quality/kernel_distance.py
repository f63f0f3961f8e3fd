"""How far a set of generated pictures is from a set of real ones.

Binkowski, Sutherland, Arbel, Gretton, "Demystifying MMD GANs" (2018): the squared maximum mean
discrepancy under a cubic polynomial kernel, unbiased however small the sets; here in VGG-19's
relu5_1, averaged over the picture, and not in Inception's features.
"""

import warnings
from collections.abc import Iterable

import torch
from torch import Tensor, nn

from studio.core.errors import StudioError
from studio.quality.features import load_vgg19

_SUBSETS = 100
_LARGEST_SUBSET = 1000


class KernelDistance:
    """Compares sets with one set of real pictures.

    Args:
        real: batches (N, 3, H, W) in [0, 1], of any number and one size.

    Attributes:
        real: their features (M, C).

    Raises:
        StudioError: torchmetrics is not installed.
    """

    @torch.no_grad()
    def __init__(self, real: Iterable[Tensor]) -> None:
        self._vgg = load_vgg19()
        self.real = self.look_at(real)

    @torch.no_grad()
    def to(self, pictures: Iterable[Tensor]) -> float:
        """The distance of a set, in batches like the real ones; about 0 for real pictures.

        The subsets that it is averaged over are drawn with a fixed seed.
        """
        return self.of(self.look_at(pictures))

    def of(self, found: Tensor) -> float:
        """The distance of a set whose features (N, C) are known; see `look_at`."""
        try:
            from torchmetrics.image.kid import KernelInceptionDistance
        except ImportError:
            raise StudioError("torchmetrics is not installed", "pip install torchmetrics") from None
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # it keeps all features: they are small
            metric = KernelInceptionDistance(
                feature=nn.Identity(),
                subsets=_SUBSETS,
                subset_size=min(len(found), len(self.real), _LARGEST_SUBSET),
            )
        metric.update(self.real, real=True)
        metric.update(found, real=False)
        with torch.random.fork_rng():
            torch.manual_seed(0)
            return float(metric.compute()[0])

    @torch.no_grad()
    def look_at(self, pictures: Iterable[Tensor]) -> Tensor:
        """The features (N, C) of a set, in batches."""
        layer = "relu5_1"
        return torch.cat([self._vgg(each, (layer,))[layer].mean((2, 3)) for each in pictures])
