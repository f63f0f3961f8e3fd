"""Picture files through the doors: what comes in, and what goes out again."""

import io
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image
from skimage import data

from studio.core.formats.suffixes import READABLE, SUFFIXES
from studio.core.picture import Metadata, Picture
from studio.core.picture_files import open_picture, save_picture, write_picture
from studio.core.requests import SaveOptions

PHOTO: NDArray[np.uint8] = data.astronaut()[:96, 100:228]
LOSSY = {".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".avif", ".heic", ".heif", ".hif"}


pytestmark = pytest.mark.usefixtures("in_many_strips")


def sixteen_bits(shape: tuple[int, ...]) -> NDArray[np.uint16]:
    return np.random.default_rng(1).integers(0, 65536, shape, dtype=np.uint16)


def eight_bits(picture: Picture) -> NDArray[np.uint8]:
    return np.rint(picture.pixels * 255).astype(np.uint8)


def drawn(array: NDArray[Any], alpha: NDArray[Any] | None = None, bits: int = 8) -> Picture:
    white = np.float32((1 << bits) - 1)
    cover = None if alpha is None else alpha / white
    return Picture(array / white, cover, Metadata(bits=bits))


def mean_error(picture: Picture, array: NDArray[np.uint8]) -> float:
    return float(np.abs(picture.pixels - array / np.float32(255)).mean())


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
def test_that_every_format_is_saved_and_opened_again(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"photo{suffix}"
    save_picture(drawn(PHOTO), path)
    picture = open_picture(path)
    assert picture.metadata.format == SUFFIXES[suffix]
    assert (picture.width, picture.height) == (128, 96)
    assert picture.metadata.bits == 8
    tolerance = 0.05 if suffix == ".gif" else 0.02 if suffix in LOSSY else 0
    assert mean_error(picture, PHOTO) <= tolerance
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
def test_that_a_file_is_opened_from_a_stream_that_cannot_seek(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"photo{suffix}"
    save_picture(drawn(PHOTO), path)
    with path.open("rb") as file:
        assert np.array_equal(open_picture(file).pixels, open_picture(path).pixels)


def test_that_a_picture_is_written_to_a_stream() -> None:
    for name in ("PNG", "png", "tif"):
        out = io.BytesIO()
        write_picture(drawn(PHOTO), out, name)
        assert np.array_equal(eight_bits(open_picture(io.BytesIO(out.getvalue()))), PHOTO)


def test_that_upper_case_suffixes_and_unicode_names_are_taken(tmp_path: Path) -> None:
    folder = tmp_path / "Bilder für Ωmega 写真"
    folder.mkdir()
    for suffix in (*SUFFIXES, ".JPG", ".Png"):
        path = folder / f"Мона Лиза 🐈 é{suffix}"
        save_picture(drawn(PHOTO), path, SaveOptions(overwrite=True))
        assert open_picture(path).width == 128


@pytest.mark.parametrize("suffix", [".png", ".tif", ".bmp", ".webp", ".heic"])
def test_that_a_lossless_round_trip_changes_no_pixel(suffix: str, tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (61, 77, 3), dtype=np.uint8)
    path = tmp_path / f"noise{suffix}"
    save_picture(drawn(noise), path, SaveOptions(lossless=True))
    assert np.array_equal(eight_bits(open_picture(path)), noise)


@pytest.mark.parametrize(("lossless", "chroma"), [(None, 1), (True, 3)])
def test_that_a_heic_is_of_the_kind_that_every_reader_knows(
    lossless: bool | None, chroma: int, tmp_path: Path
) -> None:
    picture = Picture(np.full((32, 48, 3), 0.5, np.float32))
    save_picture(picture, tmp_path / "a.heic", SaveOptions(97, lossless))
    whole = (tmp_path / "a.heic").read_bytes()
    assert whole[whole.index(b"hvcC") + 20] & 3 == chroma, "samples of ISO/IEC 14496-15, 8.3.2"


def test_that_a_lossless_avif_is_as_good_as_exact(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (61, 77, 3), dtype=np.uint8)
    save_picture(drawn(noise), tmp_path / "a.avif", SaveOptions(lossless=True))
    found = eight_bits(open_picture(tmp_path / "a.avif")).astype(int)
    assert np.abs(found - noise).max() <= 3


@pytest.mark.parametrize("suffix", [".png", ".tif"])
@pytest.mark.parametrize("alpha", [False, True])
def test_that_a_16_bit_round_trip_changes_no_value(
    suffix: str, alpha: bool, tmp_path: Path
) -> None:
    original = sixteen_bits((50, 70, 4 if alpha else 3))
    source, result = tmp_path / f"a{suffix}", tmp_path / f"b{suffix}"
    if suffix == ".png":
        source.write_bytes(imagecodecs.png_encode(original))
    else:
        extra = ["unassalpha"] if alpha else None
        tifffile.imwrite(source, original, photometric="rgb", extrasamples=extra)
    picture = open_picture(source)
    assert picture.metadata.bits == 16
    save_picture(picture.with_pixels(picture.pixels.copy()), result)
    read = imagecodecs.png_decode if suffix == ".png" else lambda b: tifffile.imread(io.BytesIO(b))
    assert np.array_equal(read(result.read_bytes()), original)


@pytest.mark.parametrize("suffix", [".png", ".tif"])
@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
def test_that_grey_stays_the_same_grey(suffix: str, kind: Any, tmp_path: Path) -> None:
    grey = sixteen_bits((40, 60)).astype(kind)
    source, result = tmp_path / f"a{suffix}", tmp_path / f"b{suffix}"
    if suffix == ".png":
        source.write_bytes(imagecodecs.png_encode(grey))
    else:
        tifffile.imwrite(source, grey, photometric="minisblack")
    save_picture(open_picture(source), result)
    again = open_picture(result)
    whole = np.rint(again.pixels * np.iinfo(kind).max)
    assert again.metadata.bits == np.iinfo(kind).bits
    assert np.array_equal(whole, grey[..., None].repeat(3, 2))


def test_that_a_high_quality_jpeg_keeps_its_colours_whole(tmp_path: Path) -> None:
    for quality, sampling in ((92, (1, 1)), (80, (2, 2))):
        path = tmp_path / f"{quality}.jpg"
        save_picture(drawn(PHOTO), path, SaveOptions(quality))
        with Image.open(path) as image:
            assert image.layer[0][1:3] == sampling


def test_that_values_beyond_the_range_are_cut_off(tmp_path: Path) -> None:
    pixels = np.array([[[-1, 0.5, 2]]], np.float32)
    save_picture(Picture(pixels), tmp_path / "a.png")
    assert eight_bits(open_picture(tmp_path / "a.png")).tolist() == [[[0, 128, 255]]]


def test_that_a_png_written_here_is_well_formed_to_others(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    save_picture(drawn(PHOTO), path, request_json='{"seed": 1}')
    with Image.open(path) as image:
        assert np.array_equal(np.asarray(image), PHOTO)
        assert image.info["studio.request"] == '{"seed": 1}'
    assert zlib.crc32(path.read_bytes()[12:29]) == int.from_bytes(path.read_bytes()[29:33], "big")


def test_that_raw_suffixes_are_readable_and_not_writable() -> None:
    assert {".dng", ".cr3", ".nef", ".arw", ".png"} <= READABLE
    assert ".dng" not in SUFFIXES


def test_that_importing_the_doors_loads_no_heavy_library() -> None:
    code = (
        "import sys, studio.core.picture_files;"
        "print([m for m in ('tifffile', 'rawpy', 'imagecodecs', 'pillow_heif', 'torch', 'PySide6')"
        " if m in sys.modules])"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
