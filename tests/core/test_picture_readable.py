"""What is readable is read: by what is in the file, whatever its name."""

import io
import struct
from collections.abc import Callable
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image
from skimage import data

from studio.core.errors import StudioError
from studio.core.formats.suffixes import result_suffix
from studio.core.picture_files import open_picture, read_size

PHOTO: NDArray[np.uint8] = data.coffee()[100:148, 100:164]
DEEP = PHOTO.astype(np.uint16) * 257 + np.arange(64, dtype=np.uint16)[None, :, None]
CLEAR = np.dstack([PHOTO, PHOTO[..., 0]])


def pillows(kind: str, image: NDArray[np.uint8]) -> bytes:
    out = io.BytesIO()
    Image.fromarray(image).save(out, kind)
    return out.getvalue()


def pam(image: NDArray[np.generic]) -> bytes:
    white, letter = (65535, b"6") if image.dtype == np.uint16 else (255, b"6")
    letter = letter if image.ndim == 3 else b"5"
    head = b"P%b\n# a comment\n%d %d\n%d\n" % (letter, image.shape[1], image.shape[0], white)
    return head + image.astype(image.dtype.newbyteorder(">")).tobytes()


def named(image: NDArray[np.generic], channels: int, kind: bytes) -> bytes:
    white = np.iinfo(image.dtype).max
    head = b"P7\n# a comment\nWIDTH %d\nHEIGHT %d\nDEPTH %d\nMAXVAL %d\nTUPLTYPE %b\nENDHDR\n"
    lines = head % (image.shape[1], image.shape[0], channels, white, kind)
    return lines + image.astype(image.dtype.newbyteorder(">")).tobytes()


def floats(image: NDArray[np.uint8], order: str) -> bytes:
    head = b"%b\n%d %d\n%b\n" % (
        b"PF" if image.ndim == 3 else b"Pf", image.shape[1], image.shape[0],
        b"-1.0" if order == "<" else b"1.0",
    )  # fmt: skip
    return head + (image[::-1] / 255).astype(order + "f4").tobytes()


def psd(image: NDArray[np.generic], mode: int, packed: bool = False, layers: int = 0) -> bytes:
    planes = np.moveaxis(image, -1, 0)
    head = b"8BPS" + struct.pack(
        ">H6xHIIHH", 1, len(planes), *planes.shape[1:], 8 * image.dtype.itemsize, mode
    )
    icc = imagecodecs.cms_profile("srgb")
    resource = b"8BIM" + struct.pack(">HHI", 1039, 0, len(icc)) + icc + bytes(len(icc) % 2)
    inner = struct.pack(">Ih", 2, layers) if layers else b""
    body = planes.astype(image.dtype.newbyteorder(">"))
    if packed:
        rows = [imagecodecs.packbits_encode(row.tobytes()) for row in body.reshape(-1, 64)]
        pixels = b"\0\1" + struct.pack(f">{len(rows)}H", *map(len, rows)) + b"".join(rows)
    else:
        pixels = b"\0\0" + body.tobytes()
    sections = struct.pack(">II", 0, len(resource)) + resource
    return head + sections + struct.pack(">I", len(inner)) + inner + pixels


