"""The figures that say how well a network paints: one definition for training and for the bench."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

import torch
from torch import Tensor

from studio.nets.perceptual import (
    CONTENT_LAYER,
    STYLE_LAYERS,
    gram_matrix,
    relative_squared_error,
    style_error,
)
from studio.nets.vgg19 import VGG19


@dataclass(frozen=True)
class StyleQuality:
    """How one style does over some photos.

    Attributes:
        style: mean style error of the results over the mean of the untouched photos.
        style_each: mean over the photos of each result's error over its own photo's.
        content: mean relative squared content error at relu3_3.
    """

    style: float
    style_each: float
    content: float


@torch.no_grad()
def painting_grams(vgg: VGG19, painting: Tensor) -> dict[str, Tensor]:
    """Gram matrices (1, C, C) of a painting (1, 3, H, W) in [0, 1], for each style layer."""
    features = vgg(painting, STYLE_LAYERS)
    return {name: gram_matrix(features[name]) for name in STYLE_LAYERS}


@torch.no_grad()
def measure_quality(
    vgg: VGG19,
    photos: Sequence[Tensor],
    grams: Mapping[str, dict[str, Tensor]],
    paint: Callable[[Tensor, str], Tensor],
    tell: Callable[[float], None] = lambda _: None,
) -> dict[str, StyleQuality]:
    """Measures every style on every photo.

    Args:
        vgg: the features.
        photos: each (1, 3, H, W) in [0, 1].
        grams: of each style's painting, from `painting_grams`.
        paint: a photo and a style to the result, (1, 3, H, W) in [0, 1].
        tell: receives the fraction done.
    """
    errors: dict[str, list[tuple[float, float, float]]] = {style: [] for style in grams}
    for index, photo in enumerate(photos):
        before = vgg(photo, (*STYLE_LAYERS, CONTENT_LAYER))
        for position, (style, target) in enumerate(grams.items()):
            after = vgg(paint(photo, style), (*STYLE_LAYERS, CONTENT_LAYER))
            content = relative_squared_error(after[CONTENT_LAYER], before[CONTENT_LAYER])
            errors[style].append(
                (
                    float(style_error(after, target)),
                    float(style_error(before, target)),
                    float(content),
                )
            )
            tell((index + (position + 1) / len(grams)) / len(photos))
    return {style: _summary(found) for style, found in errors.items()}


def _summary(found: list[tuple[float, float, float]]) -> StyleQuality:
    painted, untouched, content = zip(*found, strict=True)
    return StyleQuality(
        style=fmean(painted) / fmean(untouched),
        style_each=fmean(p / u for p, u in zip(painted, untouched, strict=True)),
        content=fmean(content),
    )
