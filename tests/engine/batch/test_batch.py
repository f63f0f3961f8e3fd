"""A folder of pictures through the engine: its files, its events, and all that may come between."""

import errno
import json
import os
import shutil
import weakref
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.core.events import (
    Event,
    ItemEnded,
    Planned,
    Progressed,
)  # fmt: skip
from studio.core.picture import Picture
from studio.core.picture_files import open_picture, read_request
from studio.core.requests import Apply, Batch, from_json
from studio.core.words.tongue import speak, tr
from tests.conftest import draw_photo
from tests.engine.conftest import Front, ended, files, refused


def errors(events: list[Event]) -> dict[str, str]:
    return {Path(e.source).name: e.error for e in events if isinstance(e, ItemEnded) and e.error}


def test_that_subfolders_are_mirrored_and_what_is_no_picture_is_counted(
    front: Front, batch: Batch
) -> None:
    events = front.run(batch)
    out = Path(batch.output)
    assert set(files(out)) == {
        "a.png", "b.jpg", "c.WEBP", "sub/d.png", "sub/deep/größe 1.jpg"
    }  # fmt: skip
    end = ended(events)
    assert (end.done, end.done_before, end.failed, end.found, end.skipped) == (5, 0, 0, 5, 3)
    planned = next(e for e in events if isinstance(e, Planned))
    assert (planned.found, planned.done_before, planned.skipped) == (5, 0, 3)
    assert 0 < planned.bytes_needed < planned.bytes_free
    told = [e for e in events if isinstance(e, ItemEnded)]
    assert sorted(e.output for e in told) == sorted(str(out / name) for name in files(out))
    progress = [e for e in events if isinstance(e, Progressed)]
    assert [e.fraction for e in progress] == sorted(e.fraction for e in progress)
    assert progress[-1].fraction == 1
    assert progress[-1].message == "5 of 5"
    speak("de")
    try:
        assert tr(progress[-1].message) == "5 von 5"
    finally:
        speak("en")


def test_that_without_recursion_subfolders_are_left_alone(front: Front, batch: Batch) -> None:
    assert ended(front.run(replace(batch, recursive=False))).found == 3
    assert set(files(Path(batch.output))) == {"a.png", "b.jpg", "c.WEBP"}


def test_that_a_picture_is_as_if_it_had_been_done_alone(
    front: Front, batch: Batch, folder: Path, tmp_path: Path
) -> None:
    front.run(replace(batch, settings={"style": "dots"}, seed=4))
    result = Path(batch.output, "b.jpg")
    recorded = from_json(read_request(result) or "")
    assert isinstance(recorded, Apply)
    assert (recorded.source, recorded.seed, recorded.settings["style"]) == ("b.jpg", 4, "dots")
    again = replace(recorded, source=str(folder / "b.jpg"), output=str(tmp_path / "b.jpg"))
    front.run(again)
    assert (tmp_path / "b.jpg").read_bytes() == result.read_bytes()


def test_that_bad_files_are_named_and_the_rest_goes_on(
    front: Front, batch: Batch, folder: Path
) -> None:
    (folder / "cut.png").write_bytes((folder / "a.png").read_bytes()[:300])
    (folder / "empty.jpg").write_bytes(b"")
    (folder / "text.webp").write_text("I am no picture")
    (folder / "nowhere.tif").symlink_to("gone.tif")
    (folder / "camera.nef").write_bytes(b"II\x2a\x00" + bytes(40))
    events = front.run(batch)
    end = ended(events)
    assert (end.done, end.failed, end.found) == (5, 5, 10)
    assert set(errors(events)) == {
        "cut.png", "empty.jpg", "text.webp", "nowhere.tif", "camera.nef"
    }  # fmt: skip
    assert "is empty; get it again" in errors(events)["empty.jpg"]
    assert len(files(Path(batch.output))) == 5


def test_that_what_is_in_no_picture_format_by_its_bytes_is_opened_by_them(
    front: Front, batch: Batch, folder: Path
) -> None:
    (folder / "misnamed.jpg").write_bytes((folder / "a.png").read_bytes())
    assert ended(front.run(batch)).done == 6
    assert open_picture(Path(batch.output, "misnamed.jpg")).metadata.format == "JPEG"


def test_that_links_in_a_circle_come_to_an_end(front: Front, batch: Batch, folder: Path) -> None:
    (folder / "sub" / "up").symlink_to(folder, target_is_directory=True)
    (folder / "out-of-it").symlink_to(folder.parent, target_is_directory=True)
    elsewhere = folder.parent / "elsewhere"
    elsewhere.mkdir()
    Image.fromarray(draw_photo(20, 20)).save(elsewhere / "e.png")
    (elsewhere / "back").symlink_to(folder, target_is_directory=True)
    (folder / "link").symlink_to(elsewhere, target_is_directory=True)
    assert ended(front.run(batch)).found == 6
    assert "link/e.png" in files(Path(batch.output))


def test_that_a_link_to_itself_keeps_nothing_else_from_being_done(
    front: Front, batch: Batch, folder: Path
) -> None:
    for name in ("loop", "sub/loop.png"):
        (folder / name).symlink_to(Path(name).name)
    events = front.run(batch)
    assert (ended(events).done, ended(events).failed) == (5, 2)
    assert set(errors(events)) == {"loop", "loop.png"}


def hit(monkeypatch: pytest.MonkeyPatch, path: str, before: Callable[..., None]) -> None:
    """Calls something before each call of a function of the studio."""
    import importlib

    module, _, name = path.rpartition(".")
    original = getattr(importlib.import_module(module), name)

    def replaced(*arguments: object, **named: object) -> object:
        before(*arguments)
        return original(*arguments, **named)

    monkeypatch.setattr(path, replaced)


