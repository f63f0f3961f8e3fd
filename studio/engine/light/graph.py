"""A net as a graph, run by ONNX Runtime: there in 0.05 s, where torch takes two."""

import os
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from studio.core.picture import Floats

PHOTO, TOLD = "photo", "shares"
"""The graph's inputs: (1, 3, H, W), H and W as the net needs them; (1, S), what it is told besides,
such as the shares of styles. A graph whose styles are apart is told nothing."""

Wait = Callable[[Callable[[], Floats]], Floats]
"""Calls what it is given; once it raises, a net stops after the layer it is at."""


def at_once(work: Callable[[], Floats]) -> Floats:
    """Where nobody asks it to stop."""
    return work()


class GraphError(Exception):
    """The runtime cannot load or run a graph, or has not the memory."""


def load_runtime() -> Any:
    """The module `onnxruntime`, which reports to nobody.

    Since 1.29 it sends what it is used for to its maker, unless this is set before it is loaded.

    Raises:
        GraphError: it cannot be loaded here.
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    try:
        import onnxruntime
    except ImportError as error:
        raise GraphError(str(error)) from error
    return onnxruntime


class Graph:
    """One net.

    Args:
        data: in ONNX's format.
        kernels: what it lacks of its constants, by name.

    Raises:
        GraphError: it is no graph.
    """

    def __init__(self, data: bytes, kernels: Mapping[str, Floats]) -> None:
        self._runtime = load_runtime()
        self._kernels = [self._runtime.OrtValue.ortvalue_from_numpy(k) for k in kernels.values()]
        options = self._runtime.SessionOptions()
        threads = os.environ.get("OMP_NUM_THREADS", "")
        options.intra_op_num_threads = int(threads) if threads.isdecimal() else 0
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.enable_cpu_mem_arena = False  # it would keep all that the largest picture took
        options.log_severity_level = 4  # what goes wrong is raised
        if kernels:
            options.add_external_initializers(list(kernels), self._kernels)
        with self._speaking():
            self._session = self._runtime.InferenceSession(
                data, options, providers=["CPUExecutionProvider"]
            )

    def run(self, photo: Floats, told: Sequence[float], wait: Wait = at_once) -> Floats:
        """What the net makes of a photo, (1, C, H, W).

        Args:
            photo: see `PHOTO`.
            told: S numbers, see `TOLD`.
            wait: see `Wait`.

        Raises:
            GraphError: it cannot be run.
        """
        stop = self._runtime.RunOptions()
        inputs = {PHOTO: photo}
        if not self._kernels:
            inputs[TOLD] = np.array([told], np.float32)
        try:
            with self._speaking():
                return wait(lambda: self._session.run(None, inputs, stop)[0])
        except BaseException:
            stop.terminate = True
            raise

    @contextmanager
    def _speaking(self) -> Generator[None]:
        """Turns the runtime's exceptions, which have no common kind, into one."""
        own = self._runtime.capi.onnxruntime_pybind11_state
        kinds = (own.Fail, own.RuntimeException, own.NotImplemented, own.InvalidArgument)
        try:
            yield
        except (*kinds, own.InvalidGraph, own.InvalidProtobuf, own.EPFail, MemoryError) as error:
            raise GraphError(str(error)) from error
