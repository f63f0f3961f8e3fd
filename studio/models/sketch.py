"""Sketch: a doodle becomes a cat, a map of labels the front of a building."""

from typing import Annotated, cast

import torch
from msgspec import Meta, Struct
from torch import Tensor, nn
from torch.nn import functional as F

from studio.core.controls import Control, Settings, Switch
from studio.core.drawings.drawing import as_ink, as_labels
from studio.core.drawings.labels import Label
from studio.core.picture import Picture
from studio.core.progress import Progress
from studio.models._heads import find_head
from studio.models._spec import Hyperparameters, ModelSpec, Square, Takes, Width
from studio.nets.appearance import Appearance
from studio.nets.pix2pix import UNetGenerator

_INK = 0.3  # of 1: from here on it is a line
_SMALL = 0.6  # of the picture's side: drawings as large as this are drawn where they are
_FILLED = 0.84  # of the side that the net sees: so large are the drawings that it knows
_MOST = 2.0  # times that a drawing is enlarged: its lines become as much wider
_SOFT = 4  # px, side of what is enlarged to lie around
_FADING = 0.15  # of the place's side: into what lies around


class Hyper(Struct, forbid_unknown_fields=True):
    """What a sketcher is built of.

    Attributes:
        width: of the generator.
        side: of its pictures in px.
        palette: empty where it draws after lines, else a label for each of its planes.
        code: numbers that the seed chooses colours by.
        drop: of the generator's features.
        landmarks, components, looks: of the prototypes that it is shown beside lines, see
            `Appearance`, by which the seed chooses colours and patterns; 0: there are none.
        settled: whether the generator normalises by standing statistics.
    """

    width: Width
    side: Annotated[int, Meta(ge=64, le=2048, multiple_of=32)]
    palette: Annotated[tuple[Label, ...], Meta(max_length=256)]
    code: Annotated[int, Meta(ge=0, le=1024)] = 0
    drop: Annotated[float, Meta(ge=0, lt=1)] = 0.5
    landmarks: Annotated[int, Meta(ge=0, le=1024)] = 0
    components: Annotated[int, Meta(ge=0, le=1024)] = 0
    looks: Annotated[int, Meta(ge=0, le=65536)] = 0
    settled: bool = False


class Sketcher(nn.Module):
    """The generator, and what its planes mean; see `Hyper`."""

    colours: Tensor

    def __init__(self, hyper: Hyperparameters) -> None:
        super().__init__()
        labels = palette(hyper)
        sizes = [hyper.get(name, 0) for name in ("landmarks", "components", "looks")]
        self.appearance = Appearance(*sizes) if all(sizes) and not labels else None
        channels = (len(labels) or 1) + (3 if self.appearance else 0)
        self.generator = UNetGenerator(
            channels, hyper["width"], hyper.get("code", 0), hyper.get("drop", 0.5),
            settled=hyper.get("settled", False),
        )  # fmt: skip
        rgb = torch.tensor([label.rgb for label in labels]).view(-1, 3)
        self.register_buffer("colours", rgb / 255, persistent=False)

    def draw(self, planes: Tensor, generator: torch.Generator) -> Tensor:
        """Pictures (N, 3, H, W) after `planes`; the generator is one of the CPU."""
        if self.appearance is not None:
            looks = self.appearance.choose(len(planes), generator)
            size = (planes.shape[2], planes.shape[3])
            prototypes = self.appearance.draw(looks, self.appearance.find(planes), size)
            planes = torch.cat([planes, prototypes], 1)
        return self.generator(planes, generator)

    def planes(self, drawings: Tensor) -> Tensor:
        """What the generator is shown: (N, 3, H, W) in [0, 1] to (N, C, H, W).

        C is 1 and holds the ink, 1 is black; or there is a plane for each label, 1 where it is.
        """
        if not len(self.colours):
            return 1 - drawings.mean(1, keepdim=True)
        distances = (drawings[:, None] - self.colours[:, :, None, None]).square().sum(2)
        labels = distances.argmin(1)
        return nn.functional.one_hot(labels, len(self.colours)).permute(0, 3, 1, 2).to(drawings)


