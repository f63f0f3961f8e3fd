"""What a file says beside its pixels: it comes in, and it goes out again."""

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import ExifTags, Image, ImageCms, ImageOps
from PIL.PngImagePlugin import PngInfo
from skimage import data

from studio.core.picture import Metadata, Picture
from studio.core.picture_files import open_picture, read_request, save_picture
from studio.core.requests import Apply, SaveOptions, from_json, to_json

PHOTO = Image.fromarray(data.coffee()[100:196, 100:228])
XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description'
    b' tiff:Orientation="6" dc:title="\xc3\x84hre"/></rdf:RDF></x:xmpmeta>'
)
KEEP_METADATA = [".jpg", ".png", ".webp", ".tif", ".avif", ".heic"]
KEEP_ICC = KEEP_METADATA


@pytest.fixture(autouse=True)
def in_many_strips(monkeypatch: pytest.MonkeyPatch) -> None:
    """Strips of 1000 px, so that even small pictures are worked on in more than one."""
    monkeypatch.setattr("studio.core.formats.opened._STRIP_PIXELS", 1000)


def display_p3() -> bytes:
    """A profile that is not sRGB: the sRGB one with red and green primaries exchanged."""
    cms: Any = ImageCms
    made = bytearray(cms.ImageCmsProfile(cms.createProfile("sRGB")).tobytes())
    count = int.from_bytes(made[128:132], "big")
    entries = {bytes(made[at : at + 4]): at for at in range(132, 132 + 12 * count, 12)}
    red, green = entries[b"rXYZ"], entries[b"gXYZ"]
    made[red + 4 : red + 8], made[green + 4 : green + 8] = (
        made[green + 4 : green + 8],
        made[red + 4 : red + 8],
    )
    return bytes(made)


P3 = display_p3()


def camera_exif(orientation: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Studio"
    exif[ExifTags.Base.Model] = "Box 1"
    exif[ExifTags.Base.Copyright] = "Somebody"
    exif[ExifTags.Base.Orientation] = orientation
    details = exif.get_ifd(ExifTags.IFD.Exif)
    details[ExifTags.Base.DateTimeOriginal] = "2021:05:04 03:02:01"
    details[ExifTags.Base.FNumber] = 2.8
    details[ExifTags.Base.ExposureBiasValue] = -0.5
    details[ExifTags.Base.MakerNote] = b"maker\0note"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "N"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (48.0, 30.0, 15.5)
    return exif


def exif_of(path: Path) -> Image.Exif:
    if path.suffix == ".heic":
        exif = Image.Exif()
        exif.load(open_picture(path).metadata.exif or b"")
        return exif
    with Image.open(path) as image:
        exif = image.getexif()
        for directory in (ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo):
            exif.get_ifd(directory)
        return exif


def check_camera_exif(exif: Image.Exif) -> None:
    details, place = exif.get_ifd(ExifTags.IFD.Exif), exif.get_ifd(ExifTags.IFD.GPSInfo)
    assert exif[ExifTags.Base.Make] == "Studio"
    assert exif[ExifTags.Base.Model] == "Box 1"
    assert exif[ExifTags.Base.Copyright] == "Somebody"
    assert details[ExifTags.Base.DateTimeOriginal] == "2021:05:04 03:02:01"
    assert details[ExifTags.Base.FNumber] == 2.8
    assert details[ExifTags.Base.ExposureBiasValue] == -0.5
    assert details[ExifTags.Base.MakerNote] == b"maker\0note"
    assert place[ExifTags.GPS.GPSLatitudeRef] == "N"
    assert place[ExifTags.GPS.GPSLatitude] == (48.0, 30.0, 15.5)


def original(path: Path, orientation: int = 1) -> Path:
    PHOTO.save(path, exif=camera_exif(orientation), xmp=XMP, icc_profile=P3, dpi=(240, 240))
    return path


def described() -> Picture:
    exif = camera_exif().tobytes().removeprefix(b"Exif\0\0")
    pixels = np.asarray(PHOTO) / np.float32(255)
    return Picture(pixels, None, Metadata(P3, exif, XMP, (240, 240)))


@pytest.mark.parametrize("suffix", KEEP_METADATA)
def test_that_a_photo_keeps_what_its_file_said_in_every_format_that_can(
    suffix: str, tmp_path: Path
) -> None:
    before = open_picture(original(tmp_path / "original.jpg"))
    result = tmp_path / f"result{suffix}"
    save_picture(before, result)
    after = open_picture(result).metadata
    assert after.icc == P3
    assert after.xmp == before.metadata.xmp
    assert after.dpi == (240, 240)
    assert after.exif is not None
    check_camera_exif(exif_of(result))
    loaded = Image.Exif()
    loaded.load(after.exif)
    check_camera_exif(loaded)


@pytest.mark.parametrize("suffix", KEEP_METADATA)
def test_that_what_was_said_survives_a_second_round(suffix: str, tmp_path: Path) -> None:
    save_picture(described(), tmp_path / f"first{suffix}")
    first = open_picture(tmp_path / f"first{suffix}")
    save_picture(first, tmp_path / f"second{suffix}")
    second = open_picture(tmp_path / f"second{suffix}")
    check_camera_exif(exif_of(tmp_path / f"second{suffix}"))
    assert (first.metadata.icc, first.metadata.xmp) == (second.metadata.icc, second.metadata.xmp)
    assert first.metadata.dpi == second.metadata.dpi == (240, 240)


def test_that_dpi_survives_in_bmp(tmp_path: Path) -> None:
    save_picture(described(), tmp_path / "a.bmp")
    assert open_picture(tmp_path / "a.bmp").metadata.dpi == pytest.approx((240, 240), abs=0.02)


@pytest.mark.parametrize("suffix", KEEP_METADATA)
def test_that_a_picture_that_said_nothing_goes_out_saying_nothing(
    suffix: str, tmp_path: Path
) -> None:
    save_picture(Picture(described().pixels), tmp_path / f"a{suffix}")
    said = open_picture(tmp_path / f"a{suffix}").metadata
    assert (said.icc, said.xmp, said.dpi) == (None, None, None)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".tif", ".avif"])
