"""Enhance: photos without their noise, their JPEG blocks and their blur; or twice as large."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, cast

import torch
from msgspec import Meta, Struct
from torch import Tensor, nn

from studio.core.controls import AUTO, Control, Mask, Settings, Slider
from studio.core.progress import Progress
from studio.models._spec import Hyperparameters, ModelSpec, Takes, Width
from studio.nets.level_estimator import LevelEstimator
from studio.nets.restorer import Restorer

# What the levels are divided by, so that 0 is no damage and 1 about the worst.
_WORST = (75.0, 100.0, 2.0)
_LOOK = 192  # side in px of the parts that levels are found in
_LOOKS = 5  # parts a side at most


@dataclass(frozen=True)
class Levels:
    """How a photo is damaged.

    Attributes:
        noise: standard deviation in grey levels of 255.
        jpeg: quality of its compression; 100 for none.
        blur: standard deviation in px of the Gaussian that would blur so.
    """

    noise: float
    jpeg: float
    blur: float


def to_levels(damages: Sequence[Levels]) -> Tensor:
    """What the nets are told: (N, 3), 0 for no damage."""
    rows = [(each.noise, 100 - each.jpeg, each.blur) for each in damages]
    return torch.tensor(rows, dtype=torch.float32) / torch.tensor(_WORST)


class Hyper(Struct, forbid_unknown_fields=True):
    """As in `Restorer` and `LevelEstimator`."""

    widths: Annotated[tuple[Width, ...], Meta(min_length=1, max_length=3)]
    blocks: tuple[Annotated[int, Meta(ge=1, le=32)], ...]
    estimator: Width
    scale: Literal[1, 2]

    def __post_init__(self) -> None:
        """Raises ValueError where there are not as many blocks as widths."""
        if len(self.blocks) != len(self.widths):
            raise ValueError("as many blocks as widths")


class Enhancer(nn.Module):
    """A restorer, and the estimator that tells it what is wrong."""

    def __init__(self, hyper: Hyperparameters) -> None:
        super().__init__()
        self.restorer = Restorer(hyper["widths"], hyper["blocks"], 3, hyper["scale"])
        self.estimator = LevelEstimator(3, hyper["estimator"])


def controls(hyper: Hyperparameters) -> tuple[Control, ...]:
    """The controls; the first three are found in the photo unless they are set."""
    del hyper
    return (
        Slider(
            "noise", "Noise", "How strong the photo's noise is: its standard deviation.",
            0.0, 75.0, AUTO, step=0.5,
        ),
        Slider(
            "jpeg", "JPEG quality", "How well the photo was compressed; 100 takes nothing out.",
            1.0, 100.0, AUTO, step=1.0,
        ),
        Slider(
            "sharpness", "Sharpness", "How much blur to undo: the width of its edges.",
            0.0, 2.0, AUTO, unit="px", step=0.05,
        ),
        Slider(
            "grain", "Grain", "How much of what was taken out to keep.",
            0.0, 1.0, 0.0, after_net=True,
        ),
        Mask("mask", "Mask", "A grey picture: cleaned where it is white, photo where it is black."),
    )  # fmt: skip


def run(
    net: nn.Module,
    inputs: Tensor,
    settings: Settings,
    generator: torch.Generator,
    progress: Progress,
) -> Tensor:
    """Cleans a picture or a tile; see `ModelSpec.run`. Nothing is random here."""
    del generator, progress
    noise, jpeg, blur = (cast("float", settings[n]) for n in ("noise", "jpeg", "sharpness"))
    levels = to_levels([Levels(noise, jpeg, blur)]).to(inputs)
    return cast("Enhancer", net).restorer(inputs, levels).clamp(0, 1)


def measure(net: nn.Module, photo: Tensor) -> dict[str, float]:
    """The levels of a photo (1, 3, H, W), from parts spread over it; see `ModelSpec.measure`."""
    estimator = cast("Enhancer", net).estimator
    like = next(estimator.parameters())
    votes, weights = torch.zeros(1, 3), torch.zeros(1, 3)
    for rows in _looks(photo.shape[2]):
        for columns in _looks(photo.shape[3]):
            part = photo[:, :, rows, columns].to(like)
            vote, weight = estimator.votes(_at_least(part, 40))
            votes += vote.float().cpu()
            weights += weight.float().cpu()
    found = (votes / weights).clamp(0, 1)[0] * torch.tensor(_WORST)
    noise, jpeg, blur = found.tolist()
    return {"noise": round(noise, 1), "jpeg": round(100 - jpeg, 1), "sharpness": round(blur, 2)}


def _looks(length: int) -> list[slice]:
    """Parts along one side, spread evenly; they begin where JPEG's blocks do."""
    count = min(_LOOKS, max(1, length // _LOOK))
    room = max(0, length - _LOOK)
    starts = [round(room * (i + 0.5) / count) // 8 * 8 for i in range(count)]
    return [slice(start, start + _LOOK) for start in starts]


def _at_least(part: Tensor, side: int) -> Tensor:
    """A part of a tiny photo, repeated until the estimator can look at it."""
    repeats = [-(-side // length) for length in part.shape[2:]]
    return part.repeat(1, 1, *repeats) if max(repeats) > 1 else part


def reduced(settings: Settings, factor: float) -> Settings:
    """Levels of a reduced copy: averaging pixels takes noise, blocks and blur away."""
    noise, jpeg, blur = (cast("float", settings[n]) for n in ("noise", "jpeg", "sharpness"))
    return {
        **settings,
        "noise": noise * factor,
        "jpeg": 100 - (100 - jpeg) * factor,
        "sharpness": blur * factor,
    }


def finish(photo: Tensor, result: Tensor, mask: Tensor | None, settings: Settings) -> Tensor:
    """Keeps grain, and the photo where the mask is black; see `ModelSpec.finish`."""
    share = 1 - cast("float", settings["grain"])
    amount: Tensor | float = share if mask is None else mask * share
    return photo + (result - photo) * amount


SPEC = ModelSpec(
    id="enhance",
    title="Enhance",
    takes=Takes.PICTURE,
    minimum=32,
    multiple=8,
    hyperparameters=Hyper,
    controls=controls,
    build=Enhancer,
    working_size=lambda size, _settings: size,
    run=run,
    finish=finish,
    skips_net=lambda _settings: False,
    tiny={"widths": [8, 8, 8], "blocks": [1, 1, 1], "scale": 1, "estimator": 8},
    halo=112,  # `Restorer.reach` of the nets that ship, 108 px, up to the next multiple
    scale=lambda hyper: hyper["scale"],
    measure=measure,
    reduced=reduced,
)
