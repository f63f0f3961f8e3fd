"""A picture itself optimised towards a painting, coarse to fine.

Gatys et al., "Image Style Transfer Using Convolutional Neural Networks" (2016), with the means and
the centred covariances of the features apart (`perceptual.moments`), and from coarse to fine as in
Gatys et al., "Controlling Perceptual Factors in Neural Style Transfer" (2017), section 6.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from studio.nets.perceptual import relative_squared_error
from studio.nets.vgg19 import VGG19

STYLE_LAYERS = ("relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1")
CONTENT_LAYER = "relu4_1"
_CONTENT = STYLE_LAYERS.index(CONTENT_LAYER)
_RATE = 0.03  # of Adam, for pixels in [0, 1]
_SETTLING, _LAST_RATE = (
    0.5,
    0.1,
)  # share of a scale's steps, the last, in which the rate falls to it
# Short sides in px, and steps at each: what it is made up of is settled while it is small and fast.
_LADDER = ((128, 60), (256, 70), (512, 36), (1024, 10), (2048, 6))
_VIEWS, _LEAST_VIEW = 3, 100  # it is seen at full, half and quarter size, down to so many px
_WHOLE = 800_000  # px up to which a picture is done in one piece; above it in tiles
_TILE = 512  # px of a tile's own side
_HALO = 80  # px around it: half of what a feature of relu5_1 looks at

Tile = tuple[int, int, int, int]
"""Top, left, bottom and right of a tile's own part, in px."""


@dataclass(frozen=True)
class Scale:
    """A short side in px, and the steps that are made at it."""

    side: int
    steps: int


def scales_up_to(side: int) -> tuple[Scale, ...]:
    """The scales that end at a short side, in px."""
    below = [Scale(*each) for each in _LADDER if each[0] < 0.75 * side]
    steps = next((n for rung, n in _LADDER if rung >= 0.75 * side), _LADDER[-1][1])
    return (*below, Scale(side, steps))


def at_short_side(pictures: Tensor, side: int, multiple: int = 1) -> Tensor:
    """Pictures (N, 3, H, W) in [0, 1], their short side `side` px, both sides multiples."""
    scale = side / min(pictures.shape[2:]) / multiple
    size = [max(side, round(length * scale) * multiple) for length in pictures.shape[2:]]
    if size == list(pictures.shape[2:]):
        return pictures
    return F.interpolate(pictures, size, mode="bicubic", antialias=True).clamp(0, 1)


class Optimisation:
    """A photo on its way to a painting; see `reached` for how far it has come.

    Args:
        vgg: the features, pooled by the mean; its gradients are not needed.
        photo: (1, 3, H, W) float32 in [0, 1], as large as the result.
        painting: (1, 3, H', W') likewise.
        begun: (1, 3, ., .) likewise: what it begins from.
        content: weight of the photo's content beside the painting's style.
        stroke: how large the painting is seen beside the photo.

    Attributes:
        reached: (1, 3, h, w) in [0, 1], of the photo's shape and at most its size.
    """

    def __init__(
        self,
        vgg: VGG19,
        photo: Tensor,
        painting: Tensor,
        begun: Tensor,
        content: float,
        stroke: float,
    ) -> None:
        self._vgg, self._photo, self._painting = vgg, photo, painting
        self._content, self._stroke = content, stroke
        self.reached = begun

    def steps(self, ask: Callable[[], None] = lambda: None) -> Iterator[float]:
        """Makes the steps.

        Args:
            ask: called between any two layers; what it raises ends it.

        Yields:
            Before each step the share of the work that is done.
        """
        scales = scales_up_to(min(self._photo.shape[2:]))
        total, done = sum(each.steps * each.side**2 for each in scales), 0
        asking = [
            conv.register_forward_hook(lambda _conv, _given, made: _ask_backwards(ask, made))
            for conv in self._vgg.convs.values()
        ]
        try:
            for scale in scales:
                aims = [self._aim(side) for side in _views(scale.side)]
                size = aims[0].photo.shape[2:]
                begun = F.interpolate(self.reached, size, mode="bicubic", antialias=True)
                pixels = begun.clamp(0, 1).requires_grad_()
                optimizer = torch.optim.Adam([pixels], _RATE)
                for step in range(scale.steps):
                    yield done / total
                    falling = min(1.0, (1 - step / scale.steps) / _SETTLING)
                    optimizer.param_groups[0]["lr"] = _RATE * max(_LAST_RATE, falling)
                    pixels.grad = _gradient(aims, pixels)
                    optimizer.step()
                    with torch.no_grad():
                        pixels.clamp_(0, 1)
                    self.reached = pixels.detach()
                    done += scale.side**2
        finally:
            for hook in asking:
                hook.remove()

    def _aim(self, side: int) -> "_Aim":
        own = min(self._painting.shape[2:])
        seen = max(32, min(own, round(side * self._stroke)))
        painting = at_short_side(self._painting, seen)
        return _Aim(self._vgg, at_short_side(self._photo, side), painting, self._content)


def _views(side: int) -> list[int]:
    """Short sides in px at which a picture is seen, so that what was settled early stays."""
    return [side >> n for n in range(_VIEWS) if n == 0 or side >> n >= _LEAST_VIEW]


