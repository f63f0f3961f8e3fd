"""What a person drew, as the nets that draw after it see it: a small square of ink or of labels.

Any drawing will do: dark on light or light on dark, any size, on paper or on nothing.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from studio.core.drawings.labels import Label
from studio.core.picture import Floats, Picture

_LUMA = np.array((0.299, 0.587, 0.114), np.float32)
_FAINT = 0.06  # contrast to the paper, of 1, below which there is no ink
_GRAIN = 0.1  # of paper, as a share of the ink
_MARGIN = 0.08  # around a drawing that fills the picture, as a share of its side


def as_ink(drawing: Picture, side: int, *, fit: bool) -> Picture:
    """Black lines on a white square.

    Args:
        drawing: any size; the paper is what lies along its edges, or nothing.
        side: of the square in px.
        fit: the drawing is moved to the middle and enlarged until it fills the square.

    Returns:
        (side, side); a drawing that is not square has paper beside it.
    """
    ink = _contrast(drawing)
    if ink.max() < _FAINT:  # a blank sheet
        return Picture(np.ones((side, side, 3), np.float32))
    box = _box_of(ink > 0.3 * ink.max(), margin=_MARGIN) if fit else _box_of_all(ink)
    small = _squared(ink, side, box, averaged=True)
    # Thin lines of a large drawing fade when it is reduced: they get their ink back.
    strongest = np.quantile(small[small > 0.1 * small.max()], 0.9)
    small = np.clip((small / strongest - _GRAIN) / (1 - _GRAIN), 0, 1)
    return Picture(np.repeat(1 - small[..., None], 3, 2).astype(np.float32))


def as_labels(drawing: Picture, labels: Sequence[Label], side: int, *, fit: bool) -> Picture:
    """A square of pure label colours.

    Args:
        drawing: any size; each pixel counts as the nearest colour.
        labels: the first is the background.
        side: of the square in px.
        fit: what is not background is moved to the middle and enlarged.

    Returns:
        (side, side); what lies beside the drawing is background.
    """
    colours = np.array([label.rgb for label in labels], np.float32) / np.float32(255)
    pixels = drawing.pixels
    if drawing.alpha is not None:
        pixels = np.where(drawing.alpha[..., None] > 0.5, pixels, colours[0])
    found = nearest(pixels, colours)
    drawn = found > 0
    box = _box_of(drawn, margin=_MARGIN) if fit and drawn.any() else _box_of_all(found)
    small = _squared(found.astype(np.float32), side, box, averaged=False)
    return Picture(np.ascontiguousarray(colours[small.astype(np.intp)]))


def nearest(pixels: Floats, colours: Floats) -> NDArray[np.intp]:
    """Index of the nearest of some colours (K, 3) at each of the pixels (H, W, 3): (H, W)."""
    best = np.zeros(pixels.shape[:2], np.intp)
    distance = np.full(pixels.shape[:2], np.inf, np.float32)
    for index, colour in enumerate(colours):
        to_this = np.square(pixels - colour).sum(2)
        best[to_this < distance] = index
        distance = np.minimum(distance, to_this)
    return best


def _contrast(drawing: Picture) -> Floats:
    """How much each pixel differs from the paper: (H, W) in [0, 1]."""
    grey = drawing.pixels @ _LUMA
    alpha = drawing.alpha
    if alpha is not None and alpha.min() < 0.5:
        # On nothing: such paper that what is drawn stands out from it.
        drawn = float((grey * alpha).sum() / max(float(alpha.sum()), 1e-6))
        grey = grey * alpha + (1.0 if drawn < 0.5 else 0.0) * (1 - alpha)
    edge = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    return np.abs(grey - np.median(edge)).astype(np.float32)


def _box_of(drawn: NDArray[np.bool_], *, margin: float) -> tuple[float, float, float, float]:
    """The square around what is drawn: left, top, right, bottom in px, perhaps partly outside.

    Args:
        drawn: (H, W), True somewhere.
        margin: around it, as a share of its longer side.
    """
    rows, columns = np.flatnonzero(drawn.any(1)), np.flatnonzero(drawn.any(0))
    left, right, top, bottom = columns[0], columns[-1] + 1, rows[0], rows[-1] + 1
    half = (0.5 + margin) * max(right - left, bottom - top)
    x, y = (left + right) / 2, (top + bottom) / 2
    return float(x - half), float(y - half), float(x + half), float(y + half)


def _box_of_all(plane: NDArray[np.generic]) -> tuple[float, float, float, float]:
    """The square around all of a plane (H, W)."""
    return _box_of(np.ones(plane.shape, np.bool_), margin=0.0)


def _squared(
    plane: Floats, side: int, box: tuple[float, float, float, float], *, averaged: bool
) -> Floats:
    """The part of a plane (H, W) in a box, at side x side px; 0 beside the plane."""
    from PIL import Image

    height, width = plane.shape
    scale = side / (box[2] - box[0])
    inside = max(0.0, box[0]), max(0.0, box[1]), min(width, box[2]), min(height, box[3])
    left, top = (round((a - b) * scale) for a, b in zip(inside[:2], box[:2], strict=True))
    columns = min(side - left, max(1, round((inside[2] - inside[0]) * scale)))
    rows = min(side - top, max(1, round((inside[3] - inside[1]) * scale)))
    image = Image.fromarray(np.ascontiguousarray(plane))
    how = Image.Resampling.BOX if averaged else Image.Resampling.NEAREST
    part = image.resize((columns, rows), how, box=inside)
    square = np.zeros((side, side), np.float32)
    square[top : top + rows, left : left + columns] = np.asarray(part)
    return square
