"""Corners of a photo that are gone: torn off, and the scanner's lid or the album seen instead.

A net that looks at a part cannot tell them from a bright wall. In the whole picture they are told
by form: one colour from the corner on, up to a sharp edge from side to side that bends little.
"""

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

_LONGEST = 512  # px of the copy that is looked at
_LEAST, _MOST = 0.03, 0.4  # of the short side, how far a lost corner reaches along both sides
_SLIMMEST = 5.0  # times as far along one side as along the other
_EVEN, _GRAINY = 10 / 255, 10.5 / 255  # what counts as one colour; grain beyond which none does
_CLEAR = 8 / 255  # beyond that, what is over the edge differs all along it
_STRONG, _OVER_GRAIN = 22 / 255, 8  # and in the middle by so much, and by so many times the grain
_ALL = 0.9  # share of the edge, and of what it cuts off, of which that must hold
_TO_ENDS = 0.8  # share of its reach that a corner has at the very side
_BENT = 0.17  # deviation of the edge from a straight one, as a share of its length
_FULL = (0.24, 0.86)  # share of the rectangle around it; beyond, it may be a window or a sign
_HOLLOW, _ALIKE = 0.5, 0.25  # the same, below which corners that are as wide as high may be round
_FRINGE = 3  # px of the copy, over which an edge may be soft or ragged

_Floats = NDArray[np.floating]
_Marks = NDArray[np.uint8]


def lost_corners(photo: Tensor) -> Tensor:
    """Where corners are gone: (1, 1, h, w), 0 or 1, of a reduced copy of (1, 3, H, W) in [0, 1]."""
    pixels = photo[0].permute(1, 2, 0).cpu().numpy()
    height, width = pixels.shape[:2]
    factor = min(1.0, _LONGEST / max(height, width))
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    copy = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.float32)
    reach = int(_MOST * min(size))
    corners = [
        (slice(None, None, rows), slice(None, None, columns))
        for rows in (1, -1)
        for columns in (1, -1)
    ]
    found = [
        _lost(np.ascontiguousarray(copy[corner][:reach, :reach]), round(_LEAST * min(size)))
        for corner in corners
    ]
    is_round = sum(map(_may_be_round, found)) > 1  # the print itself, not by damage
    lost = np.zeros(copy.shape[:2], np.uint8)
    for corner, marks in zip(corners, found, strict=True):
        if not (is_round and _may_be_round(marks)):
            lost[corner][:reach, :reach] |= marks
    lost = cv2.dilate(lost, _disc(_FRINGE))
    return torch.from_numpy(lost).float()[None, None]


def _lost(part: _Floats, least: int) -> _Marks:
    """What of the upper left of a picture (S, S, 3) is gone, 1 there: (S, S); nothing mostly."""
    nothing = np.zeros(part.shape[:2], np.uint8)
    least = max(6, least)
    if len(part) <= least:
        return nothing
    smooth = cv2.blur(part, (3, 3), borderType=cv2.BORDER_REPLICATE)
    first = np.add.outer(np.arange(least), np.arange(least)) < least
    colour = np.median(part[:least, :least][first], 0)
    off = np.abs(smooth - colour).max(2)
    grain = np.quantile(off[:least, :least][first], _ALL)
    if grain > _GRAINY:
        return nothing
    even = max(_EVEN, 2 * grain)
    labels = cv2.connectedComponents((off < even).astype(np.uint8), connectivity=4)[1]
    same = (labels == labels[1, 1]) & (labels[1, 1] > 0)
    across, down = _ends(same)  # how far each row and each column reaches
    wide, high = across.max(), down.max()
    if not least <= min(wide, high) <= max(wide, high) < len(part):
        return nothing
    cut = np.maximum.accumulate(across[::-1])[::-1]
    inside = (np.arange(len(part)) < cut[:, None]).astype(np.uint8)
    near = cv2.dilate(inside, _disc(_FRINGE))
    beyond = off[cv2.dilate(inside, _disc(_FRINGE + 1)) > near]
    is_lost = (
        beyond.size > 0
        and max(wide, high) <= _SLIMMEST * min(wide, high)
        and min(across[0] / wide, down[0] / high) > _TO_ENDS
        and same.sum() > _ALL * inside.sum()
        and _FULL[0] * wide * high < inside.sum() < _FULL[1] * wide * high
        and _bend(across[:high], down[:wide]) < _BENT
        and (beyond > even + _CLEAR).mean() >= _ALL
        and np.median(beyond) > max(_STRONG, _OVER_GRAIN * grain)
    )
    return inside if is_lost else nothing


def _may_be_round(marks: _Marks) -> bool:
    """Whether what is lost is as far along both sides, and between them less than a triangle."""
    rows, columns = (int(marks.any(axis).sum()) for axis in (1, 0))
    return 0 < marks.sum() < _HOLLOW * rows * columns and abs(rows - columns) <= _ALIKE * rows


def _ends(where: NDArray[np.bool_]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """One past the last place of each row (H, W), and of each column; 0 where there is none."""
    height, width = where.shape
    rows = width - where[:, ::-1].argmax(1)
    columns = height - where[::-1].argmax(0)
    return np.where(where.any(1), rows, 0), np.where(where.any(0), columns, 0)


def _bend(across: NDArray[np.intp], down: NDArray[np.intp]) -> float:
    """How far an edge is from the line between its ends, as a share of that: root mean square."""
    high, wide = len(across), len(down)
    edge = np.concatenate([
        np.stack([across, np.arange(high) + 0.5], 1), np.stack([np.arange(wide) + 0.5, down], 1)
    ])  # fmt: skip
    away = (edge @ np.array([high, wide]) - wide * high) / (wide**2 + high**2)
    return float(np.sqrt(np.square(away).mean()))


def _disc(radius: int) -> _Marks:
    side = 2 * radius + 1
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)).astype(np.uint8)
