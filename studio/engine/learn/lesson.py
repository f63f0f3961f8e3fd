"""What a net learns from one painting: photos, crop by crop, and how far results are from it."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from studio.engine.device import drafting
from studio.nets.optimise import CONTENT_LAYER, STYLE_LAYERS, at_short_side
from studio.nets.perceptual import moments, relative_squared_error, stroke_error
from studio.nets.vgg19 import VGG19

CROP = 256  # px, side of what is painted at a step
_WINDOW = 128  # px, side of the part of it that is seen at full size
_PAINTING_SIDE = 512  # px, short side at which the painting is seen
_SHORTEST = (280, 560)  # px, range of the short sides at which photos are seen
_CONTENT = 3.0  # weight


@dataclass(frozen=True)
class Crop:
    """A part of a photo (1, 3, S, S), and the top and left in it of what is seen at full size."""

    photo: Tensor
    corner: tuple[int, int]


class Crops:
    """Parts of photos, (1, 3, H, W) in [0, 1] each, of random sizes."""

    def __init__(self, photos: Sequence[Tensor], seed: int) -> None:
        self._photos = [at_short_side(photo, max(_SHORTEST)) for photo in photos]
        self._random = torch.Generator().manual_seed(seed)

    def next(self) -> Crop:
        """Another one."""
        photo = self._photos[self._below(len(self._photos))]
        low, high = _SHORTEST
        photo = at_short_side(photo, low + self._below(high - low + 1))
        if self._below(2):
            photo = photo.flip(3)
        top, left = (self._below(side - CROP + 1) for side in photo.shape[2:])
        corner = self._below(CROP - _WINDOW + 1), self._below(CROP - _WINDOW + 1)
        return Crop(photo[:, :, top : top + CROP, left : left + CROP], corner)

    def _below(self, count: int) -> int:
        return int(torch.randint(count, (), generator=self._random))


class Lesson:
    """How far results are from a painting and from their photos, seen from three distances.

    Args:
        vgg: the features, pooled by the mean.
        painting: (1, 3, H, W) in [0, 1].
    """

    def __init__(self, vgg: VGG19, painting: Tensor) -> None:
        self._vgg = vgg
        seen = at_short_side(painting, _PAINTING_SIDE)
        with torch.no_grad():
            self._wanted = [
                {name: moments(found[name]) for name in STYLE_LAYERS}
                for found in self._features(_views(seen, (0, 0), max(seen.shape)))
            ]

    def unlikeness(self, painted: Tensor, corner: tuple[int, int]) -> Tensor:
        """How far a result (1, 3, S, S) is from the painting, a scalar."""
        return self._style(self._features(_views(painted, corner, _WINDOW)))

    def loss(self, crop: Crop, painted: Tensor) -> Tensor:
        """A scalar, for the result (1, 3, S, S) of a crop."""
        found = self._features(_views(painted, crop.corner, _WINDOW))
        with torch.no_grad():
            photo = self._features(_views(crop.photo, crop.corner, _WINDOW)[:2])
        content = [
            relative_squared_error(own[CONTENT_LAYER], wanted[CONTENT_LAYER])
            for own, wanted in zip(found, photo, strict=False)
        ]
        return self._style(found) + _CONTENT * torch.cat(content).mean()

    def _style(self, found: Sequence[dict[str, Tensor]]) -> Tensor:
        each = [stroke_error(own, wanted) for own, wanted in zip(found, self._wanted, strict=True)]
        return torch.cat(each).mean()

    def _features(self, views: Sequence[Tensor]) -> list[dict[str, Tensor]]:
        found: list[dict[str, Tensor]] = []
        for view in views:
            with drafting(view.device, enabled=True):
                own = self._vgg(view, STYLE_LAYERS)
            found.append({name: value.float() for name, value in own.items()})
        return found


def _views(pictures: Tensor, corner: tuple[int, int], window: int) -> list[Tensor]:
    """A part of pictures (N, 3, H, W) at full size, all of it at a half and at a quarter."""
    (top, left), half = corner, F.avg_pool2d(pictures, 2)
    part = pictures[:, :, top : top + window, left : left + window]
    return [part, half, F.avg_pool2d(half, 2)]
