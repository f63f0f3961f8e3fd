"""The generator of faces: made, grown, and asked for pictures."""

from collections.abc import Mapping
from typing import Any, cast

import torch
from torch import Tensor, nn

from studio.core.catalogue import read_weights
from studio.models import faces as model
from studio.models._weights import load_net
from studio.nets.dcgan import DCGANGenerator

SETTLING = 1024  # latents that an average's statistics are taken from


def make_net(config: Mapping[str, Any], channels: int) -> DCGANGenerator:
    """An untrained generator of a run's settings."""
    return DCGANGenerator(
        config["side"], config["width"], channels, config["latent"],
        config["widest"], config["grown"],
    )  # fmt: skip


def initial_net(config: Mapping[str, Any], channels: int) -> tuple[DCGANGenerator, set[str]]:
    """An untrained generator, or one that goes on from weights to start from.

    Where those draw half the side, it is grown (Karras et al., "Progressive Growing of GANs",
    2018): it has their layers and one more, which at first adds nothing to the picture.

    Returns:
        It, and the names of the parameters which it has from a smaller one.
    """
    net, had = make_net(config, channels), set[str]()
    if config["start"] is not None:
        known = cast("model.Faces", load_net(read_weights(config["start"]), model.SPEC)).generator
        state = known.state_dict()
        if grows := config["side"] > known.side:
            coarser = f"coarser.{len(known.coarser)}"
            state = {name.replace("last", coarser): value for name, value in state.items()}
            had = set(state)
        net.load_state_dict(state, strict=not grows)
    return net.to(memory_format=torch.channels_last), had


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
