"""The figures that say how well doodles become pictures: one definition for training and bench."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor
from torch.nn import functional as F

from studio.quality.classes import in_batches, probability_of_classes, share_of_classes
from studio.quality.kernel_distance import KernelDistance

CATS = range(281, 286)
"""ImageNet's tabby, tiger cat, Persian, Siamese and Egyptian cat."""


_SIDE = 128  # px, at which pictures are looked at
_LUMA = (0.299, 0.587, 0.114)


@dataclass(frozen=True)
class SketchQuality:
    """How drawn pictures compare with real ones, reduced to one size.

    Attributes:
        kernel_distance: of the drawn pictures to the real ones; see `KernelDistance`.
        sharpness: mean absolute Laplacian of luma, as a share of the real pictures'.
        contrast: mean standard deviation of luma, likewise.
        colours: how much mean colours differ between pictures, likewise; 1: as between real ones.
        cats: share of the drawn pictures that EfficientNet-Lite0 sees a cat in (five best guesses);
            None: they are of something else.
        cats_in_real: the same of real pictures.
        cat: mean probability that a drawn picture is of a cat; None likewise.
        cat_in_real: the same of real pictures.
    """

    kernel_distance: float
    sharpness: float
    contrast: float
    colours: float
    cats: float | None = None
    cats_in_real: float | None = None
    cat: float | None = None
    cat_in_real: float | None = None


@torch.no_grad()
def measure_sketch(drawn: Sequence[Tensor], real: Sequence[Tensor], *, cats: bool) -> SketchQuality:
    """Measures pictures.

    Args:
        drawn: each (3, S, S) in [0, 1], made after drawings that were not trained on.
        real: each (3, S, S), all photos there are.
        cats: whether they are to be cats.
    """
    drawn, real = _reduced(drawn), _reduced(real)
    distance = KernelDistance(in_batches(real)).to(in_batches(drawn))
    shares = [a / b for a, b in zip(_look(drawn), _look(real), strict=True)]
    quality = SketchQuality(distance, *shares)
    if not cats:
        return quality
    return replace(
        quality,
        cats=share_of_classes(drawn, CATS),
        cats_in_real=share_of_classes(real, CATS),
        cat=probability_of_classes(drawn, CATS),
        cat_in_real=probability_of_classes(real, CATS),
    )


def _reduced(pictures: Sequence[Tensor]) -> list[Tensor]:
    """At one size, whatever they were made at."""
    size = (_SIDE, _SIDE)
    return [
        F.interpolate(each[None], size, mode="bicubic", antialias=True)[0].clamp(0, 1)
        for each in pictures
    ]


def _look(pictures: Sequence[Tensor]) -> tuple[float, float, float]:
    """Sharpness, contrast, and the spread of mean colours."""
    stack = torch.stack(list(pictures))
    sharpness, contrast = look_of(stack).mean(1)
    colours = stack.mean((2, 3)).std(0).mean()
    return float(sharpness), float(contrast), float(colours)


def look_of(pictures: Tensor) -> Tensor:
    """Sharpness and contrast of each of pictures (N, 3, H, W), see `SketchQuality`: (2, N)."""
    luma = luma_of(pictures)
    return torch.stack([curvature(luma), luma.std((1, 2, 3))])


def luma_of(pictures: Tensor) -> Tensor:
    """Luma (N, 1, H, W) of pictures (N, 3, H, W), by ITU-R BT.601."""
    return torch.einsum("nchw,c->nhw", pictures, pictures.new_tensor(_LUMA))[:, None]


def curvature(planes: Tensor) -> Tensor:
    """Mean absolute Laplacian of each of grey pictures (N, 1, H, W): (N,)."""
    laplacian = planes.new_tensor([[0.0, 1.0, 0.0], [1.0, -4.0, 1.0], [0.0, 1.0, 0.0]])
    return F.conv2d(planes, laplacian[None, None]).abs().mean((1, 2, 3))
