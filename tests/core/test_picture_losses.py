"""What a format takes of a picture's pixels, or of a file there is no more of: it is said."""

import io
import struct
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pytest
import tifffile
from PIL import Image

from studio.core.errors import StudioError
from studio.core.picture import Metadata, Picture
from studio.core.picture_files import looks_like_a_picture, open_picture, save_picture
from studio.core.requests import SaveOptions
from tests.conftest import draw_photo
from tests.core.test_picture_odd import jpeg, packet_of, through
from tests.core.test_picture_readable import psd

PHOTO = draw_photo(48, 32)
FLOATS = np.divide(PHOTO, 255, dtype=np.float32)
COVER = np.linspace(0, 1, 48, dtype=np.float32)[None].repeat(32, 0)
OPAQUE = np.ones((32, 48), np.float32)
HIGH = 400


@pytest.mark.parametrize(
    ("suffix", "cover", "bits", "said"),
    [
        (".jpg", COVER, 8, "JPEG holds no transparency: the picture is laid on white"),
        (".bmp", COVER, 8, "BMP holds no transparency: the picture is laid on white"),
        (".gif", COVER, 8, "GIF holds no half-transparency: each pixel is opaque or not there"),
        (".jpg", OPAQUE, 8, ""),
        (".webp", COVER, 8, ""),
        (".jpg", None, 12, "of the original's 12 bits a channel JPEG holds 8"),
        (".webp", None, 16, "of the original's 16 bits a channel WEBP holds 8"),
        (".avif", None, 12, "of the original's 12 bits a channel AVIF holds 10"),
        (".heic", None, 16, "of the original's 16 bits a channel HEIC holds 10"),
        (".avif", None, 10, ""),
        (".tif", None, 32, "of the original's 32 bits a channel TIFF holds 16"),
        (".png", COVER, 16, ""),
    ],
)
def test_that_what_a_format_takes_of_the_pixels_is_said(
    suffix: str, cover: np.ndarray | None, bits: int, said: str, tmp_path: Path
) -> None:
    notes: list[str] = []
    picture = Picture(FLOATS, cover, Metadata(bits=bits))
    save_picture(picture, tmp_path / f"a{suffix}", note=notes.append)
    assert notes == [said][: len(said)]


def test_that_a_raw_photo_is_developed_without_such_words(tmp_path: Path) -> None:
    notes: list[str] = []
    picture = Picture(FLOATS, None, Metadata(bits=16, format="RAW"))
    save_picture(picture, tmp_path / "a.jpg", note=notes.append)
    assert notes == []


@pytest.mark.parametrize("kind", [np.float32, np.float16])
def test_that_floats_become_whole_numbers_and_it_is_said(
    kind: type[np.floating], tmp_path: Path
) -> None:
    options: dict[str, Any] = {"photometric": "rgb", "metadata": None}
    tifffile.imwrite(tmp_path / "a.tif", FLOATS.astype(kind), **options)
    after, notes = through(tmp_path / "a.tif", ".tif")
    said = ["of the original's 32 bits a channel TIFF holds 16"]
    assert notes == (said if kind is np.float32 else [])
    assert np.abs(after.pixels - FLOATS).max() < 1e-3


def layered(order: str, name: bytes, count: int) -> bytes:
    """What Photoshop puts into a TIFF for its layers, behind something else."""
    here = b"Adobe Photoshop Document Data Block\0"
    for key, data in ((b"Patt", b"abc\0"), (name, struct.pack(order + "h6x", count))):
        words = (b"8BIM", key) if order == ">" else (b"MIB8", key[::-1])
        here += b"".join(words) + struct.pack(order + "I", len(data)) + data
    return here


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(("name", "count"), [(b"Layr", 2), (b"Lr16", -1), (b"Layr", 0)])
def test_that_layers_of_a_tiff_are_said_to_be_left_out(
    order: Any, name: bytes, count: int, tmp_path: Path
) -> None:
    block = layered(order, name, count)
    options: dict[str, Any] = {"byteorder": order, "extratags": [(37724, 7, len(block), block)]}
    tifffile.imwrite(tmp_path / "a.tif", PHOTO, photometric="rgb", metadata=None, **options)
    assert through(tmp_path / "a.tif", ".tif")[1] == (
        ["what came with the photo is left out: its layers"] if count else []
    )


def test_that_layers_of_a_psd_and_sizes_of_an_ico_are_said_to_be_left_out(tmp_path: Path) -> None:
    for name, layers in (("flat.psd", 0), ("a.psd", 2)):
        (tmp_path / name).write_bytes(psd(PHOTO, 3, layers=layers))
        said = ["what came with the photo is left out: its layers"] if layers else []
        assert through(tmp_path / name, ".png")[1] == said
    Image.fromarray(PHOTO).save(tmp_path / "a.ico", sizes=[(16, 16), (32, 32), (24, 24)])
    assert "the largest of 3 pictures in it is taken" in through(tmp_path / "a.ico", ".png")[1]
    Image.fromarray(PHOTO).save(tmp_path / "one.ico", sizes=[(32, 32)])
    assert through(tmp_path / "one.ico", ".png")[1] == []


