"""The figures that say how well photos are translated: one definition for training and bench."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from studio.quality.classes import in_batches, share_of_classes
from studio.quality.kernel_distance import KernelDistance

ZEBRA = 340
"""ImageNet's class."""

Translate = Callable[[Tensor], tuple[Tensor, Tensor]]
"""A photo (1, 3, H, W) in [0, 1] to what it becomes and the mask (1, 1, H, W), at its own size."""

_SIDE = 128  # px at which sets are compared


@dataclass(frozen=True)
class TranslateQuality:
    """How translated photos compare with the set that they are to belong to.

    Attributes:
        kernel_distance: of the translated photos to that set; see `KernelDistance`.
        kernel_distance_untouched: of the photos as they are.
        zebras, zebras_untouched: share of them that EfficientNet-Lite0 sees a zebra in.
        cycle_psnr: of photos translated and back, in dB, from the mean squared error of them all.
        masked: mean of the masks, 1 where all is changed.
    """

    kernel_distance: float
    kernel_distance_untouched: float
    zebras: float
    zebras_untouched: float
    cycle_psnr: float
    masked: float


@dataclass(frozen=True)
class Translated:
    """A photo, what became of it, and that again, each (3, H, W); the mask (1, H, W)."""

    photo: Tensor
    result: Tensor
    again: Tensor
    mask: Tensor


@torch.no_grad()
def translate_all(there: Translate, back: Translate, photos: Sequence[Tensor]) -> list[Translated]:
    """Translates photos, and back.

    Args:
        there: one direction.
        back: the other.
        photos: each (3, H, W) in [0, 1].
    """
    found: list[Translated] = []
    for photo in photos:
        result, mask = there(photo[None])
        again, _ = back(result)
        found.append(Translated(photo, result[0], again[0], mask[0]))
    return found


@torch.no_grad()
def measure_translate(
    translated: Sequence[Translated], wanted: Iterable[Tensor]
) -> TranslateQuality:
    """Measures translated photos that were not trained on.

    Args:
        translated: from `translate_all`.
        wanted: photos (3, H, W) of the other set, all that were trained on.
    """
    results = [reduced(each.result) for each in translated]
    photos = [reduced(each.photo) for each in translated]
    distance = KernelDistance(in_batches([reduced(photo) for photo in wanted]))
    errors = [(each.again - each.photo).square().mean() for each in translated]
    return TranslateQuality(
        distance.to(in_batches(results)),
        distance.to(in_batches(photos)),
        share_of_classes([reduced(t.result, 224) for t in translated], [ZEBRA]),
        share_of_classes([reduced(t.photo, 224) for t in translated], [ZEBRA]),
        float(-10 * torch.log10(torch.stack(errors).mean())),
        float(torch.stack([each.mask.mean() for each in translated]).mean()),
    )


def reduced(photo: Tensor, side: int = _SIDE) -> Tensor:
    """A photo (3, H, W) as a square of some px."""
    small = F.interpolate(photo[None], (side, side), mode="bicubic", antialias=True)
    return small[0].clamp(0, 1)
