"""Weights of a generator that go on in one which is shown more."""

from typing import cast

import torch
from torch import Tensor, nn

from studio.nets.pix2pix import UNetGenerator

_LITTLE = 0.3


@torch.no_grad()
def hand_on(net: UNetGenerator) -> None:
    """Makes a picture of the last three planes, and little of anything else."""
    net.last.weight.mul_(_LITTLE)
    net.last.weight[:, -3:, 1, 1] += 4 * torch.eye(3)  # the slope of a sigmoid is 1 / 4
    nn.init.constant_(cast("Tensor", net.last.bias), -2)


def grown(known: Tensor | None, own: Tensor) -> Tensor:
    """What weights have, or their own for what they lack: further channels of the drawing."""
    if known is None or known.shape == own.shape:
        return own if known is None else known
    grown = _LITTLE * own
    grown[:, : known.shape[1]] = known
    return grown
