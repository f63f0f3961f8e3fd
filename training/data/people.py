"""Drawings of cats by people (Quick, Draw!, Google, CC BY 4.0), inked as the studio's pen does."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import distance_transform_edt, zoom
from skimage.morphology import skeletonize

from studio.core.errors import StudioError
from training.data.doodles import Lines, warped

_FILE = Path("doodles") / "cats_28.npz"
_ASIDE = 250  # that are never trained on
_FINE = 168  # px, side at which lines are thinned
_MARGIN = 0.08  # around a drawing, as the program leaves it
# Of those kept aside, the first 24 that are heads: for people to look at.
_HEADS = (
    0, 1, 2, 3, 6, 7, 8, 14, 15, 17, 18, 19, 20, 21, 23, 24, 26, 27, 29, 30, 31, 32, 35, 36,
)  # fmt: skip
_PEN = 0.02  # width of the lines that are measured with, as a share of the side

Doodles = NDArray[np.uint8]


class PeoplesCats:
    """Drawings as (28, 28) uint8, 255 is ink: most to train on, some kept aside.

    Args:
        data: the folder of all data.

    Attributes:
        aside, learnt: drawings (N, 28, 28) of both kinds.

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
        self.aside, self.learnt = doodles[order[:_ASIDE]], doodles[order[_ASIDE:]]

    def draw(self, side: int, random: np.random.Generator) -> Lines:
        """One to train on: any width of the pen, mirrored half of the time.

        Returns:
            (side, side) in [0, 1], 1 is ink.
        """
        lines = thinned(self.learnt[random.integers(len(self.learnt))])
        if random.random() < 0.5:
            lines = lines[:, ::-1]
        width = random.uniform(0.009, 0.034) * _FINE
        ink = _drawn(lines, width)
        if random.random() < 0.5:
            ink = warped(ink, random)
        return _reduced(ink, side)

    def held_out(self, side: int) -> list[Lines]:
        """Those kept aside, each (side, side), as the net is shown them; 24 heads come first."""
        others = [index for index in range(len(self.aside)) if index not in _HEADS]
        heads = [index for index in _HEADS if index < len(self.aside)]
        return [inked(self.aside[index], side) for index in (*heads, *others)]


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


def _reduced(ink: Lines, side: int) -> Lines:
    image = Image.fromarray(ink.astype(np.float32))
    return np.asarray(image.resize((side, side), Image.Resampling.BOX)).clip(0, 1)
