"""Heads of cats: drawings, and photos bent so that they show what was drawn."""

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from studio.core.drawings.labels import Label
from studio.nets.appearance import Appearance, warped
from studio.quality.sketch import curvature
from training.data.doodles import draw_cat, simplify
from training.data.heads import Head, doodle_of, landmarks_of, varied
from training.data.pairs import (
    LinePairs,
    Pair,
    as_tensor,
    ink_of,
    mirrored,
    moved,
    scaled,
    some_move,
)
from training.data.people import PeoplesCats
from training.data.photos import to_tensor

_BY_PEOPLE = 0.55  # of the drawings to train on
_BY_CODE = 0.25  # likewise; the others are the photos' own edges
_TRIES = 8  # photos, of which the one is taken that has to be bent the least
_MOST_BENT = 0.3  # mean distance of landmarks, in halves of the side: beyond, it is no head
_ASTRAY = 0.03  # standard deviation of a landmark that was found, likewise
_UNSHARP, _MOST_LOST = 1.3, 1.0  # how much is added for each share of sharpness that is lost
_STRAYING = 0.2  # of a look, in standard deviations


class BentCats:
    """Pairs of a drawing beside its prototype, and a photo with its landmarks where they are drawn.

    Args:
        photos: with their edges and names, all of them in `heads`.
        heads: where the parts of their heads are, by name.
        people: drawings by people.
        appearance: that draws the prototypes.
    """

    labels: tuple[Label, ...] = ()
    channels = 4

    def __init__(
        self,
        photos: LinePairs,
        heads: dict[str, Head],
        people: PeoplesCats,
        appearance: Appearance,
    ) -> None:
        self._plain, self._people, self.appearance = photos, people, appearance
        self.side, self.count = photos.side, photos.count
        self._learnt = photos.learnt
        self._heads = [heads[each.name] for each in photos.learnt]
        self._edges = [ink_of(each.drawing) for each in photos.learnt]
        self._photos = torch.stack([to_tensor(each.photo) for each in photos.learnt])
        self._places = torch.from_numpy(np.stack([landmarks_of(h) for h in self._heads])).float()
        self._looks = appearance.look(self._photos, self._places)

    @torch.no_grad()
    def pair(self, index: int, random: np.random.Generator) -> Pair:
        """A drawing by somebody, by code, or of the photo's edges; of the first two, any photo."""
        kind = random.random()
        ink, places = self._by_people(random) if kind < _BY_PEOPLE else (None, None)
        if ink is None or places is None:
            if kind < _BY_PEOPLE + _BY_CODE:
                head = varied(self._heads, random)
                drawn, at = doodle_of(head, self.side, random), landmarks_of(head)
                at = torch.from_numpy(at).float()
            else:
                edges = self._edges[index]
                drawn, at = simplify(edges, len(edges), random), self._places[index]
            matrix = some_move(random)
            ink = moved(drawn[..., None], matrix, self.side, "constant")
            places = torch.linalg.solve(matrix[:, :2], (at - matrix[:, 2]).T).T
        if kind < _BY_PEOPLE + _BY_CODE:
            index = self._nearest(places, random)
        size = (self.side, self.side)
        photo = warped(self._photos[index][None], places[None], self._places[index][None], size)
        looks, spread = self._looks, self._looks.std(0)
        look = looks[index] + _STRAYING * spread * _normal(random, spread.shape)
        astray = places + _ASTRAY * _normal(random, places.shape)
        plain = scaled(self._learnt[index].photo, self.side)
        pair = Pair(self._beside(ink, look, astray), _as_sharp(photo[0], plain), plain)
        return mirrored(pair) if random.random() < 0.5 else pair

    def doodle(self, random: np.random.Generator) -> Tensor:
        """By somebody, beside any prototype."""
        ink = as_tensor(self._people.draw(self.side, random))
        return self._prototyped(ink, int(random.integers(2**31)))

    def shown(self, random: np.random.Generator) -> Tensor:
        """By code."""
        ink = as_tensor(draw_cat(self.side, random))
        return self._prototyped(ink, int(random.integers(2**31)))

    def doodles_aside(self) -> list[Tensor]:
        """By people, each with its own prototype."""
        drawn = self._people.held_out(self.side)
        return [self._prototyped(as_tensor(ink), seed) for seed, ink in enumerate(drawn)]

    def held_out(self) -> list[Pair]:
        """Photos and their edges."""
        pairs = self._plain.held_out()
        return [Pair(self._prototyped(p.drawing, n), p.photo) for n, p in enumerate(pairs)]

    def real(self) -> list[Tensor]:
        """All photos."""
        return self._plain.real()

    def _by_people(self, random: np.random.Generator) -> tuple[Tensor, Tensor] | tuple[None, None]:
        """A drawing and its landmarks; nothing where it is no head."""
        drawn = self._people.draw(self.side, random)[..., None]
        ink = moved(drawn, some_move(random), self.side, "constant")
        places = self.appearance.find(ink[None])[0]
        off = (places - self.appearance.points).norm(dim=1).mean()
        return (ink, places) if off < _MOST_BENT else (None, None)

    def _nearest(self, places: Tensor, random: np.random.Generator) -> int:
        """Of some photos, the one whose landmarks are most like these, wherever they lie."""
        some = torch.from_numpy(random.integers(0, self.count, _TRIES))
        apart = self._places[some] - places
        apart = apart - apart.mean(1, keepdim=True)
        return int(some[apart.square().sum((1, 2)).argmin()])

    @torch.no_grad()
    def _prototyped(self, ink: Tensor, seed: int) -> Tensor:
        """Ink (1, S, S) as the program shows it to the net: (4, S, S)."""
        look = self.appearance.choose(1, torch.Generator().manual_seed(seed))[0]
        return self._beside(ink, look, self.appearance.find(ink[None])[0])

    def _beside(self, ink: Tensor, look: Tensor, places: Tensor) -> Tensor:
        prototype = self.appearance.draw(look[None], places[None], (self.side, self.side))
        return torch.cat([ink, prototype[0]])


def _as_sharp(bent: Tensor, plain: Tensor) -> Tensor:
    """A photo (3, S, S) that bending has blurred, sharpened by an unsharp mask as much."""
    was, now = (curvature(each.mean(0)[None, None]) for each in (plain, bent))
    lost = float(was / now.clamp(min=1e-6)) - 1
    blurred = F.avg_pool2d(F.pad(bent[None], (1,) * 4, mode="replicate"), 3, 1)[0]
    return (bent + _UNSHARP * min(max(0.0, lost), _MOST_LOST) * (bent - blurred)).clamp(0, 1)


def _normal(random: np.random.Generator, shape: torch.Size) -> Tensor:
    return torch.from_numpy(random.standard_normal(tuple(shape), np.float32))
