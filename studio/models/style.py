"""Style: a photo painted in the manner of one painting, or of a blend of several."""

from typing import Annotated, cast

import torch
from msgspec import Meta, Struct
from torch import Tensor, nn

from studio.core.controls import Choice, Control, Mask, Option, Settings, Slider, Switch
from studio.core.progress import Progress
from studio.models._spec import Hyperparameters, ModelSpec, Takes, Width
from studio.nets.layer import Step
from studio.nets.style_net import StyleNet

# Short side in px at which a picture is painted at stroke size 1. In training paintings are seen
# at 512; somewhat finer strokes leave more of faces.
_SIDE_AT_ONE = 640


class Hyper(Struct, forbid_unknown_fields=True):
    """As in `StyleNet`; and the styles by name."""

    styles: Annotated[tuple[Option, ...], Meta(min_length=1, max_length=1000)]
    stem: Width
    width: Width
    blocks: Annotated[int, Meta(ge=0, le=64)]
    tail: Width
    grain: Annotated[float, Meta(ge=0, le=1)] = 0.0

    def __post_init__(self) -> None:
        """Raises ValueError where two styles have one id."""
        if len({style.id for style in self.styles}) < len(self.styles):
            raise ValueError("a style comes twice")


class _Gallery(nn.Module):
    """A StyleNet that knows the names of its styles."""

    def __init__(self, hyper: Hyperparameters) -> None:
        super().__init__()
        self.choice = _style_choice(hyper)
        sizes = {name: hyper[name] for name in ("stem", "width", "blocks", "tail")}
        grain = hyper.get("grain", 0.0)
        self.net = StyleNet(len(self.choice.options), **sizes, grain=grain)

    def mixture(self, settings: Settings) -> Tensor:
        """Shares of the styles, (1, S)."""
        shares = self.choice.shares(cast("str", settings["style"]))
        row = [shares.get(option.id, 0.0) for option in self.choice.options]
        return torch.tensor([row]).to(next(self.net.parameters()))


def _style_choice(hyper: Hyperparameters) -> Choice:
    options = tuple(Option(style["id"], style["title"]) for style in hyper["styles"])
    return Choice(
        "style", "Style", "The painting, or a blend such as a:0.6,b:0.4.",
        options, options[0].id, blends=True,
    )  # fmt: skip


def controls(hyper: Hyperparameters) -> tuple[Control, ...]:
    """The controls; the styles come from the weights."""
    return (
        _style_choice(hyper),
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
    gallery = cast("_Gallery", net)
    return gallery.net(inputs, gallery.mixture(settings))


def steps(net: nn.Module, settings: Settings) -> list[Step]:
    """The net one layer at a time; see `ModelSpec.steps`."""
    gallery = cast("_Gallery", net)
    return gallery.net.steps(gallery.mixture(settings))


def finish(photo: Tensor, result: Tensor, mask: Tensor | None, settings: Settings) -> Tensor:
    """Keeps colours, blends by strength and mask; see `ModelSpec.finish`."""
    if settings["keep-colours"]:
        # Luminance transfer: Gatys et al., "Preserving Color in Neural Style Transfer" (2016), 3.2.
        weights = photo.new_tensor((0.299, 0.587, 0.114)).view(1, 3, 1, 1)
        luma = ((result - photo) * weights).sum(1, keepdim=True)
        result = (photo + luma).clamp(0, 1)
    share = cast("float", settings["strength"])
    amount: Tensor | float = share if mask is None else mask * share
    return photo + (result - photo) * amount


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
    build=_Gallery,
    working_size=working_size,
    run=run,
    steps=steps,
    finish=finish,
    skips_net=skips_net,
    tiny={
        "styles": [{"id": "waves", "title": "Waves"}, {"id": "dots", "title": "Dots"}],
        "stem": 4, "width": 8, "blocks": 2, "tail": 4, "grain": 0.05,
    },
)  # fmt: skip
