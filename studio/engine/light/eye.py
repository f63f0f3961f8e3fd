"""Writes the net that looks at paintings as a graph; needs torch."""

from typing import cast

import torch

from studio.engine.light.graph import PHOTO, TOLD
from studio.engine.light.nodes import Nodes
from studio.nets.any_style import AnyStyleNet, Linear
from studio.nets.efficientnet_lite import STAGES, Block, Convolution


def eye_graph(net: AnyStyleNet) -> bytes:
    """The graph of a net's rows (1, R) for a painting and its spread; see `Eye`."""
    writer, eye = _EyeWriter(), net.eye
    numbers = writer.measured(cast("list[Block]", list(eye.features.blocks)), eye.features.stem)
    numbers = writer.do("Sub", numbers, writer.constant(eye.mean))
    numbers = writer.do("Div", numbers, writer.constant(eye.deviation))
    first, _, last = net.head
    hidden = writer.do("Relu", writer.mapped(numbers, cast("Linear", first)))
    rows = writer.mapped(hidden, cast("Linear", last))
    return writer.written(6, rows, [1, sum(net.widths)])


class _EyeWriter(Nodes):
    def measured(self, blocks: list[Block], stem: Convolution) -> str:
        """The moments (1, D) of all stages, and the spread."""
        scaled = self.do("Mul", PHOTO, self.constant(torch.tensor(255 / 128)))
        x = self._convolved(self.do("Sub", scaled, self.constant(torch.tensor(127 / 128))), stem)
        found: list[str] = []
        for index, block in enumerate(blocks):
            y = x
            for layer in block.layers:
                y = self._convolved(y, cast("Convolution", layer))
            x = self.do("Add", x, y) if block.skips else y
            if index in STAGES:
                found += self._moments(x)
        return self.do("Concat", *found, TOLD, axis=1)

    def mapped(self, numbers: str, linear: Linear) -> str:
        """Numbers (1, N) through a linear layer."""
        bias = self.constant(linear.bias)
        return self.do("Add", self.do("MatMul", numbers, self.constant(linear.matrix.T)), bias)

    def _convolved(self, x: str, layer: Convolution) -> str:
        kernels, bias = map(self.constant, layer.folded())
        strides, groups = list(layer.conv.stride), layer.conv.groups
        x = self.do("Conv", x, kernels, bias, strides=strides, group=groups, auto_pad="SAME_UPPER")
        if not layer.relu:
            return x
        return self.do("Clip", x, *(self.constant(torch.tensor(n)) for n in (0.0, 6.0)))

    def _moments(self, x: str) -> list[str]:
        """Mean and deviation (1, C) of a plane's channels."""
        sides = self.whole([2, 3])
        mean = self.do("ReduceMean", x, sides)
        apart = self.do("Sub", x, mean)
        variance = self.do("ReduceMean", self.do("Mul", apart, apart), sides)
        variance = self.do("Add", variance, self.constant(torch.tensor(1e-5)))
        return [self.do("Squeeze", each, sides) for each in (mean, self.do("Sqrt", variance))]
