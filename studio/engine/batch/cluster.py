"""Joins a Ray cluster. Ray is imported when a cluster is asked for, and only then."""

import logging
import os
import socket
import time
from collections.abc import Generator
from concurrent.futures import Future, wait
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

from studio.core.errors import StudioError
from studio.core.words.said import say
from studio.engine.batch.running import CancelToken
from studio.engine.threads import Threads

_PATIENCE = 0.05  # seconds between two looks at whether the batch should end
_ANSWER = 5.0  # seconds that a machine has to answer at all
_JOINED = 60.0  # seconds that the cluster has to take us in
_LOOK = 1.0  # seconds between two questions which nodes live
_SILENT = 20.0  # seconds in which the head has to answer it; after 60 Ray ends our process
_GO_ON = say("start it again (`ray start`), and go on"), ("--resume",)


@dataclass(frozen=True)
class Place:
    """Where a worker may live: on which node, and what it takes of it."""

    node: str
    cpus: int
    gpus: int
    device: str


class Cluster:
    """A cluster that was joined.

    Whoever waits for it has to ask which nodes live: Ray itself lets them wait for a dead one.

    Attributes:
        ray: the module, with which all is asked of it.
        places: where workers may live; at least one.

    Args:
        ray: the module.
        device: that its workers are to have, as in a request.

    Raises:
        StudioError: there is no such device.
    """

    def __init__(self, ray: Any, device: str) -> None:
        self.ray = ray
        nodes = ray.nodes()
        self.places = tuple(_places(nodes, device))
        self._home: str = ray.get_runtime_context().get_node_id()
        self._living = _living(nodes)
        self._threads = Threads(1, "cluster")
        self._asked, self._answer = time.monotonic(), self._threads.do(ray.nodes)

    def living(self) -> frozenset[str]:
        """The nodes that live, as was known some seconds ago.

        Raises:
            StudioError: this machine's is none of them, or nobody says which they are.
        """
        waited = time.monotonic() - self._asked
        if self._answer.done() and waited > _LOOK:
            self._living = _living(self._answer.result())
            self._asked, self._answer = time.monotonic(), self._threads.do(self.ray.nodes)
        elif waited > _SILENT:
            raise StudioError("the head of the cluster does not answer any more", *_GO_ON)
        if self._home not in self._living:
            raise StudioError("this machine is no part of the cluster any more", *_GO_ON)
        return self._living

    def close(self) -> None:
        """Asks no more."""
        self._threads.close(0)


@contextmanager
def joined(address: str, device: str, token: CancelToken) -> Generator[Cluster]:
    """Joins an existing cluster; none is started.

    Args:
        address: ``auto`` for the one that runs here, or HOST:PORT.
        device: that its workers are to have, as in a request.
        token: asked while it takes long.

    Raises:
        StudioError: Ray is not installed, the cluster cannot be reached or has no such device.
        CancelledError: the batch was cancelled.
    """
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"  # nothing is told to anybody
    try:
        import ray
    except ImportError:
        raise StudioError(
            "a cluster needs Ray, which is not installed", "`pip install ray`"
        ) from None
    _knock(address)

    def join() -> None:
        ray.init(address, namespace="studio", log_to_driver=False, logging_level=logging.ERROR)

    threads = Threads(1, "join")  # for nothing ends a join but its own patience
    future = threads.do(join)
    try:
        given_up = time.monotonic() + _JOINED
        while not future.done() and time.monotonic() < given_up:
            token.check()
            wait([future], _PATIENCE)
        _raise_failure(future, address)
        with closing(Cluster(ray, device)) as cluster:
            yield cluster
    finally:
        threads.close(0)
        if future.done():
            ray.shutdown()


def _raise_failure(future: Future[None], address: str) -> None:
    try:
        future.result(0)
    except (ConnectionError, TimeoutError, RuntimeError, ValueError) as error:
        raise _unreachable(address, str(error).partition(". ")[0] or say("no answer")) from error


def _knock(address: str) -> None:
    """Finds out in seconds what joining finds out in minutes: that nobody is there."""
    host, colon, port = address.removeprefix("ray://").rpartition(":")
    if colon and port.isdecimal():
        try:
            socket.create_connection((host, int(port)), _ANSWER).close()
        except OSError as error:
            raise _unreachable(address, error.strerror or say("no answer")) from error


def _unreachable(address: str, why: str) -> StudioError:
    return StudioError(
        say("the cluster {address} cannot be reached ({why})", address=address, why=why),
        "start it with `ray start --head`, or give its address as HOST:PORT",
    )


def _living(nodes: list[dict[str, Any]]) -> frozenset[str]:
    """Those of some nodes, as Ray lists them, that live."""
    return frozenset(node["NodeID"] for node in nodes if node["Alive"])


def _places(nodes: list[dict[str, Any]], device: str) -> list[Place]:
    """One worker a GPU, and on a node without one a worker that uses all of its cores.

    Args:
        nodes: as Ray lists them.
        device: as in a request.

    Raises:
        StudioError: there is no such device in the cluster.
    """
    places: list[Place] = []
    for node in nodes:
        resources: dict[str, float] = node["Resources"] if node["Alive"] else {}
        cpus, gpus = int(resources.get("CPU", 0)), int(resources.get("GPU", 0))
        if gpus and (device == "auto" or device.startswith("cuda")):
            # To its worker, a GPU that it was given is the only one.
            places += [Place(node["NodeID"], min(1, cpus), 1, "cuda")] * gpus
        elif cpus and not device.startswith("cuda"):
            places.append(Place(node["NodeID"], cpus, 0, device))
    if not places:
        raise StudioError(
            say("the cluster has no worker with the device {device}", device=device),
            "give --device cpu",
        )
    return places
