"""Latents of real pictures, from which a generator first learns to draw them.

Bojanowski, Joulin, Lopez-Paz, Szlam, "Optimizing the Latent Space of Generative Networks" (2018):
a generator that is shown which picture belongs to which latent learns without any discriminator.
As there, the latents begin as principal components; here they stay what they are.
"""

import math

import torch
from torch import Tensor
from torch.nn import functional as F

from studio.nets.efficientnet_lite import EfficientNetLite0

_SEEN_AT = 32  # px, side of the pictures whose components are taken
_PIXELS = 4.0  # weight of the pixels beside the features
_STAGES = 3  # of the features
_COARSE = 16  # px


@torch.no_grad()
def codes_of(pictures: Tensor, size: int) -> Tensor:
    """A latent of each picture, and of its mirror image.

    Each number is a principal component of all pictures and their mirror images, the largest
    first, with its ranks spread as those of a normal distribution: what a latent is drawn from.

    Args:
        pictures: (M, C, S, S) uint8.
        size: numbers a latent has.

    Returns:
        (2, M, size): the pictures' own, then their mirror images'.
    """
    side = min(_SEEN_AT, pictures.shape[3])
    small = torch.cat([
        F.interpolate(batch.double(), (side, side), mode="area") for batch in pictures.split(256)
    ])  # fmt: skip
    rows = torch.cat([small, small.flip(3)]).flatten(1) / 255
    rows -= rows.mean(0)
    axes = torch.linalg.eigh(rows.T @ rows).eigenvectors.flip(1)[:, :size]
    peaks = axes.gather(0, axes.abs().argmax(0, keepdim=True))
    scores = rows @ (axes * peaks.sign())  # else the sign would be the machine's choice
    ranks = scores.argsort(0).argsort(0).double()
    codes = math.sqrt(2) * torch.erfinv((2 * ranks + 1) / len(rows) - 1)
    if codes.shape[1] < size:  # fewer pixels than numbers
        codes = F.pad(codes, (0, size - codes.shape[1]))
    return codes.float().unflatten(0, (2, -1))


class Likeness:
    """How far redrawn pictures are from the real ones, to the eye.

    Mean absolute differences of pixels and of a classifier's features (Johnson, Alahi, Li,
    "Perceptual Losses", 2016), each stage relative to how much it varies.

    Args:
        features: with its weights loaded.
        side: at which it sees the pictures, in px.
        bf16: whether it computes in bfloat16.
    """

    def __init__(self, features: EfficientNetLite0, side: int, *, bf16: bool) -> None:
        self._features = features.requires_grad_(False)
        self._side, self._bf16 = side, bf16

    def __call__(self, made: Tensor, real: Tensor) -> Tensor:
        """The distance of pictures (N, 3, S, S) in [0, 1] from those which they should be."""
        with torch.no_grad():
            wanted = self._look(real)
        far = [
            (a - b).abs().mean() / b.std() for a, b in zip(self._look(made), wanted, strict=True)
        ]
        return _PIXELS * (made - real).abs().mean() + torch.stack(far).mean()

    def _look(self, pictures: Tensor) -> list[Tensor]:
        seen = F.interpolate(pictures, (self._side, self._side), mode="bilinear")
        seen = seen.contiguous(memory_format=torch.channels_last)
        with torch.autocast(pictures.device.type, torch.bfloat16, enabled=self._bf16):
            return [each.float() for each in self._features.stages(seen, _STAGES)]


def coarse_distance(made: Tensor, real: Tensor) -> Tensor:
    """Mean absolute difference of pictures (N, C, S, S) at 16 px.

    What is finer is left to the discriminators: a mean of details is a blur.
    """
    small = (_COARSE, _COARSE)
    return (F.adaptive_avg_pool2d(made, small) - F.adaptive_avg_pool2d(real, small)).abs().mean()
