"""The turns that paintings have when each has a net of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel

from studio.nets.style_loss import Objective, views
from studio.nets.style_net import StyleNet, StyleNets


@dataclass(frozen=True)
class Turn:
    """Whose turn a step is.

    Attributes:
        painting: its row.
        step: of the turn.
        steps: that it has.
        begins_as: the row whose net it begins as: its own, or the one before.
    """

    painting: int
    step: int
    steps: int
    begins_as: int

    @classmethod
    def of(cls, step: int, steps: int, first: int | None, paintings: int) -> "Turn":
        """That of a step.

        Args:
            step: of the run.
            steps: of a turn.
            first: steps of the very first turn, where nothing is begun from; None: something is.
            paintings: how many there are.
        """
        longer = 0 if first is None else first - steps
        if step < steps + longer:
            return cls(0, step, steps + longer, 0)
        number, within = divmod(step - longer, steps)
        painting = number % paintings
        is_new = first is not None and 0 < number < paintings
        return cls(painting, within, steps, painting - 1 if is_new else painting)

    def share_of_rate(self, warm_up: int, settling: float) -> float:
        """Share of the learning rate."""
        left = 1 - self.step / self.steps
        return min(1.0, (self.step + 1) / warm_up, left / settling)


@torch.no_grad()
def nearest(
    nets: Sequence[StyleNet], photo: Tensor, objective: Objective, styles: Sequence[int]
) -> list[int]:
    """Which net makes a photo (1, 3, H, W) most like each of some paintings."""
    device = objective.palettes[0].device
    errors: list[Tensor] = []
    for net in nets:
        seen = views(net(photo, torch.ones(1, 1)).to(device), (0, 0), max(photo.shape))
        features = [
            {n: f.expand(len(styles), -1, -1, -1) for n, f in each.items()}
            for each in objective.features(seen)
        ]
        quarter = seen[-1].expand(len(styles), -1, -1, -1)
        strokes, _, _ = objective.unlikeness(features, quarter, torch.tensor(styles, device=device))
        errors.append(strokes)
    return torch.stack(errors).argmin(0).tolist()


def take_up(
    turn: Turn, nets: StyleNets, net: nn.Module, average: AveragedModel, optimizer: Any
) -> None:
    """Begins a turn: the net and its average become the one that it begins as."""
    state = nets.nets[turn.begins_as].state_dict()
    net.load_state_dict(state)
    average.module.load_state_dict(state)
    average.n_averaged.zero_()
    optimizer.state.clear()
