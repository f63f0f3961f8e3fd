"""Repair (in progress)."""
from typing import Annotated, cast
from msgspec import Meta, Struct
from torch import Tensor, nn
import torch
from studio.core.controls import AUTO, Control, Mask, Settings, Slider
from studio.models._spec import Hyperparameters, ModelSpec, Takes, Width
from studio.nets.damage_finder import DamageFinder
from studio.nets.inpainter import Inpainter

_Blocks = tuple[Annotated[int, Meta(ge=1, le=32)], ...]


class Hyper(Struct, forbid_unknown_fields=True):
    """As in `Inpainter` and `DamageFinder`."""

    widths: Annotated[tuple[Width, ...], Meta(min_length=1, max_length=4)]
    blocks: _Blocks
    finder_widths: Annotated[tuple[Width, ...], Meta(min_length=1, max_length=4)]
    finder_blocks: _Blocks


class Repairer(nn.Module):
    """An inpainter, and the finder that tells it what is damaged."""

    def __init__(self, hyper: Hyperparameters) -> None:
        super().__init__()
        self.inpainter = Inpainter(hyper["widths"], hyper["blocks"])
        self.finder = DamageFinder(hyper["finder_widths"], hyper["finder_blocks"])

SPEC = ModelSpec(
    id="repair", title="Repair", takes=Takes.PICTURE, minimum=32, multiple=8, hyperparameters=Hyper,
    controls=lambda h: (), build=Repairer, working_size=lambda s, _: s, run=lambda net, x, *_: x, finish=lambda p, r, m, s: r,
    skips_net=lambda s: False, tiny={"widths": [8, 8], "blocks": [1, 1], "finder_widths": [8, 8], "finder_blocks": [1, 1]},
)
