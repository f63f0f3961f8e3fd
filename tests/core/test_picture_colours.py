"""What a file says of its colours without a profile holds for the result."""

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pillow_heif
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image, ImageCms
from skimage import data

from studio.core.formats.metadata.ifd import EXIF, INTEROPERABILITY, SHORT, Directory, Value, built
from studio.core.picture import Picture
from studio.core.picture_files import open_picture, save_picture

PHOTO: NDArray[np.uint8] = data.coffee()[100:148, 100:164]
P3, PQ, HLG = (12, 13), (9, 16), (9, 18)
LOSSLESS = {".png", ".tif", ".bmp"}


def heic(path: Path, cicp: tuple[int, int], pixels: NDArray[np.uint16]) -> Path:
    library: Any = pillow_heif
    image = library.from_bytes("RGB;16", (pixels.shape[1], pixels.shape[0]), pixels.tobytes())
    image.save(
        path, quality=100, chroma=444, save_nclx_profile=True, color_primaries=cicp[0],
        transfer_characteristics=cicp[1], matrix_coefficients=9, full_range_flag=1,
    )  # fmt: skip
    return path


def png(path: Path, *chunks: tuple[bytes, bytes]) -> Path:
    Image.fromarray(PHOTO).save(path)
    whole = path.read_bytes()
    made = b"".join(
        struct.pack(">I", len(c)) + kind + c + struct.pack(">I", zlib.crc32(kind + c))
        for kind, c in chunks
    )
    path.write_bytes(whole[:33] + made + whole[33:])
    return path


def source(path: Path, cicp: tuple[int, int]) -> Path:
    """A picture of such colours, in the format of the suffix."""
    if path.suffix == ".heic":
        return heic(path, cicp, PHOTO.astype(np.uint16) * 257)
    if path.suffix == ".avif":
        encoded = imagecodecs.avif_encode(PHOTO, level=95, primaries=cicp[0], transfer=cicp[1])
        path.write_bytes(encoded)
        return path
    return png(path, (b"cICP", bytes([*cicp, 0, 1])))


def in_srgb(path: Path) -> NDArray[np.float64]:
    """The picture as a program that knows profiles, and nothing else, shows it."""
    with Image.open(path) as image:
        profile = image.info.get("icc_profile")
        pixels = np.asarray(image.convert("RGB"))
    if profile:
        srgb = imagecodecs.cms_profile("srgb")
        pixels = imagecodecs.cms_transform(
            pixels, profile, srgb, colorspace="rgb", outcolorspace="rgb", outdtype="uint8"
        )
    return pixels.astype(np.float64)


@pytest.mark.parametrize("before", [".png", ".heic", ".avif"])
@pytest.mark.parametrize("after", [".png", ".heic", ".avif"])
@pytest.mark.parametrize("cicp", [P3, PQ, HLG])
def test_that_numbered_colours_stay_where_the_format_has_numbers(
    before: str, after: str, cicp: tuple[int, int], tmp_path: Path
) -> None:
    picture = open_picture(source(tmp_path / f"a{before}", cicp))
    assert picture.metadata.cicp == cicp
    said: list[str] = []
    save_picture(picture, tmp_path / f"b{after}", note=said.append)
    result = open_picture(tmp_path / f"b{after}")
    assert result.metadata.cicp == cicp
    assert result.metadata.icc is None
    assert np.abs(result.pixels - PHOTO / 255).mean() < 0.03
    assert said == []


@pytest.mark.parametrize("suffix", [".jpg", ".webp", ".tif", ".bmp"])
def test_that_numbered_colours_become_a_profile_or_srgb(suffix: str, tmp_path: Path) -> None:
    picture = open_picture(source(tmp_path / "a.png", P3))
    save_picture(picture, tmp_path / f"b{suffix}")
    # A saturated colour of Display P3, by the matrices of the two (W3C CSS Color 4).
    linear = np.where(PHOTO > 10, ((PHOTO / 255 + 0.055) / 1.055) ** 2.4, PHOTO / 255 / 12.92)
    to_srgb = np.array([[1.2249, -0.2247, 0], [-0.0420, 1.0419, 0], [-0.0197, -0.0786, 1.0979]])
    light = np.clip(linear @ to_srgb.T, 0, 1)
    meant = 255 * np.where(light > 0.0031, 1.055 * light ** (1 / 2.4) - 0.055, 12.92 * light)
    error = np.abs(in_srgb(tmp_path / f"b{suffix}") - meant)
    assert error.mean() < (1 if suffix in LOSSLESS else 4)
    assert open_picture(tmp_path / f"b{suffix}").metadata.cicp is None


