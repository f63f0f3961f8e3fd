"""What colours a photo has, roughly and where, as a few numbers."""

import torch
from torch import Tensor
from torch.nn import functional as F

_SIDE = 8  # px of the thumbnails
_FURTHEST = 3.0  # standard deviations


class ColourCode:
    """The first principal components of thumbnails, each with a standard deviation of 1.

    Photos' codes are nearly normal, so that a code for a drawing without a photo can be drawn from
    a normal distribution. It does what the learnt encoder of Zhu et al., "Toward Multimodal
    Image-to-Image Translation" (2017), is for, without any learning.

    Args:
        photos: (M, 3, S, S) in [0, 1], M above `size`.
        size: numbers in a code.
    """

    def __init__(self, photos: Tensor, size: int) -> None:
        rows = _thumbnails(photos)
        self._mean = rows.mean(0)
        _, spread, axes = torch.linalg.svd(rows - self._mean, full_matrices=False)
        self._axes = (axes[:size] / (spread[:size, None] / len(rows) ** 0.5 + 1e-6)).T

    def __call__(self, photos: Tensor) -> Tensor:
        """Codes (N, size) of photos (N, 3, S, S)."""
        codes = (_thumbnails(photos) - self._mean.to(photos)) @ self._axes.to(photos)
        return codes.clamp(-_FURTHEST, _FURTHEST)


def _thumbnails(photos: Tensor) -> Tensor:
    return F.adaptive_avg_pool2d(photos, _SIDE).flatten(1)
