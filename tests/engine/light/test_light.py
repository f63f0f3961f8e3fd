"""What is done without torch: the same as with it, and nothing that torch would have to mend."""

import os
import subprocess
import sys
import tracemalloc
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.core.events import Cancelled, Finished, Progressed
from studio.core.picture_files import open_picture, read_request
from studio.core.requests import Apply, from_json
from studio.engine.light import writing
from studio.engine.light.apply import RUNTIME
from studio.engine.light.graph import Graph, GraphError
from studio.models import style
from tests.conftest import draw_photo, write_tiny
from tests.engine.conftest import Front
from tests.engine.pixels.test_apply import preview


@pytest.fixture(autouse=True)
def graphs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of graphs, with none in it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    return tmp_path / "caches" / "studio" / "graphs"


@pytest.fixture
def usual(photo: Path, tmp_path: Path) -> Apply:
    """What is done without torch once there is a graph."""
    return Apply("style/tiny", str(photo), str(tmp_path / "out.png"))


def levels(path: str) -> np.ndarray:
    return np.rint(open_picture(Path(path)).pixels * 255).astype(int)


@pytest.mark.parametrize(
    ("weights", "size", "settings"),
    [
        ("style/tiny", (101, 67), {"style": "waves:0.3,dots:0.7", "strength": 0.6}),
        ("style/tiny", (900, 700), {"style": "dots", "keep-colours": True}),
        ("style/shared", (101, 67), {"style": "waves:0.3,dots:0.7", "strength": 0.6}),
        ("translate/tiny", (30, 200), {"found-mask": False}),
        ("translate/tiny", (330, 350), {"strength": 0.5}),
    ],
)
def test_that_a_photo_comes_out_as_torch_paints_it(
    front: Front, usual: Apply, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    graphs: Path, weights_folder: Path, weights: str, size: tuple[int, int],
    settings: dict[str, str | float | bool],
) -> None:  # fmt: skip
    if weights == "style/shared":
        write_tiny(weights_folder, style.SPEC, "shared", apart=False)
    source = tmp_path / "in.png"
    pixels = np.dstack([draw_photo(*size), np.full(size[::-1], 90, np.uint8)])
    Image.fromarray(pixels).save(source, dpi=(300, 300))
    wanted = replace(usual, weights=weights, source=str(source), settings=settings)
    front.run(wanted)
    assert len(list(graphs.iterdir())) == 1
    monkeypatch.setenv(RUNTIME, "torch")
    by_torch = replace(wanted, output=str(tmp_path / "torch.png"))
    front.run(by_torch)
    difference = np.abs(levels(wanted.output) - levels(by_torch.output))
    assert difference.max() <= 1
    assert difference.mean() < 0.01
    assert np.abs(levels(wanted.output) - pixels[..., :3]).mean() > 1
    ours, theirs = (open_picture(Path(each.output)) for each in (wanted, by_torch))
    assert ours.alpha is not None
    assert ours.metadata.dpi == theirs.metadata.dpi
    recorded = [from_json(read_request(Path(each.output)) or "") for each in (wanted, by_torch)]
    assert recorded[0] == replace(recorded[1], output="out.png")


