"""What is read is never written over, by whatever name it is given and whatever is written."""

import json
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from studio.core.events import Noticed
from studio.core.latents import LatentsFile, write_latents
from studio.core.requests import Apply, Batch, Generate, SaveOptions, Video
from tests.clips import write_clip
from tests.engine.conftest import JOURNAL, Front, ended, files, refused

OVERWRITE = SaveOptions(overwrite=True)


def plain(path: Path) -> Path:
    return path


def by_dots(path: Path) -> Path:
    (path.parent / "sub").mkdir(exist_ok=True)
    return path.parent / "sub" / ".." / path.name


def by_folder(path: Path) -> Path:
    link = path.parent.parent / "linked"
    link.symlink_to(path.parent, target_is_directory=True)
    return link / path.name


def by_link(path: Path) -> Path:
    link = path.with_stem("link")
    link.symlink_to(path.name)
    return link


def by_second_name(path: Path) -> Path:
    other = path.with_stem("other")
    other.hardlink_to(path)
    return other


NAMES = [plain, by_dots, by_folder, by_link, by_second_name]


@pytest.fixture
def place(tmp_path: Path, photo: Path) -> Path:
    """A folder with one file of each kind that is read."""
    place = tmp_path / "place"
    place.mkdir()
    shutil.copy(photo, place / "photo.png")
    Image.new("L", (32, 32), 128).save(place / "mask.png")
    write_clip(place / "clip.mp4", times=(0, 3600))
    write_latents(place / "kept.json", LatentsFile("faces/tiny", ((0.0,) * 16,)), overwrite=False)
    return place


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ["picture", "mask", "video", "mask of a video", "latents"])
def test_that_no_original_is_written_over(
    front: Front, place: Path, kind: str, name: Callable[[Path], Path]
) -> None:
    mask = {"mask": str(place / "mask.png")}
    photo, clip, kept = (str(place / each) for each in ("photo.png", "clip.mp4", "kept.json"))
    original = {"picture": photo, "video": clip, "latents": kept}.get(kind, mask["mask"])
    output = str(name(Path(original)))
    requests = {
        "picture": Apply("style/tiny", photo, output, save=OVERWRITE),
        "mask": Apply("style/tiny", photo, output, settings=mask, save=OVERWRITE),
        "video": Video("style/tiny", clip, output, save=OVERWRITE),
        "mask of a video": Video("style/tiny", clip, output, settings=mask, save=OVERWRITE),
        "latents": Generate("faces/tiny", output, source=kept, save=OVERWRITE),
    }
    before = files(place)
    assert "is an original" in refused(front.run(requests[kind])).message
    assert files(place) == before


@pytest.mark.parametrize("kind", ["apply", "batch", "generate", "video"])
def test_that_weights_in_use_are_not_written_over(
    front: Front, place: Path, weights_folder: Path, kind: str
) -> None:
    photo, clip = str(place / "photo.png"), str(place / "clip.mp4")
    model, suffix = {
        "apply": ("style", "png"), "batch": ("style", "json"), "generate": ("faces", "json"),
        "video": ("style", "mp4"),
    }[kind]  # fmt: skip
    weights = weights_folder / model / "tiny.safetensors"
    output = place / f"other-name.{suffix}"
    output.hardlink_to(weights)
    requests = {
        "apply": Apply("style/tiny", photo, str(output), save=OVERWRITE),
        "batch": Batch(
            "style/tiny", str(place), str(place.parent / "out"), report=str(output), save=OVERWRITE
        ),
        "generate": Generate("faces/tiny", str(output), save=OVERWRITE),
        "video": Video("style/tiny", clip, str(output), save=OVERWRITE),
    }
    before = weights.read_bytes()
    assert "is an original" in refused(front.run(requests[kind])).message
    assert weights.read_bytes() == before


def test_that_a_result_of_a_batch_is_never_its_mask(
    front: Front, batch: Batch, tmp_path: Path
) -> None:
    out = Path(batch.output)
    out.mkdir()
    Image.new("L", (32, 32), 128).save(out / "a.png")
    before = files(out)
    wanted = replace(batch, settings={"mask": str(out / "a.png")}, save=OVERWRITE)
    assert "among the originals" in refused(front.run(wanted)).message
    assert files(out) == before


