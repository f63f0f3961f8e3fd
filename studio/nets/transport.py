"""Colours moved from one picture's to another's, in closed form.

Pitie and Kokaram, "The linear Monge-Kantorovitch linear colour mapping for example-based colour
transfer" (2007): of all linear maps that give the colours another mean and covariance, the one that
moves them least. What is not normally distributed, such as a few bright spots on grey, curves along
three axes give back.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

_SAMPLES = 512  # rows and columns of a picture that are looked at, about: moments need no more
_LEAST = 1e-3  # variance added to a photo's: what is nearly grey has noise for colours
_LEAST_WANTED = 1e-4  # variance added to a painting's, so that it can be divided by
_FARTHEST = 3.5  # deviations from the mean at which curves end
_KNOTS = 33  # of a curve, evenly spread
_COUNTED = 20_000  # colours of which a curve is made, about
_RAREST = 0.002  # share of the colours beyond which they are left out of a curve


@dataclass(frozen=True)
class Palette:
    """The colours of N pictures, RGB in [0, 1]; tensors are float32 on the CPU.

    Attributes:
        mean: (N, 3).
        root: symmetric root of the covariance, (N, 3, 3). Its inverse makes colours standard: of
            mean 0, deviation 1 and no correlation.
        curves: (N, 3, K), what standard colours would be along each axis that are normally
            distributed in the place of the pictures' own.
    """

    mean: Tensor
    root: Tensor
    curves: Tensor

    def blended(self, other: "Palette", share: float) -> "Palette":
        """A palette between this one and, at a share of 1, the other."""
        return Palette(
            self.mean.lerp(other.mean, share),
            self.root.lerp(other.root, share),
            self.curves.lerp(other.curves, share),
        )


def palette_of(pictures: Tensor) -> Palette:
    """The palettes of pictures (N, 3, H, W)."""
    colours = _colours(pictures)
    mean, covariance = _moments(colours)
    root = _power(covariance + _LEAST_WANTED * torch.eye(3), 0.5)
    own = torch.linalg.solve(root, colours - mean[:, :, None])
    at = torch.linspace(-_FARTHEST, _FARTHEST, _KNOTS)
    shares = torch.special.ndtr(at).clamp(_RAREST, 1 - _RAREST)
    every = max(1, own.shape[2] // _COUNTED)
    curves = torch.quantile(own[:, :, ::every], shares, dim=2).permute(1, 2, 0)
    return Palette(mean, root, curves)


def bend(colours: Tensor, curves: Tensor) -> Tensor:
    """Standard colours (N, 3, H, W) along curves (N or 1, 3, K)."""
    flat = colours.flatten(2).float()
    curves = curves.to(flat).expand(len(flat), -1, -1)
    place = (flat + _FARTHEST) * ((_KNOTS - 1) / (2 * _FARTHEST))
    place = place.clamp(0, _KNOTS - 1.001)
    below = place.detach().long()
    low, high = curves.gather(2, below), curves.gather(2, below + 1)
    return low.lerp(high, place - below).view_as(colours).to(colours)


def to_standard(photos: Tensor, palette: Palette) -> tuple[Tensor, Tensor]:
    """How photos' colours are brought to mean 0 and covariance 1, to become a palette's.

    Of all rotations of such colours it is that from which the palette is reached by least moves.

    Args:
        photos: (N, 3, H, W); with several of them and one palette, each has a map of its own.
        palette: of N pictures, or of one.

    Returns:
        Matrices M (N, 3, 3) and means m (N, 3): standard colours are M (x - m).
    """
    mean, covariance = _moments(_colours(photos))
    covariance = covariance + _LEAST * torch.eye(3)
    root, inverse = _power(covariance, 0.5), _power(covariance, -0.5)
    wanted = palette.root @ palette.root
    moved = inverse @ _power(root @ wanted @ root, 0.5) @ inverse
    return torch.linalg.solve(palette.root, moved), mean


def _colours(pictures: Tensor) -> Tensor:
    """Colours (N, 3, M) of pictures (N, 3, H, W), in float32 on the CPU."""
    every = max(1, min(pictures.shape[2:]) // _SAMPLES)
    return pictures[:, :, ::every, ::every].float().cpu().flatten(2)


def _moments(colours: Tensor) -> tuple[Tensor, Tensor]:
    """Mean (N, 3) and covariance (N, 3, 3) of colours (N, 3, M)."""
    mean = colours.mean(2)
    centred = colours - mean[:, :, None]
    return mean, centred @ centred.transpose(1, 2) / colours.shape[2]


def _power(matrices: Tensor, exponent: float) -> Tensor:
    """A power of symmetric positive matrices (N, 3, 3)."""
    values, vectors = torch.linalg.eigh(matrices)
    return vectors * values.clamp(min=1e-8).pow(exponent)[:, None] @ vectors.transpose(1, 2)
