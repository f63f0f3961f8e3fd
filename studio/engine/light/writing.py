"""Writes a net as a graph, and makes sure that the graph does what the net does; needs torch."""

import logging
from collections.abc import Sequence
from typing import cast

import torch
from onnx import TensorProto
from torch import Tensor, nn
from torch.nn import functional as F

from studio.core.catalogue import Weights
from studio.core.controls import complete
from studio.core.picture import Floats
from studio.engine.light.eye import eye_graph
from studio.engine.light.graph import PHOTO, TOLD, Graph
from studio.engine.light.kernels import are_apart, blended
from studio.engine.light.manner import sees_paintings
from studio.engine.light.nodes import Nodes
from studio.models._painters import AnyPainting
from studio.models._spec import ModelSpec
from studio.models._weights import load_net
from studio.nets.any_style import AnyStyleNet
from studio.nets.layer import EPSILON, FLATTEST, FOLD, FOLDING, ROUNDS, Layer, run_layers, run_steps

_log = logging.getLogger(__name__)

_NEAR = 60.0  # dB between what the graph and the net make of a photo, at least
_TRIED = (48, 544)  # px: height and width of that photo, longer than the grain


@torch.inference_mode()
def written(weights: Weights, spec: ModelSpec, part: str) -> bytes:
    """The graph of a part of a weights file's net; empty where it does not do what torch does.

    Raises:
        StudioError: the weights cannot be loaded.
    """
    net = load_net(weights, spec)
    colours = torch.rand(1, 3, 6, 68, generator=torch.Generator().manual_seed(0))
    photo = F.interpolate(colours, _TRIED, mode="bicubic").clamp(0, 1)
    if sees_paintings(weights):
        each = cast("AnyPainting", net).net
        data, found, wanted = (_eye if part else _trunk)(each, photo)
    else:
        data, found, wanted = _whole(net, weights, spec, photo)
    error = (torch.from_numpy(found) - wanted).square().mean() / wanted.square().mean()
    near = -10 * torch.log10(error + 1e-12).item()
    if not near >= _NEAR:
        _log.warning("the graph of %s differs from its net: %.1f dB", weights.id, near)
        return b""
    return data


_Tried = tuple[bytes, Floats, Tensor]
"""A graph, what it makes of a photo, and what the net does."""


def _whole(net: nn.Module, weights: Weights, spec: ModelSpec, photo: Tensor) -> _Tried:
    settings = complete(spec.controls(weights.hyperparameters), {})
    shares = spec.shares(weights.hyperparameters, settings)
    if spec.steps is None or shares is None:
        raise ValueError(f"{weights.id} is not told shares")
    layers = [step.layer for step in spec.steps(net, settings, photo)]
    styles = 1 if layers[0].scale is None else len(layers[0].scale)
    mixture = [1 / styles] * styles
    apart = are_apart(weights)
    data = _Writer(0 if apart else styles, apart=apart).write(layers)
    found = Graph(data, blended(weights, shares) if apart else {}).run(photo.numpy(), mixture)
    return data, found, run_layers(layers, photo, torch.tensor([mixture]))


def _trunk(net: AnyStyleNet, photo: Tensor) -> _Tried:
    rows = torch.rand(1, sum(net.widths), generator=torch.Generator().manual_seed(0)) - 0.5
    data = _Writer(rows.shape[1], adds=net.widths).write(net.layers)
    return (
        data,
        Graph(data, {}).run(photo.numpy(), rows[0].tolist()),
        run_steps(net.trunk(rows), photo),
    )


def _eye(net: AnyStyleNet, photo: Tensor) -> _Tried:
    spread = torch.full((1, 6), 0.1)
    data = eye_graph(net)
    wanted = net.head((net.eye.moments(photo, spread) - net.eye.mean) / net.eye.deviation)
    return data, Graph(data, {}).run(photo.numpy(), spread[0].tolist()), wanted