def palette(hyper: Hyperparameters) -> tuple[Label, ...]:
    """The labels of a net that draws after a map; the first is the background."""
    return tuple(Label(**label) for label in hyper["palette"])


def controls(hyper: Hyperparameters) -> tuple[Control, ...]:
    """The controls."""
    del hyper
    return (Switch("fit", "Fill the picture", "Moves the drawing to the middle and enlarges it."),)


def prepare(drawing: Picture, hyper: Hyperparameters, settings: Settings) -> Picture:
    """Any drawing as the net was trained to see it; see `ModelSpec.prepare`."""
    fit, side, labels = bool(settings["fit"]), hyper["side"], palette(hyper)
    if labels:
        return as_labels(drawing, labels, side, fit=fit)
    return as_ink(drawing, side, fit=fit)


def run(
    net: nn.Module,
    inputs: Tensor,
    settings: Settings,
    generator: torch.Generator,
    progress: Progress,
) -> Tensor:
    """Draws after a drawing; another seed gives another picture. See `ModelSpec.run`."""
    del settings, progress
    sketcher = cast("Sketcher", net)
    planes = sketcher.planes(inputs)
    if len(sketcher.colours):
        return sketcher.draw(planes, generator)
    place = _place_of(planes[0, 0])
    if place is not None:
        return _drawn_in_place(sketcher, planes, place, generator)
    head = None if sketcher.appearance is None else find_head(sketcher.appearance, planes)
    if head is not None:  # of a whole animal: the net knows nothing else of it
        planes = _part_of(planes, head)
    return sketcher.draw(planes, generator)


def _place_of(ink: Tensor) -> Square | None:
    """Where a drawing is so small that the net would not know what it is: ink (S, S) in [0, 1]."""
    drawn, whole = ink > _INK, min(ink.shape)
    rows, columns = drawn.any(1).nonzero(), drawn.any(0).nonzero()
    if not len(rows):
        return None
    ends = [(int(each[0]), int(each[-1]) + 1) for each in (columns, rows)]
    longest = max(stop - start for start, stop in ends)
    if longest > _SMALL * whole:
        return None
    side = round(max(longest / _FILLED, whole / _MOST))
    left, top = (
        min(max(0, (start + stop - side) // 2), size - side)
        for (start, stop), size in zip(ends, reversed(ink.shape), strict=True)
    )
    return Square(left, top, side)


def _part_of(planes: Tensor, place: Square) -> Tensor:
    """A part of planes (1, C, S, S) at the size of the whole."""
    left, top, side = place
    part = planes[..., top : top + side, left : left + side]
    return F.interpolate(part, planes.shape[2:], mode="bicubic").clamp(0, 1)


def _drawn_in_place(
    sketcher: Sketcher, planes: Tensor, place: Square, generator: torch.Generator
) -> Tensor:
    """Draws at the size that the net knows, reduces that, and puts it where the drawing is.

    What lies around it has the same colours, and is out of focus.
    """
    left, top, side = place
    size = planes.shape[2:]
    made = sketcher.draw(_part_of(planes, place), generator)
    beside = F.interpolate(F.adaptive_avg_pool2d(made, _SOFT), size, mode="bicubic").clamp(0, 1)
    small = F.interpolate(made, (side, side), mode="bilinear", antialias=True)
    ramp = (torch.arange(side, device=made.device) + 0.5) / (_FADING * side)
    fade = torch.minimum(ramp, ramp.flip(0)).clamp(max=1)
    window = beside[..., top : top + side, left : left + side]
    window += fade[:, None] * fade * (small - window)
    return beside


SPEC = ModelSpec(
    id="sketch",
    title="Sketch",
    takes=Takes.DOODLE,
    minimum=64,
    multiple=32,
    hyperparameters=Hyper,
    controls=controls,
    build=Sketcher,
    working_size=lambda size, _settings: size,
    run=run,
    finish=lambda _photo, result, _mask, _settings: result,
    skips_net=lambda _settings: False,
    tiny={"width": 4, "side": 64, "palette": [], "landmarks": 5, "components": 3, "looks": 4},
    prepare=prepare,
)
