"""Nodes of a graph, in ONNX's format; needs torch."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import NodeProto, TensorProto, helper, numpy_helper
from torch import Tensor

from studio.engine.light.graph import PHOTO, TOLD

_OPERATORS, _FORMAT = 18, 9  # versions of ONNX that any runtime of the last years knows


class Nodes:
    """Collects the nodes of one graph, whose values are known by their names."""

    def __init__(self) -> None:
        self._nodes: list[NodeProto] = []
        self._constants: dict[str, TensorProto] = {}

    def do(self, kind: str, *inputs: str, **attributes: Any) -> str:
        """A node's result."""
        node = helper.make_node(kind, inputs, [f"{kind}{len(self._nodes)}"])
        node.attribute.extend(helper.make_attribute(*each) for each in attributes.items())
        self._nodes.append(node)
        return node.output[0]

    def constant(self, numbers: Tensor) -> str:
        """Numbers in single precision."""
        return self._named(numbers.float().numpy())

    def whole(self, numbers: int | Sequence[int]) -> str:
        """Whole numbers."""
        return self._named(np.array(numbers, np.int64))

    def left_out(self, name: str, shape: Sequence[int]) -> str:
        """A constant that the graph is given when it is loaded, by its name."""
        constant = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=shape)
        constant.data_location = TensorProto.EXTERNAL
        constant.external_data.add(key="location", value="weights")
        self._constants[name] = constant
        return name

    def written(self, told: int, result: str, shape: Sequence[int | str]) -> bytes:
        """The graph.

        Args:
            told: numbers besides the photo; 0: none.
            result: what is asked for.
            shape: of that.
        """
        value = helper.make_tensor_value_info
        inputs = [value(PHOTO, TensorProto.FLOAT, [1, 3, "H", "W"])]
        if told:
            inputs.append(value(TOLD, TensorProto.FLOAT, [1, told]))
        graph = helper.make_graph(
            self._nodes, "net", inputs, [value(result, TensorProto.FLOAT, shape)],
            list(self._constants.values()),
        )  # fmt: skip
        operators = [helper.make_opsetid("", _OPERATORS)]
        model = helper.make_model(graph, opset_imports=operators, ir_version=_FORMAT)
        return model.SerializeToString()

    def _named(self, numbers: NDArray[np.float32] | NDArray[np.int64]) -> str:
        name = f"constant{len(self._constants)}"
        self._constants[name] = numpy_helper.from_array(np.ascontiguousarray(numbers), name)
        return name
