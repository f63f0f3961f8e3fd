"""Pixels of every mode and layout come in as others show them."""

import struct
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image, ImageCms

from studio.core.picture import Metadata, Picture
from studio.core.picture_files import open_picture, save_picture
from studio.core.requests import SaveOptions
from tests.core.test_picture_files import PHOTO, drawn, eight_bits, mean_error, sixteen_bits

pytestmark = pytest.mark.usefixtures("in_many_strips")


ALPHA = (np.arange(128, dtype=np.uint8) * 2)[None].repeat(96, 0)


def transparency(picture: Picture) -> NDArray[np.uint8]:
    assert picture.alpha is not None
    return np.rint(picture.alpha * 255).astype(np.uint8)


@pytest.mark.parametrize("suffix", [".png", ".tif", ".webp", ".avif", ".heic"])
@pytest.mark.parametrize("bits", [8, 16])
def test_that_alpha_survives(suffix: str, bits: int, tmp_path: Path) -> None:
    path = tmp_path / f"a{suffix}"
    factor = 1 if bits == 8 else 257
    save_picture(drawn(PHOTO * np.uint16(factor), ALPHA * np.uint16(factor), bits), path)
    found = transparency(open_picture(path)).astype(int)
    assert np.abs(found - ALPHA).max() <= (0 if suffix in {".png", ".tif", ".webp"} else 3)


def test_that_colours_under_full_transparency_are_kept(tmp_path: Path) -> None:
    for suffix in (".png", ".tif", ".webp"):
        path = tmp_path / f"a{suffix}"
        save_picture(drawn(PHOTO, ALPHA * 0), path, SaveOptions(lossless=True))
        assert np.array_equal(eight_bits(open_picture(path)), PHOTO)


@pytest.mark.parametrize("suffix", [".jpg", ".bmp"])
def test_that_formats_without_alpha_show_white_paper(suffix: str, tmp_path: Path) -> None:
    black, clear = np.zeros((16, 16, 3), np.uint8), np.zeros((16, 16), np.uint8)
    path = tmp_path / f"a{suffix}"
    save_picture(drawn(black, clear), path)
    picture = open_picture(path)
    assert picture.alpha is None
    assert picture.pixels.min() > 0.98


def test_that_a_transparent_palette_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    indexed = Image.fromarray(np.array([[0, 1, 2]], np.uint8), "P")
    indexed.putpalette([255, 0, 0, 0, 255, 0, 0, 0, 255])
    indexed.save(path, transparency=bytes([0, 128, 255]))
    picture = open_picture(path)
    assert transparency(picture).tolist() == [[0, 128, 255]]
    assert eight_bits(picture).tolist() == [[[255, 0, 0], [0, 255, 0], [0, 0, 255]]]


def test_that_a_transparent_colour_key_is_opened(tmp_path: Path) -> None:
    for mode, key in (("L", 5), ("RGB", (5, 5, 5))):
        path = tmp_path / f"{mode}.png"
        grey = Image.fromarray(np.array([[5, 6]], np.uint8))
        grey.convert(mode).save(path, transparency=key)
        assert transparency(open_picture(path)).tolist() == [[0, 255]]


@pytest.mark.parametrize(
    ("suffix", "mode"),
    [
        (suffix, mode)
        for suffix in (".png", ".gif", ".bmp", ".webp", ".tif")
        for mode in ("1", "L", "LA", "P", "RGB", "RGBA")
        if (suffix, mode) != (".bmp", "LA")  # there is no such BMP
    ],
)
def test_that_every_mode_of_pillow_comes_in_as_pillow_shows_it(
    mode: str, suffix: str, tmp_path: Path
) -> None:
    path = tmp_path / f"a{suffix}"
    image = Image.fromarray(np.dstack([PHOTO, ALPHA])).convert(mode)
    image.save(path, **({"lossless": True} if suffix == ".webp" else {}))
    with Image.open(path) as again:
        shown = np.asarray(again.convert("RGBA"))
    picture = open_picture(path)
    assert np.array_equal(eight_bits(picture), shown[..., :3])
    if picture.alpha is not None:
        assert np.array_equal(transparency(picture), shown[..., 3])
    else:
        assert shown[..., 3].min() == 255


