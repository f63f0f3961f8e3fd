"""Writes a net as a graph, and makes sure that the graph does what the net does; needs torch."""

import logging
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from onnx import NodeProto, TensorProto, helper, numpy_helper
from torch import Tensor
from torch.nn import functional as F

from studio.core.catalogue import Weights
from studio.core.controls import complete
from studio.engine.light.graph import PHOTO, SHARES, Graph
from studio.engine.light.kernels import are_apart, blended
from studio.models._spec import ModelSpec
from studio.models._weights import load_net
from studio.nets.layer import FOLD, FOLDING, Layer, run_layers

_log = logging.getLogger(__name__)

_OPERATORS, _FORMAT = 18, 9  # versions of ONNX that any runtime of the last years knows
_NEAR = 60.0  # dB between what the graph and the net make of a photo, at least
_TRIED = (48, 544)  # px: height and width of that photo, longer than the grain


@torch.inference_mode()
def written(weights: Weights, spec: ModelSpec) -> bytes:
    """The graph of a weights file; empty where it does not do what torch does.

    Raises:
        StudioError: the weights cannot be loaded.
    """
    net = load_net(weights, spec)
    colours = torch.rand(1, 3, 6, 68, generator=torch.Generator().manual_seed(0))
    photo = F.interpolate(colours, _TRIED, mode="bicubic").clamp(0, 1)
    settings = complete(spec.controls(weights.hyperparameters), {})
    shares = spec.shares(weights.hyperparameters, settings)
    if spec.steps is None or shares is None:
        return b""
    layers = [step.layer for step in spec.steps(net, settings, photo)]
    styles = 1 if layers[0].scale is None else len(layers[0].scale)
    mixture = [1 / styles] * styles
    apart = are_apart(weights)
    if any(layer.whitens for layer in layers):
        return b""
    data = _Writer(styles, apart=apart).write(layers)
    found = Graph(data, blended(weights, shares) if apart else {}).run(photo.numpy(), mixture)
    error = (torch.from_numpy(found) - run_layers(layers, photo, torch.tensor([mixture]))).square()
    near = -10 * torch.log10(error.mean() + 1e-12).item()
    if not near >= _NEAR:
        _log.warning("the graph of %s differs from its net: %.1f dB", weights.id, near)
        return b""
    return data


