"""Files that cannot be opened or written: each gives one clear error and leaves nothing behind."""

import errno
import io
import os
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image
from skimage import data

from studio.core.errors import StudioError
from studio.core.formats.suffixes import READABLE, SUFFIXES
from studio.core.picture import Metadata, Picture
from studio.core.picture_files import open_picture, read_request, save_picture, write_picture
from studio.core.requests import SaveOptions

PICTURE = Picture(data.chelsea()[:96, :128] / np.float32(255))
ONE_OF_EACH = sorted({kind: suffix for suffix, kind in SUFFIXES.items()}.values())


def refusal(act: Callable[[], object]) -> StudioError:
    with pytest.raises(StudioError) as caught:
        act()
    assert caught.value.message
    assert caught.value.hint
    assert "\n" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize("suffix", ONE_OF_EACH)
@pytest.mark.parametrize("part", [0.02, 0.3, 0.6, 0.8])
@pytest.mark.filterwarnings("error")
def test_that_a_truncated_file_is_said_to_be_damaged(
    suffix: str, part: float, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / f"a{suffix}"
    save_picture(PICTURE, path)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * part)])
    assert "damaged or cut short" in refusal(lambda: open_picture(path)).message
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("form", ["strips", "deflate", "tiles"])
def test_that_a_truncated_tiff_of_any_layout_is_damaged(form: str, tmp_path: Path) -> None:
    path, pixels = tmp_path / "a.tif", data.chelsea()[:96, :128]
    options = {"deflate": {"compression": "zlib"}, "tiles": {"tile": (32, 32)}}.get(form, {})
    tifffile.imwrite(path, pixels, photometric="rgb", **options)
    path.write_bytes(path.read_bytes()[:-20])
    assert "damaged or cut short" in refusal(lambda: open_picture(path)).message


@pytest.mark.parametrize("suffix", ONE_OF_EACH)
@pytest.mark.filterwarnings("error")
def test_that_a_damaged_file_opens_or_is_said_to_be_damaged(
    suffix: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / f"a{suffix}"
    save_picture(PICTURE, path, request_json='{"seed": 1}')
    whole = path.read_bytes()
    random = np.random.default_rng(0)
    for _ in range(40):
        broken = bytearray(whole)
        for at in random.integers(4, min(len(whole), 600), 4):
            broken[at] = random.integers(0, 256)
        for act in (open_picture, read_request):
            path.write_bytes(bytes(broken))
            try:
                act(path)
            except StudioError as error:
                assert error.hint  # noqa: PT017
    assert capfd.readouterr().err == ""


def test_that_an_empty_file_is_said_to_be_empty(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.touch()
    assert "is empty" in refusal(lambda: open_picture(path)).message
    assert "is empty" in refusal(lambda: open_picture(io.BytesIO())).message


@pytest.mark.parametrize("suffix", sorted(READABLE))
def test_that_a_file_that_is_no_picture_is_said_to_be_none(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_text("These are words, and no picture at all. " * 20)
    error = refusal(lambda: open_picture(path))
    assert "is not a picture" in error.message
    assert "JPEG" in error.hint
    refusal(lambda: read_request(path))


def test_that_a_misnamed_picture_opens_all_the_same(tmp_path: Path) -> None:
    for suffix in sorted(SUFFIXES):
        save_picture(PICTURE, tmp_path / f"a{suffix}")
        for wrong in (".jpg", ".png", ".dng", ".txt"):
            path = tmp_path / f"wrong{wrong}"
            path.write_bytes((tmp_path / f"a{suffix}").read_bytes())
            assert open_picture(path).metadata.format == SUFFIXES[suffix]


def test_that_a_missing_file_a_folder_and_a_forbidden_one_are_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing, path = tmp_path / "missing.jpg", tmp_path / "a.jpg"
    assert "there is no file" in refusal(lambda: open_picture(missing)).message
    assert "is a folder" in refusal(lambda: open_picture(tmp_path)).message

    def forbidden(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "open", forbidden)
    assert "may not be read" in refusal(lambda: open_picture(path)).message


def huge_png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + check

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(b"")), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.mark.filterwarnings("error")
def test_that_a_bomb_is_refused_by_its_header() -> None:
    error = refusal(lambda: open_picture(io.BytesIO(huge_png(60_000, 60_000))))
    assert "3600 megapixels" in error.message
    assert "limit of 200" in error.message
    assert "STUDIO_MAX_MEGAPIXELS=3601" in error.hint


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
def test_that_the_limit_holds_for_every_format_and_can_be_changed(
    suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / f"a{suffix}"
    save_picture(PICTURE, path)
    assert "limit" in refusal(lambda: open_picture(path, limit_megapixels=0.01)).message
    monkeypatch.setenv("STUDIO_MAX_MEGAPIXELS", "0.012")
    message = refusal(lambda: open_picture(path)).message
    assert "limit of 0.012" in message
    assert message.startswith("the picture" if suffix == ".jxl" else str(path))
    monkeypatch.setenv("STUDIO_MAX_MEGAPIXELS", "0.013")
    assert open_picture(path).width == 128
    monkeypatch.setenv("STUDIO_MAX_MEGAPIXELS", "much")
    assert "STUDIO_MAX_MEGAPIXELS" in refusal(lambda: open_picture(path)).message


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".bmp", ".avif", ".tif", ".heic"])
@pytest.mark.filterwarnings("error")
def test_that_pillows_own_limit_is_not_ours(
    suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 4000)
    monkeypatch.setattr("studio.core.formats.opened._STRIP_PIXELS", 4000)
    save_picture(PICTURE, tmp_path / f"a{suffix}")
    assert open_picture(tmp_path / f"a{suffix}").width == 128


@pytest.mark.filterwarnings("error")
def test_that_a_webp_beyond_what_pillow_reads_is_said_to_be_too_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_picture(PICTURE, tmp_path / "a.webp")
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10_000)
    assert open_picture(tmp_path / "a.webp").width == 128
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 4000)
    assert "178 megapixels" in refusal(lambda: open_picture(tmp_path / "a.webp")).message


