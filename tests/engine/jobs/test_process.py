"""The engine in its child process: what the window relies on."""

import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest
from PIL import Image

from studio.core.events import (
    TERMINAL,
    BatchFinished,
    Cancelled,
    Failed,
    Finished,
    ItemEnded,
    Noticed,
    Paused,
    Previewed,
    Progressed,
    Resumed,
)  # fmt: skip
from studio.core.machine import Machine
from studio.core.requests import Apply, Batch
from tests.conftest import draw_photo
from tests.engine import crashing
from tests.engine.jobs.conftest import Window


def test_that_pixels_come_back_from_the_child(window: Window, photo: Path) -> None:
    events = window.run(Apply("style/tiny", str(photo)))
    assert isinstance(events[-1], Finished)
    seen = next(e for e in events if isinstance(e, Previewed))
    assert seen.pixels.shape == (64, 96, 4)
    assert seen.pixels[..., :3].std() > 1
    assert np.all(seen.pixels[..., 3] == 255)


def test_that_work_that_comes_closer_step_by_step_is_kept_across_the_pipe(
    window: Window, large_photo: Path
) -> None:
    settings = {"painting": str(large_photo), "size": 512.0}
    job = window.submit(Apply("style/tiny-optimise", str(large_photo), settings=settings))
    seen = window.until(Previewed)
    assert isinstance(seen, Previewed)
    assert not seen.final
    job.keep()
    events = window.until_end(job)
    assert isinstance(events[-1], Finished)
    assert [e.final for e in events if isinstance(e, Previewed)][-1]
    assert not [e for e in events if isinstance(e, Progressed) and 0.5 < e.fraction < 0.9]


def test_that_a_preview_of_many_megabytes_comes_whole_and_takes_no_shared_memory(
    window: Window, large_photo: Path
) -> None:
    there = Path("/dev/shm")  # noqa: S108 - what other programs keep there is no concern of ours
    before = set(there.iterdir()) if there.is_dir() else set()
    request = Apply("style/tiny", str(large_photo), settings={"strength": 0.0}, preview_side=3000)
    window.submit(request)
    seen = window.until(Previewed)
    after = set(there.iterdir()) if there.is_dir() else set()
    assert isinstance(seen, Previewed)
    assert np.array_equal(seen.pixels[..., :3], np.asarray(Image.open(large_photo)))
    assert not [path for path in after - before if path.name.startswith("psm_")]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds a process so")
def test_that_the_engine_takes_no_more_memory_than_it_may_and_says_so(
    window: Window, photo: Path, large_photo: Path
) -> None:
    window.run(Apply("style/tiny", str(photo)))
    taken = psutil.Process(window.engine.child_id).memory_info().data
    window.engine.use(Machine(memory=taken + (100 << 20)))
    failed = window.run(Apply("style/tiny", str(large_photo)))[-1]
    assert isinstance(failed, Failed)
    assert "memory" in failed.message
    window.engine.use(Machine())
    assert isinstance(window.run(Apply("style/tiny", str(large_photo)))[-1], Finished)


def test_that_an_engine_that_rests_is_small_again_and_loses_nothing(
    restful: Window, photo: Path
) -> None:
    request = Apply("style/tiny", str(photo), settings={"stroke": 0.1}, tile="16")  # by torch
    assert isinstance(restful.run(request)[-1], Finished)
    first, large = _size(restful)
    deadline = time.monotonic() + 60
    while restful.engine.child_id == first and time.monotonic() < deadline:
        time.sleep(0.02)
    assert isinstance(restful.run(Apply("style/missing", str(photo)))[-1], Failed)  # it is up
    second, small = _size(restful)
    assert second != first
    assert small < large - (200 << 20)
    for number in range(6):  # some come while a child goes
        events = restful.run(request)
        assert isinstance(events[-1], Finished)
        assert not [event for event in events if isinstance(event, Noticed)]
        time.sleep(0.27 + number / 100)


def _size(window: Window) -> tuple[int | None, int]:
    """The child, and how many bytes it takes."""
    child = window.engine.child_id
    return child, psutil.Process(child).memory_info().rss


def slow_save(source: Path, output: Path) -> Apply:
    """Takes some seconds."""
    return Apply("style/tiny", str(source), str(output), settings={"stroke": 0.1}, tile="16")


def test_that_a_save_whose_engine_dies_is_done_all_the_same_and_it_is_said_once(
    window: Window, large_photo: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out.png"
    job = window.submit(slow_save(large_photo, output))
    window.until(Progressed)
    window.kill()
    events = window.until_end(job)
    assert isinstance(events[-1], Finished)
    said = [event.message for event in events if isinstance(event, Noticed)]
    assert len(said) == 1
    assert "out.png" in said[0]
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"large.png", "out.png", "weights"}


def test_that_a_save_with_which_the_engine_dies_twice_fails_and_leaves_nothing(
    window: Window, photo: Path, large_photo: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out.png"
    window.submit(slow_save(large_photo, output))
    waiting = window.submit(Apply("style/tiny", str(photo), str(tmp_path / "waiting.png")))
    for _ in range(2):
        window.until(Progressed)
        window.kill()
        window.until((Noticed, Failed))
    assert isinstance(window.until_end(waiting)[-1], Finished)
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"large.png", "photo.png", "waiting.png", "weights"}