class _Writer:
    """Collects the nodes of one graph, whose values are known by their names.

    Args:
        styles: that share the net.
        apart: they do not: the net's tensors are left out, and come by their names.
    """

    def __init__(self, styles: int, *, apart: bool) -> None:
        self._styles, self._apart = styles, apart
        self._nodes: list[NodeProto] = []
        self._constants: list[TensorProto] = []

    def write(self, layers: Sequence[Layer]) -> bytes:
        """As `run_layers` does it."""
        x = skip = PHOTO
        for number, layer in enumerate(layers):
            if layer.opens_block:
                skip = x
            x = self._normalised(self._convolved(x, layer, number), layer, number)
            x = self._activated(x, layer.activation)
            if layer.closes_block:
                x = self._do("Add", x, skip)
        value = helper.make_tensor_value_info
        outs = layers[-1].conv.out_channels
        graph = helper.make_graph(
            self._nodes,
            "net",
            [
                value(PHOTO, TensorProto.FLOAT, [1, 3, "H", "W"]),
                value(SHARES, TensorProto.FLOAT, [1, self._styles]),
            ][: 1 if self._apart else 2],
            [value(x, TensorProto.FLOAT, [1, outs, "H", "W"])],
            self._constants,
        )
        operators = [helper.make_opsetid("", _OPERATORS)]
        model = helper.make_model(graph, opset_imports=operators, ir_version=_FORMAT)
        return model.SerializeToString()

    def _convolved(self, x: str, layer: Layer, number: int) -> str:
        if layer.grain is not None:
            x = self._do("Add", x, self._grain(x, layer.grain))
        margin = [0, 0, layer.padding, layer.padding] * 2
        mode = "edge" if layer.upsample else "reflect"
        x = self._do("Pad", x, self._whole(margin), mode=mode)
        if layer.upsample:
            return self._doubled(x, layer, number)
        given = layer.conv.named_parameters(f"layers.{number}.conv")
        weights = [self._parameter(name, each) for name, each in given]
        steps = {"strides": [layer.stride] * 2, "dilations": [layer.dilation] * 2}
        return self._do("Conv", x, *weights, **steps)

    def _grain(self, x: str, grain: Tensor) -> str:
        """What of the grain, which repeats, lies under a picture; see `crop_grain`."""
        found, sides = self._constant(grain), self._do("Shape", x)
        for axis in (2, 3):
            side = self._do("Gather", sides, self._whole(axis))
            places = self._do("Range", self._whole(0), side, self._whole(1))
            places = self._do("Mod", places, self._whole(grain.shape[axis]))
            found = self._do("Gather", found, places, axis=axis)
        return found

    def _doubled(self, x: str, layer: Layer, number: int) -> str:
        """Four kernels of 2x2, one for each parity of the output pixel; see `Layer.convolve`."""
        outs = layer.conv.out_channels
        phases = self._do("Conv", x, self._folded(layer, number))
        parts: list[str] = []
        for phase in range(4):
            down, right = divmod(phase, 2)
            # Of a plane that is a pixel too high and wide the first or the last are left out.
            start = [phase * outs, down, right]
            stop = [(phase + 1) * outs, *(1 << 60 if first else -1 for first in (down, right))]
            bounds = (self._whole(each) for each in (start, stop, [1, 2, 3]))
            parts.append(self._do("Slice", phases, *bounds))
        return self._do("DepthToSpace", self._do("Concat", *parts, axis=1), blocksize=2)

    def _folded(self, layer: Layer, number: int) -> str:
        """See `Layer.folded`."""
        if not self._apart:
            return self._constant(layer.folded())
        kernel = self._parameter(f"layers.{number}.conv.weight", layer.conv.weight)
        fold = self._constant(FOLD)
        parts = self._do("Einsum", fold, fold, kernel, equation=FOLDING)
        shape = [4 * layer.conv.out_channels, layer.conv.in_channels, 2, 2]
        return self._do("Reshape", parts, self._whole(shape))

    def _normalised(self, x: str, layer: Layer, number: int) -> str:
        if layer.scale is None or layer.shift is None:
            return x
        affine: list[str] = []
        for name, rows in (("scale", layer.scale), ("shift", layer.shift)):
            found = self._parameter(f"layers.{number}.{name}", rows)
            if not self._apart:
                found = self._do("MatMul", SHARES, found)
            affine.append(self._do("Squeeze", found, self._whole([0])))
        return self._do("InstanceNormalization", x, *affine, epsilon=1e-5)

    def _activated(self, x: str, activation: str) -> str:
        match activation:
            case "relu":
                return self._do("Relu", x)
            case "sigmoid":
                return self._do("Sigmoid", x)
            case "clamp":
                return self._do("Clip", x, *(self._constant(torch.tensor(n)) for n in (0.0, 1.0)))
            case _:
                return x

    def _do(self, kind: str, *inputs: str, **attributes: Any) -> str:
        node = helper.make_node(kind, inputs, [f"{kind}{len(self._nodes)}"])
        node.attribute.extend(helper.make_attribute(*each) for each in attributes.items())
        self._nodes.append(node)
        return node.output[0]

    def _parameter(self, name: str, numbers: Tensor) -> str:
        if not self._apart:
            return self._constant(numbers)
        if name not in {each.name for each in self._constants}:
            left_out = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=numbers.shape)
            left_out.data_location = TensorProto.EXTERNAL
            left_out.external_data.add(key="location", value="weights")
            self._constants.append(left_out)
        return name

    def _constant(self, numbers: Tensor) -> str:
        return self._named(numbers.numpy())

    def _whole(self, numbers: int | Sequence[int]) -> str:
        return self._named(np.array(numbers, np.int64))

    def _named(self, numbers: NDArray[np.float32] | NDArray[np.int64]) -> str:
        name = f"constant{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(numbers), name))
        return name
