"""A batch on a Ray cluster of two workers, which lives on this machine."""

import json
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image

from studio.core.errors import StudioError
from studio.core.events import (
    BatchFinished,
    Cancelled,
    Event,
    Failed,
    ItemEnded,
    Paused,
    Planned,
)  # fmt: skip
from studio.core.requests import Batch
from studio.engine.batch.cluster import Cluster
from tests.conftest import draw_photo
from tests.engine.batch.ray_nodes import Nodes
from tests.engine.conftest import Front

pytestmark = pytest.mark.filterwarnings("ignore::Warning:ray", "ignore::ResourceWarning")


@pytest.fixture(scope="module")
def nodes() -> Iterator[Nodes]:
    nodes = Nodes(workers=2)
    yield nodes
    nodes.close()


@pytest.fixture
def batch(tmp_path: Path) -> Batch:
    folder = tmp_path / "in"
    for index in range(12):
        path = folder / ("sub" if index % 3 else "") / f"{index}.{'jpg' if index % 2 else 'png'}"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(draw_photo(48, 32, index)).save(path)
    (folder / "bad.png").write_bytes(b"bad")
    return Batch("style/tiny", str(folder), str(tmp_path / "out"))


def results(request: Batch) -> dict[str, bytes]:
    folder = Path(request.output)
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".studio-batch.jsonl"
    }


class Gates:
    """Two files, first in the order of names, that whoever opens them waits at.

    Of two workers the one that is up first takes both: without the other nothing would be done.

    Args:
        folder: where they are.
        before: the name that they come before.
    """

    def __init__(self, folder: Path, before: str = "") -> None:
        self._files = [folder / f"{before}!1.png", folder / f"{before}!2.png"]
        for file in self._files:
            file.write_bytes(b"bad")

    def shut(self) -> None:
        for file in self._files:
            file.unlink()
            os.mkfifo(file)

    def open(self) -> None:
        """Those who wait find no picture."""
        for file in self._files:
            file.write_bytes(b"bad")

    def become_pictures(self) -> None:
        """Those who wait go on waiting; who comes then finds pictures."""
        for file in self._files:
            file.unlink()
            Image.fromarray(draw_photo(48, 32)).save(file)


def test_that_two_workers_make_what_one_machine_makes(
    front: Front, batch: Batch, nodes: Nodes, tmp_path: Path
) -> None:
    gates = Gates(Path(batch.source))
    front.run(batch)
    opened: list[str] = []

    def at(event: Event) -> None:
        if isinstance(event, Planned):
            gates.shut()
        if isinstance(event, ItemEnded) and event.output and not opened:
            opened.append(event.output)
            gates.open()

    front.at = at
    report = tmp_path / "report.json"
    far = replace(batch, output=batch.output + "2", cluster=nodes.address, report=str(report))
    events = front.run(far)
    end = events[-1]
    assert isinstance(end, BatchFinished), end
    assert (end.done, end.failed, end.found) == (12, 3, 15)
    assert end.device == "2 workers (cpu)"
    assert results(far) == results(batch)
    assert len(results(far)) == 12
    failed = [e for e in events if isinstance(e, ItemEnded) and e.error]
    assert {Path(e.source).name for e in failed} == {"!1.png", "!2.png", "bad.png"}
    told = json.loads(report.read_text())
    assert (told["done"], told["failed"], told["found"]) == (12, 3, 15)


def test_that_what_lost_workers_were_at_is_done_by_others(
    front: Front, batch: Batch, nodes: Nodes
) -> None:
    gates = Gates(Path(batch.source))
    killed: list[str] = []

    def at(event: Event) -> None:
        if isinstance(event, Planned):
            gates.shut()
        if isinstance(event, ItemEnded) and event.output and not killed:
            killed.append(event.output)
            gates.become_pictures()
            nodes.kill_workers()

    front.at = at
    end = front.run(replace(batch, cluster=nodes.address))[-1]
    assert isinstance(end, BatchFinished), end
    assert (end.done, end.failed, end.found) == (14, 1, 15)
    assert len(results(batch)) == 14