def test_that_a_profile_is_the_same_on_any_day(tmp_path: Path) -> None:
    picture = open_picture(source(tmp_path / "a.png", P3))
    save_picture(picture, tmp_path / "b.jpg")
    with Image.open(tmp_path / "b.jpg") as image:
        profile = image.info["icc_profile"]
    assert profile[24:36] == struct.pack(">6H", 2000, 1, 1, 0, 0, 0)
    assert ImageCms.getProfileName(ImageCms.ImageCmsProfile(io.BytesIO(profile)))


@pytest.mark.parametrize("suffix", [".jpg", ".tif", ".webp"])
def test_that_hdr_is_tone_mapped_where_it_cannot_be_and_it_is_said(
    suffix: str, tmp_path: Path
) -> None:
    # Greys of 0, 20, 203 (paper) and 4000 cd/m2 by SMPTE ST 2084.
    steps = np.array([0, 0.3570, 0.5807, 0.9026])
    pixels = np.rint(np.repeat(steps, 16)[None, :, None].repeat(32, 0).repeat(3, 2) * 65535)
    picture = open_picture(heic(tmp_path / "a.heic", PQ, pixels.astype(np.uint16)))
    said: list[str] = []
    save_picture(picture, tmp_path / f"b{suffix}", note=said.append)
    result = open_picture(tmp_path / f"b{suffix}")
    assert (result.metadata.cicp, result.metadata.icc) == (None, None)
    black, dark, paper, light = result.pixels[16, [8, 24, 40, 56], 1]
    assert black < 0.02
    assert dark == pytest.approx(1.055 * (20 / 203) ** (1 / 2.4) - 0.055, abs=0.03)
    assert 0.85 < paper < 0.97
    assert paper < light
    assert light > 0.98
    assert any("tone-mapped" in each for each in said)


def test_that_a_linear_png_stays_as_bright_as_it_is(tmp_path: Path) -> None:
    picture = open_picture(png(tmp_path / "a.png", (b"gAMA", struct.pack(">I", 100_000))))
    save_picture(picture, tmp_path / "b.png")
    light = PHOTO / 255
    meant = 255 * np.where(light > 0.0031, 1.055 * light ** (1 / 2.4) - 0.055, 12.92 * light)
    assert np.array_equal(np.asarray(Image.open(tmp_path / "b.png")), PHOTO)
    assert np.abs(in_srgb(tmp_path / "b.png") - meant).mean() < 1.5


def test_that_primaries_alone_are_enough_for_a_profile(tmp_path: Path) -> None:
    p3 = (0.3127, 0.3290, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060)
    points = struct.pack(">8I", *(round(value * 100_000) for value in p3))
    save_picture(open_picture(png(tmp_path / "a.png", (b"cHRM", points))), tmp_path / "b.png")
    save_picture(open_picture(source(tmp_path / "c.png", P3)), tmp_path / "d.tif")
    assert np.abs(in_srgb(tmp_path / "b.png") - in_srgb(tmp_path / "d.tif")).mean() < 0.5


@pytest.mark.parametrize(
    "chunks",
    [
        [(b"gAMA", struct.pack(">I", 45455))],
        [(b"cHRM", struct.pack(">8I", 31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000))],
        [(b"gAMA", struct.pack(">I", 100_000)), (b"sRGB", b"\0")],
        [(b"cICP", bytes([1, 13, 0, 1]))],
        [(b"gAMA", b"\0\0\0\0")],
    ],
)
def test_that_srgb_by_any_word_is_srgb(chunks: list[tuple[bytes, bytes]], tmp_path: Path) -> None:
    said = open_picture(png(tmp_path / "a.png", *chunks)).metadata
    assert (said.icc, said.cicp) == (None, None)