def test_that_a_disk_that_is_too_small_is_found_before_it_starts(
    front: Front, batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studio.engine.batch.plan.free_bytes", lambda _: 100)
    monkeypatch.setattr("studio.engine.batch.run.free_bytes", lambda _: 100)
    events = front.run(batch)
    assert "disk" in refused(events).message
    assert any(isinstance(e, Planned) and e.bytes_needed > 100 for e in events)
    assert not Path(batch.output).exists()


def test_that_a_disk_that_becomes_full_ends_it_and_it_can_be_gone_on_with(
    front: Front, batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[object] = []

    def full(*arguments: object) -> None:
        written.append(arguments)
        if len(written) == 3:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        hit(patch, "studio.engine.batch.work.write_part", full)
        failed = refused(front.run(batch))
    assert "disk is full" in failed.message
    assert "--resume" in failed.options
    kept = len(files(Path(batch.output)))
    assert 2 <= kept < 5
    end = ended(front.run(replace(batch, resume=True)))
    assert (end.done, end.done_before, end.failed, end.found) == (5 - kept, kept, 0, 5)


def test_that_a_mistake_of_the_studio_in_one_picture_is_said_and_the_rest_goes_on(
    front: Front, batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(path: Path) -> None:
        if path.name == "b.jpg":
            raise ZeroDivisionError("oh")

    hit(monkeypatch, "studio.engine.batch.work.open_picture", stumble)
    events = front.run(batch)
    assert (ended(events).done, ended(events).failed) == (4, 1)
    assert "please report" in errors(events)["b.jpg"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"weights": "style/none"}, "no weights"),
        ({"settings": {"colour": 1.0}}, "unknown control"),
        ({"settings": {"mask": "nowhere.png"}}, "nowhere.png"),
        ({"device": "toaster"}, "toaster"),
        ({"source": "nowhere"}, "nowhere"),
        ({"file_format": "xyz"}, "xyz"),
        ({"report": "no/such/report.json"}, "no/such"),
    ],
)
def test_that_what_cannot_be_met_fails_before_anything_is_written(
    front: Front, batch: Batch, change: dict[str, object], words: str
) -> None:
    assert words in str(refused(front.run(replace(batch, **change))))
    assert not Path(batch.output).exists()


def test_that_a_folder_without_pictures_and_a_file_are_refused(
    front: Front, batch: Batch, tmp_path: Path, folder: Path
) -> None:
    (tmp_path / "none").mkdir()
    none = replace(batch, source=str(tmp_path / "none"))
    assert "no pictures" in refused(front.run(none)).message
    file = replace(batch, source=str(folder / "a.png"))
    assert "is no folder" in refused(front.run(file)).message


def test_that_the_report_has_every_picture_and_the_sums(
    front: Front, batch: Batch, folder: Path, tmp_path: Path
) -> None:
    (folder / "bad.png").write_bytes(b"bad")
    path = tmp_path / "report.json"
    end = ended(front.run(replace(batch, report=str(path))))
    assert end.report == str(path)
    report = json.loads(path.read_text(encoding="utf-8"))
    assert report["status"] == "finished"
    assert (report["done"], report["done_before"], report["failed"]) == (5, 0, 1)
    assert report["done"] + report["done_before"] + report["failed"] == report["found"] == 6
    assert report["skipped"] == 3
    assert report["weights"]["id"] == "style/tiny"
    assert len(report["weights"]["sha256"]) == 64
    assert report["device"] == "cpu"
    assert isinstance(from_json(json.dumps(report["request"])), Batch)
    by_name = {Path(item["source"]).name: item for item in report["items"]}
    assert by_name["bad.png"]["status"] == "failed"
    assert "not a picture" in by_name["bad.png"]["error"]
    assert by_name["größe 1.jpg"]["output"].endswith("größe 1.jpg")
    assert all(item["seconds"] > 0 for item in report["items"] if item["status"] == "done")
    assert "exists" in refused(front.run(replace(batch, report=str(path)))).message
    front.run(replace(batch, report=str(path), resume=True))
    report = json.loads(path.read_text(encoding="utf-8"))
    assert (report["done"], report["done_before"], report["failed"]) == (0, 5, 1)


def test_that_names_that_are_no_text_are_done_and_reported(
    front: Front, batch: Batch, folder: Path, tmp_path: Path
) -> None:
    odd = os.fsdecode(b"\xff odd.png")
    shutil.copy(folder / "a.png", folder / odd)
    path = tmp_path / "report.json"
    assert ended(front.run(replace(batch, report=str(path)))).done == 6
    assert Path(batch.output, odd).exists()
    assert odd in {Path(i["source"]).name for i in json.loads(path.read_text())["items"]}
    assert ended(front.run(replace(batch, resume=True))).done_before == 6


def test_that_pictures_too_large_to_be_held_together_go_one_at_a_time(
    front: Front, batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: weakref.WeakSet[Picture] = weakref.WeakSet()
    most = 0

    def opened(path: Path, *, beside: int) -> Picture:
        nonlocal most
        picture = open_picture(path, beside=beside)
        held.add(picture)
        most = max(most, len(held))
        return picture

    monkeypatch.setattr("studio.engine.batch.work.open_picture", opened)
    monkeypatch.setattr("studio.engine.batch.pipeline._IN_FLIGHT", 1)
    assert ended(front.run(batch)).done == 5
    assert most == 1


def test_that_pixels_are_those_of_the_model(front: Front, batch: Batch, folder: Path) -> None:
    front.run(batch)
    before = open_picture(folder / "a.png").pixels
    after = open_picture(Path(batch.output, "a.png")).pixels
    assert before.shape == after.shape
    assert np.abs(before - after).mean() > 0.02