def test_that_a_rotated_photo_comes_out_upright(
    suffix: str, orientation: int, tmp_path: Path
) -> None:
    path, result = tmp_path / f"a{suffix}", tmp_path / "b.png"
    exif = camera_exif(orientation)
    # An AVIF says its rotation itself, and then not in EXIF; Pillow would ask the XMP instead.
    PHOTO.save(path, exif=exif, **({} if suffix == ".avif" else {"xmp": XMP}))
    with Image.open(path) as image:
        upright = np.asarray(ImageOps.exif_transpose(image).convert("RGB"))
    save_picture(open_picture(path), result)
    assert np.array_equal(np.asarray(Image.open(result)), upright)
    assert exif_of(result).get(ExifTags.Base.Orientation, 1) == 1
    assert b'tiff:Orientation="6"' not in result.read_bytes()
    if suffix != ".tif":  # Pillow leaves the directories below the first out of a TIFF
        check_camera_exif(exif_of(result))


def test_that_a_rotated_picture_turns_its_alpha_too(tmp_path: Path) -> None:
    rgba = PHOTO.convert("RGBA")
    rgba.putalpha(rgba.getchannel("R"))
    rgba.save(tmp_path / "a.png", exif=camera_exif(6))
    picture = open_picture(tmp_path / "a.png")
    assert picture.alpha is not None
    assert np.array_equal(picture.alpha, picture.pixels[..., 0])
    assert (picture.width, picture.height) == (96, 128)


def test_that_a_rotated_heic_comes_out_upright_once(tmp_path: Path) -> None:
    import pillow_heif

    heif: Any = pillow_heif
    exif = camera_exif(6).tobytes()
    turned = heif.from_bytes("RGB", PHOTO.size, PHOTO.tobytes())
    turned.info["exif"] = exif
    turned.save(tmp_path / "a.heic", quality=95)
    picture = open_picture(tmp_path / "a.heic")
    upright = np.asarray(PHOTO.transpose(Image.Transpose.ROTATE_270)) / 255
    assert picture.pixels.shape == upright.shape
    assert np.abs(picture.pixels - upright).mean() < 0.03
    save_picture(picture, tmp_path / "b.heic")
    assert open_picture(tmp_path / "b.heic").pixels.shape == upright.shape


def test_that_the_pixels_of_a_p3_photo_are_left_as_they_are(tmp_path: Path) -> None:
    PHOTO.save(tmp_path / "a.png", icc_profile=P3)
    picture = open_picture(tmp_path / "a.png")
    assert np.array_equal(np.rint(picture.pixels * 255), np.asarray(PHOTO))
    assert picture.metadata.icc == P3


def test_that_a_profile_that_is_none_is_left_out(tmp_path: Path) -> None:
    PHOTO.save(tmp_path / "a.png", icc_profile=b"no profile")
    assert open_picture(tmp_path / "a.png").metadata.icc is None


def test_that_resolution_in_dots_a_centimetre_is_understood(tmp_path: Path) -> None:
    PHOTO.save(tmp_path / "a.tif", resolution=100, resolution_unit="cm")
    assert open_picture(tmp_path / "a.tif").metadata.dpi == (254, 254)


