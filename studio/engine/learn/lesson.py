"""What a net learns from one painting: photos, crop by crop, and how far results are from it."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from studio.nets.optimise import at_short_side, bf16_is_fast
from studio.nets.style_loss import Objective, views
from studio.nets.vgg19 import VGG19

CROP = 320  # px, side of what is painted at a step
_WINDOW = 192  # px, side of the part of it that is seen at full size: a smaller one tells less
_PAINTING_SIDE = 512  # px, short side at which the painting is seen
SHORTEST = (336, 560)  # px, range of the short sides at which photos are seen
_STROKES = 0.15  # weight beside that of the style error
_LIKENESS, _PALETTE, _CONTENT, _GRID = 6.0, 0.02, 1.3, 100.0
_VIEWS = (0.9, 0.9, 1.2)  # weights of full, half and quarter size
_KNOWN = 8  # crops by which is told how far photos themselves are from a painting


@dataclass(frozen=True)
class Crop:
    """A part of a photo (1, 3, S, S), and the top and left in it of what is seen at full size."""

    photo: Tensor
    corner: tuple[int, int]


class Crops:
    """Parts of photos, of random sizes.

    Args:
        photos: each (1, 3, H, W) in [0, 1], its short side the longest of `SHORTEST`.
        seed: of what is random.
    """

    def __init__(self, photos: Sequence[Tensor], seed: int) -> None:
        self._photos = photos
        self._random = torch.Generator().manual_seed(seed)

    def next(self) -> Crop:
        """Another one."""
        photo = self._photos[self._below(len(self._photos))]
        low, high = SHORTEST
        photo = at_short_side(photo, low + self._below(high - low + 1))
        if self._below(2):
            photo = photo.flip(3)
        top, left = (self._below(side - CROP + 1) for side in photo.shape[2:])
        corner = self._below(CROP - _WINDOW + 1), self._below(CROP - _WINDOW + 1)
        return Crop(photo[:, :, top : top + CROP, left : left + CROP], corner)

    def _below(self, count: int) -> int:
        return int(torch.randint(count, (), generator=self._random))


class Lesson:
    """How far results are from a painting and from their photos.

    Args:
        vgg: the features, pooled by the mean.
        painting: (1, 3, H, W) in [0, 1].
        crops: of photos. How far from the painting they are themselves is what results are measured
            by, as in `quality.style`: a mosaic is five times as far as a painted room, and would
            leave nothing of photos.
    """

    def __init__(self, vgg: VGG19, painting: Tensor, crops: Crops) -> None:
        seen = at_short_side(painting, _PAINTING_SIDE)
        self._objective = Objective(vgg, [seen], weights=_VIEWS, bf16=bf16_is_fast(painting.device))
        self._style = torch.zeros(1, dtype=torch.long, device=painting.device)
        known = [crops.next() for _ in range(_KNOWN)]
        with torch.no_grad():
            usual = [self._errors(each.photo.to(painting), each.corner)[0] for each in known]
        self._usual = torch.stack(usual).mean()

    def unlikeness(self, painted: Tensor) -> Tensor:
        """How far a result (1, 3, S, S) is from the painting, (1,)."""
        return self._weighed(*self._errors(painted, (0, 0)))

    def _errors(self, pictures: Tensor, corner: tuple[int, int]) -> tuple[Tensor, Tensor]:
        """Of style and strokes, and of the palette."""
        seen = views(pictures, corner, _WINDOW)
        features = self._objective.features(seen)
        strokes, style, palette = self._objective.unlikeness(features, seen[-1], self._style)
        return style + _STROKES * strokes, palette

    def _weighed(self, likeness: Tensor, palette: Tensor) -> Tensor:
        return _LIKENESS * likeness / self._usual + _PALETTE * palette

    def loss(self, crop: Crop, painted: Tensor) -> Tensor:
        """A scalar, for the result (1, 3, S, S) of a crop."""
        strokes, style, palette, content, grid = self._objective(
            crop.photo.to(painted), painted, self._style, crop.corner, _WINDOW
        )
        terms = self._weighed(style + _STROKES * strokes, palette)
        return (terms + _CONTENT * content + _GRID * grid).mean()
