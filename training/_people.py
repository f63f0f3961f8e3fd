"""Drawings of cats by people (Quick, Draw!, Google, CC BY 4.0), inked as the studio's pen does it."""

import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import affine_transform, distance_transform_edt, zoom
from skimage.morphology import skeletonize

from studio.core.errors import StudioError
from training._doodles import Lines, warped

_FILE = Path("doodles") / "cats_28.npz"
_ASIDE = 250  # that are never trained on
_FINE = 168  # px, side at which lines are thinned
_MARGIN = 0.08  # around a drawing, as the program leaves it
_PEN = 0.02  # width of the lines that are measured with, as a share of the side

Doodles = NDArray[np.uint8]


class PeoplesCats:
    """Drawings as (28, 28) uint8, 255 is ink: most to train on, some kept aside.

    Args:
        data: the folder of all data.

    Raises:
        StudioError: they are not there.
    """

    def __init__(self, data: Path) -> None:
        path = data / _FILE
        try:
            with np.load(path) as file:
                doodles: Doodles = file["doodles"]
        except (OSError, ValueError, KeyError):
            raise StudioError(f"there are no drawings in {path}", "see docs/training.md") from None
        order = np.random.default_rng(18).permutation(len(doodles))
        self.aside, self._train = doodles[order[:_ASIDE]], doodles[order[_ASIDE:]]

    def draw(self, side: int, random: np.random.Generator) -> Lines:
        """One to train on: any width of the pen, a little turned, larger or smaller, mirrored.

        Returns:
            (side, side) in [0, 1], 1 is ink.
        """
        lines = thinned(self._train[random.integers(len(self._train))])
        if random.random() < 0.5:
            lines = lines[:, ::-1]
        width = random.uniform(0.009, 0.034) * _FINE
        ink = _placed(_drawn(lines, width), random)
        if random.random() < 0.5:
            ink = warped(ink, random)
        return _reduced(ink, side)

    def held_out(self, side: int) -> list[Lines]:
        """Those kept aside, as the program shows them to the net, each (side, side)."""
        return [inked(doodle, side) for doodle in self.aside]


def thinned(doodle: Doodles) -> NDArray[np.bool_]:
    """Lines of one px of a drawing (28, 28), which fills the square but for a margin."""
    inner = round(_FINE * (1 - 2 * _MARGIN))
    large = zoom(doodle.astype(np.float32), inner / len(doodle), order=3)
    lines = np.zeros((_FINE, _FINE), np.bool_)
    left = (_FINE - inner) // 2
    lines[left : left + inner, left : left + inner] = skeletonize(large > 140)
    return lines


def inked(doodle: Doodles, side: int) -> Lines:
    """A drawing (28, 28) with a pen of usual width: (side, side) in [0, 1], 1 is ink."""
    return _reduced(_drawn(thinned(doodle), _PEN * _FINE), side)


def _drawn(lines: NDArray[np.bool_], width: float) -> Lines:
    """Ink of a pen's width in px along lines of one px; a dot is as wide as a line."""
    away = np.asarray(distance_transform_edt(~lines), np.float32)
    return np.clip(width / 2 + 0.5 - away, 0, 1)


def _placed(ink: Lines, random: np.random.Generator) -> Lines:
    """Turned, stretched and moved a little about the middle."""
    angle = random.normal(0, 0.07)
    scale = random.uniform(0.9, 1.15) * np.exp(random.normal(0, 0.06, 2))
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    matrix = turn * scale
    middle = np.full(2, (_FINE - 1) / 2)
    offset = middle - matrix @ (middle + random.normal(0, 0.02 * _FINE, 2))
    return affine_transform(ink, matrix, offset, order=1).astype(np.float32)


def _reduced(ink: Lines, side: int) -> Lines:
    image = Image.fromarray(ink.astype(np.float32))
    return np.asarray(image.resize((side, side), Image.Resampling.BOX)).clip(0, 1)
