"""Small files that would take much memory: bounded, or refused before they are decoded."""

import struct
import tracemalloc
import zlib
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
import tifffile

from studio.core.errors import StudioError
from studio.core.picture_files import open_picture, read_request, read_size

MB = 1 << 20


def chunk(kind: bytes, content: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + check


def png(*extra: bytes) -> bytes:
    rows = zlib.compress(64 * (b"\x00" + bytes(3 * 64)))
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0))
    end = chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(extra) + end


FOLDED = zlib.compress(bytes(64 * MB), 9)
TEXTS = {
    "zTXt": [chunk(b"zTXt", b"k%d\0\0" % n + FOLDED) for n in range(6)],
    "iTXt": [chunk(b"iTXt", b"k%d\0\1\0\0\0" % n + FOLDED) for n in range(6)],
    "iCCP": [chunk(b"iCCP", b"k\0\0" + FOLDED)],
}


@pytest.mark.parametrize("kind", TEXTS)
@pytest.mark.parametrize("read", [read_size, read_request, open_picture])
def test_that_the_texts_of_a_png_unfold_within_bounds(tmp_path: Path, kind: str, read) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(png(*TEXTS[kind]))
    read_size(path)  # what is imported is not counted
    tracemalloc.start()
    try:
        read(path)
        taken = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert taken < 60 * MB


def tiff(compression: int, strip: bytes, *more: tuple[int, int, int]) -> bytes:
    """An RGB TIFF of 64 x 64 px in one strip, with more tags: number, type and value."""
    tags = [
        (256, 4, 64), (257, 4, 64), (258, 3, 8), (259, 3, compression), (262, 3, 2), (277, 3, 3),
        (278, 4, 64), (279, 4, len(strip)), *more,
    ]  # fmt: skip
    tags.append((273, 4, 8 + 2 + 12 * (len(tags) + 1) + 4))
    entries = b"".join(
        struct.pack("<HHI", tag, kind, 1) + struct.pack("<HH" if kind == 3 else "<I", *(
            (value, 0) if kind == 3 else (value,)
        )) for tag, kind, value in sorted(tags)
    )  # fmt: skip
    return b"II\x2a\0\x08\0\0\0" + struct.pack("<H", len(tags)) + entries + bytes(4) + strip


LARGE = np.zeros((3000, 3000, 3), np.uint8)


@pytest.mark.parametrize(
    "data",
    [
        tiff(7, imagecodecs.jpeg_encode(LARGE)),
        tiff(34712, imagecodecs.jpeg2k_encode(LARGE)),
        tiff(34933, imagecodecs.png_encode(LARGE)),
        tiff(50001, imagecodecs.webp_encode(LARGE)),
        tiff(8, zlib.compress(bytes(99)), (32997, 4, 100_000)),  # so deep
        tiff(8, zlib.compress(bytes(99)), (322, 4, 30_000), (323, 4, 30_000)),  # such tiles
    ],
    ids=["JPEG", "JPEG 2000", "PNG", "WebP", "depth", "tile"],
)
def test_that_a_tiff_that_holds_far_more_than_it_says_is_refused_before_decoding(
    tmp_path: Path, data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def decoded(*_: object, **__: object) -> None:
        pytest.fail("it was decoded")

    monkeypatch.setattr(tifffile.TiffPage, "asarray", decoded)
    (tmp_path / "a.tif").write_bytes(data)
    with pytest.raises(StudioError):
        open_picture(tmp_path / "a.tif")


def test_that_a_tiff_of_sixty_channels_is_refused_and_one_of_six_is_opened(tmp_path: Path) -> None:
    for channels in (60, 6):
        tifffile.imwrite(
            tmp_path / f"{channels}.tif", np.zeros((1600, 1600, channels), np.uint8),
            photometric="minisblack", planarconfig="contig", compression="zlib",
            extrasamples=["unspecified"] * (channels - 1),
        )  # fmt: skip
    with pytest.raises(StudioError, match="154 MB for 1600 x 1600"):
        open_picture(tmp_path / "60.tif")
    assert open_picture(tmp_path / "6.tif").width == 1600


@pytest.mark.parametrize("compression", ["jpeg", "jpeg2000", "png", "webp", "zlib", "lzw", "zstd"])
@pytest.mark.parametrize("tile", [None, (1024, 1024)])
def test_that_honest_tiffs_of_every_compression_are_opened(
    tmp_path: Path, compression: str, tile: tuple[int, int] | None
) -> None:
    path = tmp_path / "a.tif"
    tifffile.imwrite(
        path, np.zeros((300, 200, 3), np.uint8), photometric="rgb", compression=compression,
        tile=tile,
    )  # fmt: skip
    assert (open_picture(path).width, open_picture(path).height) == (200, 300)


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif", ".webp", ".avif", ".heic", ".bmp"])
def test_that_a_picture_beyond_what_memory_is_left_is_refused(
    tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from studio.core.picture import Picture
    from studio.core.picture_files import save_picture

    path = tmp_path / f"a{suffix}"
    save_picture(Picture(np.zeros((200, 300, 3), np.float32)), path)
    monkeypatch.setattr("studio.core.memory.available", lambda: 500_000)
    with pytest.raises(StudioError, match="of memory"):
        open_picture(path)
    assert read_size(path) == (300, 200)
