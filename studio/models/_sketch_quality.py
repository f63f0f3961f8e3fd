"""The figures that say how well doodles become pictures: one definition for training and bench."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from studio.models._features import load_efficientnet
from studio.models._kernel_distance import KernelDistance

_CATS = range(281, 286)  # ImageNet's tabby, tiger cat, Persian, Siamese and Egyptian cat
_SEEN_AT = 224  # px, the side at which the classifier was trained
_BATCH = 30


@dataclass(frozen=True)
class SketchQuality:
    """How drawn pictures compare with real ones.

    Attributes:
        kernel_distance: of the drawn pictures to the real ones; see `KernelDistance`.
        cats: share of the drawn pictures that EfficientNet-Lite0 sees a cat in (five best guesses).
        cats_in_real: the same of real pictures.
    """

    kernel_distance: float
    cats: float
    cats_in_real: float


@torch.no_grad()
def measure_sketch(drawn: Sequence[Tensor], real: Sequence[Tensor]) -> SketchQuality:
    """Measures pictures.

    Args:
        drawn: each (3, S, S) in [0, 1], made after drawings that were not trained on.
        real: each (3, S, S), all photos there are.
    """
    distance = KernelDistance(_batches(real)).to(_batches(drawn))
    return SketchQuality(distance, share_of_cats(drawn), share_of_cats(real))


@torch.no_grad()
def share_of_cats(pictures: Sequence[Tensor]) -> float:
    """Share of pictures (3, S, S) in [0, 1] with a cat among the classifier's five best guesses."""
    classifier = load_efficientnet()
    cats = torch.tensor(list(_CATS))
    found = 0
    for batch in _batches(pictures):
        shown = F.interpolate(batch, (_SEEN_AT, _SEEN_AT), mode="bicubic").clamp(0, 1)
        best = classifier(shown).topk(5).indices
        found += int(torch.isin(best, cats).any(1).sum())
    return found / len(pictures)


def _batches(pictures: Sequence[Tensor]) -> Iterable[Tensor]:
    for first in range(0, len(pictures), _BATCH):
        yield torch.stack(list(pictures[first : first + _BATCH]))
