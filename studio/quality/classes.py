"""What a classifier sees in pictures."""

from collections.abc import Iterable, Iterator, Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

from studio.quality.features import load_efficientnet

_SEEN_AT = 224  # px, the side at which the classifier was trained
_BATCH = 30


@torch.no_grad()
def share_of_classes(pictures: Sequence[Tensor], classes: Iterable[int]) -> float:
    """Share of pictures with one of some classes among EfficientNet-Lite0's five best guesses.

    Args:
        pictures: each (3, S, S) in [0, 1].
        classes: of ImageNet.
    """
    classifier = load_efficientnet()
    wanted = torch.tensor(list(classes))
    found = 0
    for batch in in_batches(pictures):
        shown = F.interpolate(batch, (_SEEN_AT, _SEEN_AT), mode="bicubic").clamp(0, 1)
        best = classifier(shown).topk(5).indices
        found += int(torch.isin(best, wanted).any(1).sum())
    return found / len(pictures)


def in_batches(pictures: Sequence[Tensor]) -> Iterator[Tensor]:
    """Pictures of one size as (N, 3, S, S)."""
    for first in range(0, len(pictures), _BATCH):
        yield torch.stack(list(pictures[first : first + _BATCH]))
