"""Colours moved from one picture's to another's: linear optimal transport of their moments.

Pitie and Kokaram, "The linear Monge-Kantorovitch linear colour mapping for example-based colour
transfer" (2007): of all linear maps that give the colours another mean and covariance, the one that
moves them least. It has a closed form, for any two pictures.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

_SAMPLES = 512  # rows and columns of a picture that are looked at, about: moments need no more
_LEAST = 1e-3  # variance added to a photo's: what is nearly grey has noise for colours
_LEAST_WANTED = 1e-4  # variance added to a painting's, so that it can be divided by


@dataclass(frozen=True)
class Palette:
    """Of N pictures: the mean (N, 3) and the symmetric root of the covariance (N, 3, 3) of colours.

    Colours are RGB in [0, 1]; the tensors are float32 on the CPU.
    """

    mean: Tensor
    root: Tensor

    def blended(self, other: "Palette", share: float) -> "Palette":
        """A palette between this one and, at a share of 1, the other."""
        return Palette(self.mean.lerp(other.mean, share), self.root.lerp(other.root, share))


def palette_of(pictures: Tensor) -> Palette:
    """The palettes of pictures (N, 3, H, W)."""
    mean, covariance = _moments(pictures)
    return Palette(mean, _power(covariance + _LEAST_WANTED * torch.eye(3), 0.5))


def to_standard(photos: Tensor, palette: Palette) -> tuple[Tensor, Tensor]:
    """How photos' colours are brought to mean 0 and covariance 1, to become a palette's.

    Of all rotations of such colours it is that from which the palette is reached by least moves.

    Args:
        photos: (N, 3, H, W); with several of them and one palette, each has a map of its own.
        palette: of N pictures, or of one.

    Returns:
        Matrices M (N, 3, 3) and means m (N, 3): standard colours are M (x - m).
    """
    mean, covariance = _moments(photos)
    covariance = covariance + _LEAST * torch.eye(3)
    root, inverse = _power(covariance, 0.5), _power(covariance, -0.5)
    wanted = palette.root @ palette.root
    moved = inverse @ _power(root @ wanted @ root, 0.5) @ inverse
    return torch.linalg.solve(palette.root, moved), mean


def _moments(pictures: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and covariance of the colours, in float32 on the CPU."""
    every = max(1, min(pictures.shape[2:]) // _SAMPLES)
    colours = pictures[:, :, ::every, ::every].float().cpu().flatten(2)
    mean = colours.mean(2)
    centred = colours - mean[:, :, None]
    return mean, centred @ centred.transpose(1, 2) / colours.shape[2]


def _power(matrices: Tensor, exponent: float) -> Tensor:
    """A power of symmetric positive matrices (N, 3, 3)."""
    values, vectors = torch.linalg.eigh(matrices)
    return vectors * values.clamp(min=1e-8).pow(exponent)[:, None] @ vectors.transpose(1, 2)
