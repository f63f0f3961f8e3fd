"""A batch that is paused, cancelled or killed, and goes on."""

import json
import os
import shutil
import subprocess
import sys
import threading
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from studio.core.events import (
    TERMINAL,
    Cancelled,
    Event,
    Finished,
    ItemEnded,
    Paused,
    Planned,
    Previewed,
    Progressed,
    Resumed,
)  # fmt: skip
from studio.core.picture import Picture
from studio.core.picture_files import open_picture
from studio.core.requests import Apply, Batch, SaveOptions
from studio.core.steps import Step
from tests.conftest import draw_photo
from tests.engine.conftest import JOURNAL, Front, ended, files, refused


def test_that_a_paused_batch_waits_lets_a_preview_through_and_goes_on(
    front: Front, batch: Batch, folder: Path, photo: Path
) -> None:
    for number in range(9):
        shutil.copy(folder / "a.png", folder / f"{number}.png")

    def pause(event: Event) -> None:
        if isinstance(event, ItemEnded):
            front.engine.pause(event.job)

    front.at = pause
    job = front.submit(batch)
    before = front.until(Paused)
    assert len(files(Path(batch.output))) < 14
    told = [e for e in before if isinstance(e, ItemEnded | Progressed)]
    assert isinstance(told[-1], Progressed), "with the last picture that was begun"
    seen = front.run(Apply("style/tiny", str(photo)))
    assert any(isinstance(e, Previewed) for e in seen)
    assert isinstance(seen[-1], Finished)
    assert not any(isinstance(e, ItemEnded) for e in seen), "it waits"
    front.at = lambda _: None
    job.resume()
    after = front.until(TERMINAL)
    assert isinstance(after[0], Resumed)
    assert ended(after).done == 14
    named = Counter(e.source for e in before + after if isinstance(e, ItemEnded))
    assert set(named.values()) == {1}
    assert len(named) == 14


def test_that_a_paused_batch_can_be_cancelled_and_gone_on_with(front: Front, batch: Batch) -> None:
    front.at = lambda e: front.engine.pause(e.job) if isinstance(e, Planned) else None
    job = front.submit(batch)
    front.until(Paused)
    job.cancel()
    assert isinstance(front.until(TERMINAL)[-1], Cancelled)
    front.at = lambda _: None
    assert ended(front.run(replace(batch, resume=True))).done == 5


def test_that_cancelling_in_the_middle_of_a_picture_leaves_nothing_half_written(
    front: Front, batch: Batch, folder: Path, tmp_path: Path
) -> None:
    Image.fromarray(draw_photo(1500, 1200)).save(folder / "b2.png", compress_level=1)
    slow = replace(batch, settings={"stroke": 0.1}, tile="16", report=str(tmp_path / "report.json"))
    done: list[str] = []

    def cancel(event: Event) -> None:
        if isinstance(event, ItemEnded):
            done.append(event.source)
        if isinstance(event, Progressed) and len(done) == 2:  # the third is the large one
            front.engine.cancel(event.job)

    front.at = cancel
    assert isinstance(front.run(slow)[-1], Cancelled)
    assert set(files(Path(batch.output))) == {"a.png", "b.jpg"}
    report = json.loads((tmp_path / "report.json").read_text())
    assert (report["status"], report["done"], report["not_tried"]) == ("cancelled", 2, 4)
    assert report["found"] == len(report["items"]) == 6
    front.at = lambda _: None
    end = ended(front.run(replace(slow, resume=True)))
    assert (end.done, end.done_before, end.found) == (4, 2, 6)


def test_that_an_unfinished_batch_is_not_begun_again_unless_resumed_or_overwritten(
    front: Front, batch: Batch
) -> None:
    front.at = lambda e: front.engine.cancel(e.job) if isinstance(e, ItemEnded) else None
    assert isinstance(front.run(batch)[-1], Cancelled)
    front.at = lambda _: None
    failed = refused(front.run(batch))
    assert "begun" in failed.message
    assert "--resume" in failed.options
    other = replace(batch, resume=True, settings={"style": "dots"}, save=SaveOptions(quality=50))
    said = refused(front.run(other)).message
    assert "style waves there, dots here" in said
    assert "quality 92 there, 50 here" in said
    steps = (Step("style/tiny", settings={"strength": 0.5}),)
    said = refused(front.run(replace(batch, resume=True, then=steps))).message
    assert said.endswith("(then - there, style/tiny here)")
    end = ended(front.run(replace(batch, save=SaveOptions(overwrite=True))))
    assert (end.done, end.done_before) == (5, 0)


