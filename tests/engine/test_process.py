"""The engine in its child process: what the window relies on."""

import os
import queue
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.core.events import (
    TERMINAL,
    BatchFinished,
    Cancelled,
    Event,
    Failed,
    Finished,
    ItemEnded,
    Noticed,
    Paused,
    Previewed,
    Progressed,
    Resumed,
    Started,
)  # fmt: skip
from studio.core.requests import Apply, Batch, JobId
from studio.engine.process import ProcessEngine
from tests.conftest import draw_photo


class Window:
    """A stand-in that collects events."""

    def __init__(self) -> None:
        self.events: queue.Queue[Event] = queue.Queue()
        self.engine = ProcessEngine(self.events.put)

    def until(self, kind: type | tuple[type, ...]) -> Event:
        while not isinstance(event := self.events.get(timeout=90), kind):
            pass
        return event

    def until_end(self, job: JobId) -> list[Event]:
        seen: list[Event] = []
        while not (seen and isinstance(seen[-1], TERMINAL) and seen[-1].job == job):
            seen.append(self.events.get(timeout=90))
        return seen


@pytest.fixture
def window(weights_folder: Path) -> Iterator[Window]:
    window = Window()
    yield window
    window.engine.close()


@pytest.fixture
def large_photo(tmp_path: Path) -> Path:
    path = tmp_path / "large.png"
    Image.fromarray(draw_photo(3000, 2400)).save(path, compress_level=1)
    return path


def test_that_pixels_come_back_from_the_child(window: Window, photo: Path) -> None:
    events = window.until_end(window.engine.submit(Apply("style/tiny", str(photo))))
    assert isinstance(events[-1], Finished)
    seen = next(e for e in events if isinstance(e, Previewed))
    assert seen.pixels.shape == (64, 96, 4)
    assert seen.pixels[..., :3].std() > 1
    assert np.all(seen.pixels[..., 3] == 255)


def test_that_a_child_that_dies_fails_its_job_and_comes_back(
    window: Window, photo: Path, large_photo: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out.png"
    job = window.engine.submit(
        Apply("style/tiny", str(large_photo), str(output), settings={"stroke": 0.1}, tile="16")
    )
    window.until(Progressed)
    child = window.engine.child_id
    assert child is not None
    os.kill(child, signal.SIGKILL)
    failed = window.until_end(job)[-1]
    assert isinstance(failed, Failed)
    assert "stopped" in failed.message
    assert not output.exists()
    assert isinstance(
        window.until_end(window.engine.submit(Apply("style/tiny", str(photo))))[-1], Finished
    )


def test_that_cancel_answers_within_a_second_and_leaves_nothing(
    window: Window, large_photo: Path, tmp_path: Path
) -> None:
    request = Apply(
        "style/tiny", str(large_photo), str(tmp_path / "out.png"),
        settings={"stroke": 0.1}, tile="16",
    )  # fmt: skip
    job = window.engine.submit(request)
    window.until(Progressed)
    asked = time.monotonic()
    window.engine.cancel(job)
    assert isinstance(window.until_end(job)[-1], Cancelled)
    assert time.monotonic() - asked < 1.5  # the bar is 1 s; a busy test machine gets some slack
    assert {p.name for p in tmp_path.iterdir()} == {"large.png", "weights"}


def test_that_jobs_behind_one_that_will_not_stop_are_done_all_the_same(
    window: Window, photo: Path, large_photo: Path, tmp_path: Path
) -> None:
    stuck, *others = (
        window.engine.submit(Apply("style/tiny", str(source), str(tmp_path / name), tile="16"))
        for source, name in ((large_photo, "a.png"), (photo, "b.png"), (photo, "c.png"))
    )
    window.until(Progressed)
    stop_and_cancel(window, stuck)
    ends = [window.until(TERMINAL) for _ in range(3)]
    assert [(type(end), end.job) for end in ends] == [
        (Cancelled, stuck), *((Finished, other) for other in others)
    ]  # fmt: skip
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"b.png", "c.png", "large.png", "photo.png", "weights"}


