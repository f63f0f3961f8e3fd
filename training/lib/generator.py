"""The generator of faces: made, and asked for pictures."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor, nn

from studio.core.catalogue import read_weights
from studio.models import faces as model
from studio.models._weights import load_net
from studio.nets.dcgan import DCGANGenerator

SETTLING = 1024  # latents that an average's statistics are taken from


def known_faces(path: Path) -> model.Faces:
    """The net of weights to start from."""
    return cast("model.Faces", load_net(read_weights(path), model.SPEC))


def make_net(config: Mapping[str, Any], channels: int) -> DCGANGenerator:
    """An untrained generator of a run's settings."""
    return DCGANGenerator(
        config["side"], config["width"], channels, config["latent"],
        config["widest"],
    )  # fmt: skip


def initial_net(config: Mapping[str, Any], channels: int) -> DCGANGenerator:
    """An untrained generator, or one that goes on from weights to start from."""
    net = make_net(config, channels)
    if config["start"] is not None:
        net.load_state_dict(known_faces(config["start"]).generator.state_dict())
    return net.to(memory_format=torch.channels_last)


@torch.no_grad()
def draw(net: nn.Module, latents: Tensor) -> Tensor:
    """What a generator's average makes of latents (N, Z): (N, C, S, S) on the CPU.

    The average's statistics are taken anew, each time from the same latents.
    """
    if not isinstance(net, DCGANGenerator):
        raise TypeError("no generator of latents")
    device = next(net.parameters()).device
    random = torch.Generator().manual_seed(1)
    net.settle(torch.randn(SETTLING, latents.shape[1], generator=random).to(device))
    return net(latents.to(device)).float().cpu()
