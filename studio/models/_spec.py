"""What a model's file declares, and how the studio finds it.

For types alone it knows torch: a model whose file does so too is run without torch, see `shares`.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from msgspec import Meta, Struct

import studio.models
from studio.core.controls import Control, Settings
from studio.core.errors import StudioError
from studio.core.picture import Picture
from studio.core.progress import Progress
from studio.core.words.said import say

if TYPE_CHECKING:
    import torch
    from torch import Tensor, nn

    from studio.nets.layer import Step

Hyperparameters = Mapping[str, Any]
Width = Annotated[int, Meta(ge=1, le=1024)]
"""Channels, as a field of `ModelSpec.hyperparameters`."""


class Square(NamedTuple):
    """A part of a picture, in px."""

    left: int
    top: int
    side: int


class Takes(Enum):
    """What a person gives to a model."""

    PICTURE = "picture"
    PAINTING = "painting"
    DOODLE = "doodle"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Finder:
    """How a model first looks for where to act; it then acts on the whole picture at once.

    What its `run` does depends on the photo and the marks alone, far away ones hardly matter.

    Attributes:
        find: what it sees in a tile (1, 3, h, w), (1, 1, h, w) in [0, 1]; kept for a picture, so
            that neither settings nor masks cost a second look.
        halo: as in `ModelSpec`, of `find`.
        looks: at which sizes, relative to its own, it looks at a picture of (height, width); of
            several looks the highest value counts. The first may enlarge it.
        wanted: whether these settings ask for it.
        mark: what `run` is given as the fourth plane: of what was found, of the person's mask (each
            (1, 1, H, W), or None) and of the settings; (1, 1, H, W) or one value for all.
        most: share of a picture up to which marks leave enough of it to go by.
        whole: what it sees in whole pictures alone, (1, 3, H, W) to (1, 1, h, w) in [0, 1] of any
            size; it counts where it is the highest value. None: nothing.
    """

    find: Callable[[nn.Module, Tensor], Tensor]
    halo: int
    looks: Callable[[tuple[int, int]], Sequence[float]]
    wanted: Callable[[Settings], bool]
    mark: Callable[[Tensor | None, Tensor | None, Settings], Tensor]
    most: float = 1.0
    whole: Callable[[Tensor], Tensor] | None = None


@dataclass(frozen=True)
class ModelSpec:
    """One model.

    Attributes:
        id: of the model; up to a dot it is the first half of its weights' ids, and their tool.
        title: for people.
        takes: what it is given.
        minimum: shortest side in px that the net can run on; smaller pictures are padded.
        multiple: both sides are padded to multiples of this, in px.
        hyperparameters: their names, types and ranges: others are refused before a net is built.
        controls: the controls of a weights file with these hyperparameters.
        build: an untrained net.
        working_size: (height, width) at which the net sees a picture of (height, width), never
            larger than the picture.
        run: the net on the whole picture: inputs (1, 3, H, W) in [0, 1] to the same, `scale` times
            as wide and high; more than 3 channels where `finish` needs them, such as a mask. Where
            the model takes nothing: latents (N, Z) to (N, 3, S, S).
        finish: blends photo and result, pixel by pixel: photo (1, 3, H, W), result (1, C, H, W),
            mask (1, 1, H, W) in [0, 1] or None, to (1, 3, H, W).
        skips_net: whether these settings leave the photo as it is.
        tiny: hyperparameters of a net small enough for the contract tests.
        steps: the same net one layer at a time, for the engine to run over strips of a picture, or
            over the frames of a shot; of the picture, or of some frames, (N, 3, H, W) in [0, 1], it
            may take what holds for all of them.
        halo: above 0 the net runs over overlapping tiles: how far a result's pixel looks around
            itself in the picture, in px; a multiple of `multiple`. Without steps and halo the net
            always runs on the whole.
        scale: how many times as wide and high as the picture the result is.
        measure: values for those controls that stand at ``auto``, found in (1, 3, H, W).
        reduced: settings for a copy of the picture that is `factor` < 1 times as large.
        settle: what the settings after the net do to the whole result (1, C, H, W) before `finish`
            blends it pixel by pixel, such as blurring a mask; may work in place.
        prepare: makes of any drawing the picture that the net is shown, whose size is the
            result's; None: the net is shown the picture as it is.
        gradual: the work takes minutes and comes closer step by step. It is the name of the control
            that says after which share of the steps the result is kept as it is: `run` reports the
            share before each step, asks `Progress.enough` and shows what is reached.
        finder: looks for where to act, before `run`; `halo` then only says how much of the picture
            around a part that is shown is looked at.
        shares: of each scale and shift that the layers of `steps` have, for some settings: all that
            the net is told besides the picture. It is then run as a graph, without torch, as long
            as the picture need not be cut; `settle` does nothing then, and `finish` is given
            numpy's arrays instead of tensors. None, here or for some settings: by torch, unless the
            net takes any painting, which the engine knows of.
        latent: numbers Z of a latent; 0: the model takes pictures. What concerns the picture that
            is given, from `minimum` to `skips_net`, then has no meaning but for `run`.
    """

    id: str
    title: str
    takes: Takes
    minimum: int
    multiple: int
    hyperparameters: type[Struct]
    controls: Callable[[Hyperparameters], tuple[Control, ...]]
    build: Callable[[Hyperparameters], nn.Module]
    working_size: Callable[[tuple[int, int], Settings], tuple[int, int]]
    run: Callable[[nn.Module, Tensor, Settings, torch.Generator, Progress], Tensor]
    finish: Callable[[Tensor, Tensor, Tensor | None, Settings], Tensor]
    skips_net: Callable[[Settings], bool]
    tiny: Hyperparameters
    steps: Callable[[nn.Module, Settings, Tensor], list[Step]] | None = None
    halo: int = 0
    scale: Callable[[Hyperparameters], int] = lambda _: 1
    measure: Callable[[nn.Module, Tensor], dict[str, float]] = lambda _net, _photo: {}
    reduced: Callable[[Settings, float], Settings] = lambda settings, _factor: settings
    settle: Callable[[Tensor, Settings], Tensor] = lambda result, _settings: result
    prepare: Callable[[Picture, Hyperparameters, Settings], Picture] | None = None
    shares: Callable[[Hyperparameters, Settings], Sequence[float] | None] = lambda _h, _s: None
    gradual: str = ""
    latent: Callable[[Hyperparameters], int] = lambda _: 0
    finder: Finder | None = None

    @property
    def tool(self) -> str:
        """First half of its weights' ids."""
        return self.id.partition(".")[0]

    @property
    def local(self) -> bool:
        """Whether a part of a picture can be shown as it will be saved."""
        return self.halo > 0


@cache
def all_specs() -> dict[str, ModelSpec]:
    """Every model in this folder: each public module declares one as ``SPEC``."""
    return {spec.id: spec for spec in map(_spec_in, _files())}


def find_spec(model: str) -> ModelSpec:
    """The model of an id; of the files no more are loaded than it takes to find it.

    Raises:
        StudioError: this studio has no such model.
    """
    for spec in map(_spec_in, sorted(_files(), key=lambda name: name != model)):
        if spec.id == model:
            return spec
    raise StudioError(
        say(
            "these weights need the model {name}, which this studio does not have", name=repr(model)
        ),
        say("a newer studio may; known here: {names}", names=list(all_specs())),
    )


def _files() -> list[str]:
    names = [module.name for module in pkgutil.iter_modules(studio.models.__path__)]
    return [name for name in names if not name.startswith("_")]


def _spec_in(name: str) -> ModelSpec:
    return importlib.import_module(f"studio.models.{name}").SPEC
