"""Repair: what is scratched, torn, blotted or unwanted in a photo is filled in."""

from collections.abc import Iterator
from functools import partial
from typing import Annotated, cast

import torch
from msgspec import Meta, Struct
from torch import Tensor, nn
from torch.nn import functional as F

from studio.core.controls import AUTO, SHOW, Control, Mask, Settings, Slider, Switch
from studio.core.memory import give_back
from studio.core.progress import Progress
from studio.models._corners import lost_corners
from studio.models._found_mask import CHOICE, shown
from studio.models._grey import is_grey
from studio.models._marks import mark, threshold_of
from studio.models._spec import Finder, Hyperparameters, ModelSpec, Takes, Width
from studio.models._spread import spread
from studio.nets.damage_finder import DamageFinder
from studio.nets.inpainter import Inpainter

_MULTIPLE = 8  # px
_REACH = 112  # px; `Restorer.reach` of the net that ships, 108 px, up to the next multiple
_LARGEST, _SMALLEST = 640, 64  # px, own sides of windows
_VAST, _TIDY = 1 << 24, 1 << 19  # px of a photo whose memory is tidied, and of windows between
_LOOK = 600  # px: a picture is looked at at half its size too, and so on, while that is as long
_SMALL, _NEAREST = 400, 3  # px, of a picture that is looked at enlarged; how often at most
_MOST = 0.9  # share of a photo beyond which too little is left to fill it from
_SURE = 0.95  # how likely damage is where the finder is sure of it

_Widths = Annotated[tuple[Width, ...], Meta(min_length=1, max_length=3)]
_Blocks = tuple[Annotated[int, Meta(ge=1, le=32)], ...]


class Hyper(Struct, forbid_unknown_fields=True):
    """As in `Inpainter` and `DamageFinder`."""

    widths: _Widths
    blocks: _Blocks
    finder_widths: _Widths
    finder_blocks: _Blocks

    def __post_init__(self) -> None:
        """Raises ValueError where there are not as many blocks as widths."""
        if (len(self.blocks), len(self.finder_blocks)) != (
            len(self.widths), len(self.finder_widths)
        ):  # fmt: skip
            raise ValueError("as many blocks as widths")


class Repairer(nn.Module):
    """An inpainter, and the finder that tells it what is damaged."""

    def __init__(self, hyper: Hyperparameters) -> None:
        super().__init__()
        self.inpainter = Inpainter(hyper["widths"], hyper["blocks"])
        self.finder = DamageFinder(hyper["finder_widths"], hyper["finder_blocks"])


def controls(hyper: Hyperparameters) -> tuple[Control, ...]:
    """The controls; the last but one act on what is filled in."""
    del hyper
    return (
        Switch(
            "find", "Find damage",
            "Repair what looks damaged; off: only where the mask is white.", default=True,
        ),
        Slider(
            "threshold", "Threshold",
            "How sure it must be that something is damage: the less damage there is, the surer.",
            0.01, 0.99, AUTO,
        ),
        Slider(
            "margin", "Margin", "How far around found damage to repair too.",
            0.0, 20.0, 0.0, unit="px", step=0.5,
        ),
        Slider(
            "strength", "Strength", "How much of the repair; 0 leaves the photo.",
            0.0, 1.0, 1.0, after_net=True,
        ),
        CHOICE,
        Mask(
            "mask", "Mask",
            "A grey picture: filled in where it is white, photo where it is black,"
            " as found where it is mid-grey.",
            after_net=False, neutral=0.5,
        ),
    )  # fmt: skip


def find(net: nn.Module, photo: Tensor) -> Tensor:
    """How likely each pixel is damaged: (1, 1, H, W) of (1, 3, H, W); see `Finder.find`."""
    return cast("Repairer", net).finder(photo).sigmoid()


def looks(size: tuple[int, int]) -> list[float]:
    """A large photo is looked at from afar too: wide damage is only seen as a whole.

    A small one is looked at enlarged: its eyes are as small as specks of what was learned from.
    """
    factors = [_enlarged(size)]
    while max(size) * factors[-1] / 2 >= _LOOK:
        factors.append(factors[-1] / 2)
    return factors


