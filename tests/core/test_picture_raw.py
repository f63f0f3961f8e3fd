"""Camera RAW, with a small DNG that the tests write themselves."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from PIL import Image

from studio.core.errors import StudioError
from studio.core.picture_files import open_picture, read_request, save_picture

WIDTH, HEIGHT = 96, 64
XYZ_TO_SRGB = (3.2406, -1.5372, -0.4986, -0.9689, 1.8758, 0.0415, 0.0557, -0.2040, 1.0570)


def rationals(values: tuple[float, ...]) -> list[int]:
    return [part for value in values for part in (round(value * 10_000), 10_000)]


def dng(orientation: int = 1) -> bytes:
    """A photo of a ramp, red from left to right and green downwards, behind an RGGB mosaic."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    red, green, blue = x / WIDTH, y / HEIGHT, 0.5 * np.ones(x.shape)
    mosaic = np.where(y % 2 == 0, np.where(x % 2 == 0, red, green), np.where(x % 2, blue, green))
    tags: list[tuple[int, int, int, Any, bool]] = [
        (271, 2, 0, "Studio", True),
        (272, 2, 0, "Box 1", True),
        (274, 3, 1, orientation, True),
        (33421, 3, 2, (2, 2), True),  # CFARepeatPatternDim
        (33422, 1, 4, bytes([0, 1, 1, 2]), True),  # CFAPattern
        (50706, 1, 4, bytes([1, 4, 0, 0]), True),  # DNGVersion
        (50708, 2, 0, "Studio Box 1", True),  # UniqueCameraModel
        (50714, 3, 1, 0, True),  # BlackLevel
        (50717, 4, 1, 65535, True),  # WhiteLevel
        (50721, 10, 9, rationals(XYZ_TO_SRGB), True),  # ColorMatrix1
        (50728, 5, 3, rationals((1, 1, 1)), True),  # AsShotNeutral
        (50778, 3, 1, 21, True),  # CalibrationIlluminant1: D65
    ]
    out = io.BytesIO()
    tifffile.imwrite(
        out,
        (mosaic * 65535).astype(np.uint16),
        photometric=32803,
        extratags=tags,
        metadata=None,
        software=False,
    )
    return out.getvalue()


@pytest.mark.parametrize("name", ["photo.dng", "photo.tif", "photo.jpg"])
def test_that_a_raw_photo_is_developed_whatever_its_name(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(dng())
    picture = open_picture(path)
    assert picture.metadata.format == "RAW"
    assert picture.metadata.bits == 16
    assert (picture.width, picture.height) == (WIDTH, HEIGHT)
    left, right = picture.pixels[8:-8, 8], picture.pixels[8:-8, -8]
    top, bottom = picture.pixels[8, 8:-8], picture.pixels[-8, 8:-8]
    assert right[:, 0].mean() > left[:, 0].mean() + 0.3
    assert bottom[:, 1].mean() > top[:, 1].mean() + 0.3
    assert open_picture(io.BytesIO(dng())).metadata.format == "RAW"


def test_that_a_raw_photo_comes_out_upright_once(tmp_path: Path) -> None:
    straight, turned = open_picture(io.BytesIO(dng())), open_picture(io.BytesIO(dng(6)))
    assert np.allclose(np.rot90(straight.pixels, -1), turned.pixels, atol=0.02)
    save_picture(turned, tmp_path / "a.png")
    assert open_picture(tmp_path / "a.png").pixels.shape == turned.pixels.shape


def test_that_a_raw_photo_keeps_the_name_of_its_camera(tmp_path: Path) -> None:
    save_picture(open_picture(io.BytesIO(dng(6))), tmp_path / "a.jpg")
    with Image.open(tmp_path / "a.jpg") as image:
        assert (image.getexif()[271], image.getexif().get(274)) == ("Studio", 1)


def test_that_a_raw_photo_has_no_request(tmp_path: Path) -> None:
    (tmp_path / "a.dng").write_bytes(dng())
    assert read_request(tmp_path / "a.dng") is None


@pytest.mark.parametrize("part", [0.1, 0.5, 0.98])
def test_that_a_truncated_raw_photo_is_said_to_be_damaged(part: float, tmp_path: Path) -> None:
    path = tmp_path / "a.dng"
    path.write_bytes(dng()[: int(len(dng()) * part)])
    with pytest.raises(StudioError, match="damaged or cut short"):
        open_picture(path)


def test_that_the_limit_holds_for_raw_photos() -> None:
    with pytest.raises(StudioError, match="limit"):
        open_picture(io.BytesIO(dng()), limit_megapixels=0.001)


def test_that_a_raw_photo_of_an_unknown_camera_is_said_to_be_one() -> None:
    with pytest.raises(StudioError, match=r"camera|damaged"):
        open_picture(io.BytesIO(b"FUJIFILMCCD-RAW 0201" + bytes(5000)))