def test_that_going_on_tries_again_what_failed_and_takes_what_is_new(
    front: Front, batch: Batch, folder: Path
) -> None:
    good = (folder / "a.png").read_bytes()
    (folder / "a.png").write_bytes(good[:100])
    assert ended(front.run(batch)).failed == 1
    first = files(Path(batch.output))
    (folder / "a.png").write_bytes(good)
    (folder / "new.png").write_bytes(good)
    end = ended(front.run(replace(batch, resume=True)))
    assert (end.done, end.done_before, end.failed, end.found) == (2, 4, 0, 6)
    now = files(Path(batch.output))
    assert {name: now[name] for name in first} == first


def test_that_two_batches_do_not_write_to_one_folder(front: Front, batch: Batch) -> None:
    from studio.engine.batch.journal import Journal

    front.at = lambda e: front.engine.cancel(e.job) if isinstance(e, ItemEnded) else None
    front.run(batch)
    journal = Journal.find(Path(batch.output))
    assert journal is not None
    front.at = lambda _: None
    assert "another batch" in refused(front.run(replace(batch, resume=True))).message
    journal.close()
    assert ended(front.run(replace(batch, resume=True))).found == 5


DYING = """
import os, signal, sys
from studio.cli.app import run
import studio.engine.jobs.engine  # once, for all the children

out, arguments = os.path.abspath(sys.argv[1]), sys.argv[2:]
STEPS = {"open", "os.mkdir", "os.link", "os.rename", "os.remove", "os.truncate"}


def die_at(count):
    def step():
        nonlocal count
        count -= 1
        if count == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def hook(event, given):
        if event in STEPS and str(given[0]).startswith(out):
            step()

    def fsync(file, _fsync=os.fsync):
        _fsync(file)
        step()

    sys.addaudithook(hook)
    os.fsync = fsync


deaths = 0
while True:
    child = os.fork()
    if child == 0:
        die_at(deaths + 2)
        os._exit(run([*arguments, *(["--resume"] if deaths else [])]))
    status = os.waitpid(child, 0)[1]
    if os.WIFEXITED(status):
        print(deaths)
        sys.exit(os.WEXITSTATUS(status))
    deaths += 1
"""


@pytest.mark.parametrize("overwrite", [False, True])
def test_that_after_kill_at_every_step_nothing_is_lost_or_done_twice(
    front: Front, batch: Batch, folder: Path, tmp_path: Path, overwrite: bool
) -> None:
    (folder / "bad.png").write_bytes(b"bad")
    save = SaveOptions(overwrite=overwrite)
    front.run(replace(batch, save=save))
    undisturbed = files(Path(batch.output))
    killed = tmp_path / "killed"
    if overwrite:
        (killed / "sub").mkdir(parents=True)
        (killed / "sub" / "d.png").write_bytes(b"old")
    report = tmp_path / "report.json"
    done = subprocess.run(
        [sys.executable, "-c", DYING, killed, "batch", "style/tiny", folder, "-o", killed,
         "--report", report, *(["--overwrite"] if overwrite else [])],
        env={**os.environ, "OMP_NUM_THREADS": "1"}, capture_output=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert int(done.stdout.splitlines()[-1]) >= 5, "it was killed so often"
    assert files(killed) == undisturbed
    lines = [json.loads(line) for line in (killed / JOURNAL).read_text().splitlines()]
    each = Counter(line["item"] for line in lines if "part" in line)
    assert set(each.values()) == {1}
    assert len(each) == 5
    told = json.loads(report.read_text())
    assert (told["done"] + told["done_before"], told["failed"], told["found"]) == (5, 1, 6)


def test_that_a_decoder_that_hangs_costs_a_batch_that_picture_alone(
    front: Front, batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_go = threading.Event()

    def hanging(path: Path, **more: int) -> Picture:
        if path.name in ("b.jpg", "c.WEBP"):  # as many as there are threads
            let_go.wait()
        return open_picture(path, **more)

    monkeypatch.setattr("studio.engine.batch.work.open_picture", hanging)
    monkeypatch.setattr("studio.engine.batch.pipeline._PATIENCE", 0.3)
    try:
        seen = front.run(batch)
        assert (ended(seen).done, ended(seen).failed) == (3, 2)
        errors = {
            Path(e.source).name: e.error for e in seen if isinstance(e, ItemEnded) and e.error
        }
        assert errors.keys() == {"b.jpg", "c.WEBP"}
        assert all("does not open" in error for error in errors.values())
    finally:
        let_go.set()
