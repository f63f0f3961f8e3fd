"""A new style from one painting: seen while it is learnt, kept at any moment, in the gallery."""

import errno
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.core.catalogue import Catalogue
from studio.core.events import Cancelled, Failed, Finished, Previewed, Progressed
from studio.core.handle import Handle
from studio.core.requests import Apply, Learn
from studio.engine.learn import run
from tests.conftest import draw_photo
from tests.engine.conftest import Front


@pytest.fixture
def request_(
    photo: Path, tmp_path: Path, weights_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Learn:
    """Of a painting in oranges, on one small photo."""
    monkeypatch.setattr(run, "_EVERY", 0.0)
    monkeypatch.setattr(run, "EYE", "style/tiny-optimise")
    monkeypatch.setattr(run, "sample_photos", list)
    painting = tmp_path / "painting.png"
    Image.fromarray(draw_photo(180, 140, 5) // np.array((1, 2, 4), np.uint8)).save(painting)
    output = weights_folder / "style" / "oranges.safetensors"
    return Learn("style/tiny", str(painting), str(output), "Oranges", photos=(str(photo),), steps=9)


def test_that_a_style_is_learnt_and_painted_in_at_once(
    front: Front, request_: Learn, photo: Path, catalogue: Catalogue
) -> None:
    events = front.run(request_)
    assert isinstance(events[-1], Finished), events[-1]
    assert events[-1].weights == "style/oranges"
    assert sum(isinstance(event, Previewed) for event in events) == 9
    assert "learning" in {e.message for e in events if isinstance(e, Progressed)}
    weights = catalogue.find("style/oranges")
    assert weights.title == "Oranges"
    assert weights.training["steps"] == 9
    with Image.open(weights.thumbnail("oranges")) as thumbnail:
        assert thumbnail.size == (192, 192)
    painted = photo.with_name("out.png")
    assert isinstance(front.run(Apply(weights.id, str(photo), str(painted)))[-1], Finished)


def test_that_a_style_is_kept_as_far_as_it_is_learnt_or_given_up(
    front: Front, request_: Learn, catalogue: Catalogue
) -> None:
    front.at = lambda e: Handle(e.job, front.engine).cancel() if isinstance(e, Previewed) else None
    assert isinstance(front.run(request_)[-1], Cancelled)
    assert not Path(request_.output).exists()
    front.at = lambda e: Handle(e.job, front.engine).keep() if isinstance(e, Previewed) else None
    assert isinstance(front.run(request_)[-1], Finished)
    assert catalogue.find("style/oranges").training["steps"] == 1


def test_that_it_takes_the_minutes_it_is_given_and_makes_a_least_of_steps(
    front: Front, request_: Learn, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "_FEWEST", 4)
    for minutes, enough in ((0.00001, lambda steps: steps == 4), (0.02, lambda steps: steps >= 4)):
        request = replace(
            request_, steps=0, minutes=minutes, save=replace(request_.save, overwrite=True)
        )
        finished = front.run(request)[-1]
        assert isinstance(finished, Finished), finished
        assert finished.seconds >= 60 * minutes
        assert enough(catalogue.find("style/oranges").training["steps"])


def test_that_of_a_long_painting_and_a_long_photo_the_middle_is_seen(
    front: Front, request_: Learn, tmp_path: Path
) -> None:
    long = tmp_path / "long.png"
    Image.fromarray(draw_photo(4, 3000, 2)).save(long)
    request = replace(request_, painting=str(long), photos=(str(long),), steps=1)
    assert isinstance(front.run(request)[-1], Finished)


def test_that_a_full_disk_is_found_before_anything_is_learnt(
    front: Front, request_: Learn, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = shutil.disk_usage(request_.painting)._replace(free=1 << 10)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: full)
    events = front.run(request_)
    assert isinstance(events[-1], Failed)
    assert "the disk is full" in events[-1].message
    assert not any(isinstance(event, Previewed) for event in events)


def test_that_a_disk_that_fills_meanwhile_is_said_so_and_leaves_nothing(
    front: Front, request_: Learn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(part: Path, data: bytes) -> None:
        part.write_bytes(data[:100])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("studio.models._weights.write_part", no_room)
    there = sorted(Path(request_.output).parent.rglob("*"))
    failed = front.run(request_)[-1]
    assert isinstance(failed, Failed)
    assert "the disk is full" in failed.message
    assert sorted(Path(request_.output).parent.rglob("*")) == there


def test_that_no_other_weights_are_hidden_or_replaced(front: Front, request_: Learn) -> None:
    there = Path(request_.output).with_stem("tiny")
    failed = front.run(replace(request_, output=str(there)))[-1]
    assert isinstance(failed, Failed)
    assert "exists already" in failed.message
    failed = front.run(replace(request_, weights="style/tiny-optimise"))[-1]
    assert isinstance(failed, Failed)
    assert "no styles" in failed.message
