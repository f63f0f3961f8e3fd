"""Which file the result of a picture is, and what is never replaced."""

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from studio.core.events import (
    Event,
    Noticed,
    Planned,
)  # fmt: skip
from studio.core.picture_files import open_picture, read_request
from studio.core.requests import Batch, SaveOptions
from tests.conftest import draw_photo
from tests.engine.batch.test_batch import errors
from tests.engine.conftest import JOURNAL, Front, ended, files, refused


def test_that_results_inside_the_folder_are_not_read_again(
    front: Front, batch: Batch, folder: Path
) -> None:
    inside = replace(batch, output=str(folder / "results"))
    assert ended(front.run(inside)).found == 5
    assert ended(front.run(replace(inside, resume=True))).found == 5


@pytest.mark.parametrize("file_format", ["jpg", "PNG", "webp", ".tiff"])
def test_that_the_format_is_changed_as_asked(front: Front, batch: Batch, file_format: str) -> None:
    front.run(replace(batch, file_format=file_format))
    suffix = "." + file_format.lower().lstrip(".")
    names = files(Path(batch.output))
    assert len(names) == 5
    assert all(name.endswith(suffix) for name in names)


def test_that_metadata_stays_unless_it_is_stripped_but_the_profile_always(
    front: Front, batch: Batch, folder: Path
) -> None:
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    exif = Image.Exif()
    exif[0x010F] = "A maker"
    shutil.rmtree(folder)
    folder.mkdir()
    for suffix in ("jpg", "png", "webp", "tiff"):
        picture = Image.fromarray(draw_photo(32, 24))
        picture.save(folder / f"{suffix}.{suffix}", exif=exif, icc_profile=profile, dpi=(300, 300))
    front.run(batch)
    stripped = replace(batch, output=batch.output + "2", save=SaveOptions(metadata=False))
    assert ended(front.run(stripped)).done == 4
    for name in files(folder):
        kept, bare = Path(batch.output, name), Path(stripped.output, name)
        assert open_picture(kept).metadata.exif
        assert read_request(kept)
        assert open_picture(kept).metadata.icc == open_picture(bare).metadata.icc == profile
        said = open_picture(bare).metadata
        assert (said.exif, said.xmp, said.dpi, read_request(bare)) == (None, None, None, None)
        assert b"A maker" not in bare.read_bytes()


@pytest.mark.parametrize(
    ("names", "file_format", "results"),
    [
        (["x.png", "x.webp"], "jpg", ["x.jpg", "x.webp.jpg"]),
        (["Y.png", "y.png"], "keep", ["Y.png", "y.png.png"]),
        (["z.dng", "z.jpg"], "keep", ["z.dng.jpg", "z.jpg"]),
        (["w.jpg/v.png", "w.png"], "jpg", ["w.jpg/v.jpg", "w.png.jpg"]),
        (["u.jpg", "u.png", "u.png.jpg"], "jpg", ["u.jpg", "u.png-2.jpg", "u.png.jpg"]),
    ],
)
def test_that_pictures_of_one_name_each_have_a_result_of_their_own(
    front: Front, batch: Batch, folder: Path, names: list[str], file_format: str, results: list[str]
) -> None:
    shutil.rmtree(folder)
    for number, name in enumerate(names):
        (folder / name).parent.mkdir(exist_ok=True, parents=True)
        kind = "png" if name.endswith("dng") else name.rpartition(".")[2].replace("jpg", "jpeg")
        Image.fromarray(draw_photo(20 + number, 20)).save(folder / name, kind)
    assert ended(front.run(replace(batch, file_format=file_format))).done == len(names)
    widths = {
        name: open_picture(Path(batch.output, name)).width for name in files(Path(batch.output))
    }
    assert sorted(widths) == sorted(results)
    assert widths == {result: 20 + number for number, result in enumerate(results)}
    again = front.run(replace(batch, file_format=file_format, resume=True))
    assert ended(again).done_before == len(names)


def test_that_a_name_that_was_given_stays_though_another_picture_comes_along(
    front: Front, batch: Batch, folder: Path
) -> None:
    raw = folder / "a.tga"
    Image.fromarray(draw_photo(20, 20)).save(raw)
    (folder / "a.png").unlink()
    front.run(batch)
    assert open_picture(Path(batch.output, "a.png")).width == 20
    Image.fromarray(draw_photo(30, 20)).save(folder / "a.png")
    assert ended(front.run(replace(batch, resume=True))).done == 1
    assert open_picture(Path(batch.output, "a.png")).width == 20
    assert open_picture(Path(batch.output, "a.png.png")).width == 30


def test_that_a_photo_that_was_replaced_since_is_done_again(
    front: Front, batch: Batch, folder: Path
) -> None:
    front.run(batch)
    Image.fromarray(draw_photo(99, 30)).save(folder / "a.png")
    end = ended(front.run(replace(batch, resume=True)))
    assert (end.done, end.done_before) == (1, 4)
    assert open_picture(Path(batch.output, "a.png")).width == 99
    assert ended(front.run(replace(batch, resume=True))).done_before == 5