def test_that_an_existing_file_is_replaced_only_when_asked(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"mine")
    assert "exists already" in refusal(lambda: save_picture(PICTURE, path)).message
    assert path.read_bytes() == b"mine"
    save_picture(PICTURE, path, SaveOptions(overwrite=True))
    assert open_picture(path).width == 128


def test_that_an_unknown_suffix_names_the_known_ones(tmp_path: Path) -> None:
    for name in ("a.xyz", "a", "a.dng"):
        error = refusal(lambda name=name: save_picture(PICTURE, tmp_path / name))
        assert ".png" in error.hint
    assert "PNG" in refusal(lambda: write_picture(PICTURE, io.BytesIO(), "xyz")).hint
    assert list(tmp_path.iterdir()) == []


def test_that_a_missing_folder_or_a_folder_as_file_is_refused(tmp_path: Path) -> None:
    where = tmp_path / "missing" / "a.png"
    assert "no folder" in refusal(lambda: save_picture(PICTURE, where)).message
    (tmp_path / "b.png").mkdir()
    assert "is a folder" in refusal(lambda: save_picture(PICTURE, tmp_path / "b.png")).message


@pytest.mark.parametrize("call", ["fsync", "write"])
@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
def test_that_a_full_disk_is_said_and_leaves_nothing(
    call: str, suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    class FullFile(io.FileIO):
        def write(self, _: object) -> int:
            full()
            return 0

    def open_full(path: Path, mode: str) -> FullFile:
        return FullFile(path, mode)

    if call == "fsync":
        monkeypatch.setattr(os, "fsync", full)
    else:
        monkeypatch.setattr(Path, "open", open_full)
    path = tmp_path / f"a{suffix}"
    assert "disk is full" in refusal(lambda: save_picture(PICTURE, path)).message
    assert list(tmp_path.iterdir()) == []


def test_that_a_full_disk_leaves_the_file_that_was_to_be_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    path = tmp_path / "a.png"
    path.write_bytes(b"before")
    monkeypatch.setattr(os, "fsync", full)
    refusal(lambda: save_picture(PICTURE, path, SaveOptions(overwrite=True)))
    assert path.read_bytes() == b"before"


def test_that_a_forbidden_folder_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "open", forbidden)
    path = tmp_path / "a.png"
    assert "may not be written" in refusal(lambda: save_picture(PICTURE, path)).message


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_that_a_result_with_no_numbers_in_it_is_not_saved(
    suffix: str, value: float, tmp_path: Path
) -> None:
    pixels = PICTURE.pixels.copy()
    pixels[90, 3, 1] = value
    for bits in (8, 16):
        broken = Picture(pixels, None, Metadata(bits=bits))
        error = refusal(lambda p=broken: save_picture(p, tmp_path / f"a{suffix}"))
        assert "not a picture" in error.message
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("suffix", [".jpg", ".webp"])
def test_that_a_picture_too_wide_for_a_format_is_refused(suffix: str, tmp_path: Path) -> None:
    wide = Picture(np.zeros((1, 70_000, 3), np.float32))
    error = refusal(lambda: save_picture(wide, tmp_path / f"a{suffix}"))
    assert "pixels a side" in error.message
    assert list(tmp_path.iterdir()) == []


def test_that_a_stream_that_is_full_or_broken_is_said() -> None:
    class Broken(io.BytesIO):
        def write(self, _: object) -> int:
            raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    assert "not written" in refusal(lambda: write_picture(PICTURE, Broken(), "png")).message


def test_that_a_tiff_of_complex_numbers_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, np.full((8, 8, 3), 7, np.complex64), photometric="rgb")
    assert "kind of TIFF" in refusal(lambda: open_picture(path)).message