def test_that_a_batch_on_a_cluster_is_paused_cancelled_and_gone_on_with_at_home(
    front: Front, batch: Batch, nodes: Nodes
) -> None:
    def at(event: Event) -> None:
        if isinstance(event, ItemEnded) and event.output:
            front.engine.pause(event.job)
        if isinstance(event, Paused):
            front.engine.cancel(event.job)

    front.at = at
    assert isinstance(front.run(replace(batch, cluster=nodes.address))[-1], Cancelled)
    done = results(batch)
    assert 0 < len(done) < 12
    assert all(not Path(name).name.startswith(".") for name in done)
    front.at = lambda _: None
    end = front.run(replace(batch, resume=True))[-1]
    assert isinstance(end, BatchFinished), end
    assert (end.done, end.done_before, end.failed) == (12 - len(done), len(done), 1)
    assert done.items() <= results(batch).items()


def test_that_a_worker_without_the_weights_is_said(
    front: Front, batch: Batch, nodes: Nodes, weights_folder: Path
) -> None:
    def at(event: Event) -> None:
        if isinstance(event, Planned):  # as if the file were on this machine alone
            shutil.move(weights_folder / "style", weights_folder / "gone")

    front.at = at
    end = front.run(replace(batch, cluster=nodes.address))[-1]
    assert isinstance(end, Failed)
    assert "weights" in end.message


def test_that_a_cluster_that_is_not_there_is_said_and_nothing_is_begun(
    front: Front, batch: Batch
) -> None:
    end = front.run(replace(batch, cluster="127.0.0.1:9"))[-1]
    assert isinstance(end, Failed)
    assert "cannot be reached" in end.message
    assert not Path(batch.output).exists()


def test_that_a_cluster_without_such_a_device_is_said(
    front: Front, batch: Batch, nodes: Nodes
) -> None:
    end = front.run(replace(batch, cluster=nodes.address, device="cuda"))[-1]
    assert isinstance(end, Failed)
    assert "cuda" in end.message
    assert not Path(batch.output).exists()


def test_that_a_head_that_dies_ends_the_batch_which_says_how_to_go_on(
    front: Front, batch: Batch
) -> None:
    nodes = Nodes(workers=0, head=1)
    gates = Gates(Path(batch.source), before="4")
    killed: list[str] = []

    def kill(event: Event) -> None:
        if isinstance(event, Planned):
            gates.shut()
        if isinstance(event, ItemEnded) and event.output and not killed:
            killed.append(event.output)
            nodes.kill_the_head()

    front.at = kill
    try:
        end = front.run(replace(batch, cluster=nodes.address))[-1]
    finally:
        nodes.close()
    assert isinstance(end, Failed), end
    assert "no part of the cluster any more" in end.message
    assert "--resume" in end.options
    assert 0 < len(results(batch)) < 12
    gates.become_pictures()
    front.at = lambda _: None
    end = front.run(replace(batch, resume=True))[-1]
    assert isinstance(end, BatchFinished), end
    assert len(results(batch)) == 14


class SilentRay:
    """A cluster whose head answers once and then never again."""

    def __init__(self) -> None:
        self.asked, self.let_go = 0, threading.Event()

    def nodes(self) -> list[dict[str, object]]:
        self.asked += 1
        if self.asked > 1:
            self.let_go.wait()
        return [{"NodeID": "one", "Alive": True, "Resources": {"CPU": 1.0}}]

    def get_runtime_context(self) -> SimpleNamespace:
        return SimpleNamespace(get_node_id=lambda: "one")


def test_that_a_cluster_that_does_not_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("studio.engine.batch.cluster._SILENT", 0.0)
    ray = SilentRay()
    with closing(Cluster(ray, "cpu")) as cluster:
        with pytest.raises(StudioError, match=r"does not answer any more.*--resume"):
            cluster.living()
        ray.let_go.set()


def test_that_a_lost_machine_does_not_end_a_batch(front: Front, batch: Batch, nodes: Nodes) -> None:
    lost: list[str] = []

    def lose(event: Event) -> None:
        if isinstance(event, ItemEnded) and event.output and not lost:
            lost.append(event.output)
            nodes.lose_a_machine()

    front.at = lose
    end = front.run(replace(batch, cluster=nodes.address))[-1]
    assert isinstance(end, BatchFinished), end
    assert (end.done, end.failed, end.found) == (12, 1, 13)
    assert len(results(batch)) == 12