@pytest.mark.parametrize("longer", [b"precious", b""], ids=["longer", "as long"])
def test_that_a_result_that_was_changed_by_hand_stays_and_all_others_are_done(
    front: Front, batch: Batch, folder: Path, tmp_path: Path, longer: bytes
) -> None:
    front.run(batch)
    mine, report = Path(batch.output, "a.png"), tmp_path / "report.json"
    edited = mine.read_bytes()[::-1] + longer
    mine.write_bytes(edited)
    os.utime(mine, (1e9, 1e9))
    for name in ("a.png", "b.jpg"):
        Image.fromarray(draw_photo(99, 30)).save(folder / name)
    again = replace(batch, resume=True, report=str(report))
    events = front.run(again)
    assert (ended(events).done, ended(events).done_before, ended(events).failed) == (1, 4, 0)
    assert mine.read_bytes() == edited
    assert open_picture(Path(batch.output, "b.jpg")).width == 99
    (said,) = [event.message for event in events if isinstance(event, Noticed)]
    assert said.startswith("a.png: ")
    rows = json.loads(report.read_text(encoding="utf-8"))["items"]
    assert [row["notes"] for row in rows if row["notes"]] == [[said.partition(": ")[2]]]
    assert ended(front.run(again)).done_before == 5


def test_that_a_picture_without_a_suffix_is_done_and_what_is_left_alone_is_listed(
    front: Front, batch: Batch, folder: Path, tmp_path: Path
) -> None:
    shutil.copy(folder / "a.png", folder / "scan")
    (folder / "clip.mp4").write_bytes(b"a film")
    path = tmp_path / "report.json"
    assert ended(front.run(replace(batch, report=str(path)))).done == 6
    assert open_picture(Path(batch.output, "scan.jpg")).width == 41
    left = {
        Path(each["source"]).name: each["reason"]
        for each in json.loads(path.read_text(encoding="utf-8"))["left_alone"]
    }
    assert left.keys() == {".hidden.png", "notes.txt", "Thumbs.db", "clip.mp4"}
    assert "hidden" in left[".hidden.png"]
    assert "no picture" in left["notes.txt"]
    assert "video" in left["clip.mp4"]


def test_that_what_a_format_cannot_hold_is_said_and_reported(
    front: Front, batch: Batch, folder: Path, tmp_path: Path
) -> None:
    info = PngInfo()
    info.add_text("Author", "me")
    Image.fromarray(draw_photo(20, 20)).save(folder / "a.png", pnginfo=info)
    path = tmp_path / "report.json"
    events = front.run(replace(batch, file_format="jpg", report=str(path)))
    said = [event.message for event in events if isinstance(event, Noticed)]
    assert len(said) == 1
    assert said[0].startswith("a.png: ")
    assert "'Author'" in said[0]
    items = json.loads(path.read_text(encoding="utf-8"))["items"]
    assert [len(item["notes"]) for item in items] == [1, 0, 0, 0, 0]


def test_that_existing_results_are_refused_before_it_starts_or_replaced_if_asked(
    front: Front, batch: Batch
) -> None:
    out = Path(batch.output)
    (out / "sub").mkdir(parents=True)
    (out / "sub" / "d.png").write_bytes(b"precious")
    assert "d.png" in refused(front.run(batch)).message
    assert files(out) == {"sub/d.png": b"precious"}
    assert not (out / JOURNAL).exists()
    assert ended(front.run(replace(batch, save=SaveOptions(overwrite=True)))).done == 5
    assert files(out)["sub/d.png"] != b"precious"
    assert "exist" in refused(front.run(batch)).message, "a batch that has ended, once more"


def test_that_a_file_that_appears_in_the_meantime_stays(
    front: Front, batch: Batch, folder: Path
) -> None:
    late = Path(batch.output, "c.WEBP")

    def at(event: Event) -> None:
        if isinstance(event, Planned):
            late.parent.mkdir()
            late.write_bytes(b"precious")

    front.at = at
    events = front.run(batch)
    assert (ended(events).done, ended(events).failed) == (4, 1)
    assert "exists" in errors(events)["c.WEBP"]
    assert late.read_bytes() == b"precious"
    front.at = lambda _: None
    (folder / "e.png").write_bytes((folder / "a.png").read_bytes())
    again = front.run(replace(batch, resume=True))
    assert (ended(again).done, ended(again).done_before, ended(again).failed) == (1, 4, 1)
    assert "stays" in errors(again)["c.WEBP"]
    assert late.read_bytes() == b"precious"


def test_that_originals_are_never_replaced(front: Front, batch: Batch, folder: Path) -> None:
    before = files(folder)
    save = SaveOptions(overwrite=True)
    assert "originals" in refused(front.run(replace(batch, output=batch.source, save=save))).message
    (folder / "in").mkdir()
    shutil.move(folder / "a.png", folder / "in" / "a.png")
    above = replace(batch, output=str(folder.parent), save=save)
    assert "originals" in refused(front.run(above)).message
    out = Path(batch.output)
    out.mkdir()
    (out / "b.jpg").symlink_to(folder / "b.jpg")
    assert "originals" in refused(front.run(replace(batch, save=save))).message
    assert sorted(files(folder).values()) == sorted(before.values())
