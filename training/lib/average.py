"""The moving average of a net's weights: it is what ships."""

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel

from training.lib.checkpoint import checkpoint_of


def moving_average(net: nn.Module, decay: float) -> AveragedModel:
    """Exponential moving average of a net's weights, ready for inference; its net is `.module`.

    The decay warms up as ``(1 + n) / (10 + n)``, so that the first steps are soon forgotten.
    """

    @torch.no_grad()
    def mix(averages: Sequence[Tensor], values: Sequence[Tensor], count: Tensor | int) -> None:
        steps = int(count) + 1
        weight = 1 - min(decay, (1 + steps) / (10 + steps))
        for average, value in zip(averages, values, strict=True):
            average.lerp_(value, weight)

    return AveragedModel(net, multi_avg_fn=mix).requires_grad_(False).eval()


def averaged_state(run: Path) -> dict[str, Tensor]:
    """The moving average's tensors in a run's checkpoint."""
    path = checkpoint_of(run) / "custom_checkpoint_0.pkl"
    state = torch.load(path, weights_only=True)
    return {k.removeprefix("module."): v for k, v in state.items() if k != "n_averaged"}