@pytest.mark.parametrize("where", ["in/a.png", "in/sub/../a.png", "linked/a.png", "mask.png"])
def test_that_a_report_is_never_an_original(
    front: Front, batch: Batch, folder: Path, tmp_path: Path, where: str
) -> None:
    (tmp_path / "linked").symlink_to(folder, target_is_directory=True)
    Image.new("L", (32, 32), 128).save(tmp_path / "mask.png")
    before = files(tmp_path)
    wanted = replace(
        batch, report=str(tmp_path / where), settings={"mask": str(tmp_path / "mask.png")},
        save=OVERWRITE,
    )  # fmt: skip
    assert "is an original" in refused(front.run(wanted)).message
    assert files(tmp_path) == before


@pytest.mark.parametrize("where", ["a.png", "sub/deep/größe 1.jpg", JOURNAL, "sub"])
def test_that_a_report_is_no_coming_result_nor_the_journal(
    front: Front, batch: Batch, tmp_path: Path, where: str
) -> None:
    for parent in (Path(batch.output), Path(batch.output, "sub", "deep")):
        parent.mkdir(parents=True)
    if where == "sub":
        shutil.rmtree(Path(batch.output, "sub"))
    wanted = replace(batch, report=str(Path(batch.output, where)), save=OVERWRITE)
    assert "is the batch's own" in refused(front.run(wanted)).message
    assert not files(Path(batch.output))


def test_that_two_results_are_one_file_on_a_disk_that_is_blind_to_case(
    front: Front, batch: Batch, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = replace(batch, report=str(Path(batch.output, "A.PNG")))
    Path(batch.output).mkdir()
    with monkeypatch.context() as blind:
        blind.setattr(Path, "samefile", lambda one, other: str(one).lower() == str(other).lower())
        assert "is the batch's own" in refused(front.run(report)).message
    assert ended(front.run(report)).done == 5, "here they are two"
    assert json.loads(Path(report.report).read_text())["done"] == 5


def test_that_going_on_in_a_folder_where_nothing_was_begun_is_refused(
    front: Front, batch: Batch, tmp_path: Path
) -> None:
    failed = refused(front.run(replace(batch, resume=True)))
    assert "no batch was begun" in failed.message
    assert "--resume" in failed.hint
    assert not Path(batch.output).exists()
    Path(batch.output).mkdir()
    events = front.run(replace(batch, resume=True))
    assert ended(events).done == 5, "it was killed before it wrote anything, perhaps"
    assert any(isinstance(e, Noticed) and "no batch was begun" in e.message for e in events)


def test_that_what_dead_processes_left_is_removed_and_nothing_else(
    front: Front, photo: Path, tmp_path: Path
) -> None:
    from studio.core.files.leftovers import named_after

    out = tmp_path / "out"
    out.mkdir()
    dead = _dead()
    left, kept = out / f".{named_after(dead)}0123456789ab.part", out / "notes.part"
    alive = out / f".{named_after(os.getpid())}0123456789ab.part"
    elsewhere = out / f".studio-00000000-{dead}-0123456789ab.part"
    of_batch = out / ".studio-12345678-0123456789ab.part"
    for path in (left, kept, alive, elsewhere, of_batch):
        path.write_bytes(b"half")
    os.utime(of_batch, (0, 0))
    request = Apply("style/tiny", str(photo), str(out / "a.png"))
    front.run(request)
    assert set(out.iterdir()) == {kept, alive, elsewhere, of_batch, out / "a.png"}
    os.utime(elsewhere, (0, 0))
    front.run(replace(request, output=str(out / "b.png")))
    assert not elsewhere.exists(), "another machine's, which nobody has touched for a week"


@pytest.mark.skipif(sys.platform != "linux", reason="a folder that even root may not write to")
@pytest.mark.parametrize("kind", [Apply, Video, Generate])
def test_that_a_folder_that_takes_no_file_is_found_before_the_net_runs(
    front: Front, place: Path, kind: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*_: object) -> None:
        raise AssertionError("the net ran")

    monkeypatch.setattr("studio.engine.pixels.runs.paint", run)
    monkeypatch.setattr("studio.engine.video.run.paint_all", run)
    monkeypatch.setattr("studio.engine.pixels.generate.Sampler._make", run)
    request = {
        Apply: Apply("style/tiny", str(place / "photo.png"), "/sys/out.png"),
        Video: Video("style/tiny", str(place / "clip.mp4"), "/sys/out.mp4"),
        Generate: Generate("faces/tiny", "/sys/out.png"),
    }[kind]
    assert "/sys/out" in (failed := refused(front.run(request))).message
    assert "the net ran" not in failed.message


def _dead() -> int:
    """The number of a process that has ended."""
    child = os.posix_spawn("/bin/true", ["true"], {})
    os.waitpid(child, 0)
    return child
