"""A picture as the lines that one would draw of it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.core.picture import Floats, Picture

_LUMA = np.array((0.299, 0.587, 0.114), np.float32)
_FREE = 0.04  # of the square's side, beside the picture
_BLUR = 1.6  # px, standard deviation, before the edges are looked for
_WEAK = 0.4  # of the threshold: such edges count where they go on from strong ones
_SHORTEST = 24  # px; lines below are specks
_STRONGEST = 0.45  # gradient that the threshold 1 stands for
_DRAWN = 0.9  # share of a drawing that is either paper or ink
_PAPER = 0.6  # share of a drawing that is paper, at least


@dataclass(frozen=True, eq=False)
class Outlines:
    """A picture laid on a square, ready for its lines to be found.

    Attributes:
        grey: (S, S) float32 in [0, 1].
        inside: (S, S), True where the picture lies.
        drawn: whether it is a drawing, whose ink is taken as it is, and no photo.
    """

    grey: Floats
    inside: NDArray[np.bool_]
    drawn: bool


def lay_out(picture: Picture, side: int) -> Outlines:
    """Lays a picture into the middle of a square of `side` px."""
    from PIL import Image

    grey = np.ascontiguousarray(picture.pixels @ _LUMA)
    if picture.alpha is not None:
        grey = grey * picture.alpha + (1 - picture.alpha)
    inner = side * (1 - 2 * _FREE)
    scale = inner / max(picture.width, picture.height)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    small = np.asarray(
        Image.fromarray(grey).resize(
            size, Image.Resampling.BOX if scale < 1 else Image.Resampling.BICUBIC
        )
    )
    left, top = (side - size[0]) // 2, (side - size[1]) // 2
    box = np.s_[top : top + size[1], left : left + size[0]]
    square, inside = np.ones((side, side), np.float32), np.zeros((side, side), np.bool_)
    square[box], inside[box] = np.clip(small, 0, 1), True
    return Outlines(square, inside, _is_drawn(small))


def find_lines(outlines: Outlines, threshold: float) -> Floats:
    """The lines of a picture.

    A photo's are its edges (Canny 1986, "A Computational Approach to Edge Detection"), three px
    wide; a drawing's are its ink.

    Args:
        outlines: the picture.
        threshold: 0 to 1; the higher, the fewer lines.

    Returns:
        (S, S) float32 in [0, 1], 1 is ink.
    """
    from skimage.feature import canny
    from skimage.filters import gaussian

    if outlines.drawn:
        contrast = np.abs(outlines.grey - _paper(outlines.grey[outlines.inside]))
        contrast[~outlines.inside] = 0
        least = 0.05 + 0.9 * threshold
        return np.clip((contrast - least) / 0.25 + 0.5, 0, 1).astype(np.float32)
    high = max(0.01, threshold * _STRONGEST)
    edges = canny(outlines.grey, _BLUR, _WEAK * high, high, mask=outlines.inside)
    edges = _without_specks(edges)
    # Spread to their neighbours, and softened as a pen's stroke is.
    return np.clip(2.4 * gaussian(edges.astype(np.float32), 1.0), 0, 1).astype(np.float32)


def _without_specks(edges: NDArray[np.bool_]) -> NDArray[np.bool_]:
    from skimage.measure import label

    parts = np.asarray(label(edges, connectivity=2))
    large = np.bincount(parts.ravel()) >= _SHORTEST
    large[0] = False
    return large[parts]


def _is_drawn(grey: Floats) -> bool:
    contrast = np.abs(grey - _paper(grey))
    paper = contrast < 0.12
    ink = contrast > 0.6
    return bool(paper.mean() > _PAPER and (paper | ink).mean() > _DRAWN)


def _paper(grey: Floats) -> float:
    """The level that most of a picture has."""
    counts, edges = np.histogram(grey, 16, (0, 1))
    return float(edges[counts.argmax()] + 1 / 32)
