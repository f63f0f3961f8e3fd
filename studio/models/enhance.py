"""Enhance: photos without their noise, their JPEG blocks and their blur; or larger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, cast

import torch
from msgspec import Meta, Struct
from torch import Tensor, nn
from torch.func import functional_call

from studio.core.controls import AUTO, Control, Mask, Settings, Slider
from studio.core.progress import Progress
from studio.models._grey import is_grey, is_toned
from studio.models._spec import Hyperparameters, ModelSpec, Takes, Width
from studio.models._spread import spread
from studio.nets.level_estimator import LevelEstimator
from studio.nets.restorer import Restorer

# What each level is divided by, so that 0 is no damage and 1 about the worst. Nets that were
# trained on independent noise alone know the first three.
_WORST = (75.0, 100.0, 2.0, 75.0, 4.0)
_FEWEST = 3
_WEAK = 3.5  # grey levels of 255: less can be taken for JPEG's, and JPEG's for it
_COARSE = (0.2, 45.0)  # so much more for each step of JPEG's quality below that
_PALE = (0.5, 0.3)  # colour noise, in levels and as a share of luma's, of noise without colour
# Of grey grain at least so large, in px, so many times as much as is found is there, up to so many
# levels: where it is weak it looks like texture, and the estimator says what lies between.
_UNSURE = (2.6, 1.5, 24.0)
_NAMES = ("noise", "jpeg", "sharpness", "colour-noise", "grain-size")  # of their controls


@dataclass(frozen=True)
class Levels:
    """How a photo is damaged; see `_photo_noise.Noise` for what is said of noise.

    Attributes:
        noise: of luma, as a standard deviation in grey levels of 255.
        jpeg: quality of its compression; 100 for none.
        blur: standard deviation in px of the Gaussian that would blur so.
        colour_noise: as `noise`, of the colours.
        grain_size: of luma's noise in px; 1 for independent pixels.
    """

    noise: float
    jpeg: float
    blur: float
    colour_noise: float = 0.0
    grain_size: float = 1.0

    @property
    def drawn(self) -> bool:
        """Whether noise is as if drawn, alike in channels and pixels; or hardly above JPEG's."""
        more, below = _COARSE
        weak = max(self.noise, self.colour_noise) < _WEAK + more * max(0.0, below - self.jpeg)
        alike = abs(self.noise - self.colour_noise) <= 1 + 0.45 * self.noise
        return weak or (alike and self.grain_size <= 1.2)


def to_levels(damages: Sequence[Levels], count: int = len(_WORST)) -> Tensor:
    """What nets that know so many levels are told: (N, count), 0 for no damage."""
    rows = [
        (each.noise, 100 - each.jpeg, each.blur, each.colour_noise, each.grain_size - 1)
        for each in damages
    ]
    return (torch.tensor(rows, dtype=torch.float32) / torch.tensor(_WORST))[:, :count]


def settings_of(levels: Tensor) -> dict[str, float]:
    """The settings that tell a net its levels (L,), rounded as the controls show them."""
    noise, jpeg, blur, *new = (levels.clamp(0, 1) * torch.tensor(_WORST[: len(levels)])).tolist()
    found = {"noise": round(noise, 1), "jpeg": round(100 - jpeg, 1), "sharpness": round(blur, 2)}
    if new:
        found |= {"colour-noise": round(new[0], 1), "grain-size": round(1 + new[1], 1)}
    return found


class Hyper(Struct, forbid_unknown_fields=True):
    """As in `Restorer` and `LevelEstimator`."""

    widths: Annotated[tuple[Width, ...], Meta(min_length=1, max_length=3)]
    blocks: tuple[Annotated[int, Meta(ge=1, le=32)], ...]
    estimator: Width
    scale: Literal[1, 2, 4]
    levels: Literal[3, 5] = _FEWEST
    coarser: Annotated[int, Meta(ge=0, le=3)] = 0
    copies: Annotated[int, Meta(ge=0, le=2)] = 0
    drawn: bool = False
    lively: bool = False

    def __post_init__(self) -> None:
        """Raises ValueError where they do not go together."""
        if len(self.blocks) != len(self.widths):
            raise ValueError("as many blocks as widths")
        if self.copies and self.levels == _FEWEST:
            raise ValueError("copies are for nets that are told the size of grain")


class Enhancer(nn.Module):
    """A restorer, and the estimator that tells it what is wrong.

    Beside it there may be an enhancer for drawn noise, JPEG and blur: one that has learned nothing
    else is still better at these. And there may be a lively restorer: what it makes is sharp rather
    than true.
    """

    def __init__(self, hyper: Hyperparameters) -> None:
        super().__init__()
        self.levels = levels = int(hyper.get("levels", _FEWEST))
        self.restorer = Restorer(hyper["widths"], hyper["blocks"], levels, hyper["scale"])
        self.estimator = LevelEstimator(
            levels, hyper["estimator"], hyper.get("coarser", 0), hyper.get("copies", 0)
        )
        self.lively: Restorer | None = None
        if hyper.get("lively", False):
            self.lively = Restorer(hyper["widths"], hyper["blocks"], levels, hyper["scale"])
        alone = {"levels": _FEWEST, "coarser": 0, "copies": 0, "drawn": False, "lively": False}
        of_drawn = {**hyper, **alone}
        self.drawn = Enhancer(of_drawn) if hyper.get("drawn", False) else None

    def restore(self, photos: Tensor, told: Levels, detail: float = 0.0) -> Tensor:
        """Cleans (N, 3, H, W) by the net that knows such damage; see `Restorer`.

        Args:
            photos: in [0, 1].
            told: how they are damaged.
            detail: from 0, true, to 1, lively: between them the weights of both nets are mixed
                (Wang et al., "ESRGAN", 2018, section 3.4).
        """
        net = self if self.drawn is None or not told.drawn else self.drawn
        levels = to_levels([told], net.levels).to(photos)
        if detail == 0 or net.lively is None:
            return net.restorer(photos, levels)
        lively = net.lively.state_dict()
        mixed = {k: v.lerp(lively[k], detail) for k, v in net.restorer.state_dict().items()}
        return functional_call(net.restorer, mixed, (photos, levels))


