"""How far a picture's colours are from another's, wherever they stand."""

import math

import torch
from torch import Tensor
from torch.nn import functional as F

# sRGB's primaries in CIE XYZ, each row divided by that of D65's white (IEC 61966-2-1).
_TO_XYZ = (
    (0.4124564 / 0.95047, 0.3575761 / 0.95047, 0.1804375 / 0.95047),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339 / 1.08883, 0.1191920 / 1.08883, 0.9503041 / 1.08883),
)
_DIRECTIONS = 32


def to_lab(pictures: Tensor) -> Tensor:
    """CIELAB of sRGB.

    Args:
        pictures: (N, 3, H, W) in [0, 1].

    Returns:
        (N, 3, H, W): L* in [0, 100], a* and b*.
    """
    steep = ((pictures.clamp(min=0.04045) + 0.055) / 1.055) ** 2.4
    linear = torch.where(pictures <= 0.04045, pictures / 12.92, steep)
    xyz = torch.einsum("ij,njhw->nihw", pictures.new_tensor(_TO_XYZ), linear)
    edge = (6 / 29) ** 3
    roots = xyz.clamp(min=edge) ** (1 / 3)
    x, y, z = torch.where(xyz <= edge, xyz * (29 / 6) ** 2 / 3 + 4 / 29, roots).unbind(1)
    return torch.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], 1)


def sliced_distance(first: Tensor, second: Tensor) -> Tensor:
    """Sliced 1-Wasserstein distance of two sets of colours: Bonneel et al. (2015).

    Args:
        first: (C, H, W), C = 2 or 3.
        second: (C, H', W').

    Returns:
        The mean over directions evenly spread of the distance between the projections, in the
        colours' own unit; a scalar.
    """
    directions = _directions(len(first)).to(first)
    sorted_first, sorted_second = (
        (directions @ colours.flatten(1)).sort(1).values for colours in (first, second)
    )
    if sorted_second.shape[1] != sorted_first.shape[1]:
        size = sorted_first.shape[1]
        sorted_second = F.interpolate(sorted_second[None], size, mode="linear")[0]
    return (sorted_first - sorted_second).abs().mean()


def _directions(dimensions: int) -> Tensor:
    """Unit vectors (D, dimensions), evenly spread over a half circle or a half ball."""
    steps = torch.arange(_DIRECTIONS) + 0.5
    if dimensions == 2:
        turns = steps * (math.pi / _DIRECTIONS)
        return torch.stack([turns.cos(), turns.sin()], 1)
    heights = steps / _DIRECTIONS
    turns = steps * (math.pi * (3 - math.sqrt(5)))  # the golden angle
    radii = (1 - heights.square()).sqrt()
    return torch.stack([heights, radii * turns.cos(), radii * turns.sin()], 1)


def palette_distances(first: Tensor, second: Tensor) -> tuple[Tensor, Tensor]:
    """Distance of the colours of two pictures: of L*, a* and b*, and of a* and b* alone.

    Args:
        first: (3, H, W) in [0, 1].
        second: (3, H', W') in [0, 1].
    """
    labs = [to_lab(picture[None])[0] for picture in (first, second)]
    return sliced_distance(labs[0], labs[1]), sliced_distance(labs[0][1:], labs[1][1:])
