"""What cannot be done, or is given up, is said and leaves no file."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from studio.core.events import (
    TERMINAL,
    Cancelled,
    Event,
    Failed,
    Finished,
    Noticed,
    Progressed,
)  # fmt: skip
from studio.core.requests import Apply, SaveOptions
from studio.engine.light.apply import RUNTIME
from studio.models import style
from studio.models._spec import ModelSpec
from tests.conftest import draw_photo
from tests.engine.conftest import Front
from tests.engine.pixels.test_apply import pixels, preview


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"weights": "style/none"}, "no weights"),
        ({"settings": {"colour": 1.0}}, "unknown control"),
        ({"settings": {"strength": 7.0}}, "strength"),
        ({"settings": {"style": "picasso"}}, "picasso"),
        ({"settings": {"mask": "nowhere.png"}}, "nowhere.png"),
        ({"tile": "3"}, "tile"),
        ({"device": "toaster"}, "toaster"),
        ({"sha256": "0" * 64}, "not those"),
    ],
)
def test_that_what_cannot_be_met_fails_with_a_word_and_no_file(
    front: Front, photo: Path, tmp_path: Path, change: dict[str, object], words: str
) -> None:
    output = tmp_path / "out.png"
    events = front.run(replace(Apply("style/tiny", str(photo), str(output)), **change))
    assert isinstance(events[-1], Failed)
    assert words in events[-1].message
    assert sorted(p.name for p in tmp_path.glob("*.png")) == ["photo.png"]


def test_that_an_existing_file_is_kept_unless_asked(
    front: Front, photo: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out.png"
    output.write_bytes(b"precious")
    request = Apply("style/tiny", str(photo), str(output))
    failed = front.run(request)[-1]
    assert isinstance(failed, Failed)
    assert "exists" in failed.message
    assert output.read_bytes() == b"precious"
    front.run(replace(request, save=SaveOptions(overwrite=True)))
    assert pixels(output).shape == (64, 96, 3)


def test_that_cancelling_leaves_no_file(front: Front, tmp_path: Path) -> None:
    source, output = tmp_path / "in.png", tmp_path / "out.png"
    Image.fromarray(draw_photo(1500, 1200)).save(source)
    request = Apply("style/tiny", str(source), str(output), settings={"stroke": 0.1}, tile="16")
    job = front.submit(request)
    while not isinstance(front.events.get(timeout=60), Progressed):
        pass
    job.cancel()
    assert isinstance(front.until(TERMINAL)[-1], Cancelled)
    assert [p.name for p in tmp_path.glob("*.png")] == ["in.png"]


def test_that_a_waiting_job_is_cancelled_at_once(front: Front, photo: Path) -> None:
    first = front.submit(Apply("style/tiny", str(photo)))
    second = front.submit(Apply("style/tiny", str(photo)))
    second.cancel()
    ends = [e for e in front.until(TERMINAL) + front.until(TERMINAL) if isinstance(e, TERMINAL)]
    assert {(type(e), e.job) for e in ends} == {(Finished, first.id), (Cancelled, second.id)}


def test_that_a_result_that_is_no_picture_is_never_saved(
    front: Front, photo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(net: nn.Module, inputs: torch.Tensor, *_: object) -> torch.Tensor:
        return inputs * float("nan")

    _torch_with(monkeypatch, replace(style.SPEC, run=broken))
    events = front.run(Apply("style/tiny", str(photo), str(tmp_path / "out.png")))
    assert isinstance(events[-1], Failed)
    assert "no picture" in events[-1].message
    assert not (tmp_path / "out.png").exists()


def _torch_with(monkeypatch: pytest.MonkeyPatch, spec: ModelSpec) -> None:
    """Has torch run the style tool, in another way."""
    monkeypatch.setenv(RUNTIME, "torch")
    monkeypatch.setattr(style, "SPEC", spec)


def hungry(*_: object) -> torch.Tensor:
    return torch.empty(1 << 48)  # more than any machine's addresses reach


@pytest.mark.parametrize("change", [{"run": hungry, "steps": None}, {"finish": hungry}])
def test_that_where_no_smaller_step_is_possible_memory_is_named(
    front: Front, photo: Path, monkeypatch: pytest.MonkeyPatch, change: dict[str, object]
) -> None:
    _torch_with(monkeypatch, replace(style.SPEC, **change))
    failed = front.run(Apply("style/tiny", str(photo)))[-1]
    assert isinstance(failed, Failed)
    assert failed.message == "memory does not suffice"


def test_that_with_too_little_memory_smaller_strips_are_taken_and_said(
    front: Front, photo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = preview(front.run(Apply("style/tiny", str(photo)))).pixels
    _torch_with(monkeypatch, replace(style.SPEC, run=hungry))
    events = front.run(Apply("style/tiny", str(photo), str(tmp_path / "out.png")))
    assert any(isinstance(e, Noticed) and "memory" in e.message for e in events)
    difference = pixels(tmp_path / "out.png").astype(int) - expected[..., :3]
    assert np.abs(difference).max() <= 2


@pytest.mark.parametrize("runtime", ["", "torch"])
def test_that_a_mask_of_another_picture_is_refused_and_a_smaller_copy_is_not(
    front: Front, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, runtime: str
) -> None:
    source, mask = tmp_path / "in.png", tmp_path / "mask.png"
    Image.fromarray(draw_photo(451, 300)).save(source)
    front.run(Apply("style/tiny", str(source), str(tmp_path / "first.png")))  # makes the graph
    monkeypatch.setenv(RUNTIME, runtime)

    def last(size: tuple[int, int], output: str = "") -> Event:
        Image.new("L", size, 128).save(mask)
        settings = {"mask": str(mask)}
        return front.run(Apply("style/tiny", str(source), output, settings=settings))[-1]

    for size in ((451, 300), (100, 67), (15, 10), (900, 600)):
        assert isinstance(last(size), Finished)
    for size in ((300, 451), (400, 300), (600, 300)):
        refused = last(size, str(tmp_path / "out.png"))
        assert isinstance(refused, Failed)
        assert "other proportions" in refused.message
        assert f"{size[0]} x {size[1]} and 451 x 300 px" in refused.message
    assert not (tmp_path / "out.png").exists()