def controls(hyper: Hyperparameters) -> tuple[Control, ...]:
    """The controls; the levels are found in the photo unless they are set."""
    noise = Slider(
        "noise", "Noise", "How strong the photo's noise is: its standard deviation.",
        0.0, 75.0, AUTO, step=0.5,
    )  # fmt: skip
    colour_noise = Slider(
        "colour-noise", "Colour noise", "How strong its colours' noise is.",
        0.0, 75.0, AUTO, step=0.5,
    )  # fmt: skip
    grain_size = Slider(
        "grain-size", "Grain size", "How wide a grain of the noise is.",
        1.0, 5.0, AUTO, unit="px", step=0.1,
    )  # fmt: skip
    detail = Slider(
        "detail", "Detail", "From 0, true to the photo, to 1, lively: sharp, but partly made up.",
        0.0, 1.0, 0.0, step=0.05,
    )  # fmt: skip
    more = hyper.get("levels", _FEWEST) > _FEWEST
    return (
        noise, *((colour_noise, grain_size) if more else ()),
        Slider(
            "jpeg", "JPEG quality", "How well the photo was compressed; 100 takes nothing out.",
            1.0, 100.0, AUTO, step=1.0,
        ),
        Slider(
            "sharpness", "Sharpness", "How much blur to undo: the width of its edges.",
            0.0, 2.0, AUTO, unit="px", step=0.05,
        ),
        *((detail,) if hyper.get("lively", False) else ()),
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
    told = Levels(*(cast("float", settings[name]) for name in _NAMES if name in settings))
    detail = cast("float", settings.get("detail", 0.0))
    cleaned = cast("Enhancer", net).restore(inputs, told, detail).clamp(0, 1)
    return cleaned.mean(1, keepdim=True).repeat(1, 3, 1, 1) if is_grey(inputs) else cleaned


def measure(net: nn.Module, photo: Tensor) -> dict[str, float]:
    """The levels of a photo (1, 3, H, W), from parts spread over it; see `ModelSpec.measure`.

    A print in sepia is one in grey to the nets but for its tint, which hides much of its grain.
    """
    enhancer = cast("Enhancer", net)
    found = _measured(enhancer, photo)
    if not _is_pale(found) or is_grey(photo) or not is_toned(photo):
        return found
    grey = photo.mean(1, keepdim=True).expand(-1, 3, -1, -1)
    return {**_measured(enhancer, grey), "colour-noise": found["colour-noise"]}


def _measured(enhancer: Enhancer, photo: Tensor) -> dict[str, float]:
    found = _found(enhancer.estimator, photo)
    if enhancer.drawn is None or not Levels(*(found[name] for name in _NAMES)).drawn:
        return _surer(found)
    found = _found(enhancer.drawn.estimator, photo)
    return {**found, "colour-noise": found["noise"], "grain-size": 1.0}


def _is_pale(found: Mapping[str, float]) -> bool:
    """Whether noise has no colour; of nets that know no other, none is known to be so."""
    return found.get("colour-noise", 75.0) <= _PALE[0] + _PALE[1] * found["noise"]


def _surer(found: dict[str, float]) -> dict[str, float]:
    """Levels with as much weak large grain as there mostly is, where less is what is certain."""
    size, times, most = _UNSURE
    if not _is_pale(found) or found["grain-size"] < size:
        return found
    noise = found["noise"]
    return {**found, "noise": max(noise, min(most, round(times * noise, 1)))}


def _found(estimator: LevelEstimator, photo: Tensor) -> dict[str, float]:
    like = next(estimator.parameters())
    votes, weights = torch.zeros(2, estimator.levels)
    for part in spread(photo):
        vote, weight = estimator.votes(_at_least(part.to(like), estimator.smallest))
        votes += vote[0].float().cpu()
        weights += weight[0].float().cpu()
    return settings_of(votes / weights)


def _at_least(part: Tensor, side: int) -> Tensor:
    """A part of a tiny photo, repeated until the estimator can look at it."""
    repeats = [-(-side // length) for length in part.shape[2:]]
    return part.repeat(1, 1, *repeats) if max(repeats) > 1 else part


def reduced(settings: Settings, factor: float) -> Settings:
    """Levels of a reduced copy: averaging pixels takes noise, blocks and blur away.

    Of noise it takes the less the larger the grain is.
    """
    told = {name: cast("float", settings[name]) for name in _NAMES if name in settings}
    size = told.get("grain-size", 1.0)
    rest = min(1.0, factor * size)
    smaller = {
        "noise": told["noise"] * rest,
        "jpeg": 100 - (100 - told["jpeg"]) * factor,
        "sharpness": told["sharpness"] * factor,
        "colour-noise": told.get("colour-noise", 0.0) * rest,
        "grain-size": max(1.0, size * factor),
    }
    return {**settings, **{name: smaller[name] for name in told}}


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
    tiny={
        "widths": [8, 8, 8],
        "blocks": [1, 1, 1],
        "scale": 1,
        "levels": 5,
        "estimator": 8,
        "coarser": 1,
    },
    halo=112,  # `Restorer.reach` of the nets that ship, 108 px, up to the next multiple
    scale=lambda hyper: hyper["scale"],
    measure=measure,
    reduced=reduced,
)
