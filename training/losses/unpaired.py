"""What the two generators of a CycleGAN are told beside what the discriminators say."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from studio.nets.cyclegan import Generator, Translation

_LARGE = 8  # px: changes of this size count as tone
_DARK = 0.1  # of light in [0, 1]: below it, changes are hardly seen


@dataclass(frozen=True)
class Batch:
    """Crops (P, 3, S, S) of both sets in [0, 1] and their masks (P, 1, S, S)."""

    a: Tensor
    a_mask: Tensor
    b: Tensor
    b_mask: Tensor


@dataclass(frozen=True)
class Journey:
    """What both generators make of a batch.

    Attributes:
        forth, back: A as B, and B as A.
        again_a, again_b: made A and B again.
        same_a, same_b: crops of A (of B, faded) shown to the generator that makes A (B).
    """

    forth: Translation
    back: Translation
    again_a: Translation
    again_b: Translation
    same_a: Tensor
    same_b: Tensor


class Generators(nn.Module):
    """One generator for each direction."""

    def __init__(self, filters: int, blocks: int) -> None:
        super().__init__()
        self.forth, self.back = Generator(filters, blocks), Generator(filters, blocks)

    def forward(self, a: Tensor, b: Tensor, like_a: Tensor, like_b: Tensor) -> Journey:
        """There and back again.

        Args:
            a: (P, 3, S, S) in [0, 1].
            b: as many of the other set.
            like_a: crops that the generator of A is to leave or to make A.
            like_b: those for the generator of B.
        """
        forth, same_b = _apart(self.forth.translate(torch.cat([a, like_b])), len(a))
        back, same_a = _apart(self.back.translate(torch.cat([b, like_a])), len(b))
        again_a = self.back.translate(forth.result)
        again_b = self.forth.translate(back.result)
        return Journey(forth, back, again_a, again_b, same_a.result, same_b.result)


def _apart(made: Translation, count: int) -> tuple[Translation, Translation]:
    first = Translation(made.result[:count], made.mask[:count])
    return first, Translation(made.result[count:], made.mask[count:])


def faded(batch: Batch, count: int, least: float) -> Tensor:
    """Crops of B whose animals have little contrast left, on the mean colour of A's animals.

    Nobody tells a generator how to find again what the other one has hidden; from these it learns
    to bring out what is faint.

    Args:
        batch: crops of both sets.
        count: how many, P at most.
        least: share of the contrast that is left at the least, above 0; 1 changes nothing.

    Returns:
        (count, 3, S, S).
    """
    photo, mask = batch.b[:count], batch.b_mask[:count]
    share = least ** torch.rand(count, 1, 1, 1, device=photo.device)
    coat = _mean_colour(batch.a[:count], batch.a_mask[:count])
    faint = coat + share * (photo - _mean_colour(photo, mask))
    return photo + mask * (faint - photo) if least < 1 else photo


def _mean_colour(photos: Tensor, masks: Tensor) -> Tensor:
    """Of the animals, or of all where there is none: (N, 3, 1, 1)."""
    weights = masks + 1e-3
    return (photos * weights).sum((2, 3), keepdim=True) / weights.sum((2, 3), keepdim=True)


def unpaired_terms(made: Journey, batch: Batch, identities: int, squared: float) -> Tensor:
    """What else the generators are told (6,).

    Cycle terms of A and of B and identity term (Zhu et al., equations 2 and 5.2), the former with
    squares beside the absolute values, so that few large errors count more; that of the masks; that
    of what changes beside the animals; and that of what changes in the large.

    Args:
        made: of the batch.
        batch: crops of both sets.
        identities: how many crops were shown to the generator of their own set.
        squared: weight of the squares.
    """
    cycle_a, cycle_b = (
        (error.abs() + squared * error.square()).mean()
        for error in (made.again_a.result - batch.a, made.again_b.result - batch.b)
    )
    identity = (made.same_a - batch.a[:identities]).abs().mean()
    identity = identity + (made.same_b - batch.b[:identities]).abs().mean()
    masks = [mask_error(t.mask, batch.a_mask) for t in (made.forth, made.again_a)]
    masks += [mask_error(t.mask, batch.b_mask) for t in (made.back, made.again_b)]
    changes = made.forth.result - batch.a, made.back.result - batch.b
    others = 1 - batch.a_mask, 1 - batch.b_mask
    beside = [(change.abs() * other).mean() for change, other in zip(changes, others, strict=True)]
    tones = [_tone(c, photos) for c, photos in zip(changes, (batch.a, batch.b), strict=True)]
    sums = [torch.stack(terms).sum() for terms in (masks, beside, tones)]
    return torch.stack([cycle_a, cycle_b, identity, *sums])


def _tone(change: Tensor, photos: Tensor) -> Tensor:
    """Mean square of the change in the large, as a share of the light there (Weber's law)."""
    light = F.avg_pool2d(photos.mean(1, keepdim=True), _LARGE)
    return (F.avg_pool2d(change, _LARGE) / (light + _DARK)).square().mean()


def mask_error(found: Tensor, given: Tensor) -> Tensor:
    """Binary cross-entropy of masks (N, 1, S, S) in [0, 1]."""
    return F.binary_cross_entropy(found.clamp(1e-4, 1 - 1e-4), given)
