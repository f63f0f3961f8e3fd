"""Colours moved from one picture's to another's, in closed form.

Pitie and Kokaram, "The linear Monge-Kantorovitch linear colour mapping for example-based colour
transfer" (2007): of all linear maps that give the colours another mean and covariance, the one that
moves them least. What is not normally distributed, such as a few bright spots on grey, curves along
three axes give back.
"""

from dataclasses import dataclass
from math import erf, sqrt

import numpy as np
from numpy.typing import NDArray

from studio.core.picture import Floats

Doubles = NDArray[np.float64]

_SAMPLES = 512  # rows and columns of a picture that are looked at, about: moments need no more
_LEAST = 1e-3  # variance added to a photo's: what is nearly grey has noise for colours
_DARKEST = 2 / 255  # mean of a palette: all black is taken for what a damaged net makes
_LEAST_WANTED = 1e-4  # variance added to a painting's, so that it can be divided by
FARTHEST = 3.5  # deviations from the mean at which curves end
KNOTS = 33  # of a curve, evenly spread
_COUNTED = 20_000  # colours of which a curve is made, about
_RAREST = 0.002  # share of the colours beyond which they are left out of a curve
# Deviations of colours as photos have them: along grey, along orange to blue, and along green to
# purple.
_AXES = ((1.0, 1.0, 1.0), (1.0, 0.0, -1.0), (1.0, -2.0, 1.0))
_DEVIATIONS = (0.4, 0.1, 0.05)


@dataclass(frozen=True)
class Palette:
    """The colours of N pictures, RGB in [0, 1].

    Attributes:
        mean: (N, 3).
        root: symmetric root of the covariance, (N, 3, 3). Its inverse makes colours standard: of
            mean 0, deviation 1 and no correlation.
        curves: (N, 3, K), what standard colours would be along each axis that are normally
            distributed in the place of the pictures' own.
    """

    mean: Floats
    root: Floats
    curves: Floats

    @property
    def spread(self) -> Floats:
        """The numbers of the roots, (N, 6)."""
        rows, columns = np.triu_indices(3)
        return self.root[:, rows, columns]

    def blended(self, other: "Palette", share: float) -> "Palette":
        """A palette between this one and, at a share of 1, the other."""
        return Palette(
            blended(self.mean, other.mean, share),
            blended(self.root, other.root, share),
            blended(self.curves, other.curves, share),
        )


def blended(one: Floats, other: Floats, share: float) -> Floats:
    """Numbers between some and, at a share of 1, others."""
    return (one + share * (other - one)).astype(np.float32)


def palette_of(pictures: Floats) -> Palette:
    """The palettes of pictures (N, 3, H, W)."""
    colours = _colours(pictures)
    mean, covariance = _moments(colours)
    root = _power(covariance + _LEAST_WANTED * np.eye(3), 0.5)
    every = max(1, colours.shape[2] // _COUNTED)
    own = np.linalg.solve(root, (colours - mean[:, :, None])[:, :, ::every])
    at = np.linspace(-FARTHEST, FARTHEST, KNOTS)
    shares = np.array([0.5 + 0.5 * erf(each / sqrt(2)) for each in at])
    curves = np.quantile(own, shares.clip(_RAREST, 1 - _RAREST), axis=2).transpose(1, 2, 0)
    mean = mean.clip(_DARKEST)
    return Palette(*(each.astype(np.float32) for each in (mean, root, curves)))


def to_standard(photos: Floats, palette: Palette) -> tuple[Floats, Floats]:
    """How photos' colours are brought to mean 0 and covariance 1, to become a palette's.

    Of all rotations of such colours it is that from which the palette is reached by least moves.

    Args:
        photos: (N, 3, H, W); with several of them and one palette, each has a map of its own.
        palette: of N pictures, or of one.

    Returns:
        Matrices M (N, 3, 3) and means m (N, 3): standard colours are M (x - m).
    """
    mean, covariance = _moments(_colours(photos))
    covariance = covariance + _LEAST * np.eye(3)
    root, inverse = _power(covariance, 0.5), _power(covariance, -0.5)
    wanted = palette.root.astype(np.float64) @ palette.root
    moved = inverse @ _power(root @ wanted @ root, 0.5) @ inverse
    return np.linalg.solve(palette.root, moved).astype(np.float32), mean.astype(np.float32)


def photo_root() -> Floats:
    """(3, 3), that of colours as photos have them."""
    axes = np.array(_AXES) / np.linalg.norm(_AXES, axis=1)[:, None]
    return (axes.T * _DEVIATIONS @ axes).astype(np.float32)


def _colours(pictures: Floats) -> Floats:
    """Colours (N, 3, M) of pictures (N, 3, H, W)."""
    every = max(1, min(pictures.shape[2:]) // _SAMPLES)
    return pictures[:, :, ::every, ::every].reshape(*pictures.shape[:2], -1)


def _moments(colours: Floats) -> tuple[Doubles, Doubles]:
    """Mean (N, 3) and covariance (N, 3, 3) of colours (N, 3, M)."""
    mean = colours.mean(2, dtype=np.float64)
    centred = colours - mean[:, :, None]
    return mean, centred @ centred.transpose(0, 2, 1) / colours.shape[2]


def _power(matrices: Doubles, exponent: float) -> Doubles:
    """A power of symmetric positive matrices (N, 3, 3)."""
    values, vectors = np.linalg.eigh(matrices)
    return vectors * values.clip(1e-8)[:, None] ** exponent @ vectors.transpose(0, 2, 1)
