"""The figures that say how well a network paints: one definition for training and for the bench."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from statistics import fmean

import torch
from torch import Tensor

from studio.core.progress import Progress
from studio.nets.optimise import at_short_side
from studio.nets.palette import palette_distances
from studio.nets.perceptual import (
    CONTENT_LAYER,
    STYLE_LAYERS,
    gram_matrix,
    relative_squared_error,
    style_error,
)
from studio.nets.vgg19 import VGG19

# Short sides in px at which pictures are looked at: pixel for pixel, and as on a screen.
SIDES = (512, 256, 128)
PALETTE_SIDE = 256
at_side = partial(at_short_side, multiple=4)  # as the nets paint


@dataclass(frozen=True)
class StyleQuality:
    """How one style does over some photos.

    Attributes:
        style: mean style error of the results over the mean of the untouched photos, result and
            painting both at a short side of 512 px.
        style_256: the same at 256 px.
        style_128: the same at 128 px.
        palette: mean distance of the result's colours from the painting's, in CIELAB at 256 px.
        palette_ab: the same of a* and b* alone.
        content: mean relative squared content error at relu3_3, at 512 px.
    """

    style: float
    style_256: float
    style_128: float
    palette: float
    palette_ab: float
    content: float


def mean_quality(each: Sequence[StyleQuality]) -> StyleQuality:
    """The mean over styles."""
    rows = [asdict(quality) for quality in each]
    return StyleQuality(**{name: fmean(row[name] for row in rows) for name in rows[0]})


@torch.no_grad()
def measure_quality(
    vgg: VGG19,
    photos: Sequence[Tensor],
    paintings: Mapping[str, Tensor],
    paint: Callable[[Tensor, str], Tensor],
    progress: Progress,
) -> Iterator[dict[str, StyleQuality]]:
    """Measures every style on every photo; yields after each photo the figures of those so far.

    Args:
        vgg: the features, pooled by the maximum.
        photos: each (1, 3, H, W) in [0, 1], at a short side of 512 px.
        paintings: of each style, (1, 3, H, W) in [0, 1], at a short side of 512 px.
        paint: a photo and a style to the result, (1, 3, H, W) in [0, 1].
        progress: told after each picture.
    """
    targets = {style: _looks(vgg, painting)[0] for style, painting in paintings.items()}
    seen = {style: at_side(painting, PALETTE_SIDE) for style, painting in paintings.items()}
    found: dict[str, list[tuple[list[float], ...]]] = {style: [] for style in paintings}
    for index, photo in enumerate(photos):
        before, content = _looks(vgg, photo)
        for position, style in enumerate(paintings):
            result = paint(photo, style)
            after, content_after = _looks(vgg, result)
            palettes = palette_distances(at_side(result, PALETTE_SIDE)[0], seen[style][0])
            content_error = relative_squared_error(content_after, content)
            found[style].append(
                (
                    _errors(after, targets[style]),
                    _errors(before, targets[style]),
                    [float(value) for value in (*palettes, content_error)],
                )
            )
            done = (index + (position + 1) / len(paintings)) / len(photos)
            progress.report(done, "measuring quality")
        yield {style: _summary(rows) for style, rows in found.items()}


def _looks(vgg: VGG19, picture: Tensor) -> tuple[list[dict[str, Tensor]], Tensor]:
    """Gram matrices at each of `SIDES`, and content features at the first."""
    looks = [vgg(at_side(picture, side), (*STYLE_LAYERS, CONTENT_LAYER)) for side in SIDES]
    grams = [{name: gram_matrix(look[name]) for name in STYLE_LAYERS} for look in looks]
    return grams, looks[0][CONTENT_LAYER]


def _errors(found: list[dict[str, Tensor]], wanted: list[dict[str, Tensor]]) -> list[float]:
    return [float(style_error(*each)) for each in zip(found, wanted, strict=True)]


def _summary(rows: list[tuple[list[float], ...]]) -> StyleQuality:
    painted, untouched, others = (
        [fmean(column) for column in zip(*part, strict=True)] for part in zip(*rows, strict=True)
    )
    shares = [after / before for after, before in zip(painted, untouched, strict=True)]
    return StyleQuality(*shares, *others)