@pytest.mark.parametrize("suffix", [".gif", ".webp", ".png", ".avif"])
def test_that_a_moving_picture_gives_its_first_frame(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{suffix}"
    red, blue = (Image.new("RGB", (32, 32), colour) for colour in ("#f00", "#00f"))
    red.save(path, save_all=True, append_images=[blue, red, blue], duration=50)
    picture = open_picture(path)
    assert np.abs(picture.pixels[16, 16] - (1, 0, 0)).max() < 0.03


def cmyk_profile() -> bytes:
    """A profile under which any ink is pure green, so that no formula gives the same (ICC lut8)."""
    green = bytes([round(87.8 * 2.55), 128 - 79, 128 + 81])
    ramp = bytes(range(256))
    clut = bytes([255, 128, 128]) + green * 15
    identity = struct.pack(">9i", *(65536 if i % 4 == 0 else 0 for i in range(9)))
    table = b"mft1\0\0\0\0" + bytes([4, 3, 2, 0]) + identity + ramp * 4 + clut + ramp * 3
    text = b"text\0\0\0\0test\0"
    white = b"XYZ \0\0\0\0" + struct.pack(">3i", 63190, 65536, 54061)
    tags, at, body = [], 128 + 4 + 12 * 4, b""
    for name, content in ((b"desc", text), (b"cprt", text), (b"wtpt", white), (b"A2B0", table)):
        padded = content + b"\0" * (-len(content) % 4)
        tags.append(struct.pack(">4sII", name, at + len(body), len(content)))
        body += padded
    header = struct.pack(
        ">I4sI4s4s4s12s4s", at + len(body), b"lcms", 0x02400000, b"prtr", b"CMYK", b"Lab ",
        bytes(12), b"acsp",
    )  # fmt: skip
    header += bytes(28) + struct.pack(">3i", 63190, 65536, 54061)
    return header.ljust(128, b"\0") + struct.pack(">I", 4) + b"".join(tags) + body


def test_that_a_cmyk_jpeg_without_a_profile_comes_in_as_rgb(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    Image.fromarray(PHOTO).convert("CMYK").save(path, quality=98, subsampling=0)
    picture = open_picture(path)
    assert mean_error(picture, PHOTO) < 0.02
    assert picture.metadata.icc is None


@pytest.mark.parametrize("suffix", [".jpg", ".tif"])
def test_that_cmyk_goes_through_its_own_profile(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{suffix}"
    inked = Image.new("CMYK", (16, 16), (255, 0, 0, 0))
    inked.save(path, icc_profile=cmyk_profile())
    picture = open_picture(path)
    assert np.abs(picture.pixels[8, 8] - (0, 1, 0)).max() < 0.1
    assert picture.metadata.icc is None
    Image.new("CMYK", (16, 16), (0, 0, 0, 0)).save(path, icc_profile=cmyk_profile())
    assert open_picture(path).pixels.min() > 0.97


def test_that_grey_goes_through_its_own_profile(tmp_path: Path) -> None:
    grey = np.arange(0, 65536, 257, dtype=np.uint16)[None]
    profile = imagecodecs.cms_profile("gray", gamma=1.0)
    tifffile.imwrite(tmp_path / "a.tif", grey, photometric="minisblack", iccprofile=profile)
    picture = open_picture(tmp_path / "a.tif")
    linear = grey[0] / 65535
    srgb = np.where(linear < 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    assert np.abs(picture.pixels[0] - srgb[:, None]).max() < 0.004
    assert picture.metadata.icc is None


def test_that_lab_comes_in_as_srgb(tmp_path: Path) -> None:
    image = Image.fromarray(PHOTO)
    to_lab = ImageCms.buildTransform(
        ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB"
    )
    lab = ImageCms.applyTransform(image, to_lab)
    assert lab is not None
    lab.save(tmp_path / "a.tif")
    assert mean_error(open_picture(tmp_path / "a.tif"), PHOTO) < 0.01


@pytest.mark.parametrize("compression", ["none", "tiff_lzw", "tiff_adobe_deflate", "packbits"])
@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "CMYK", "RGBA"])
def test_that_tiffs_of_every_compression_open(mode: str, compression: str, tmp_path: Path) -> None:
    image = Image.fromarray(PHOTO).convert(mode)
    image.save(tmp_path / "a.tif", compression=compression)
    expected = np.asarray(image.convert("RGB")).astype(int)
    found = eight_bits(open_picture(tmp_path / "a.tif"))
    assert np.abs(found - expected).max() <= (1 if mode == "CMYK" else 0)


def test_that_a_tiff_with_jpeg_inside_opens(tmp_path: Path) -> None:
    Image.fromarray(PHOTO).save(tmp_path / "a.tif", compression="jpeg", quality=95)
    assert mean_error(open_picture(tmp_path / "a.tif"), PHOTO) < 0.02


@pytest.mark.parametrize("layout", ["planes", "tiles", "big-endian", "bigtiff", "negative"])
def test_that_tiffs_of_every_layout_open(layout: str, tmp_path: Path) -> None:
    path, rgb = tmp_path / "a.tif", sixteen_bits((48, 64, 3))
    match layout:
        case "planes":
            planes = np.moveaxis(rgb, -1, 0)
            tifffile.imwrite(path, planes, photometric="rgb", planarconfig="separate")
        case "tiles":
            tifffile.imwrite(path, rgb, photometric="rgb", tile=(16, 16), compression="zlib")
        case "big-endian":
            tifffile.imwrite(path, rgb, photometric="rgb", byteorder=">")
        case "bigtiff":
            tifffile.imwrite(path, rgb, photometric="rgb", bigtiff=True)
        case _:
            rgb = rgb[..., :1].repeat(3, 2)
            tifffile.imwrite(path, 65535 - rgb[..., 0], photometric="miniswhite")
    assert np.array_equal(np.rint(open_picture(path).pixels * 65535), rgb)


def test_that_premultiplied_alpha_is_undone(tmp_path: Path) -> None:
    rgba = np.full((8, 8, 4), 128, np.uint8)
    tifffile.imwrite(tmp_path / "a.tif", rgba, photometric="rgb", extrasamples=["assocalpha"])
    picture = open_picture(tmp_path / "a.tif")
    assert picture.pixels.min() == 1
    assert transparency(picture).min() == 128


def test_that_a_10_bit_heic_is_kept_as_more_than_8_bits(tmp_path: Path) -> None:
    ramp = np.linspace(0, 1, 1024, dtype=np.float32)[None, :, None].repeat(64, 0).repeat(3, 2)
    save_picture(Picture(ramp, None, Metadata(bits=16)), tmp_path / "a.heic", SaveOptions(100))
    picture = open_picture(tmp_path / "a.heic")
    assert picture.metadata.bits == 10
    assert len(np.unique(picture.pixels)) > 512
    assert picture.pixels.max() == 1