def test_that_one_death_of_the_engine_costs_none_of_ten_saves(
    window: Window, photo: Path, tmp_path: Path
) -> None:
    source = tmp_path / "in.png"
    Image.fromarray(draw_photo(600, 400)).save(source)
    jobs = [window.submit(slow_save(source, tmp_path / f"{n}.png")) for n in range(10)]
    while not isinstance(event := window.until((Progressed, Finished)), Progressed) or (
        event.job != jobs[5].id
    ):
        pass
    window.kill()
    events = window.until_all_end(jobs[5:])
    assert all(isinstance(e, Finished) for e in events if isinstance(e, TERMINAL))
    assert len([e for e in events if isinstance(e, Noticed)]) == 1
    assert sorted(tmp_path.glob("?.png")) == [tmp_path / f"{n}.png" for n in range(10)]


def test_that_a_batch_that_made_way_for_a_deadly_preview_goes_on(
    window: Window, batch: Batch, large_photo: Path
) -> None:
    job = window.submit(batch)
    window.until(ItemEnded)
    job.pause()
    window.until(Paused)
    preview = window.submit(replace(slow_save(large_photo, Path()), output="", preview_side=3000))
    for _ in range(2):
        while not isinstance(event := window.until(Progressed), Progressed) or (
            event.job != preview.id
        ):
            pass
        window.kill()
        window.until((Noticed, Failed))
    job.resume()
    events = window.until_end(job)
    assert isinstance(events[-1], BatchFinished)
    assert events[-1].done_before > 0
    assert events[-1].failed == 0


def test_that_a_batch_is_paused_and_goes_on_in_the_child(window: Window, batch: Batch) -> None:
    job = window.submit(batch)
    job.pause()
    while not isinstance(event := window.events.get(timeout=90), Paused):
        assert not isinstance(event, TERMINAL)
    job.resume()
    events = window.until_end(job)
    assert any(isinstance(e, Resumed) for e in events)
    assert isinstance(events[-1], BatchFinished)
    assert events[-1].done == 3


def test_that_a_batch_whose_engine_dies_goes_on_where_it_was(window: Window, batch: Batch) -> None:
    job = window.submit(batch)
    window.until(ItemEnded)
    window.kill()
    last = window.until_end(job)[-1]
    assert isinstance(last, BatchFinished)
    assert (last.done, last.done_before) == (2, 1)


def test_that_a_batch_that_is_cancelled_leaves_nothing_half_written(
    window: Window, batch: Batch
) -> None:
    job = window.submit(batch)
    window.until(ItemEnded)
    job.cancel()
    assert isinstance(window.until_end(job)[-1], Cancelled)
    left = {p.name for p in Path(batch.output).iterdir()}
    assert left == {"a.png", ".studio-batch.jsonl"}
    events = window.run(replace(batch, resume=True))
    assert isinstance(events[-1], BatchFinished)
    assert (events[-1].done, events[-1].done_before) == (2, 1)


def test_that_a_decoder_that_crashes_costs_a_preview_or_a_batch_its_photo_alone(
    weights_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studio.engine.jobs.child.serve", crashing.serve)
    folder, output = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    for name in ("a", "crash", "c", "crash-2"):
        Image.fromarray(draw_photo(40, 30)).save(folder / f"{name}.png")
    window = Window()
    try:
        end, *named = reversed(window.run(Batch("style/tiny", str(folder), str(output))))
        assert isinstance(end, BatchFinished)
        assert (end.done + end.done_before, end.failed) == (2, 2)
        lost = [each for each in named if isinstance(each, ItemEnded) and each.error]
        assert {Path(each.source).name for each in lost} == {"crash.png", "crash-2.png"}
        assert all("ended 2 times" in each.error for each in lost)
        left = {path.name for path in output.iterdir()}
        assert left == {"a.png", "c.png", ".studio-batch.jsonl"}
        crashed = window.submit(Apply("style/tiny", str(folder / "crash.png")))
        shown = window.submit(Apply("style/tiny", str(folder / "a.png")))
        ends = [e for e in window.until_all_end([crashed, shown]) if isinstance(e, TERMINAL)]
        assert {each.job: type(each) for each in ends} == {crashed.id: Failed, shown.id: Finished}
    finally:
        window.engine.close()


def test_that_the_parent_imports_no_torch() -> None:
    code = "import sys, studio.engine.jobs.process; print('torch' in sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "False"


def test_that_an_engine_that_cannot_start_is_given_up_and_said(
    monkeypatch: pytest.MonkeyPatch, photo: Path
) -> None:
    monkeypatch.setattr("studio.engine.jobs.child.serve", sys.exit)  # ends before it is up
    window = Window()
    try:
        failed = window.run(Apply("style/tiny", str(photo)))[-1]
        assert isinstance(failed, Failed)
        for _ in range(3):
            last = window.run(Apply("style/tiny", str(photo)))[-1]
        assert isinstance(last, Failed)
        assert "demo" in last.hint
    finally:
        window.engine.close()
