"""One shot, one normalisation: a net whose statistics are those of the shot's first frames.

With each frame's own statistics a net with instance normalisation flickers: whoever walks into the
picture changes the colours of the wall (the remedy of Chen et al. 2022 for tiles, over time).
"""

import torch
from torch import Tensor, nn

from studio.core.controls import Settings
from studio.core.progress import Progress
from studio.models._spec import ModelSpec
from studio.nets.layer import Step

_EPSILON = 1e-5  # that of torch.nn.functional.instance_norm


class SharedStatistics:
    """Stands in for `ModelSpec.run` of a net that is a list of layers.

    The first call's pictures give the statistics of all calls.

    Args:
        spec: has ``steps``.
    """

    def __init__(self, spec: ModelSpec) -> None:
        self._spec = spec
        self._normalised: list[tuple[Tensor, Tensor]] = []
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
                    self._normalised.append(_normalisation(x, *step.affine))
                factor, offset = (each.to(x) for each in self._normalised[index])
                x, index = x * factor + offset, index + 1
            x = layer.activate(x)
            if layer.closes_block:
                x = x + skip
        return x


def _normalisation(x: Tensor, scale: Tensor, shift: Tensor) -> tuple[Tensor, Tensor]:
    """Statistics of (N, C, H, W) with scale and shift (1, C), as factor and offset (1, C, 1, 1)."""
    variance, mean = torch.var_mean(x.float(), (0, 2, 3), correction=0)
    factor = scale.float() * torch.rsqrt(variance + _EPSILON)
    return factor[..., None, None], (shift.float() - mean * factor)[..., None, None]
