"""Drawings as people see them, and what becomes of some of them."""

import numpy as np
import torch
from torch import Tensor, nn

from training.data.pairs import Subject


def as_seen(drawing: Tensor, subject: Subject) -> Tensor:
    """A drawing (C, S, S) as people see it: dark on light, or in its labels' colours; (3, S, S)."""
    if not subject.labels:
        return 1 - drawing[:1].expand(3, -1, -1)
    colours = torch.tensor([label.rgb for label in subject.labels]) / 255
    return torch.einsum("lhw,lc->chw", drawing, colours)


@torch.no_grad()
def sample(net: nn.Module, subject: Subject) -> list[Tensor]:
    """Drawing, result and photo of pairs kept aside; then doodles and results: each (3, S, S)."""
    doodles = [subject.doodle(np.random.default_rng(number)) for number in range(12)]
    device = next(net.parameters()).device

    def result(drawing: Tensor, seed: int = 0) -> Tensor:
        generator = torch.Generator().manual_seed(seed)
        return net(drawing[None].to(device), generator)[0].cpu()

    cells: list[Tensor] = []
    for pair in subject.held_out()[:6]:
        cells += [as_seen(pair.drawing, subject), result(pair.drawing), pair.photo]
    for seed, doodle in enumerate(doodles):
        cells += [as_seen(doodle, subject), result(doodle, seed)]
    return cells