FILES = {
    "a.tga": (pillows("TGA", PHOTO), PHOTO),
    "packed.tga": (pillows("TGA", CLEAR), CLEAR),
    "a.pcx": (pillows("PCX", PHOTO), PHOTO),
    "clear.dds": (pillows("DDS", CLEAR), CLEAR),
    "a.qoi": (imagecodecs.qoi_encode(PHOTO), PHOTO),
    "a.ico": (pillows("ICO", CLEAR[:48, :48]), CLEAR[:48, :48]),
    "a.ppm": (pam(PHOTO), PHOTO),
    "a.pgm": (pam(PHOTO[..., 0]), PHOTO[..., :1].repeat(3, 2)),
    "deep.ppm": (pam(DEEP), DEEP),
    "a.pam": (named(PHOTO, 3, b"RGB"), PHOTO),
    "clear.pam": (named(CLEAR, 4, b"RGB_ALPHA"), CLEAR),
    "deep.pam": (named(DEEP, 3, b"RGB"), DEEP),
    "a.pfm": (floats(PHOTO, "<"), PHOTO),
    "big.pfm": (floats(PHOTO, ">"), PHOTO),
    "grey.pfm": (floats(PHOTO[..., 0], "<"), PHOTO[..., :1].repeat(3, 2)),
    "a.jp2": (imagecodecs.jpeg2k_encode(PHOTO), PHOTO),
    "a.j2k": (imagecodecs.jpeg2k_encode(PHOTO, codecformat="j2k"), PHOTO),
    "deep.jp2": (imagecodecs.jpeg2k_encode(DEEP), DEEP),
    "a.jxl": (imagecodecs.jpegxl_encode(PHOTO, lossless=True), PHOTO),
    "clear.jxl": (imagecodecs.jpegxl_encode(CLEAR, lossless=True), CLEAR),
    "deep.jxl": (imagecodecs.jpegxl_encode(DEEP, lossless=True, usecontainer=True), DEEP),
    "grey.jxl": (
        imagecodecs.jpegxl_encode(PHOTO[..., 0], lossless=True), PHOTO[..., :1].repeat(3, 2),
    ),
    "a.psd": (psd(PHOTO, 3), PHOTO),
    "packed.psd": (psd(PHOTO, 3, packed=True), PHOTO),
    "mask.psd": (psd(CLEAR, 3, layers=1), PHOTO),
    "deep.psd": (psd(DEEP, 3), DEEP),
    "grey.psd": (psd(PHOTO[..., :1], 1), PHOTO[..., :1].repeat(3, 2)),
    "a.mpo": (pillows("MPO", PHOTO), None),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_that_formats_which_are_only_read_come_in_as_they_are(name: str, tmp_path: Path) -> None:
    content, meant = FILES[name]
    path = tmp_path / name
    path.write_bytes(content)
    picture = open_picture(path)
    assert read_size(path) == (picture.width, picture.height)
    if meant is None:
        assert np.abs(picture.pixels - PHOTO / 255).mean() < 0.03
        return
    white = np.iinfo(meant.dtype).max
    assert picture.metadata.bits == (32 if "pfm" in name else 8 if white == 255 else 16)
    assert np.array_equal(np.rint(picture.pixels * white), meant[..., :3])
    assert (picture.alpha is not None) == (meant.shape[2] == 4)
    if picture.alpha is not None:
        assert np.array_equal(np.rint(picture.alpha * white), meant[..., 3])


@pytest.mark.parametrize("name", [name for name in FILES if not name.endswith(".tga")])
def test_that_the_content_decides_and_not_the_suffix(name: str, tmp_path: Path) -> None:
    (tmp_path / "wrong.jpg").write_bytes(FILES[name][0])
    (tmp_path / name).write_bytes(FILES[name][0])
    right, wrong = open_picture(tmp_path / name), open_picture(tmp_path / "wrong.jpg")
    assert np.array_equal(right.pixels, wrong.pixels)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("part", [0.1, 0.5, 0.9])
def test_that_of_these_too_a_truncated_one_is_said_to_be_damaged(
    name: str, part: float, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    content = FILES[name][0]
    (tmp_path / name).write_bytes(content[: int(len(content) * part)])
    with pytest.raises(StudioError, match="damaged or cut short"):
        open_picture(tmp_path / name)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("name", FILES)
def test_that_the_limit_holds_for_these_too(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(FILES[name][0])
    with pytest.raises(StudioError, match="limit"):
        open_picture(tmp_path / name, limit_megapixels=0.001)


@pytest.mark.parametrize("name", FILES)
def test_that_a_damaged_one_of_these_opens_or_is_said_to_be_damaged(
    name: str, tmp_path: Path
) -> None:
    whole, random = FILES[name][0], np.random.default_rng(0)
    for _ in range(20):
        broken = bytearray(whole)
        for at in random.integers(2, min(len(whole), 300), 3):
            broken[at] = random.integers(0, 256)
        (tmp_path / name).write_bytes(bytes(broken))
        try:
            open_picture(tmp_path / name, limit_megapixels=1)
        except StudioError as error:
            assert error.hint  # noqa: PT017


@pytest.mark.parametrize("orientation", range(1, 9))
def test_that_a_jpeg_xl_comes_out_upright_and_keeps_its_exif(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "Canon", orientation
    out = io.BytesIO()
    Image.fromarray(PHOTO).save(out, "JPEG", quality=95, exif=exif)
    picture = open_picture(io.BytesIO(imagecodecs.jpegxl_encode_jpeg(out.getvalue())))
    meant = open_picture(io.BytesIO(out.getvalue()))
    assert np.abs(picture.pixels - meant.pixels).mean() < 0.01
    assert b"Canon" in (picture.metadata.exif or b"")


@pytest.mark.parametrize("kind", [np.uint32, np.int16, np.int32, np.float32, np.float64])
def test_that_a_tiff_of_other_numbers_is_scaled_and_it_is_said(
    kind: type[np.generic], tmp_path: Path
) -> None:
    ramp = np.linspace(0, 4000, 64 * 48 * 3).reshape(48, 64, 3).astype(kind)
    tifffile.imwrite(tmp_path / "a.tif", ramp, photometric="rgb")
    picture = open_picture(tmp_path / "a.tif")
    assert np.allclose(picture.pixels, ramp / 4000, atol=1e-3)
    assert picture.metadata.bits == 8 * np.dtype(kind).itemsize
    assert "0 to 4000" in picture.metadata.notes[0]


def test_that_numbers_below_zero_and_no_numbers_leave_a_picture(tmp_path: Path) -> None:
    ramp = np.linspace(-2, 2, 64 * 48, dtype=np.float32).reshape(48, 64)
    ramp[5, 5] = np.nan
    tifffile.imwrite(tmp_path / "a.tif", ramp, photometric="minisblack")
    pixels = open_picture(tmp_path / "a.tif").pixels
    assert pixels.min() == 0
    assert pixels.max() == 1
    assert pixels[5, 5, 0] == 0.5


def test_that_floats_in_the_range_of_a_picture_stay(tmp_path: Path) -> None:
    ramp = np.linspace(0.1, 0.6, 64 * 48, dtype=np.float32).reshape(48, 64)
    tifffile.imwrite(tmp_path / "a.tif", ramp, photometric="minisblack")
    picture = open_picture(tmp_path / "a.tif")
    assert np.allclose(picture.pixels[..., 0], ramp)
    assert picture.metadata.notes == ()


def test_that_a_result_is_in_a_format_as_good_as_its_original() -> None:
    names = ("a.HIF", "a.psd", "a.tga", "a.jxl", "a.cr2", "a")
    assert [result_suffix(Path(name)) for name in names] == [
        ".HIF", ".png", ".png", ".jpg", ".jpg", ".jpg"
    ]  # fmt: skip


@pytest.mark.parametrize("old", [False, True])
def test_that_a_tiff_which_begins_with_a_thumbnail_opens_at_its_photo(
    old: bool, tmp_path: Path
) -> None:
    small = {"extratags": [(255, 3, 1, 2, True)]} if old else {"subfiletype": 1}
    with tifffile.TiffWriter(tmp_path / "a.tif") as file:
        file.write(
            PHOTO[::4, ::4],
            photometric="rgb",
            description="Ährenfeld".encode(),
            metadata=None,
            **small,
        )
        file.write(PHOTO, photometric="rgb", metadata=None)
    picture = open_picture(tmp_path / "a.tif")
    assert np.array_equal(np.rint(picture.pixels * 255), PHOTO)
    assert picture.metadata.notes == ()
    assert "Ährenfeld".encode() in (picture.metadata.exif or b"")
    assert read_size(tmp_path / "a.tif") == (64, 48)


def test_that_it_is_said_that_a_file_has_more_pages_or_frames(tmp_path: Path) -> None:
    with tifffile.TiffWriter(tmp_path / "a.tif") as file:
        for _ in range(3):
            file.write(PHOTO, photometric="rgb")
        file.write(PHOTO[::2, ::2], photometric="rgb", subfiletype=1)
    assert open_picture(tmp_path / "a.tif").metadata.notes == ("the first of 3 pages is taken",)
    frames = [Image.fromarray(np.roll(PHOTO, 9 * n, 1)) for n in range(3)]
    for suffix in (".gif", ".webp", ".png", ".avif"):
        frames[0].save(tmp_path / f"a{suffix}", save_all=True, append_images=frames[1:])
        notes = open_picture(tmp_path / f"a{suffix}").metadata.notes
        assert notes == ("the first of 3 frames is taken",), suffix
        frames[0].save(tmp_path / f"b{suffix}")
        assert open_picture(tmp_path / f"b{suffix}").metadata.notes == (), suffix


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (lambda: pillows("JPEG", PHOTO).replace(b"\xff\xc0\0\x11\x08", b"\xff\xc1\0\x11\x0c"),
         "a JPEG of 12 bits a channel"),
        (lambda: imagecodecs.ljpeg_encode(DEEP[..., 0]), "a lossless JPEG"),
        (lambda: imagecodecs.jpegls_encode(PHOTO), "a lossless JPEG"),
    ],
)  # fmt: skip
def test_that_a_jpeg_of_a_kind_that_is_not_read_is_named(
    make: Callable[[], bytes], what: str, tmp_path: Path
) -> None:
    (tmp_path / "a.jpg").write_bytes(make())
    with pytest.raises(StudioError, match=f"a.jpg is {what}, which cannot be read"):
        open_picture(tmp_path / "a.jpg")