def test_that_the_size_in_exif_is_that_of_the_result(tmp_path: Path) -> None:
    picture = described()
    save_picture(picture.with_pixels(picture.pixels.repeat(2, 0).repeat(2, 1)), tmp_path / "a.jpg")
    details = exif_of(tmp_path / "a.jpg").get_ifd(ExifTags.IFD.Exif)
    assert details[ExifTags.Base.ExifImageWidth] == 256
    assert details[ExifTags.Base.ExifImageHeight] == 192


def test_that_broken_exif_is_no_obstacle(tmp_path: Path) -> None:
    for number, broken in enumerate((b"Exif\0\0II*\0\xff\xff", b"Exif\0\0junk", b"Exif\0\0")):
        path = tmp_path / f"{number}.jpg"
        PHOTO.save(path, exif=broken)
        save_picture(open_picture(path), tmp_path / f"{number}.png", request_json="{}")
        assert read_request(tmp_path / f"{number}.png") == "{}"


def test_that_exif_too_large_for_a_jpeg_loses_its_maker_note_alone(tmp_path: Path) -> None:
    exif = camera_exif()
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.MakerNote] = bytes(70_000)
    pixels = described().pixels
    large = Picture(pixels, None, Metadata(exif=exif.tobytes()[6:], xmp=bytes(70_000)))
    save_picture(large, tmp_path / "a.jpg", request_json='{"seed": 1}')
    found = exif_of(tmp_path / "a.jpg")
    assert found[ExifTags.Base.Make] == "Studio"
    assert ExifTags.Base.MakerNote not in found.get_ifd(ExifTags.IFD.Exif)
    assert read_request(tmp_path / "a.jpg") == '{"seed": 1}'


@pytest.mark.parametrize("suffix", KEEP_METADATA)
@pytest.mark.parametrize("name", ["photo.jpg", "Kätzchen 猫.jpg"])
def test_that_a_saved_picture_carries_its_request(suffix: str, name: str, tmp_path: Path) -> None:
    request = to_json(Apply("style/gallery", name, settings={"strength": 0.5}, seed=7))
    path = tmp_path / f"a{suffix}"
    save_picture(described(), path, request_json=request)
    assert read_request(path) == request
    assert from_json(read_request(path) or "").source == name
    check_camera_exif(exif_of(path))


@pytest.mark.parametrize("suffix", [*KEEP_METADATA, ".bmp", ".gif"])
def test_that_a_picture_without_a_request_has_none(suffix: str, tmp_path: Path) -> None:
    save_picture(Picture(described().pixels), tmp_path / f"a{suffix}")
    assert read_request(tmp_path / f"a{suffix}") is None


def test_that_somebody_elses_comment_is_no_request(tmp_path: Path) -> None:
    for comment in (b"ASCII\0\0\0A fine day", b"UNICODE\0A\0 \0", b"12", b"ASCII\0\0\0[1]"):
        exif = Image.Exif()
        exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.UserComment] = comment
        PHOTO.save(tmp_path / "a.jpg", exif=exif)
        assert read_request(tmp_path / "a.jpg") is None


def test_that_a_new_request_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    for suffix in KEEP_METADATA:
        first, second = tmp_path / f"a{suffix}", tmp_path / f"b{suffix}"
        save_picture(described(), first, request_json='{"seed": 1}')
        save_picture(open_picture(first), second, SaveOptions(), json.dumps({"seed": 2}))
        assert read_request(second) == '{"seed": 2}'


def test_that_text_after_the_pixels_of_a_png_and_packed_text_are_read(tmp_path: Path) -> None:
    info = PngInfo()
    info.add_text("studio.request", '{"seed": 3}', zip=True)
    info.add_itxt("XML:com.adobe.xmp", XMP.decode(), zip=True)
    PHOTO.save(tmp_path / "a.png", pnginfo=info)
    assert read_request(tmp_path / "a.png") == '{"seed": 3}'
    xmp = open_picture(tmp_path / "a.png").metadata.xmp
    assert xmp == XMP.replace(b'tiff:Orientation="6"', b'tiff:Orientation="1"')


def test_that_a_16_bit_png_keeps_what_it_said(tmp_path: Path) -> None:
    said = described().metadata
    deep = Picture(described().pixels, None, Metadata(said.icc, said.exif, said.xmp, said.dpi, 16))
    save_picture(deep, tmp_path / "a.png")
    after = open_picture(tmp_path / "a.png").metadata
    assert (after.bits, after.icc, after.dpi) == (16, P3, (240, 240))
    check_camera_exif(exif_of(tmp_path / "a.png"))


def test_that_an_sgray_profile_on_grey_pixels_is_used_up(tmp_path: Path) -> None:
    import imagecodecs

    profile = imagecodecs.cms_profile("gray", gamma=2.2)
    out = io.BytesIO()
    PHOTO.convert("L").save(out, "PNG", icc_profile=profile)
    assert open_picture(io.BytesIO(out.getvalue())).metadata.icc is None
