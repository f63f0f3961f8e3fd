"""One shot, one normalisation: a net whose statistics are those of the shot's first frames.

With each frame's own statistics a net with instance normalisation flickers: whoever walks into the
picture changes the colours of the wall (the remedy of Chen et al. 2022 for tiles, over time).
"""

import torch
from torch import Tensor, nn

from studio.core.controls import Settings
from studio.core.progress import Progress
from studio.models._spec import ModelSpec
from studio.nets.layer import Normalisation, Step


class SharedStatistics:
    """Stands in for `ModelSpec.run` of a net that is a list of layers.

    The first call's pictures give the statistics of all calls.

    Args:
        spec: has ``steps``.
    """

    def __init__(self, spec: ModelSpec) -> None:
        self._spec = spec
        self._normalised: list[Normalisation] = []
        self._steps: tuple[nn.Module, list[Step]] | None = None

    def run(
        self,
        net: nn.Module,
        inputs: Tensor,
        settings: Settings,
        generator: torch.Generator,
        progress: Progress,
    ) -> Tensor:
        """Runs the net on (N, 3, H, W); see `ModelSpec.run`."""
        del generator, progress
        if self._spec.steps is None:
            raise ValueError("only a net that is a list of layers can share statistics")
        if self._steps is None or self._steps[0] is not net:  # another one: on another device
            self._steps = net, self._spec.steps(net, settings, inputs)
        known, index = bool(self._normalised), 0
        x = skip = inputs
        for step in self._steps[1]:
            layer = step.layer
            if layer.opens_block:
                skip = x
            x = layer.convolve(layer.pad(x))
            if step.affine is not None:
                if not known:
                    self._normalised.append(_normalisation(x, step))
                x, index = self._normalised[index](x), index + 1
            x = layer.activate(x)
            if layer.closes_block:
                x = x + skip
        return x


def _normalisation(x: Tensor, step: Step) -> Normalisation:
    """That of a step whose output, of all frames, is (N, C, H, W)."""
    flat = x.float().transpose(0, 1).flatten(1)
    mean = flat.mean(1)
    centred = flat - mean[:, None]
    if step.layer.whitens:
        return Normalisation.of(step, mean, centred @ centred.T / flat.shape[1])
    return Normalisation.of(step, mean, centred.square().mean(1))