def test_that_a_save_begins_anew_where_a_preview_within_it_will_not_stop(
    window: Window, large_photo: Path, tmp_path: Path
) -> None:
    source = tmp_path / "in.png"
    Image.fromarray(draw_photo(900, 700)).save(source)
    slow = Apply("style/tiny", str(source), settings={"stroke": 0.1}, tile="16")
    saving = window.engine.submit(replace(slow, output=str(tmp_path / "out.png")))
    window.until(Progressed)
    preview = window.engine.submit(replace(slow, source=str(large_photo), preview_side=3000))
    while window.until(Started).job != preview:
        pass
    stop_and_cancel(window, preview)
    events = window.until_end(saving)
    assert [type(event) for event in events if event.job == preview][-1] is Cancelled
    assert any(isinstance(event, Noticed) and event.job == saving for event in events)
    assert isinstance(events[-1], Finished)
    assert (tmp_path / "out.png").exists()


def stop_and_cancel(window: Window, job: JobId) -> None:
    """Cancels a job that cannot answer."""
    os.kill(window.engine.child_id or 0, signal.SIGSTOP)
    window.engine.cancel(job)


def test_that_a_job_cancelled_before_the_child_is_up_is_answered(
    window: Window, photo: Path
) -> None:
    job = window.engine.submit(Apply("style/tiny", str(photo)))
    window.engine.cancel(job)
    assert [type(e) for e in window.until_end(job)] == [Cancelled]


@pytest.fixture
def batch(tmp_path: Path) -> Batch:
    """Two small photos, and between them one that takes long."""
    folder = tmp_path / "in"
    folder.mkdir()
    for name, width in (("a", 40), ("b", 1800), ("c", 40)):
        photo = Image.fromarray(draw_photo(width, width * 3 // 4))
        photo.save(folder / f"{name}.png", compress_level=1)
    out = str(tmp_path / "out")
    return Batch("style/tiny", str(folder), out, settings={"stroke": 0.1}, tile="16")


def test_that_a_batch_is_paused_and_goes_on_in_the_child(window: Window, batch: Batch) -> None:
    job = window.engine.submit(batch)
    window.engine.pause(job)
    while not isinstance(event := window.events.get(timeout=90), Paused):
        assert not isinstance(event, TERMINAL)
    window.engine.resume(job)
    events = window.until_end(job)
    assert any(isinstance(e, Resumed) for e in events)
    assert isinstance(events[-1], BatchFinished)
    assert events[-1].done == 3


@pytest.mark.parametrize("killed", [False, True])
def test_that_a_batch_that_is_cancelled_or_dies_leaves_nothing_half_written(
    window: Window, batch: Batch, killed: bool
) -> None:
    job = window.engine.submit(batch)
    window.until(ItemEnded)
    if killed:
        os.kill(window.engine.child_id or 0, signal.SIGKILL)
    else:
        window.engine.cancel(job)
    last = window.until_end(job)[-1]
    assert isinstance(last, Failed if killed else Cancelled)
    left = {p.name for p in Path(batch.output).iterdir()}
    assert left == {"a.png", ".studio-batch.jsonl"}
    events = window.until_end(window.engine.submit(replace(batch, resume=True)))
    assert isinstance(events[-1], BatchFinished)
    assert (events[-1].done, events[-1].done_before) == (2, 1)


def test_that_the_parent_imports_no_torch() -> None:
    code = "import sys, studio.engine.process; print('torch' in sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "False"


def test_that_an_engine_that_cannot_start_is_given_up_and_said(
    monkeypatch: pytest.MonkeyPatch, photo: Path
) -> None:
    monkeypatch.setattr("studio.engine.process._serve", sys.exit)  # ends before it is up
    window = Window()
    try:
        failed = window.until_end(window.engine.submit(Apply("style/tiny", str(photo))))[-1]
        assert isinstance(failed, Failed)
        for _ in range(3):
            last = window.until_end(window.engine.submit(Apply("style/tiny", str(photo))))[-1]
        assert isinstance(last, Failed)
        assert "demo" in last.hint
    finally:
        window.engine.close()
