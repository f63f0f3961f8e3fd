"""What comes closer step by step: shown meanwhile, kept at any moment, not done twice."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.core import progress
from studio.core.events import Cancelled, Event, Failed, Finished, Previewed, Progressed
from studio.core.handle import Handle
from studio.core.picture_files import read_request
from studio.core.requests import Apply, Video, from_json
from studio.engine.pixels import gradual
from tests.conftest import draw_photo
from tests.engine.conftest import Front


@pytest.fixture
def request_(photo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Apply:
    """To a painting in oranges, into a file."""
    monkeypatch.setattr(gradual, "_EVERY", 0.0)
    monkeypatch.setattr(progress, "_FIRST_MOMENTS", 0.0)
    painting = tmp_path / "painting.png"
    Image.fromarray(draw_photo(80, 120, 5) // np.array((1, 2, 4), np.uint8)).save(painting)
    settings = {"painting": str(painting), "content": 0.2}
    return Apply("style/tiny-optimise", str(photo), str(tmp_path / "out.png"), settings=settings)


def pixels(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB")).astype(float)


def shown(events: list[Event]) -> list[np.ndarray]:
    return [e.pixels[..., :3].astype(float) for e in events if isinstance(e, Previewed)]


def test_that_a_painting_is_asked_for_where_there_is_none(front: Front, request_: Apply) -> None:
    failed = front.run(replace(request_, settings={}))[-1]
    assert isinstance(failed, Failed)
    assert "no painting" in failed.message
    assert not Path(request_.output).exists()


def at_third_preview(front: Front, do) -> None:
    """Does something with the job once three pictures were shown."""
    seen: list[Event] = []

    def look(event: Event) -> None:
        if isinstance(event, Previewed):
            seen.append(event)
            if len(seen) == 3:
                do(Handle(event.job, front.engine))

    front.at = look


def test_that_a_photo_is_seen_to_become_a_painting(front: Front, request_: Apply) -> None:
    events = front.run(request_)
    assert isinstance(events[-1], Finished), events[-1]
    assert events[-1].size == (96, 64)
    result, steps = pixels(Path(request_.output)), shown(events)
    assert len(steps) > 20
    assert all(step.shape == result.shape for step in steps)
    distances = [np.abs(step - result).mean() for step in steps]
    assert distances[-1] < 2 < distances[0]
    assert result[..., 0].mean() > 2 * result[..., 2].mean()
    assert any(e.seconds_left is not None for e in events if isinstance(e, Progressed))


def test_that_what_was_looked_at_is_saved_without_being_painted_again(
    front: Front, request_: Apply
) -> None:
    last = shown(front.run(replace(request_, output="", preview_side=48)))[-1]
    assert last.shape == (32, 48, 3)
    assert not shown(front.run(request_))
    saved = Image.fromarray(pixels(Path(request_.output)).astype(np.uint8)).resize((48, 32))
    assert np.abs(np.asarray(saved) - last).mean() < 8


def test_that_it_is_kept_as_it_is_when_that_is_enough(front: Front, request_: Apply) -> None:
    at_third_preview(front, Handle.keep)
    events = front.run(request_)
    assert isinstance(events[-1], Finished), events[-1]
    assert len(shown(events)) == 3
    record = from_json(read_request(Path(request_.output)) or "")
    assert 0 < float(record.settings["until"]) < 0.2
    front.at = lambda _: None
    again = Path(request_.output).with_name("again.png")
    front.run(replace(record, source=request_.source, output=str(again)))
    assert np.abs(pixels(again) - pixels(Path(request_.output))).mean() < 8


def test_that_it_can_be_given_up(front: Front, request_: Apply) -> None:
    at_third_preview(front, Handle.cancel)
    assert isinstance(front.run(request_)[-1], Cancelled)
    assert not Path(request_.output).exists()


def test_that_a_video_is_not_painted_for_days(front: Front, request_: Apply) -> None:
    wanted = Video(request_.weights, request_.source, "out.mp4", settings=request_.settings)
    failed = front.run(wanted)[-1]
    assert isinstance(failed, Failed)
    assert "one picture at a time" in failed.message
