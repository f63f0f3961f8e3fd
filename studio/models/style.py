"""Style: a photo painted in the manner of one painting, or of a blend of several.

Some weights know a gallery of paintings, others take any painting.
"""

from typing import Annotated, cast

import torch
from msgspec import Meta, Struct
from torch import Tensor, nn
from torch.nn import functional as F

from studio.core.controls import Choice, Control, Mask, Option, Painting, Settings, Slider, Switch
from studio.core.errors import StudioError
from studio.core.progress import Progress
from studio.core.values.paintings import open_painting
from studio.models._spec import Hyperparameters, ModelSpec, Takes, Width
from studio.nets.any_style import AnyStyleNet, Manner
from studio.nets.layer import Step
from studio.nets.style_net import StyleNet

# Short side in px at which a picture is painted at stroke size 1. In training paintings are seen
# at 512; somewhat finer strokes leave more of faces.
_SIDE_AT_ONE = 640


# Short side in px at which a given painting is looked at, and how many times as long it may be: of
# a longer one the middle is seen.
_PAINTING_SIDE, _LONGEST = 512, 2


class Hyper(Struct, forbid_unknown_fields=True):
    """As in `StyleNet`, and the styles by name; or as in `AnyStyleNet`, with `hidden` units."""

    stem: Width
    width: Width
    blocks: Annotated[int, Meta(ge=0, le=64)]
    tail: Width
    grain: Annotated[float, Meta(ge=0, le=1)] = 0.0
    styles: Annotated[tuple[Option, ...], Meta(max_length=1000)] = ()
    hidden: Annotated[int, Meta(ge=0, le=4096)] = 0

    def __post_init__(self) -> None:
        """Raises ValueError where two styles have one id, or it is not one net or the other."""
        if len({style.id for style in self.styles}) < len(self.styles):
            raise ValueError("a style comes twice")
        if bool(self.styles) == bool(self.hidden):
            raise ValueError("either styles or hidden units")


class Gallery(nn.Module):
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

    def paint(self, photos: Tensor, settings: Settings) -> Tensor:
        """Paints (N, 3, H, W) at once."""
        return self.net(photos, self.mixture(settings))

    def steps(self, settings: Settings, photo: Tensor) -> list[Step]:
        """See `ModelSpec.steps`."""
        del photo
        return self.net.steps(self.mixture(settings))


class AnyPainting(nn.Module):
    """An AnyStyleNet that opens the paintings of its settings."""

    def __init__(self, hyper: Hyperparameters) -> None:
        super().__init__()
        sizes = {name: hyper[name] for name in ("stem", "width", "blocks", "tail", "hidden")}
        self.net = AnyStyleNet(**sizes, grain=hyper.get("grain", 0.0))
        self._known: dict[tuple[object, ...], Manner] = {}  # the last one

    def manner(self, settings: Settings) -> Manner:
        """What is taken from the painting, or from two of them.

        Raises:
            StudioError: there is no painting, or none that can be read.
        """
        first, second = str(settings["painting"]), str(settings["second"])
        if not first:
            raise StudioError("there is no painting to go by", "give one: --set painting=FILE")
        share = cast("float", settings["share"]) if second else 0.0
        key = first, second, share, next(self.parameters()).device
        if key not in self._known:
            manner = self._look(first)
            if share:
                manner = manner.blended(self._look(second), share)
            self._known = {key: manner}
        return self._known[key]

    def _look(self, value: str) -> Manner:
        pixels = open_painting(value).pixels
        short = min(pixels.shape[:2])
        top, left = (max(0, side - _LONGEST * short) // 2 for side in pixels.shape[:2])
        middle = pixels[top : top + _LONGEST * short, left : left + _LONGEST * short]
        painting = torch.from_numpy(middle.copy()).permute(2, 0, 1)[None]
        size = [round(side * _PAINTING_SIDE / short) for side in painting.shape[2:]]
        seen = F.interpolate(painting, size, mode="bicubic", antialias=True).clamp(0, 1)
        return self.net.look(seen.to(next(self.net.parameters())))

    def paint(self, photos: Tensor, settings: Settings) -> Tensor:
        """Paints (1, 3, H, W) at once."""
        return self.net.paint(photos, self.manner(settings))

    def steps(self, settings: Settings, photo: Tensor) -> list[Step]:
        """See `ModelSpec.steps`."""
        return self.net.steps(self.manner(settings), photo)


def build(hyper: Hyperparameters) -> nn.Module:
    """An untrained net of the one kind or the other."""
    return AnyPainting(hyper) if hyper.get("hidden") else Gallery(hyper)


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
    build=build,
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
