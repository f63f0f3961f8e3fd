"""Looks in a picture for where a model acts, before it acts."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import cast

import torch
from torch import Tensor

from studio.core.controls import Settings
from studio.core.progress import Progress, SubProgress
from studio.engine.pixels.parts import Rect, enlarged_part
from studio.models._spec import Finder, ModelSpec


@dataclass(frozen=True)
class Place:
    """Where pixels belong.

    Attributes:
        size: (width, height) of the picture, at the pixels' scale.
        rect: which part of it they are.
        whole: (1, 3, h, w), the picture at any size; None: it is not at hand.
    """

    size: tuple[int, int]
    rect: Rect
    whole: Tensor | None

    @classmethod
    def all_of(cls, photo: Tensor) -> "Place":
        """That of a whole picture (1, 3, H, W)."""
        size = photo.shape[3], photo.shape[2]
        return cls(size, Rect(0, 0, *size), photo)


def find(
    spec: ModelSpec,
    photo: Tensor,
    place: Place,
    paint_at: Callable[[ModelSpec, tuple[int, int], Progress], Tensor],
    progress: Progress,
) -> Tensor:
    """What a model's finder sees, whatever the settings: (1, 1, H, W) in [0, 1].

    Args:
        spec: of a model with a finder.
        photo: (1, 3, H, W): a picture, a reduced copy or a part of it.
        place: what it is a part of.
        paint_at: runs a spec on the photo at a size; see `paint`.
        progress: told and asked at every tile.

    Raises:
        StudioError: memory does not suffice.
        CancelledError: the job should stop.
    """
    finder = cast("Finder", spec.finder)
    looking = replace(
        spec, run=lambda net, tile, *_: finder.find(net, tile), halo=finder.halo, finder=None
    )
    width, height = place.size
    factors = finder.looks((height, width))
    found = torch.empty(0)
    for index, factor in enumerate(factors):
        height, width = (max(1, round(side * factor)) for side in photo.shape[2:])
        part = SubProgress(progress, index / len(factors), (index + 1) / len(factors))
        seen = paint_at(looking, (height, width), part)
        found = torch.maximum(found, seen) if index else seen
    if finder.whole is not None and place.whole is not None:
        whole = finder.whole(place.whole)
        if whole.any():
            found = torch.maximum(found, enlarged_part(whole, place.size, place.rect).to(found))
    return found


def marked(
    spec: ModelSpec,
    photo: Tensor,
    look: Callable[[], Tensor],
    mask: Tensor | None,
    settings: Settings,
) -> Tensor:
    """What a model's `run` is given: the photo, and where to act if the model has a finder.

    Args:
        spec: the model.
        photo: (1, 3, H, W).
        look: see `find`; it is asked only where the settings want it.
        mask: a person's own, of the same size, or None.
        settings: complete.
    """
    finder = spec.finder
    if finder is None:
        return photo
    marks = finder.mark(look() if finder.wanted(settings) else None, mask, settings)
    return torch.cat([photo, marks.to(photo).expand(1, 1, *photo.shape[2:])], 1)