def _enlarged(size: tuple[int, int]) -> float:
    return float(min(_NEAREST, max(1, -(-_SMALL // max(size)))))


def measure(net: nn.Module, photo: Tensor) -> dict[str, float]:
    """The threshold for a photo (1, 3, H, W), by how damaged it is; see `ModelSpec.measure`.

    How much is damaged is told by the surest third of it alone, as busy photos raise doubts all
    over.
    """
    like = next(net.parameters())
    sure = seen = 0
    if (factor := _enlarged((photo.shape[2], photo.shape[3]))) > 1:
        photo = F.interpolate(photo, scale_factor=factor, mode="bicubic").clamp_(0, 1)
    for part in spread(photo):
        extra = (0, -part.shape[3] % _MULTIPLE, 0, -part.shape[2] % _MULTIPLE)
        found = find(net, F.pad(part.to(like), extra, mode="replicate"))
        found = found[:, :, : part.shape[2], : part.shape[3]]
        sure, seen = sure + int((found > _SURE).sum()), seen + found.numel()
    return {"threshold": round(threshold_of(3 * sure / seen), 2)}


def run(
    net: nn.Module,
    inputs: Tensor,
    settings: Settings,
    generator: torch.Generator,
    progress: Progress,
) -> Tensor:
    """Fills in a whole picture's marks (its fourth plane): (1, 4, H, W) to the same.

    Nothing is random here; see `ModelSpec.run`. The result lies where the inputs were.
    """
    del settings, generator
    photo, marks = inputs[:, :3], inputs[:, 3:]
    holes = (marks > 0).to(photo)
    if not holes.any():
        return inputs
    is_vast = photo[0, 0].numel() >= _VAST
    if is_vast:
        give_back()  # what the allocator would keep of the looks at it
    inpainter = cast("Repairer", net).inpainter
    grey = is_grey(photo, holes)
    # In place: a large photo is held as few times as can be.
    refine = partial(_refined, inpainter, progress, tidies=is_vast)
    inpainter(photo, holes, refine, in_place=True).clamp_(0, 1)
    if grey:
        photo.copy_(torch.where(holes > 0, photo.mean(1, keepdim=True), photo))
    return inputs


def _refined(
    inpainter: Inpainter, progress: Progress, guess: Tensor, holes: Tensor, *, tidies: bool
) -> Tensor:
    """A guess put right in windows, as `Inpainter.refine` would all at once."""
    size = (guess.shape[2], guess.shape[3])
    cells = F.max_pool2d(holes, _MULTIPLE, ceil_mode=True)[0, 0] > 0
    patches: list[tuple[slice, slice, Tensor]] = []  # of each window what was in its holes
    windows, untidy = list(_windows(cells.cpu())), 0
    for index, (rows, columns) in enumerate(windows):
        progress.report(index / len(windows), "painting")
        wide = tuple(
            slice(max(0, own.start - _REACH), min(side, own.stop + _REACH))
            for own, side in zip((rows, columns), size, strict=True)
        )
        part = inpainter.refine(guess[:, :, *wide], holes[:, :, *wide])
        inside = tuple(
            slice(own.start - outer.start, own.stop - outer.start)
            for own, outer in zip((rows, columns), wide, strict=True)
        )
        own_holes = holes[:, :, rows, columns] > 0
        patches.append((rows, columns, part[:, :, *inside].masked_select(own_holes)))
        untidy += part[0, 0].numel()
        if tidies and (untidy >= _TIDY or index + 1 == len(windows)):
            del part
            give_back()  # what the allocator would keep between windows of other sizes
            untidy = 0
    for rows, columns, patch in patches:
        guess[:, :, rows, columns].masked_scatter_(holes[:, :, rows, columns] > 0, patch)
    return guess


def _windows(cells: Tensor) -> Iterator[tuple[slice, slice]]:
    """The rows and columns, in px, of windows around what is to be done, with little else.

    Args:
        cells: (h, w) bool, of squares of 8 px.
    """
    yield from ((_px(rows), _px(columns)) for rows, columns in _best(cells, 0, 0)[1])


def _px(cells: slice) -> slice:
    return slice(cells.start * _MULTIPLE, cells.stop * _MULTIPLE)


def _best(cells: Tensor, top: int, left: int) -> tuple[int, list[tuple[slice, slice]]]:
    """The cheapest windows, in cells, and what they cost; one, or those of both halves."""
    rows, columns = cells.any(1).nonzero(), cells.any(0).nonzero()
    if not len(rows):
        return 0, []
    (y, bottom), (x, right) = ((int(each[0, 0]), int(each[-1, 0]) + 1) for each in (rows, columns))
    inner = cells[y:bottom, x:right]
    top, left = top + y, left + x
    height, width = inner.shape
    around = 2 * _REACH // _MULTIPLE
    whole = (
        (height + around) * (width + around),
        [(slice(top, top + height), slice(left, left + width))],
    )
    longer = max(height, width)
    if longer * _MULTIPLE <= _SMALLEST:
        return whole
    half = longer // 2
    if height >= width:
        parts = _best(inner[:half], top, left), _best(inner[half:], top + half, left)
    else:
        parts = _best(inner[:, :half], top, left), _best(inner[:, half:], top, left + half)
    cost = parts[0][0] + parts[1][0]
    if cost < whole[0] or longer * _MULTIPLE > _LARGEST:
        return cost, parts[0][1] + parts[1][1]
    return whole


def finish(photo: Tensor, result: Tensor, mask: Tensor | None, settings: Settings) -> Tensor:
    """Puts what was filled in into the photo, or shows where; see `ModelSpec.finish`."""
    del mask  # it is among the marks
    return shown(photo, result[:, :3], result[:, 3:4], settings)


def skips_net(settings: Settings) -> bool:
    """Whether nothing is to be found and nothing is marked; see `ModelSpec.skips_net`."""
    nothing = not settings["find"] and not settings["mask"]
    return settings[SHOW] == "result" and (nothing or settings["strength"] == 0)


SPEC = ModelSpec(
    id="enhance.repair",
    title="Repair",
    takes=Takes.PICTURE,
    minimum=32,
    multiple=_MULTIPLE,
    hyperparameters=Hyper,
    controls=controls,
    build=Repairer,
    working_size=lambda size, _settings: size,
    run=run,
    finish=finish,
    skips_net=skips_net,
    tiny={
        "widths": [8, 8, 8], "blocks": [1, 1, 1], "finder_widths": [8, 8], "finder_blocks": [1, 1],
    },
    halo=2 * _REACH,
    measure=measure,
    finder=Finder(
        find=find, halo=_REACH, looks=looks, mark=mark,
        wanted=lambda settings: bool(settings["find"]), most=_MOST, whole=lost_corners,
    ),
    reduced=lambda settings, factor: {
        **settings, "margin": cast("float", settings["margin"]) * factor
    },
)  # fmt: skip
