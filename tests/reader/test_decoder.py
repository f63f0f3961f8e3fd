"""What the window is given of a file, and how often the file is decoded for it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import skimage.data
from PIL import Image, ImageCms

from studio.core.picture_files import open_picture
from studio.reader.decoder import Decoder
from studio.reader.kept import Decoded, Kept
from studio.reader.orders import AheadWish, LengthWish, Levels, PatchWish, PhotoWish, ThumbnailWish
from tests.clips import write_clip
from tests.core.test_picture_raw import dng

if TYPE_CHECKING:
    from studio.reader.orders import Found, Wish


class Counting(Decoder):
    """Counts the files that are decoded."""

    def __init__(self) -> None:
        super().__init__()
        self.decoded: list[Path] = []
        self.drafts: list[Levels] = []

    def read(self, path: Path, seconds: float | None, check: object) -> Levels:
        self.decoded.append(path)
        return super().read(path, seconds, lambda: None)

    def ask(self, wish: Wish) -> Found:
        return self.do(wish, self.drafts.append, lambda: None)

    def levels(self, wish: Wish) -> Levels:
        found = self.ask(wish)
        assert isinstance(found, Levels)
        return found


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A photo of 2400 x 1800 px that was taken upright, with a profile."""
    path = tmp_path / "large.jpg"
    photo = Image.fromarray(skimage.data.astronaut()).resize((2400, 1800))
    exif = Image.Exif()
    exif[0x0112] = 6
    photo.save(path, exif=exif, icc_profile=ImageCms.ImageCmsProfile(
        ImageCms.createProfile("sRGB")).tobytes(), quality=92)  # fmt: skip
    return path


def test_that_a_draft_has_the_turn_the_size_and_the_profile_of_the_photo(large: Path) -> None:
    decoder = Counting()
    photo = decoder.levels(PhotoWish(large, 1280))
    (draft,) = decoder.drafts
    assert draft.is_draft
    assert not photo.is_draft
    assert draft.full_size == photo.full_size == (1800, 2400)
    assert draft.icc == photo.icc == open_picture(large).metadata.icc
    assert photo.pixels.shape == (1280, 960, 3)
    height, width = draft.pixels.shape[:2]
    assert 640 <= height <= 1280
    small = Image.fromarray(photo.pixels).resize((width, height), Image.Resampling.BOX)
    difference = np.abs(np.asarray(small, np.float32) - draft.pixels)
    assert difference.mean() < 4, "levels of 255"


def test_that_one_decoding_serves_screen_thumbnail_and_parts(large: Path) -> None:
    decoder = Counting()
    decoder.ask(AheadWish(large, 1280))
    screen = decoder.levels(PhotoWish(large, 1280))
    thumbnail = decoder.levels(ThumbnailWish(large, 128))
    part = decoder.levels(PatchWish(large, (100, 200, 64, 32)))
    assert decoder.decoded == [large]
    assert not decoder.drafts, "it was there at once"
    assert screen.pixels.shape == (1280, 960, 3)
    assert thumbnail.pixels.shape[:2] == (171, 128)
    whole = np.rint(open_picture(large).pixels * 255)
    assert np.array_equal(part.pixels, whole[200:232, 100:164])


def test_that_a_file_that_was_written_anew_is_decoded_anew(large: Path) -> None:
    decoder = Counting()
    decoder.ask(PhotoWish(large, 1280))
    Image.new("RGB", (50, 40), "green").save(large)
    assert decoder.levels(PhotoWish(large, 1280)).full_size == (50, 40)


def test_that_a_thumbnail_of_a_large_jpeg_takes_no_decoding_of_all_of_it(large: Path) -> None:
    decoder = Counting()
    assert decoder.levels(ThumbnailWish(large, 128)).pixels.shape[:2] == (171, 128)
    assert not decoder.decoded


@pytest.mark.parametrize("mode", ["RGBA", "L", "CMYK", "I;16", "P"])
def test_that_the_screen_shows_what_a_tool_is_given(mode: str, tmp_path: Path) -> None:
    path = tmp_path / ("a.tif" if mode in {"CMYK", "I;16"} else "a.png")
    photo = Image.fromarray(skimage.data.chelsea()[:90, :120])
    if mode == "I;16":
        Image.fromarray(np.asarray(photo.convert("L")).astype(np.uint16) * 256).save(path)
    else:
        photo = photo.convert(mode)
        if mode == "RGBA":
            photo.putalpha(Image.linear_gradient("L").resize(photo.size))
        photo.save(path)
    shown, picture = Counting().levels(PhotoWish(path, 1280)), open_picture(path)
    assert np.abs(shown.pixels[..., :3] - picture.pixels * 255).max() <= 0.51
    if mode == "RGBA":
        assert picture.alpha is not None
        assert np.abs(shown.pixels[..., 3] - picture.alpha * 255).max() <= 0.51


def test_that_a_draft_of_a_raw_is_the_same_photo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studio.reader.decoder._LEAST_DRAFTED", 100)
    path = tmp_path / "photo.dng"
    path.write_bytes(dng(orientation=6))
    decoder = Counting()
    photo = decoder.levels(PhotoWish(path, 1280))
    (draft,) = decoder.drafts
    assert draft.full_size == photo.full_size == (64, 96)
    assert draft.pixels.shape == (48, 32, 3)
    inner = np.s_[8:-8, 8:-8]
    twice = np.repeat(np.repeat(draft.pixels, 2, 0), 2, 1).astype(np.float32)
    assert np.abs(twice[inner] - photo.pixels[inner]).mean() < 8, "levels of 255"


def test_that_a_video_has_a_length_and_frames_and_its_first_one_is_decoded_once(
    tmp_path: Path,
) -> None:
    clip = write_clip(tmp_path / "clip.mp4", times=tuple(range(0, 90_000, 3600)), size=(160, 120))
    decoder = Counting()
    reel = decoder.ask(LengthWish(clip))
    assert getattr(reel, "seconds", 0) == pytest.approx(1, abs=0.05)
    first = decoder.levels(PhotoWish(clip, 1280, 0.0))
    assert decoder.levels(ThumbnailWish(clip, 64, 0.0)).pixels.shape[:2] == (64, 85)
    assert decoder.decoded == [clip]
    later = decoder.levels(PhotoWish(clip, 1280, 0.8))
    assert np.abs(later.pixels.astype(np.int16) - first.pixels).mean() > 1


def test_that_what_was_used_longest_ago_goes_where_there_is_no_room() -> None:
    def picture() -> Decoded:
        levels = Levels(np.zeros((10, 10, 3), np.uint8), None, (10, 10))
        return Decoded(levels, levels, 1280)

    kept = Kept(most=700)
    kept.keep("first", picture())
    kept.keep("second", picture())
    assert kept.find("first")
    kept.keep("third", picture())
    assert not kept.find("second")
    kept.offer("thumbnail", picture())
    assert not kept.find("thumbnail"), "nobody looks at it"
    assert kept.find("first")
    assert kept.find("third")
    kept.keep("ahead", picture(), ahead=True)
    assert kept.find("third"), "it is looked at"
    assert kept.find("ahead")
    assert not kept.find("first")
