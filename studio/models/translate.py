"""Translate: a horse becomes a zebra where it stands, a photo a Monet; and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, cast

from msgspec import Meta, Struct

from studio.core.controls import SHOW, Control, Mask, Settings, Slider, Switch
from studio.core.progress import Progress
from studio.models._found_mask import CHOICE, laid_over, shown
from studio.models._spec import Hyperparameters, ModelSpec, Takes
from studio.nets.change import changed

if TYPE_CHECKING:
    import torch
    from torch import Tensor, nn

    from studio.nets.cyclegan import Generator
    from studio.nets.layer import Step

# Pictures up to this short side in px are looked at pixel for pixel at pattern size 1: animals are
# then about as large as those of the training.
_SIDE_AT_ONE = 160
_FINEST = 4.0  # px of the Gaussian with which a mask, reduced if need be, is feathered


class Hyper(Struct, forbid_unknown_fields=True):
    """As in `Generator`; and whether it has learned to change a whole picture, and no mask."""

    filters: Annotated[int, Meta(ge=1, le=512)]
    blocks: Annotated[int, Meta(ge=0, le=64)]
    everywhere: bool = False


def build(hyper: Hyperparameters) -> Generator:
    """An untrained generator; see `Hyper`."""
    from studio.nets.cyclegan import Generator

    return Generator(hyper["filters"], hyper["blocks"])


def controls(hyper: Hyperparameters) -> tuple[Control, ...]:
    """The controls; all but the first act on what the net has found."""
    first = (
        Slider(
            "size", "Pattern size",
            "How large stripes or strokes are in the picture; large for close-ups.",
            0.1, 4.0, 1.0, unit="×", step=0.05,
        ),
        Slider(
            "strength", "Strength", "How much of the change; 0 leaves the photo.",
            0.0, 1.0, 1.0, after_net=True,
        ),
    )  # fmt: skip
    if hyper.get("everywhere"):
        return (*first, Mask("mask", "Mask", "A grey picture: changed where it is white, photo"
                             " where it is black."))  # fmt: skip
    return (
        *first,
        Switch(
            "found-mask", "Use found mask",
            "Change only what the net has found; off: change everywhere.",
            default=True, after_net=True,
        ),
        Slider(
            "feather", "Feather", "How softly the found mask ends.",
            0.0, 100.0, 0.0, unit="px", step=0.5, after_net=True,
        ),
        CHOICE,
        Mask(
            "mask", "Mask",
            "A grey picture: changed where it is white, photo where it is black,"
            " as found where it is mid-grey.",
            neutral=0.5,
        ),
    )  # fmt: skip


def working_size(size: tuple[int, int], settings: Settings) -> tuple[int, int]:
    """The size at which the net looks at a photo: large patterns come from a small one."""
    scale = min(1.0, _SIDE_AT_ONE / cast("float", settings["size"]) / min(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def run(
    net: nn.Module,
    inputs: Tensor,
    settings: Settings,
    generator: torch.Generator,
    progress: Progress,
) -> Tensor:
    """What `Generator.forward` finds in the whole picture, (1, 5, H, W); see `ModelSpec.run`."""
    del settings, generator, progress
    return net(inputs)


def steps(net: nn.Module, settings: Settings, photo: Tensor) -> list[Step]:
    """The net one layer at a time; see `ModelSpec.steps`."""
    del settings, photo
    return cast("Generator", net).steps()


def settle(result: Tensor, settings: Settings) -> Tensor:
    """Feathers the found mask; see `ModelSpec.settle`."""
    sigma = cast("float", settings.get("feather", 0.0))
    if sigma > 0 and settings["found-mask"]:
        result[:, 3:4] = feathered(result[:, 3:4], sigma)
    return result


def feathered(mask: Tensor, sigma: float) -> Tensor:
    """A mask blurred by a Gaussian; a wide one is applied to a reduced copy.

    Args:
        mask: (1, 1, H, W) in [0, 1].
        sigma: standard deviation in px.
    """
    import torch
    from torch.nn import functional as F

    factor = max(1, int(sigma / _FINEST))
    size = mask.shape[2:]
    small = mask
    if factor > 1:
        reduced = [-(-side // factor) for side in size]
        small = F.interpolate(mask, reduced, mode="bilinear", antialias=True)
    reach = int(3 * sigma / factor) + 1
    taps = torch.exp(-0.5 * (torch.arange(-reach, reach + 1) * factor / sigma).square())
    taps = (taps / taps.sum()).to(mask)
    small = F.conv2d(F.pad(small, (reach, reach, 0, 0), mode="replicate"), taps.view(1, 1, 1, -1))
    small = F.conv2d(F.pad(small, (0, 0, reach, reach), mode="replicate"), taps.view(1, 1, -1, 1))
    return small if factor == 1 else F.interpolate(small, size, mode="bilinear")


def finish(photo: Tensor, result: Tensor, mask: Tensor | None, settings: Settings) -> Tensor:
    """Changes the photo where the masks allow it; see `ModelSpec.finish`."""
    change = changed(photo, result).clip(0, 1)
    if SHOW not in settings:
        share = cast("float", settings["strength"])
        amount: Tensor | float = share if mask is None else mask * share
        return photo + (change - photo) * amount
    found = result[:, 3:4]
    found = found if settings["found-mask"] else found * 0 + 1
    return shown(photo, change, laid_over(found, mask), settings)


def shares(hyper: Hyperparameters, settings: Settings) -> list[float] | None:
    """There is one style; only the result itself is made without torch; see `ModelSpec.shares`."""
    del hyper
    plain = _shows_result(settings) and not settings.get("feather")
    return [1.0] if plain else None


def _shows_result(settings: Settings) -> bool:
    return settings.get(SHOW, "result") == "result"


def reduced(settings: Settings, factor: float) -> Settings:
    """A feather is in px; see `ModelSpec.reduced`."""
    if "feather" not in settings:
        return settings
    return {**settings, "feather": cast("float", settings["feather"]) * factor}


SPEC = ModelSpec(
    id="translate",
    title="Translate",
    takes=Takes.PICTURE,
    minimum=32,
    multiple=4,
    hyperparameters=Hyper,
    controls=controls,
    build=build,
    working_size=working_size,
    run=run,
    steps=steps,
    settle=settle,
    finish=finish,
    skips_net=lambda settings: settings["strength"] == 0 and _shows_result(settings),
    shares=shares,
    tiny={"filters": 4, "blocks": 2},
    reduced=reduced,
)  # fmt: skip
