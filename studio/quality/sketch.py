"""The figures that say how well doodles become pictures: one definition for training and bench."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from studio.quality.classes import in_batches, share_of_classes
from studio.quality.kernel_distance import KernelDistance

CATS = range(281, 286)
"""ImageNet's tabby, tiger cat, Persian, Siamese and Egyptian cat."""


@dataclass(frozen=True)
class SketchQuality:
    """How drawn pictures compare with real ones.

    Attributes:
        kernel_distance: of the drawn pictures to the real ones; see `KernelDistance`.
        cats: share of the drawn pictures that EfficientNet-Lite0 sees a cat in (five best guesses);
            None: they are of something else.
        cats_in_real: the same of real pictures.
    """

    kernel_distance: float
    cats: float | None = None
    cats_in_real: float | None = None


@torch.no_grad()
def measure_sketch(drawn: Sequence[Tensor], real: Sequence[Tensor], *, cats: bool) -> SketchQuality:
    """Measures pictures.

    Args:
        drawn: each (3, S, S) in [0, 1], made after drawings that were not trained on.
        real: each (3, S, S), all photos there are.
        cats: whether they are to be cats.
    """
    distance = KernelDistance(in_batches(real)).to(in_batches(drawn))
    if not cats:
        return SketchQuality(distance)
    return SketchQuality(distance, share_of_classes(drawn, CATS), share_of_classes(real, CATS))
