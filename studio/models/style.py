"""Style: a photo painted in the manner of one painting, or of a blend of several.

Some weights know a gallery of paintings, others take any painting.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, cast

from msgspec import Meta, Struct

from studio.core.controls import Choice, Control, Mask, Option, Painting, Settings, Slider, Switch
from studio.core.progress import Progress
from studio.models._spec import Hyperparameters, ModelSpec, Takes, Width

if TYPE_CHECKING:
    import torch
    from torch import Tensor, nn

    from studio.models._painters import AnyPainting, Gallery
    from studio.nets.layer import Step

# Short side in px at which a picture is painted at stroke size 1. In training paintings are seen
# at 512; somewhat finer strokes leave more of faces.
_SIDE_AT_ONE = 640
Dilation = Annotated[int, Meta(ge=1, le=7)]


class Hyper(Struct, forbid_unknown_fields=True):
    """As in `StyleNet`, and the styles by name; or as in `AnyStyleNet`, with `hidden` units.

    Attributes:
        apart: whether each style has a net of its own; see `StyleNets`.
    """

    stem: Width
    width: Width
    blocks: Annotated[int, Meta(ge=0, le=64)]
    tail: Width
    grain: Annotated[float, Meta(ge=0, le=1)] = 0.0
    styles: Annotated[tuple[Option, ...], Meta(max_length=1000)] = ()
    hidden: Annotated[int, Meta(ge=0, le=4096)] = 0
    dilations: Annotated[tuple[Dilation, ...], Meta(max_length=64)] = ()
    apart: bool = False

    def __post_init__(self) -> None:
        """Raises ValueError where two styles have one id, or it is not one net or the other."""
        if len({style.id for style in self.styles}) < len(self.styles):
            raise ValueError("a style comes twice")
        if bool(self.styles) == bool(self.hidden):
            raise ValueError("either styles or hidden units")
        if self.dilations and len(self.dilations) != self.blocks:
            raise ValueError("each block has a dilation, or none")


def build(hyper: Hyperparameters) -> nn.Module:
    """An untrained net of the one kind or the other."""
    from studio.models._painters import AnyPainting, Gallery

    if hyper.get("hidden"):
        return AnyPainting(hyper)
    return Gallery(hyper, lambda settings: _shares(hyper, settings))


def _style_choice(hyper: Hyperparameters) -> Choice:
    options = tuple(Option(style["id"], style["title"]) for style in hyper["styles"])
    return Choice(
        "style", "Style", "The painting, or a blend such as a:0.6,b:0.4.",
        options, options[0].id, blends=True,
    )  # fmt: skip


def _paintings() -> tuple[Control, ...]:
    return (
        Painting("painting", "Painting", "A picture in whose manner the photo is painted."),
        Painting("second", "Second painting", "Another one, to mix with the first."),
        Slider("share", "Share of the second", "How much of the second painting.", 0.0, 1.0, 0.5),
    )


def controls(hyper: Hyperparameters) -> tuple[Control, ...]:
    """The controls; the styles come from the weights, or a painting from anywhere."""
    return (
        *(_paintings() if hyper.get("hidden") else (_style_choice(hyper),)),
        Slider(
            "strength", "Strength", "How much of the painting; 0 leaves the photo.",
            0.0, 1.0, 1.0, after_net=True,
        ),
        Switch(
            "keep-colours", "Keep colours", "Paint in the photo's own colours.", after_net=True
        ),
        Slider(
            "stroke", "Stroke size",
            "How large the strokes are in the picture; small ones for large prints.",
            0.1, 4.0, 1.0, unit="×", step=0.05,
        ),
        Mask("mask", "Mask", "A grey picture: painted where it is white, photo where it is black."),
    )  # fmt: skip


def working_size(size: tuple[int, int], settings: Settings) -> tuple[int, int]:
    """The size at which the net paints: small for large strokes, at most the photo's own.

    Strokes are as wide as the net makes them, in pixels, so their size in the picture follows
    from the size at which it is painted, and is the same for a preview and for the full picture.
    """
    side = _SIDE_AT_ONE / cast("float", settings["stroke"])
    scale = min(1.0, side / min(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def run(
    net: nn.Module,
    inputs: Tensor,
    settings: Settings,
    generator: torch.Generator,
    progress: Progress,
) -> Tensor:
    """Paints the whole picture at once; see `ModelSpec.run`. Nothing is random here."""
    del generator, progress
    return cast("Gallery | AnyPainting", net).paint(inputs, settings)


def steps(net: nn.Module, settings: Settings, photo: Tensor) -> list[Step]:
    """The net one layer at a time; see `ModelSpec.steps`."""
    return cast("Gallery | AnyPainting", net).steps(settings, photo)


def finish(photo: Tensor, result: Tensor, mask: Tensor | None, settings: Settings) -> Tensor:
    """Keeps colours, blends by strength and mask; see `ModelSpec.finish`."""
    if settings["keep-colours"]:
        # Luminance transfer: Gatys et al., "Preserving Color in Neural Style Transfer" (2016), 3.2.
        change = result - photo
        luma = 0.299 * change[:, :1] + 0.587 * change[:, 1:2] + 0.114 * change[:, 2:]
        result = (photo + luma).clip(0, 1)
    share = cast("float", settings["strength"])
    amount: Tensor | float = share if mask is None else mask * share
    return photo + (result - photo) * amount


def shares(hyper: Hyperparameters, settings: Settings) -> list[float] | None:
    """Of the styles, where they are known; see `ModelSpec.shares`."""
    return None if hyper.get("hidden") else _shares(hyper, settings)


def _shares(hyper: Hyperparameters, settings: Settings) -> list[float]:
    choice = _style_choice(hyper)
    found = choice.shares(cast("str", settings["style"]))
    return [found.get(option.id, 0.0) for option in choice.options]


def skips_net(settings: Settings) -> bool:
    """At strength 0 the photo stays as it is."""
    return settings["strength"] == 0


SPEC = ModelSpec(
    id="style",
    title="Style",
    takes=Takes.PICTURE,
    minimum=32,
    multiple=4,
    hyperparameters=Hyper,
    controls=controls,
    build=build,
    working_size=working_size,
    run=run,
    steps=steps,
    finish=finish,
    skips_net=skips_net,
    shares=shares,
    tiny={
        "styles": [{"id": "waves", "title": "Waves"}, {"id": "dots", "title": "Dots"}],
        "stem": 4, "width": 8, "blocks": 2, "tail": 4, "grain": 0.05, "dilations": [1, 2],
        "apart": True,
    },
)  # fmt: skip
