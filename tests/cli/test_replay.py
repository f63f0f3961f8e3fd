"""Doing again what made a picture, with the mask that it was made with and no other."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import ExifTags, Image
from PIL.PngImagePlugin import PngInfo

from studio.core.picture_files import read_request
from studio.core.requests import from_json
from studio.core.values.masks import from_png
from tests.cli.conftest import Done
from tests.conftest import draw_photo

Studio = Callable[..., Done]
pytestmark = pytest.mark.usefixtures("weights_folder")


def pixels(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


def halves(path: Path, size: tuple[int, int] = (96, 64), *, turned: bool = False) -> Path:
    """A mask with its left half white, or its right half."""
    levels = np.zeros((size[1], size[0]), np.uint8)
    levels[:, : size[0] // 2] = 255
    Image.fromarray(255 - levels if turned else levels).save(path)
    return path


def grain(path: Path) -> Path:
    """A mask that no record has room for."""
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (300, 450), np.uint8)).save(path)
    return path


@pytest.mark.parametrize("suffix", ["png", "jpg", "webp", "tif"])
def test_that_a_result_is_replayed_with_its_own_mask_whatever_lies_there_by_now(
    studio: Studio, photo: Path, tmp_path: Path, suffix: str
) -> None:
    halves(tmp_path / "mask.png")
    first, again = f"a.{suffix}", f"b.{suffix}"
    done = studio("apply", "style/tiny", photo, "-o", first, "--set", "mask=mask.png")
    assert done.returncode == 0, done.stderr
    halves(tmp_path / "mask.png", turned=True)
    done = studio("replay", first, photo, "-o", again)
    assert done.returncode == 0, done.stderr
    assert np.array_equal(pixels(tmp_path / first), pixels(tmp_path / again))
    (tmp_path / "mask.png").unlink()
    assert studio("replay", again, photo, "-o", f"c.{suffix}").returncode == 0


def test_that_a_result_without_its_picture_says_what_it_was_made_of(
    studio: Studio, photo: Path
) -> None:
    assert studio("apply", "style/tiny", photo, "-o", "made of it.png").returncode == 0
    done = studio("replay", "made of it.png", "-o", "again.png")
    assert done.returncode == 2
    assert done.stderr.strip() == (
        f"studio: error: made of it.png was made of {photo.name}, and no picture is given to do the"
        " same to; give one behind it: studio replay 'made of it.png' IN -o again.png"
    )


def test_that_a_mask_of_a_large_file_is_recorded_small_beside_what_the_camera_said(
    studio: Studio, tmp_path: Path
) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Camera"
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.MakerNote] = b"n" * (20 << 10)
    Image.fromarray(draw_photo(96, 64)).save(tmp_path / "größe.jpg", exif=exif)
    rng = np.random.default_rng(0)
    rough = Image.fromarray(rng.integers(0, 2, (30, 45), np.uint8) * 255)
    rough.resize((4500, 3000), Image.Resampling.NEAREST).save(tmp_path / "large.png")
    done = studio("apply", "style/tiny", "größe.jpg", "-o", "a.jpg", "--set", "mask=large.png")
    assert done.returncode == 0, done.stderr
    record = read_request(tmp_path / "a.jpg") or ""
    assert 12_000 < len(record) < 40_000, "with the mask"
    assert from_json(record).source == "größe.jpg"
    with Image.open(tmp_path / "a.jpg") as image:
        assert image.getexif()[ExifTags.Base.Make] == "Camera"
        assert ExifTags.Base.MakerNote in image.getexif().get_ifd(ExifTags.IFD.Exif)
    assert studio("replay", "a.jpg", "größe.jpg", "-o", "b.jpg").returncode == 0
    first, again = (pixels(tmp_path / name).astype(int) for name in ("a.jpg", "b.jpg"))
    assert np.abs(first - again).mean() < 3


def test_that_a_mask_without_room_in_the_record_is_asked_for_and_no_other_is_taken(
    studio: Studio, photo: Path, tmp_path: Path
) -> None:
    mask = grain(tmp_path / "mask.png")
    assert studio("apply", "style/tiny", photo, "-o", "a.png", "--set", f"mask={mask}"
                  ).returncode == 0  # fmt: skip
    assert hashlib.sha256(mask.read_bytes()).hexdigest() in (read_request(tmp_path / "a.png") or "")
    done = studio("replay", "a.png", photo, "-o", "b.png")
    assert done.returncode == 2
    assert "--set mask=FILE" in done.stderr
    other = halves(tmp_path / "other.png")
    done = studio("replay", "a.png", photo, "-o", "b.png", "--set", f"mask={other}")
    assert done.returncode == 2
    assert "is not the mask" in done.stderr
    assert not (tmp_path / "b.png").exists()
    moved = mask.rename(tmp_path / "moved.png")
    done = studio("replay", "a.png", photo, "-o", "b.png", "--set", f"mask={moved}")
    assert done.returncode == 0, done.stderr
    assert np.array_equal(pixels(tmp_path / "a.png"), pixels(tmp_path / "b.png"))


def test_that_a_painted_mask_without_room_in_the_record_is_replayed_for_it_has_no_file(
    studio: Studio, photo: Path, tmp_path: Path
) -> None:
    rng = np.random.default_rng(0)
    rough = Image.fromarray(rng.integers(0, 256, (150, 225), np.uint8))
    rough = rough.resize((1024, 683), Image.Resampling.BICUBIC)
    rough.save(tmp_path / "painted.png")
    painted = from_png((tmp_path / "painted.png").read_bytes())
    (tmp_path / "painted.png").unlink()
    done = studio("apply", "style/tiny", photo, "-o", "a.png", "--set", f"mask={painted}")
    assert done.returncode == 0, done.stderr
    done = studio("replay", "a.png", photo, "-o", "b.png")
    assert done.returncode == 0, done.stderr
    first, again = (pixels(tmp_path / name).astype(int) for name in ("a.png", "b.png"))
    assert np.abs(first - again).mean() < 3


def test_that_a_mask_that_an_older_record_only_names_is_asked_for(
    studio: Studio, photo: Path, tmp_path: Path
) -> None:
    mask = halves(tmp_path / "mask.png")
    studio("apply", "style/tiny", photo, "-o", "a.png", "--set", f"mask={mask}")
    record = read_request(tmp_path / "a.png") or ""
    start = record.index("data:")
    older = record[:start] + "mask.png" + record[record.index('"', start) :]
    with Image.open(tmp_path / "a.png") as image:
        info = PngInfo()
        info.add_text("studio.request", older)
        image.save(tmp_path / "older.png", pnginfo=info)
    done = studio("replay", "older.png", photo, "-o", "b.png")
    assert done.returncode == 2
    assert "--set mask=FILE" in done.stderr


def test_that_a_damaged_mask_is_said(studio: Studio, photo: Path) -> None:
    for broken in (from_png(b"no picture"), "data:image/png;base64,????"):
        done = studio("apply", "style/tiny", photo, "-o", "a.png", "--set", f"mask={broken}")
        assert done.returncode == 2
        assert "the mask is damaged" in done.stderr