@pytest.mark.parametrize("settings", [{}, {"second": "long.png", "share": 0.3, "strength": 0.8}])
def test_that_any_painting_is_taken_as_by_torch(
    front: Front, usual: Apply, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    any_painting: str, settings: dict[str, str | float],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    Image.fromarray(draw_photo(300, 90) // 2).save("long.png")
    Image.fromarray(draw_photo(70, 80)).save("painting.png")
    Image.fromarray(draw_photo(701, 330)).save("in.png")
    told = {"painting": "painting.png", **settings}
    wanted = replace(usual, weights=any_painting, source="in.png", settings=told)
    shown = replace(wanted, output="", preview_side=200)
    front.run(wanted)  # makes the graphs
    again = replace(wanted, output=str(tmp_path / "again.png"))
    with monkeypatch.context() as without:
        without.setattr("studio.engine.jobs.by_torch.ByTorch", None)
        assert isinstance(front.run(again)[-1], Finished)
        ours = preview(front.run(shown)).pixels.astype(int)
    monkeypatch.setenv(RUNTIME, "torch")
    by_torch = replace(wanted, output=str(tmp_path / "torch.png"))
    front.run(by_torch)
    difference = levels(again.output) - levels(by_torch.output)
    assert np.abs(difference).max() <= 4  # whitening makes more of what a tiny net hardly tells
    assert 20 * np.log10(255 / np.sqrt(np.square(difference).mean() + 1e-9)) > 60
    assert np.abs(ours - preview(front.run(shown)).pixels).max() <= 2
    assert np.abs(levels(again.output) - levels("in.png")).mean() > 1
    recorded = [from_json(read_request(Path(each.output)) or "") for each in (again, by_torch)]
    assert recorded[0] == replace(recorded[1], output="again.png")


@pytest.mark.parametrize("side", [30, 700])
@pytest.mark.parametrize("weights", ["style/tiny", "translate/tiny"])
def test_that_a_mask_says_where_as_by_torch(
    front: Front, usual: Apply, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    weights: str, side: int,
) -> None:  # fmt: skip
    mask = tmp_path / "mask.png"
    Image.fromarray(draw_photo(side * 3 // 2, side)).save(mask)
    masked = {"mask": str(mask), "stroke": 0.5} if weights == "style/tiny" else {"mask": str(mask)}
    wanted = replace(usual, weights=weights, settings=masked)
    shown = replace(wanted, output="", preview_side=40)
    front.run(wanted)
    with monkeypatch.context() as without:
        without.setattr("studio.engine.jobs.by_torch.ByTorch", None)
        ours = preview(front.run(shown)).pixels.astype(int)
    monkeypatch.setenv(RUNTIME, "torch")
    by_torch = replace(wanted, output=str(tmp_path / "torch.png"))
    front.run(by_torch)
    assert np.abs(levels(wanted.output) - levels(by_torch.output)).max() <= 1
    assert np.abs(ours - preview(front.run(shown)).pixels).max() <= 1
    assert np.abs(levels(wanted.output) - levels(usual.source)).mean() > 1
    recorded = [from_json(read_request(Path(each.output)) or "") for each in (wanted, by_torch)]
    assert recorded[0] == replace(recorded[1], output="out.png")
    front.run(replace(wanted, output=str(tmp_path / "all.png"), settings={**masked, "mask": ""}))
    assert np.abs(levels(wanted.output) - levels(str(tmp_path / "all.png"))).mean() > 1


def test_that_a_preview_shows_what_torch_shows_and_a_slider_runs_no_net(
    front: Front, usual: Apply, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "in.png"
    Image.fromarray(draw_photo(900, 700)).save(source)
    wanted = replace(usual, source=str(source), output="", preview_side=400)
    less = replace(wanted, settings={"strength": 0.5})
    ours = [preview(front.run(each)) for each in (wanted, less, wanted)]
    monkeypatch.setenv(RUNTIME, "torch")
    theirs = [preview(front.run(each)) for each in (wanted, less, wanted)]
    assert [each.ran_net for each in ours] == [True, False, False]
    assert [each.ran_net for each in theirs] == [True, False, False]
    for one, other in zip(ours, theirs, strict=True):
        assert one.full_size == other.full_size == (900, 700)
        assert one.pixels.shape == other.pixels.shape
        assert np.abs(one.pixels.astype(int) - other.pixels).max() <= 1
    assert np.abs(ours[0].pixels.astype(int) - ours[1].pixels).max() > 5


def test_that_a_large_photo_is_held_once(front: Front, usual: Apply, tmp_path: Path) -> None:
    front.run(usual)  # makes the graph
    large = tmp_path / "large.jpg"
    Image.fromarray(draw_photo(4000, 3000)).save(large)
    tracemalloc.start()
    try:
        front.run(replace(usual, source=str(large), output=str(tmp_path / "large_out.jpg")))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    once = 4000 * 3000 * 3 * 4
    assert once < most < 1.7 * once


def test_that_a_damaged_graph_is_made_anew(front: Front, usual: Apply, graphs: Path) -> None:
    front.run(usual)
    made = levels(usual.output)
    (graph,) = graphs.iterdir()
    whole = graph.read_bytes()
    graph.write_bytes(whole[:-1] + b"x")
    other = Front(front.engine._catalogue)  # which has not read it yet
    anew = replace(usual, output=usual.output.replace("out", "anew"))
    assert isinstance(other.run(anew)[-1], Finished)
    other.engine.close()
    assert graph.read_bytes() == whole
    assert np.array_equal(levels(anew.output), made)


def test_that_torch_does_what_a_graph_does_not_do_as_well(
    front: Front, usual: Apply, graphs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "_NEAR", 1000.0)
    for name in ("first.png", "second.png"):  # nor is it made a second time
        wanted = replace(usual, output=usual.output.replace("out.png", name))
        assert isinstance(front.run(wanted)[-1], Finished)
        monkeypatch.setattr(writing, "written", None)
    (graph,) = graphs.iterdir()
    assert graph.stat().st_size == 32


def test_that_torch_goes_on_where_the_runtime_fails(
    front: Front, usual: Apply, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise GraphError("there is no memory")

    front.run(usual)
    monkeypatch.setattr(Graph, "run", fail)
    wanted = replace(usual, output=usual.output.replace("out", "other"))
    assert isinstance(front.run(wanted)[-1], Finished)
    assert np.abs(levels(wanted.output) - levels(usual.output)).max() <= 1


def test_that_it_stops_when_it_is_asked_to(front: Front, usual: Apply) -> None:
    front.run(usual)
    wanted = replace(usual, output=usual.output.replace("out", "never"))
    front.at = lambda event: isinstance(event, Progressed) and front.engine.cancel(event.job)
    assert isinstance(front.run(wanted)[-1], Cancelled)
    assert not Path(wanted.output).exists()


def test_that_the_runtime_writes_nothing_of_its_own(tmp_path: Path, usual: Apply) -> None:
    home = tmp_path / "home"
    home.mkdir()
    code = (
        "from studio.engine.light.graph import load_runtime as load\n"
        "load().InferenceSession, print('loaded')"
    )
    environment = {**os.environ, "HOME": str(home), "XDG_CACHE_HOME": str(home / "caches")}
    environment.pop("ORT_DISABLE_TELEMETRY", None)
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == "loaded\n"
    assert list(home.rglob("*")) == []
