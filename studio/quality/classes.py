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
    wanted = torch.tensor(list(classes))
    found = [torch.isin(scores.topk(5).indices, wanted).any(1) for scores in _scores(pictures)]
    return float(torch.cat(found).float().mean())


@torch.no_grad()
def probability_of_classes(pictures: Sequence[Tensor], classes: Iterable[int]) -> float:
    """Mean probability, says EfficientNet-Lite0, that pictures (3, S, S) are of some classes."""
    wanted = list(classes)
    found = [scores.softmax(1)[:, wanted].sum(1) for scores in _scores(pictures)]
    return float(torch.cat(found).mean())


def _scores(pictures: Sequence[Tensor]) -> Iterator[Tensor]:
    """Of ImageNet's classes, (N, 1000) for each batch."""
    classifier = load_efficientnet()
    for batch in in_batches(pictures):
        shown = F.interpolate(batch, (_SEEN_AT, _SEEN_AT), mode="bicubic").clamp(0, 1)
        yield classifier(shown)


def in_batches(pictures: Sequence[Tensor]) -> Iterator[Tensor]:
    """Pictures of one size as (N, 3, S, S)."""
    for first in range(0, len(pictures), _BATCH):
        yield torch.stack(list(pictures[first : first + _BATCH]))