class _Writer(Nodes):
    """Writes nets of layers.

    Args:
        told: numbers: the shares of the styles, or what is added to scales and shifts.
        adds: of these, how many to each scale and shift, in turns; none: they are shares.
        apart: each style has a net: its tensors are left out, and come by their names.
    """

    def __init__(self, told: int, *, adds: Sequence[int] = (), apart: bool = False) -> None:
        super().__init__()
        self._told, self._adds, self._apart = told, adds, apart

    def write(self, layers: Sequence[Layer]) -> bytes:
        """As `run_layers` does it."""
        x = skip = PHOTO
        for number, layer in enumerate(layers):
            if layer.opens_block:
                skip = x
            x = self._normalised(self._convolved(x, layer, number), layer, number)
            x = self._activated(x, layer.activation)
            if layer.closes_block:
                x = self.do("Add", x, skip)
        return self.written(self._told, x, [1, layers[-1].conv.out_channels, "H", "W"])

    def _convolved(self, x: str, layer: Layer, number: int) -> str:
        if layer.grain is not None:
            x = self.do("Add", x, self._grain(x, layer.grain))
        margin = [0, 0, layer.padding, layer.padding] * 2
        mode = "edge" if layer.upsample else "reflect"
        x = self.do("Pad", x, self.whole(margin), mode=mode)
        if layer.upsample:
            return self._doubled(x, layer, number)
        given = layer.conv.named_parameters(f"layers.{number}.conv")
        weights = [self._parameter(name, each) for name, each in given]
        steps = {"strides": [layer.stride] * 2, "dilations": [layer.dilation] * 2}
        return self.do("Conv", x, *weights, **steps)

    def _grain(self, x: str, grain: Tensor) -> str:
        """What of the grain, which repeats, lies under a picture; see `crop_grain`."""
        found, sides = self.constant(grain), self.do("Shape", x)
        for axis in (2, 3):
            side = self.do("Gather", sides, self.whole(axis))
            places = self.do("Range", self.whole(0), side, self.whole(1))
            places = self.do("Mod", places, self.whole(grain.shape[axis]))
            found = self.do("Gather", found, places, axis=axis)
        return found

    def _doubled(self, x: str, layer: Layer, number: int) -> str:
        """Four kernels of 2x2, one for each parity of the output pixel; see `Layer.convolve`."""
        outs = layer.conv.out_channels
        phases = self.do("Conv", x, self._folded(layer, number))
        parts: list[str] = []
        for phase in range(4):
            down, right = divmod(phase, 2)
            # Of a plane that is a pixel too high and wide the first or the last are left out.
            start = [phase * outs, down, right]
            stop = [(phase + 1) * outs, *(1 << 60 if first else -1 for first in (down, right))]
            bounds = (self.whole(each) for each in (start, stop, [1, 2, 3]))
            parts.append(self.do("Slice", phases, *bounds))
        return self.do("DepthToSpace", self.do("Concat", *parts, axis=1), blocksize=2)

    def _folded(self, layer: Layer, number: int) -> str:
        """See `Layer.folded`."""
        if not self._apart:
            return self.constant(layer.folded())
        kernel = self._parameter(f"layers.{number}.conv.weight", layer.conv.weight)
        fold = self.constant(FOLD)
        parts = self.do("Einsum", fold, fold, kernel, equation=FOLDING)
        shape = [4 * layer.conv.out_channels, layer.conv.in_channels, 2, 2]
        return self.do("Reshape", parts, self.whole(shape))

    def _normalised(self, x: str, layer: Layer, number: int) -> str:
        if layer.scale is None or layer.shift is None:
            return x
        scale, shift = (
            self._affine(rows, f"layers.{number}.{name}", 2 * number + index)
            for index, (name, rows) in enumerate((("scale", layer.scale), ("shift", layer.shift)))
        )
        if layer.whitens:
            x = self._whitened(x, layer.conv.out_channels)
            for kind, numbers in (("Mul", scale), ("Add", shift)):
                x = self.do(kind, x, self.do("Unsqueeze", numbers, self.whole([1, 2])))
            return x
        return self.do("InstanceNormalization", x, scale, shift, epsilon=EPSILON)

    def _affine(self, rows: Tensor, name: str, place: int) -> str:
        """A scale or shift (C,), the net's `place`-th."""
        found = self._parameter(name, rows)
        if place < len(self._adds):
            first = sum(self._adds[:place])
            bounds = map(self.whole, ([first], [first + self._adds[place]], [1]))
            found = self.do("Add", found, self.do("Slice", TOLD, *bounds))
        elif self._told and not self._adds:
            found = self.do("MatMul", TOLD, found)
        return self.do("Squeeze", found, self.whole([0]))

    def _whitened(self, x: str, channels: int) -> str:
        """See `inverse_root`; a plane's channels (C, H W) as rows."""
        flat = self.do("Reshape", x, self.whole([channels, -1]))
        centred = self.do("Sub", flat, self.do("ReduceMean", flat, self.whole([1])))
        count = self.do("Cast", self.do("Size", flat), to=TensorProto.FLOAT)
        spread = self.do("MatMul", centred, self.do("Transpose", centred))
        spread = self.do("Div", spread, count)  # the covariance by the number of channels
        one = self.constant(torch.eye(channels))
        trace = self.do("ReduceSum", self.do("Mul", spread, one))
        trace = self.do("Add", trace, self.constant(torch.tensor(EPSILON / channels)))
        near = self.do("Div", spread, trace)
        near = self.do("Add", near, self.constant(FLATTEST * torch.eye(channels)))
        root, more, half = one, *(self.constant(torch.tensor(n)) for n in (1.5, 0.5))
        for _ in range(ROUNDS):
            cubed = self.do("MatMul", self.do("MatMul", root, root), root)
            less = self.do("MatMul", self.do("Mul", cubed, half), near)
            root = self.do("Sub", self.do("Mul", root, more), less)
        deviation = self.do(
            "Mul", self.do("Sqrt", trace), self.constant(torch.tensor(channels**0.5))
        )
        flat = self.do("MatMul", self.do("Div", root, deviation), centred)
        return self.do("Reshape", flat, self.do("Shape", x))

    def _activated(self, x: str, activation: str) -> str:
        match activation:
            case "relu":
                return self.do("Relu", x)
            case "sigmoid":
                return self.do("Sigmoid", x)
            case "clamp":
                return self.do("Clip", x, *(self.constant(torch.tensor(n)) for n in (0.0, 1.0)))
            case _:
                return x

    def _parameter(self, name: str, numbers: Tensor) -> str:
        return self.left_out(name, numbers.shape) if self._apart else self.constant(numbers)
