"""Damage of four kinds, drawn on photos with a seed: what repair is measured on.

No net learns from it: training draws its own (`training/data/scratches.py`), by other means.
"""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]
Mask = NDArray[np.uint8]
_Random = np.random.Generator

SHARES = (0.03, 0.15)
"""Least and largest share of a photo that is damaged."""
_WANTED = (0.03, 0.13)  # share from which on no more is drawn
_TRIES = 400
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789.:-"


@dataclass(frozen=True)
class Missing:
    """A damaged photo.

    Attributes:
        given: (H, W, 3) in [0, 1], what is to be repaired.
        holes: (H, W) bool, where.
    """

    given: Floats
    holes: NDArray[np.bool_]


def draw_missing(photo: Floats, kind: str, random: _Random) -> Missing:
    """Damages 3 to 15 % of a photo.

    Args:
        photo: (H, W, 3) in [0, 1].
        kind: one of `KINDS`.
        random: the source of randomness.
    """
    share = random.uniform(*_WANTED)
    given = photo.astype(np.float64)
    holes = np.zeros(photo.shape[:2], bool)
    for _ in range(_TRIES):
        if holes.mean() >= share:
            break
        drawn = np.zeros(photo.shape[:2], np.uint8)
        _DRAW[kind](drawn, random)
        if (holes | (drawn > 0)).mean() > SHARES[1]:
            continue
        light = random.uniform(0.75, 1) if random.random() < 0.6 else random.uniform(0, 0.25)
        tint = np.array([1, random.uniform(0.85, 1), random.uniform(0.6, 1)])
        cover = random.uniform(0.7, 1) * (drawn / 255.0)[..., None]
        given = given + cover * (light * tint - given)
        holes |= drawn > 0
    return Missing(given, holes)


def _scratches(sheet: Mask, random: _Random) -> None:
    """A curve of the second degree, 1 to 3 px wide."""
    height, width = sheet.shape
    a, b, c = random.uniform(-0.1, 1.1, (3, 2)) * (width, height)
    b = (a + c) / 2 + (b - (a + c) / 2) * random.uniform(0, 0.4)
    t = np.linspace(0, 1, 60)[:, None]
    curve = (1 - t) ** 2 * a + 2 * t * (1 - t) * b + t**2 * c
    width = int(random.integers(1, 4))
    cv2.polylines(sheet, [np.rint(curve * 8).astype(np.int32)], False, 255, width, cv2.LINE_AA, 3)


def _dust(sheet: Mask, random: _Random) -> None:
    """Twenty ellipses of up to 3 px."""
    height, width = sheet.shape
    for _ in range(20):
        centre = random.uniform(0, 1, 2) * (width, height)
        axes = random.uniform(0.5, 3, 2)
        angle = float(random.uniform(0, 360))
        x, y = np.rint(centre * 8).astype(int)
        a, b = np.rint(axes * 8).astype(int)
        cv2.ellipse(
            sheet, (int(x), int(y)), (int(a), int(b)), angle, 0, 360, 255, -1, cv2.LINE_AA, 3
        )


def _blots(sheet: Mask, random: _Random) -> None:
    """Drops that have run together, up to a tenth of the side."""
    height, width = sheet.shape
    side = min(height, width)
    centre = random.uniform(0, 1, 2) * (width, height)
    across = side * random.uniform(0.03, 0.1)
    y, x = np.mgrid[:height, :width]
    field = np.zeros(sheet.shape)
    for _ in range(random.integers(2, 7)):
        cx, cy = centre + random.normal(0, across / 4, 2)
        spread = across * random.uniform(0.12, 0.3)
        field += np.exp(-((x - cx) ** 2 + (y - cy) ** 2) / (2 * spread**2))
    near = np.hypot(x - centre[0], y - centre[1]) < across / 2
    sheet[(field > 0.5) & near] = 255


def _text(sheet: Mask, random: _Random) -> None:
    """A word of Hershey's letters."""
    height, width = sheet.shape
    word = "".join(random.choice(list(_LETTERS), random.integers(4, 14)))
    size = min(height, width) * random.uniform(0.05, 0.1) / 22
    place = random.uniform(-0.1, 0.9), random.uniform(0.05, 1)
    where = (int(place[0] * width), int(place[1] * height))
    font = int(random.choice((cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_COMPLEX)))
    thick = int(random.integers(1, 4))
    cv2.putText(sheet, word, where, font, float(size), 255, thick, cv2.LINE_AA)


_DRAW: dict[str, Callable[[Mask, _Random], None]] = {
    "scratches": _scratches, "dust": _dust, "blots": _blots, "text": _text,
}  # fmt: skip
KINDS = tuple(_DRAW)
"""What is drawn."""
