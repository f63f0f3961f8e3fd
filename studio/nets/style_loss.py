"""How far results are from paintings and photos, seen from three distances."""

import copy

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from studio.nets.palette import sliced_distance, to_lab
from studio.nets.perceptual import (
    STYLE_LAYERS,
    gram_of,
    grid_power,
    moments,
    relative_squared_error,
    stroke_error,
    style_error,
)
from studio.nets.vgg19 import VGG19

SCALES = 3  # a picture is seen at its full size, at half and at a quarter of it
WEIGHTS = (0.6, 0.8, 1.6)  # of these: with equal ones, many styles fall behind at the smallest
CONTENT_LAYER = "relu4_1"


def views(pictures: Tensor, corner: tuple[int, int], window: int) -> list[Tensor]:
    """What is seen of pictures: a part at full size, all of it at a half and at a quarter.

    Args:
        pictures: (N, 3, H, W) in [0, 1].
        corner: top and left of the part, in px.
        window: side of the part, in px.
    """
    (top, left), half = corner, F.avg_pool2d(pictures, 2)
    part = pictures[:, :, top : top + window, left : left + window]
    return [part, half, F.avg_pool2d(half, 2)]


class Objective(nn.Module):
    """The loss of a batch.

    Args:
        vgg: the features, pooled by the mean.
        paintings: each (1, 3, H, W) in [0, 1].
        weights: of the views, the largest first; their mean is 1.
        bf16: whether the features are computed in bfloat16.
    """

    def __init__(
        self,
        vgg: VGG19,
        paintings: list[Tensor],
        *,
        weights: tuple[float, float, float] = WEIGHTS,
        bf16: bool = False,
    ) -> None:
        super().__init__()
        # Half of the time goes if nothing is cast or laid out anew between one layer and the next.
        dtype = torch.bfloat16 if bf16 else torch.float32
        self.vgg = copy.deepcopy(vgg).to(dtype).to(memory_format=torch.channels_last)
        self.weights = weights
        self.usual: list[Tensor] = []  # energy of the photos' content at each of its two views
        seen = [views(painting, (0, 0), max(painting.shape)) for painting in paintings]
        # A quarter of the colours is enough, and sorting them is what takes long.
        self.palettes = [to_lab(quarter[:, :, ::2, ::2])[0] for _, _, quarter in seen]
        each = [self._seen(painting) for painting in seen]
        self.targets = [
            {
                name: (
                    torch.cat([m[scale][name][0] for m in each]),
                    torch.cat([m[scale][name][1] for m in each]),
                )
                for name in STYLE_LAYERS
            }
            for scale in range(SCALES)
        ]

    @torch.no_grad()
    def replace(self, style: int, painting: Tensor) -> None:
        """Puts another painting (1, 3, H, W) in [0, 1] in the place of one."""
        seen = views(painting, (0, 0), max(painting.shape))
        self.palettes[style] = to_lab(seen[-1][:, :, ::2, ::2])[0]
        for targets, found in zip(self.targets, self._seen(seen), strict=True):
            for name, values in found.items():
                for kept, value in zip(targets[name], values, strict=True):
                    kept[style] = value[0]

    @torch.no_grad()
    def _seen(self, seen: list[Tensor]) -> list[dict[str, tuple[Tensor, Tensor]]]:
        """Of a painting's views: a scale's layers, each (1, C) and (1, C, C)."""
        return [self._moments(each) for each in self.features(seen)]

    def _moments(self, layers: dict[str, Tensor]) -> dict[str, tuple[Tensor, Tensor]]:
        found = {name: moments(value) for name, value in layers.items()}
        return {name: (mean.float(), cov.float()) for name, (mean, cov) in found.items()}

    def features(
        self, seen: list[Tensor], layers: tuple[str, ...] = STYLE_LAYERS
    ) -> list[dict[str, Tensor]]:
        """VGG's features of each view, in the precision that they are computed in."""
        return [self.vgg(view, layers) for view in seen]

    @torch.no_grad()
    def know(self, photos: list[Tensor], window: int) -> None:
        """Measures how much there is in photos, each (1, 3, S, S) in [0, 1].

        From then on the content error of a photo that is emptier than these counts for less: it is
        relative to the mean of both. Relative to its own, as of a sky, any stroke is an error.
        """
        found = [self._content(photo, (0, 0), window) for photo in photos]
        self.usual = [
            torch.stack([_energy(each[view]) for each in found]).mean() for view in range(2)
        ]

    def _content(self, photos: Tensor, corner: tuple[int, int], window: int) -> list[Tensor]:
        """Of the two larger views."""
        found = self.features(views(photos, corner, window)[:2], (CONTENT_LAYER,))
        return [each[CONTENT_LAYER].float() for each in found]

    def unlikeness(
        self, features: list[dict[str, Tensor]], quarter: Tensor, styles: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """How far pictures are from the paintings.

        Args:
            features: of N pictures at each scale.
            quarter: the smallest view, (N, 3, H, W).
            styles: (N,) indices.

        Returns:
            Stroke error and style error, the weighted means over the scales, and the distance of
            the colours in CIELAB; each (N,).
        """
        strokes: list[Tensor] = []
        grams: list[Tensor] = []
        for found, scale in zip(features, self.targets, strict=True):
            wanted = {name: (mean[styles], cov[styles]) for name, (mean, cov) in scale.items()}
            own = self._moments(found)
            strokes.append(stroke_error(own, wanted))
            grams.append(style_error(_grams(own), _grams(wanted)))
        palettes = [
            sliced_distance(own, self.palettes[style])
            for own, style in zip(to_lab(quarter), styles.tolist(), strict=True)
        ]
        return self._over_scales(strokes), self._over_scales(grams), torch.stack(palettes)

    def forward(
        self, photos: Tensor, painted: Tensor, styles: Tensor, corner: tuple[int, int], window: int
    ) -> tuple[Tensor, ...]:
        """The terms of each item.

        Args:
            photos: (P, 3, H, W) in [0, 1].
            painted: (P * K, 3, H, W): K results of each photo, photo by photo.
            styles: (P * K,) indices.
            corner: top and left in px of the part that is seen at full size.
            window: its side in px.

        Returns:
            Stroke error, style error, distance of the colours, relative squared content error, and
            the power of a grid in the result; each (P * K,).
        """
        copies = len(painted) // len(photos)
        seen = views(painted, corner, window)
        features = self.features(seen)
        strokes, style, palette = self.unlikeness(features, seen[-1], styles)
        with torch.no_grad():
            wanted = self._content(photos, corner, window)
        content = [
            relative_squared_error(found[CONTENT_LAYER], own.repeat_interleave(copies, 0))
            for found, own in zip(features, wanted, strict=False)
        ]
        if self.usual:
            content = [
                error * _share(own, usual).repeat_interleave(copies)
                for error, own, usual in zip(content, wanted, self.usual, strict=True)
            ]
        grid = grid_power(painted - photos.repeat_interleave(copies, 0))
        return strokes, style, palette, torch.stack(content).mean(0), grid

    def _over_scales(self, errors: list[Tensor]) -> Tensor:
        """Of each scale's (N,) the weighted mean, (N,)."""
        weighted = [weight * each for weight, each in zip(self.weights, errors, strict=True)]
        return torch.stack(weighted).mean(0)


def _grams(layers: dict[str, tuple[Tensor, Tensor]]) -> dict[str, Tensor]:
    return {name: gram_of(*each) for name, each in layers.items()}


def _energy(content: Tensor) -> Tensor:
    """Of features (N, C, H, W), (N,)."""
    return content.square().mean((1, 2, 3))


def _share(content: Tensor, usual: Tensor) -> Tensor:
    """What makes an error relative to features (N, C, H, W) one relative to the mean of both."""
    own = _energy(content)
    return 2 * own / (own + usual)
