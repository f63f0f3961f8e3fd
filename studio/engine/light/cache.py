"""The graphs of weights files: made at their first use, then kept in the platform's cache."""

import hashlib
import logging
from collections.abc import Hashable, Sequence
from pathlib import Path

import platformdirs

from studio.core.catalogue import Weights
from studio.core.errors import StudioError
from studio.core.files.disk import write_whole
from studio.engine.light.graph import Graph
from studio.engine.light.kernels import are_apart, blended
from studio.models._spec import ModelSpec

_log = logging.getLogger(__name__)

_VERSION = 1  # of how graphs are written: others are made anew
_HASH = hashlib.sha256().digest_size


class Graphs:
    """Keeps the one that was used last."""

    def __init__(self) -> None:
        self._last: tuple[Hashable, Graph | None] = None, None

    def get(self, weights: Weights, spec: ModelSpec, shares: Sequence[float]) -> Graph | None:
        """The graph of some weights; None: torch has to run them.

        Args:
            weights: whose net it is.
            spec: the model.
            shares: see `Graph.run`.

        Raises:
            StudioError: it is not made yet, and the weights cannot be loaded.
            GraphError: it does not run here.
        """
        apart = are_apart(weights)
        key = weights.sha256, tuple(shares) if apart else ()
        if key != self._last[0]:
            path = graph_path(weights)
            data = _read(path)
            if data is None:
                from studio.engine.light.writing import written  # loads torch, this once

                data = written(weights, spec)
                _keep(path, data)
            kernels = blended(weights, shares) if apart and data else {}
            self._last = key, Graph(data, kernels) if data else None
        return self._last[1]

    def forget(self) -> None:
        """Lets the memory go."""
        self._last = None, None


def graph_path(weights: Weights) -> Path:
    """Where the graph of some weights is kept, behind a hash of itself."""
    folder = platformdirs.user_cache_path("studio") / "graphs"
    return folder / f"{weights.sha256}.{_VERSION}.onnx"


def _read(path: Path) -> bytes | None:
    """A graph as it was written, empty where torch has to do; None: it is missing, or damaged."""
    try:
        kept = path.read_bytes()
    except OSError:
        return None
    data = kept[_HASH:]
    return data if hashlib.sha256(data).digest() == kept[:_HASH] else None


def _keep(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, hashlib.sha256(data).digest() + data, overwrite=True)
    except (OSError, StudioError) as error:  # it is made anew the next time
        _log.warning("the graph %s cannot be kept: %s", path, error)
