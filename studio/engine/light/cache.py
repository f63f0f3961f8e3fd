"""The graphs of weights files: made at their first use, then kept in the platform's cache."""

import hashlib
import logging
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import platformdirs

from studio.core.catalogue import Weights
from studio.core.controls import Settings
from studio.core.errors import StudioError
from studio.core.files.disk import write_whole
from studio.core.picture import Floats
from studio.engine.light.graph import Graph, Wait
from studio.engine.light.kernels import are_apart, blended
from studio.engine.light.manner import Manner, look, sees_paintings
from studio.engine.recent import Recent
from studio.models._spec import ModelSpec

_log = logging.getLogger(__name__)

_VERSION = 1  # of how graphs are written: others are made anew
_HASH = hashlib.sha256().digest_size


class Graphs:
    """Keeps those that were used last, and what was taken from the last painting."""

    def __init__(self) -> None:
        self.forget()

    def painter(
        self, weights: Weights, spec: ModelSpec, settings: Settings, wait: Wait
    ) -> Callable[[Floats, Wait], Floats] | None:
        """What paints photos (1, 3, H, W); None: torch has to.

        Args:
            weights: whose net it is.
            spec: the model.
            settings: complete.
            wait: see `Wait`.

        Raises:
            StudioError: it is not made yet, and the weights cannot be loaded; or there is no
                painting.
            GraphError: it does not run here.
        """
        if sees_paintings(weights):
            eye, graph = (self._graph(weights, spec, part) for part in ("eye", ""))
            if eye is None or graph is None:
                return None
            return partial(self._manner(eye, weights, settings, wait).paint, graph)
        shares = spec.shares(weights.hyperparameters, settings)
        graph = None if shares is None else self._graph(weights, spec, "", shares)
        if graph is None or shares is None:
            return None
        return lambda photo, wait: graph.run(photo, shares, wait)

    def forget(self) -> None:
        """Lets the memory go."""
        self._graphs: Recent[Graph | None] = Recent(2)  # one that looks, and one that paints
        self._manners: Recent[Manner] = Recent(1)

    def _graph(
        self, weights: Weights, spec: ModelSpec, part: str, shares: Sequence[float] = ()
    ) -> Graph | None:
        apart = are_apart(weights)

        def load() -> Graph | None:
            path = graph_path(weights, part)
            data = _read(path)
            if data is None:
                from studio.engine.light.writing import written  # loads torch, this once

                data = written(weights, spec, part)
                _keep(path, data)
            return Graph(data, blended(weights, shares) if apart else {}) if data else None

        return self._graphs.get((weights.sha256, part, tuple(shares) if apart else ()), load)

    def _manner(self, eye: Graph, weights: Weights, settings: Settings, wait: Wait) -> Manner:
        first, second = str(settings["painting"]), str(settings["second"])
        share = float(settings["share"]) if second else 0.0

        def taken() -> Manner:
            manner = look(eye, first, wait)
            return manner.blended(look(eye, second, wait), share) if share else manner

        return self._manners.get((weights.sha256, first, second, share), taken)


def graph_path(weights: Weights, part: str = "") -> Path:
    """Where the graph of some weights, or of a part of them, is kept, behind a hash of itself."""
    folder = platformdirs.user_cache_path("studio") / "graphs"
    return folder / f"{weights.sha256}{part and '.'}{part}.{_VERSION}.onnx"


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
