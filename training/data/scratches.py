"""What time does to prints, drawn: scratches, hairs, dust, tears, folds, blots, dates, corners.

`studio.quality.missing` draws by other means what repair is measured on, which is not learned from.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, uniform_filter

from training.data.shapes import (
    Floats,
    Random,
    Sheet,
    blots,
    corner,
    dust,
    flakes,
    fold,
    hairs,
    one_of,
    scratches,
    strokes,
    tear,
    waves,
    writing,
)

_LOTS = 0.3  # share of the photos with lines or writing on them that have much of it
_VISIBLE = 0.06  # change of a channel, mean of 3x3 px, from which on it can be seen
_SEEN = 0.2  # cover from which on a pixel counts as damaged


@dataclass(frozen=True)
class Scratched:
    """A damaged photo.

    Attributes:
        given: (H, W, 3) float32 in [0, 1].
        damaged: (H, W) bool, where.
    """

    given: Floats
    damaged: NDArray[np.bool_]


_Kind = Callable[[Sheet, Random], None]
_KINDS: dict[_Kind, float] = {
    scratches: 0.27, hairs: 0.12, dust: 0.14, tear: 0.05, fold: 0.12, blots: 0.10,
    flakes: 0.03, writing: 0.16, corner: 0.01,
}  # fmt: skip
_THIN = (scratches, scratches, hairs, writing, dust)
_LINES = {scratches, hairs, dust}  # so thin that what was there can be told
_ALONE = 0.7  # share of the photos with holes of one such kind alone


def draw_holes(
    size: tuple[int, int], least: float, random: Random
) -> tuple[NDArray[np.bool_], bool]:
    """Where a photo of (height, width) is missing, damaged or brushed over: (H, W).

    And whether that is by lines or dust alone.

    Args:
        size: in px.
        least: share of the photo; more damage is drawn until that is missing.
        random: the source of randomness.
    """
    sheet = Sheet(size)
    # Beside blots what is wrong in thin damage hardly counts: it is mostly alone.
    alone = _THIN[random.choice(len(_THIN))] if random.random() < _ALONE else None
    while True:
        kind = alone or (strokes if random.random() < 0.12 else one_of(_KINDS, random))
        kind(sheet, random)
        holes = sheet.cover() > _SEEN
        if holes.mean() >= least:
            break
    if random.random() < 0.3:
        holes = gaussian_filter(holes.astype(np.float32), 1) > 0.1
    return holes, alone in _LINES


def scratch(photo: Floats, random: Random) -> Scratched:
    """A photo (H, W, 3) in [0, 1] with damage of one to four kinds on it, or a lot of one."""
    given, damaged = photo.astype(np.float32), np.zeros(photo.shape[:2], bool)
    kinds = [one_of(_KINDS, random) for _ in range(random.integers(1, 5))]
    if random.random() < _LOTS and kinds[0] in {scratches, hairs, writing}:
        kinds = kinds[:1] * int(random.integers(2, 9))
    for kind in kinds:
        sheet = Sheet((photo.shape[0], photo.shape[1]))
        kind(sheet, random)
        cover = sheet.cover()
        if random.random() < 0.6:
            cover = gaussian_filter(cover, random.uniform(0.3, 0.8))
        weight = cover * _strength(kind, (sheet.height, sheet.width), random)
        change = weight[..., None] * (_colour(kind, photo, random) - given)
        given = given + change
        # What cannot be seen is not to be found: it would teach to doubt what can.
        seen = uniform_filter(np.abs(change).max(2), 3) > _VISIBLE
        damaged |= (cover > _SEEN) & seen
    return Scratched(given.clip(0, 1), damaged)


def _strength(kind: _Kind, size: tuple[int, int], random: Random) -> Floats:
    """How opaque damage is, from place to place."""
    if kind in {writing, corner, flakes}:
        return np.full(size, random.uniform(0.6, 1), np.float32)
    strongest = 1 - 0.6 * random.random() ** 2
    if random.random() < 0.5:
        return np.full(size, strongest, np.float32)
    return strongest * (0.85 + 0.15 * waves(size, 20, random).clip(-1, 1))


def _colour(kind: _Kind, photo: Floats, random: Random) -> Floats:
    """What is seen instead: paper, ink, dirt, light; with some grain of its own, (H, W, 3)."""
    what = random.random()
    if kind is writing and what < 0.3:
        colour = np.array([1.0, random.uniform(0.3, 0.85), random.uniform(0, 0.35)])
    elif what < 0.5:
        cast = np.array([0, 0.4, 1]) if random.random() < 0.5 else random.uniform(0, 1, 3)
        colour = random.uniform(0.7, 1) * (1 - random.uniform(0, 0.4) * cast)
    elif what < 0.8:
        colour = random.uniform(0, 0.25) * (1 - random.uniform(0, 0.6) * np.array([0, 0.4, 1]))
    else:
        colour = random.uniform(0, 1, 3)
    grain = random.standard_normal((*photo.shape[:2], 1)) * random.uniform(0, 0.05)
    if np.ptp(photo, 2).max() < 1e-3:  # a grey photo's damage is grey, unless it came later
        colour = np.full(3, colour.mean()) if random.random() < 0.7 else colour
    return (colour + grain).astype(np.float32)
