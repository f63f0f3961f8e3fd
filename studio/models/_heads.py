"""Finds the head in the drawing of a whole animal, by the landmarks that a net sees in parts of it.

A part that shows a head has landmarks as heads have them, and these lie on what is drawn. In any
other part they are the usual ones on nothing, or lie on lines and are out of shape.
"""

import torch
from torch import Tensor
from torch.nn import functional as F

from studio.models._spec import Square
from studio.nets.appearance import SIDE, Appearance

_SIDES = (0.5, 0.38, 0.3)  # of parts, as shares of the drawing's side
_STEP = 0.36  # from one part to the next, as a share of the longest way of its side
_INK = 0.3  # of 1: from here on it is a line
_LEAST_INK = 0.03  # share of a part, below which there is no head in it
_FARTHEST = 0.5  # that a landmark counts as away from ink, in halves of a part's side
_SHAPE, _TURN, _SIZE = 0.5, 0.1, 0.15  # how much these count beside the distance from ink
_DOUBTFUL = 0.205  # from here on the whole drawing may be no head
_SURE = 0.145  # up to here a part is one
_BETTER = 0.07  # by so much at least


def find_head(appearance: Appearance, ink: Tensor) -> Square | None:
    """Where the head of a whole animal is; None: the drawing is a head itself, or none is found.

    Args:
        appearance: finds landmarks.
        ink: (1, 1, S, S) in [0, 1], 1 is ink.
    """
    whole = F.interpolate(ink, (SIDE, SIDE), mode="bilinear", antialias=True)
    doubt = float(_doubts(appearance, whole)[0])
    if doubt < _DOUBTFUL:
        return None
    places = torch.tensor(_places())
    parts = _parts(ink, places)
    inked = (parts > _INK).float().mean((1, 2, 3)) > _LEAST_INK
    if not inked.any():
        return None
    doubts = _doubts(appearance, parts[inked])
    best = int(doubts.argmin())
    if not float(doubts[best]) < min(_SURE, doubt - _BETTER):
        return None
    x, y, half = places[inked][best].tolist()
    length = ink.shape[3]
    side = round(half * length)
    left, top = (round((at + 1) / 2 * length - side / 2) for at in (x, y))
    room = length - side
    return Square(min(max(0, left), room), min(max(0, top), room), side)


def _places() -> list[tuple[float, float, float]]:
    """Parts: their middles in [-1, 1], and their sides as shares of the drawing's."""
    found: list[tuple[float, float, float]] = []
    for side in _SIDES:
        count = round((1 - side) / (_STEP * side) + 0.5) + 1
        line = torch.linspace(side - 1, 1 - side, count).tolist()
        found += [(x, y, side) for x in line for y in line]
    return found


def _parts(ink: Tensor, places: Tensor) -> Tensor:
    """The parts (N, 1, SIDE, SIDE) of a drawing at places (N, 3)."""
    x, y, side = places.to(ink).unbind(1)
    none = torch.zeros_like(side)
    moves = torch.stack([side, none, x, none, side, y], 1).view(-1, 2, 3)
    grid = F.affine_grid(moves, [len(places), 1, SIDE, SIDE], align_corners=False)
    return F.grid_sample(ink.expand(len(places), -1, -1, -1), grid, align_corners=False)


def _doubts(appearance: Appearance, parts: Tensor) -> Tensor:
    """How little each part (N, 1, SIDE, SIDE) looks like a head: (N,)."""
    usual, found = appearance.points, appearance.find(parts)
    size, turn, shape = _likeness(usual, found)
    line = (torch.arange(SIDE).to(found) + 0.5) * 2 / SIDE - 1
    y, x = torch.meshgrid(line, line, indexing="ij")
    away = torch.cdist(found, torch.stack([x, y], 2).view(1, -1, 2).expand(len(parts), -1, -1))
    away = away.masked_fill((parts < _INK).view(len(parts), 1, -1), _FARTHEST)
    distance = away.amin(2).clamp(max=_FARTHEST).mean(1)
    return distance + _SHAPE * shape + _TURN * turn.abs() + _SIZE * (size - 1).abs()


def _likeness(usual: Tensor, found: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Size and turn by which landmarks (P, 2) best become others (N, P, 2), and what is left."""
    a = torch.view_as_complex((found - found.mean(1, keepdim=True)).contiguous())
    b = torch.view_as_complex((usual - usual.mean(0)).contiguous())
    move = (a * b.conj()).sum(1) / b.abs().square().sum().clamp(min=1e-6)
    left = (a - move[:, None] * b).abs().square().mean(1).sqrt()
    size = move.abs().clamp(min=1e-6)
    return size, move.angle(), left / size