@pytest.mark.parametrize("is_moving", [False, True])
def test_that_a_lossless_webp_stays_so_unless_a_quality_is_asked_for(
    is_moving: bool, tmp_path: Path
) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (32, 48, 3), np.uint8)
    image, path = Image.fromarray(noise), tmp_path / "a.webp"
    options = {"save_all": True, "append_images": [image.rotate(180)]} if is_moving else {}
    image.save(path, lossless=True, icc_profile=imagecodecs.cms_profile("adobergb"), **options)
    after, notes = through(path, ".webp")
    assert np.array_equal(np.rint(after.pixels * 255), noise)
    assert notes == (["the first of 2 frames is taken"] if is_moving else [])
    notes = []
    save_picture(open_picture(path), tmp_path / "b.webp", SaveOptions(60), note=notes.append)
    assert notes == ["the original is a lossless WebP; the result, of quality 60, is none"]
    assert not np.array_equal(np.rint(open_picture(tmp_path / "b.webp").pixels * 255), noise)
    image.save(path, quality=90)
    assert through(path, ".webp")[1] == []
    assert (tmp_path / "out.webp").read_bytes()[12:16] == b"VP8 "


@pytest.mark.parametrize("bits", [10, 12])
def test_that_the_bits_of_an_avif_are_known(bits: int, tmp_path: Path) -> None:
    deep = PHOTO.astype(np.uint16) << (bits - 8)
    data = imagecodecs.avif_encode(deep, level=90, bitspersample=bits, pixelformat="444")
    (tmp_path / "a.avif").write_bytes(data)
    _, notes = through(tmp_path / "a.avif", ".heic")
    assert notes == ["of the original's 12 bits a channel HEIC holds 10"] * (bits == 12)


def shaped(path: Path) -> Path:
    """A JPEG whose pixels are 4 to 3."""
    data = jpeg(path).read_bytes()
    path.write_bytes(data[:13] + struct.pack(">BHH", 0, 3, 4) + data[18:])
    return path


def test_that_the_shape_of_pixels_stays_or_is_said_to_be_lost(tmp_path: Path) -> None:
    source = shaped(tmp_path / "a.jpg")
    assert through(source, ".png")[1] == []
    assert struct.pack(">4sIIB", b"pHYs", 3, 4, 0) in (tmp_path / "out.png").read_bytes()
    assert through(tmp_path / "out.png", ".jpg")[1] == []
    assert (tmp_path / "out.jpg").read_bytes()[13:18] == struct.pack(">BHH", 0, 3, 4)
    (said,) = through(source, ".webp")[1]
    assert "left out: the shape of its pixels" in said
    options: dict[str, Any] = {"resolution": (3, 4), "resolutionunit": "NONE"}
    tifffile.imwrite(tmp_path / "a.tif", PHOTO, photometric="rgb", metadata=None, **options)
    assert through(tmp_path / "a.tif", ".jpg")[1] == []
    assert (tmp_path / "out.jpg").read_bytes()[13:18] == struct.pack(">BHH", 0, 3, 4)


@pytest.mark.parametrize("lacking", [30, 300])
def test_that_a_jpeg_without_the_end_of_its_last_rows_opens_and_it_is_said(
    lacking: int, tmp_path: Path
) -> None:
    photo, path = draw_photo(300, HIGH), tmp_path / "a.jpg"
    whole = jpeg(path, pixels=photo).read_bytes()
    path.write_bytes(whole[:-lacking])
    picture = open_picture(path)
    (said,) = picture.metadata.notes
    missing = int(said.rpartition("last ")[2].partition(" ")[0])
    assert 0 < missing <= HIGH / 10
    there = photo[:-missing] / np.float32(255)
    assert np.abs(picture.pixels[:-missing] - there).mean() < 0.03
    path.write_bytes(whole[: len(whole) * 3 // 4])
    with pytest.raises(StudioError, match="cut short"):
        open_picture(path)


def test_that_marks_of_a_film_by_other_makers_are_taken_out(tmp_path: Path) -> None:
    marks = (
        '<O:OLivePhotoVersion xmlns:O="http://ns.oplus.com/photos/1.0/camera/">2'
        "</O:OLivePhotoVersion>"
        '<A:AuxiliaryImageType xmlns:A="http://ns.apple.com/pixeldatainfo/1.0/">x'
        "</A:AuxiliaryImageType><dc:title>T</dc:title>"
    )
    head = b"http://ns.adobe.com/xap/1.0/\0"
    after, notes = through(jpeg(tmp_path / "a.jpg", (0xE1, head + packet_of(marks))), ".jpg")
    assert b"OLive" not in (after.metadata.xmp or b"")
    assert b"Auxiliary" not in (after.metadata.xmp or b"")
    assert b"<dc:title>T</dc:title>" in (after.metadata.xmp or b"")
    assert notes == ["the film or gain map that came with the photo is left out"]


@pytest.mark.parametrize("has_end", [True, False])
def test_that_a_tga_is_known_whatever_its_name(has_end: bool, tmp_path: Path) -> None:
    out, path = io.BytesIO(), tmp_path / "photo.dat"
    Image.fromarray(PHOTO).save(out, "TGA")
    path.write_bytes(out.getvalue() if has_end else out.getvalue()[:-26])
    assert looks_like_a_picture(path)
    assert np.array_equal(np.rint(open_picture(path).pixels * 255), PHOTO)


@pytest.mark.parametrize(
    ("begins", "what"), [(b"\x76\x2f\x31\x01", "OpenEXR"), (b"#?RADIANCE\n", "Radiance HDR")]
)
def test_that_a_picture_that_cannot_be_read_is_called_by_its_name(
    begins: bytes, what: str, tmp_path: Path
) -> None:
    (tmp_path / "a.exr").write_bytes(begins + bytes(300))
    with pytest.raises(StudioError, match=f"{what} picture, which cannot be read"):
        open_picture(tmp_path / "a.exr")
