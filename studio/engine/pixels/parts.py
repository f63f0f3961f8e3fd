"""A part of a picture in full size: which px of it each step has to see."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from studio.core.errors import StudioError
from studio.core.picture import Picture
from studio.core.words.said import say
from studio.engine.job import ApplyJob


@dataclass(frozen=True)
class Rect:
    """A rectangle of a picture, in px."""

    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The first column behind it."""
        return self.left + self.width

    @property
    def bottom(self) -> int:
        """The first row below it."""
        return self.top + self.height

    def times(self, scale: int) -> "Rect":
        """The same of a picture that is enlarged."""
        return Rect(*(scale * side for side in (self.left, self.top, self.width, self.height)))

    def around(self, halo: int, grid: int, size: tuple[int, int]) -> "Rect":
        """This with `halo` around it, on multiples of `grid`, within a (width, height)."""
        left, top = (max(0, _down(side - halo, grid)) for side in (self.left, self.top))
        right, bottom = (
            min(length, -_down(-side - halo, grid))
            for side, length in zip((self.right, self.bottom), size, strict=True)
        )
        return Rect(left, top, right - left, bottom - top)

    def before(self, scale: int) -> "Rect":
        """What of a picture becomes this once it is enlarged."""
        left, top = self.left // scale, self.top // scale
        return Rect(left, top, -(-self.right // scale) - left, -(-self.bottom // scale) - top)

    def slices(self, within: "Rect") -> tuple[slice, slice]:
        """Its rows and columns in the px of a rectangle that contains it."""
        x, y = self.left - within.left, self.top - within.top
        return slice(y, y + self.height), slice(x, x + self.width)


@dataclass(frozen=True)
class View:
    """What a step looks at.

    Attributes:
        size: (width, height) of the whole of its input.
        seen: the part that it is given.
        shown: the part for which it is asked; a step behind it sees that.
    """

    size: tuple[int, int]
    seen: Rect
    shown: Rect


def views(steps: Sequence[ApplyJob], region: Rect, size: tuple[int, int]) -> list[View]:
    """What each step looks at, so that the last one shows a region of the file's picture.

    Raises:
        StudioError: there is no such region; or a step that cannot show a part.
    """
    for step in steps:
        if step.spec.gradual or step.spec.prepare is not None:
            raise StudioError(say("{id} can only show the whole picture", id=step.weights.id))
    if min(region.left, region.top) < 0 or min(region.width, region.height) < 1 or (
        region.right > size[0] or region.bottom > size[1]
    ):  # fmt: skip
        path = steps[0].request.source
        raise StudioError(
            say("there is no region {region} in {path}", region=str(region), path=path)
        )
    *before, _ = steps
    sizes, shown = [size], region
    for step in before:
        sizes.append((sizes[-1][0] * step.weights.scale, sizes[-1][1] * step.weights.scale))
        shown = shown.times(step.weights.scale)
    found: list[View] = []
    for step, whole in zip(reversed(steps), reversed(sizes), strict=True):
        if found:
            shown = found[0].seen.before(step.weights.scale)
        grid = step.spec.multiple if step.spec.local else 1
        found.insert(0, View(whole, shown.around(step.spec.halo, grid, whole), shown))
    return found


def part_of_picture(picture: Picture, rect: Rect, within: Rect | None = None) -> Picture:
    """The px of a rectangle.

    Args:
        picture: it is a part of that.
        rect: of the whole.
        within: which part of the whole `picture` is; None: all.
    """
    rows, columns = rect.slices(within or Rect(0, 0, picture.width, picture.height))
    alpha = None if picture.alpha is None else picture.alpha[rows, columns]
    return Picture(picture.pixels[rows, columns], alpha, picture.metadata)


def enlarged_part(painted: Tensor, size: tuple[int, int], rect: Rect) -> Tensor:
    """A part of what was painted of a reduced copy, as if all of that were enlarged.

    Args:
        painted: (1, C, h, w).
        size: (width, height) of the whole.
        rect: of the whole.

    Returns:
        (1, C, rect.height, rect.width), bicubic as `torch.nn.functional.interpolate` has it.
    """
    if (painted.shape[3], painted.shape[2]) == size:
        rows, columns = rect.slices(Rect(0, 0, *size))
        return painted[:, :, rows, columns].clone()
    x, y = (
        (torch.arange(start, start + length) + 0.5) * (2 / whole) - 1
        for start, length, whole in (
            (rect.left, rect.width, size[0]), (rect.top, rect.height, size[1])
        )
    )  # fmt: skip
    grid = torch.stack([x.expand(len(y), -1), y[:, None].expand(-1, len(x))], dim=-1)[None]
    part = F.grid_sample(painted, grid, "bicubic", padding_mode="border", align_corners=False)
    return part.clamp_(0, 1)


def _down(side: int, grid: int) -> int:
    """The multiple below: parts begin where the whole picture's grid of strides does."""
    return side // grid * grid