@pytest.mark.parametrize("suffix", [".bmp", ".gif"])
def test_that_a_format_without_a_profile_gets_srgb(suffix: str, tmp_path: Path) -> None:
    p3 = open_picture(source(tmp_path / "a.png", P3))
    save_picture(p3, tmp_path / "with.png")
    said: list[str] = []
    save_picture(p3, tmp_path / f"b{suffix}", note=said.append)
    assert said == [
        f"{suffix[1:].upper()} holds no colour profile: the picture is converted to sRGB"
    ]
    save_picture(Picture(p3.pixels), tmp_path / f"plain{suffix}")
    seen, plain = (in_srgb(tmp_path / f"{name}{suffix}") for name in ("b", "plain"))
    assert np.abs(seen - plain).mean() > 0.5


def curved(path: Path, tables: list[NDArray[np.float64]], dtype: str = "uint8") -> Path:
    """A TIFF whose levels mean light by tables, as `TransferFunction` has them."""
    pixels = PHOTO if dtype == "uint8" else PHOTO.astype(np.uint16) * 257
    said = np.rint(np.concatenate(tables) * 65535).astype(np.uint16)
    tags = [(301, "H", len(said), said, True)]
    tifffile.imwrite(path, pixels, photometric="rgb", metadata=None, extratags=tags)
    return path


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
@pytest.mark.parametrize("suffix", [".png", ".tif", ".bmp"])
def test_that_the_curve_of_a_tiff_stays(suffix: str, dtype: str, tmp_path: Path) -> None:
    ramp = np.linspace(0, 1, 256 if dtype == "uint8" else 65536)
    picture = open_picture(curved(tmp_path / "a.tif", [ramp, ramp, ramp**2], dtype))
    save_picture(picture, tmp_path / f"b{suffix}")
    light = PHOTO / 255
    light[..., 2] **= 2
    meant = 255 * np.where(light > 0.0031, 1.055 * light ** (1 / 2.4) - 0.055, 12.92 * light)
    assert np.abs(in_srgb(tmp_path / f"b{suffix}") - meant).mean() < 1.5
    assert picture.metadata.notes == ()


def test_that_a_curve_of_srgb_is_no_profile_and_one_of_no_use_is_said(tmp_path: Path) -> None:
    usual = np.linspace(0, 1, 256) ** 2.2
    said = open_picture(curved(tmp_path / "a.tif", [usual])).metadata
    assert (said.icc, said.notes) == (None, ())
    said = open_picture(curved(tmp_path / "b.tif", [usual[:100]])).metadata
    assert said.notes == ("the curve of its colours cannot be used, and is left out",)


@pytest.mark.parametrize("suffix", [".png", ".tif", ".bmp"])
@pytest.mark.parametrize(("space", "index"), [(0xFFFF, b"R03"), (0xFFFF, b"R98"), (1, b"R03")])
def test_that_adobe_rgb_that_exif_alone_says_stays(
    space: int, index: bytes, suffix: str, tmp_path: Path
) -> None:
    number = Value(SHORT, struct.pack("<H", space))
    below: Directory = {1: Value(2, index + b"\0")}
    said: Directory = {0xA001: number, INTEROPERABILITY: below}
    exif = b"Exif\0\0" + built("<", {EXIF: said})
    source, profile = tmp_path / "a.jpg", imagecodecs.cms_profile("adobergb")
    Image.fromarray(PHOTO).save(source, exif=exif, quality=95)
    shown = np.asarray(Image.open(source))
    if (space, index) == (0xFFFF, b"R03"):
        shown = imagecodecs.cms_transform(
            shown, profile, imagecodecs.cms_profile("srgb"), colorspace="rgb",
            outcolorspace="rgb", outdtype="uint8",
        )  # fmt: skip
    save_picture(open_picture(source), tmp_path / f"b{suffix}")
    error = np.abs(in_srgb(tmp_path / f"b{suffix}") - shown.astype(np.float64))
    assert error.mean() < 0.7