def _gradient(aims: Sequence["_Aim"], pixels: Tensor) -> Tensor:
    """Of the losses at all views, the first of which is the picture itself."""
    gradient = aims[0].gradient(pixels)
    for aim in aims[1:]:
        size = aim.photo.shape[2:]
        view = F.interpolate(pixels, size, mode="bilinear", antialias=True)
        outer = aim.gradient(view.detach().requires_grad_())
        gradient += torch.autograd.grad(view, pixels, outer)[0]
    return gradient


def _ask_backwards(ask: Callable[[], None], made: Any) -> None:
    """Asks once the gradient of what a layer has made is known: on the way back too."""
    if made.requires_grad:
        made.register_hook(lambda _gradient: ask())


class _Aim:
    """What a picture of one size should become, and the way there.

    Statistics are sums over the picture, and so is their gradient: both are taken tile by tile.
    """

    def __init__(self, vgg: VGG19, photo: Tensor, painting: Tensor, content: float) -> None:
        self._vgg, self.photo, self._weight = vgg, photo, content
        self._tiles = list(_tiles(photo))
        with torch.no_grad():
            self._contents = [self._features(photo, tile)[_CONTENT] for tile in self._tiles]
            self._power = sum(each.square().sum() for each in self._contents)
            sums = _total(_sums(self._features(painting, tile)) for tile in _tiles(painting))
            self._wanted = _moments(sums, painting)

    def gradient(self, pixels: Tensor) -> Tensor:
        """Of the loss, at pixels (1, 3, H, W) that need it."""
        if len(self._tiles) == 1:
            loss = self._loss(self._seen(pixels, 0))
            return torch.autograd.grad(loss, pixels)[0]
        with torch.no_grad():
            sums = _total(self._seen(pixels, index) for index in range(len(self._tiles)))
        leaves = [each.requires_grad_() for each in sums]
        outer = torch.autograd.grad(self._loss(leaves), leaves)
        gradient = torch.zeros_like(pixels)
        for index in range(len(self._tiles)):
            gradient += torch.autograd.grad(self._seen(pixels, index), pixels, outer)[0]
        return gradient

    def _seen(self, pixels: Tensor, index: int) -> list[Tensor]:
        """The sums of a tile, and the last one of its content's squared error."""
        features = self._features(pixels, self._tiles[index])
        error = (features[_CONTENT] - self._contents[index]).square().sum()
        return [*_sums(features), error]

    def _loss(self, sums: Sequence[Tensor]) -> Tensor:
        errors = [
            relative_squared_error(found, wanted)
            for found, wanted in zip(_moments(sums[:-1], self.photo), self._wanted, strict=True)
        ]
        return torch.stack(errors).sum() + self._weight * sums[-1] / self._power

    def _features(self, pictures: Tensor, tile: Tile) -> list[Tensor]:
        """Of a tile's own part, each (1, C, h, w) in float32."""
        top, left, bottom, right = tile
        above, beside = max(0, top - _HALO), max(0, left - _HALO)
        part = pictures[:, :, above : bottom + _HALO, beside : right + _HALO]
        with torch.autocast(part.device.type, torch.bfloat16, enabled=bf16_is_fast(part.device)):
            found = self._vgg(part, STYLE_LAYERS)
        own: list[Tensor] = []
        for block, name in enumerate(STYLE_LAYERS):
            rows, columns = (
                slice((start - first) >> block, max(1, (stop - first) >> block))
                for start, stop, first in ((top, bottom, above), (left, right, beside))
            )
            own.append(found[name][:, :, rows, columns].float())
        return own


def bf16_is_fast(device: torch.device) -> bool:
    """Whether a device computes in bfloat16, at twice the speed."""
    if device.type == "cpu":
        return bool(torch.cpu.get_capabilities().get("avx512_bf16", False))
    return device.type == "cuda" and torch.cuda.is_bf16_supported()


def _tiles(pictures: Tensor) -> Iterator[Tile]:
    """The whole, or the tiles of a picture that is too large for one piece."""
    height, width = pictures.shape[2:]
    side = max(height, width) if height * width <= _WHOLE else _TILE
    for top in range(0, height, side):
        for left in range(0, width, side):
            yield top, left, min(height, top + side), min(width, left + side)


def _sums(features: Sequence[Tensor]) -> list[Tensor]:
    """For each layer the sum (C,) over all positions, and that of the products (C, C)."""
    flat = [each[0].flatten(1) for each in features]
    return [total for each in flat for total in (each.sum(1), each @ each.T)]


def _total(parts: Iterator[list[Tensor]]) -> list[Tensor]:
    """The sums over all tiles."""
    total = next(parts)
    for part in parts:
        total = [whole + own for whole, own in zip(total, part, strict=True)]
    return total


def _moments(sums: Sequence[Tensor], pictures: Tensor) -> list[Tensor]:
    """Means (1, C) and centred covariances (1, C, C) of the layers, one after the other."""
    height, width = pictures.shape[2:]
    found: list[Tensor] = []
    for block, (total, products) in enumerate(zip(sums[::2], sums[1::2], strict=True)):
        count = (height >> block) * (width >> block)
        mean = total / count
        found += [mean[None], (products / count - mean[:, None] * mean)[None]]
    return found
