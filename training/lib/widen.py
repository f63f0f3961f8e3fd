"""The generator of sketches: new, or with weights that may have been shown less."""

from collections.abc import Iterable
from pathlib import Path
from typing import cast

import torch
from torch import Tensor, nn

from studio.core.catalogue import read_weights
from studio.models import sketch as model
from studio.models._weights import load_net
from studio.nets.pix2pix import UNetGenerator

_LITTLE = 0.3


def initial_net(
    channels: int,
    width: int,
    code: int,
    drop: float,
    start: Path | None,
    seen: Iterable[Tensor] | None = None,
) -> UNetGenerator:
    """An untrained generator, or that of the weights to start from.

    One that is shown a prototype, and has not seen one before, begins by handing it on. One that is
    to normalise by standing statistics takes them from what is `seen`, (N, channels, H, W) each.
    """
    net = UNetGenerator(channels, width, code, drop, settled=seen is not None)
    if start is not None:
        known = cast("model.Sketcher", load_net(read_weights(start), model.SPEC))
        own, state = net.state_dict(), known.generator.state_dict()
        net.load_state_dict({name: _grown(state.get(name), own[name]) for name in own})
        if seen is not None and state.keys() != own.keys():
            net.settle(seen)
        if state["last.weight"].shape == own["last.weight"].shape:
            return net
    if channels == 1 + 3:
        _hand_on(net)
    return net


@torch.no_grad()
def _hand_on(net: UNetGenerator) -> None:
    """Makes a picture of the last three planes, and little of anything else."""
    net.last.weight.mul_(_LITTLE)
    net.last.weight[:, -3:, 1, 1] += 4 * torch.eye(3)  # the slope of a sigmoid is 1 / 4
    nn.init.constant_(cast("Tensor", net.last.bias), -2)


def _grown(known: Tensor | None, own: Tensor) -> Tensor:
    """What weights have, or their own for what they lack: further channels of the drawing."""
    if known is None or known.shape == own.shape:
        return own if known is None else known
    grown = _LITTLE * own
    grown[:, : known.shape[1]] = known
    return grown
