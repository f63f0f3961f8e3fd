"""Pictures of more than 8 bits a channel, and moving ones of greys: what becomes of levels."""

import struct
import zlib
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from studio.core.page_files import open_pages
from studio.core.picture import Metadata, Picture
from studio.core.picture_files import open_picture, save_picture
from studio.core.requests import SaveOptions

SIZE = (60, 40)
RAMP = np.linspace(0, 1, SIZE[0] * SIZE[1], dtype=np.float32).reshape(*SIZE[::-1], 1).repeat(3, 2)
ICC: bytes = imagecodecs.cms_profile("adobergb")
EXIF = b"II*\0\x08\0\0\0\x01\0\x3b\x01\x02\0\x04\0\0\0Ada\0\0\0\0\0"
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"/>'


@pytest.mark.parametrize("is_seen_through", [False, True])
def test_that_an_avif_of_a_deep_picture_has_ten_bits_and_says_all(
    is_seen_through: bool, tmp_path: Path
) -> None:
    said = Metadata(icc=ICC, exif=EXIF, xmp=XMP, bits=16)
    cover = RAMP[::-1, ::-1, 0] if is_seen_through else None
    save_picture(Picture(RAMP, cover, said), tmp_path / "a.avif", SaveOptions(quality=100))
    stored = imagecodecs.avif_decode((tmp_path / "a.avif").read_bytes())
    assert stored.dtype == np.uint16
    assert len(np.unique(stored[..., 0])) > 900
    with Image.open(tmp_path / "a.avif") as image:
        assert (image.size, image.mode) == (SIZE, "RGBA" if is_seen_through else "RGB")
        assert image.info["icc_profile"] == ICC
    after = open_picture(tmp_path / "a.avif")
    assert np.abs(after.pixels - RAMP).max() < 0.6 / 1023
    if cover is not None and after.alpha is not None:
        assert np.abs(after.alpha - cover).max() < 0.6 / 1023
    assert (after.alpha is not None) == is_seen_through
    kept = after.metadata
    assert (kept.icc, kept.xmp, kept.bits, kept.notes) == (ICC, XMP, 10, ())
    assert b"Ada" in (kept.exif or b"")


def test_that_hdr_in_an_avif_has_ten_bits_and_its_numbers(tmp_path: Path) -> None:
    save_picture(Picture(RAMP, None, Metadata(cicp=(9, 16), bits=16)), tmp_path / "a.avif")
    after = open_picture(tmp_path / "a.avif")
    assert (after.metadata.cicp, after.metadata.bits) == ((9, 16), 10)
    assert np.abs(after.pixels - RAMP).mean() < 0.01


def test_that_an_avif_of_eight_bits_stays_so(tmp_path: Path) -> None:
    save_picture(Picture(RAMP), tmp_path / "a.avif")
    assert imagecodecs.avif_decode((tmp_path / "a.avif").read_bytes()).dtype == np.uint8


def apng(path: Path, frames: list[NDArray[np.uint8] | NDArray[np.uint16]], icc: bytes) -> Path:
    """Writes whole frames, each for a tenth of a second."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)

    height, width = frames[0].shape[:2]
    depth = 16 if frames[0].dtype == np.uint16 else 8
    colours = {1: 0, 2: 4}[frames[0].shape[2]]
    out = [
        b"\x89PNG\r\n\x1a\n",
        chunk(b"IHDR", struct.pack(">2I5B", width, height, depth, colours, 0, 0, 0)),
        chunk(b"acTL", struct.pack(">2I", len(frames), 0)),
        chunk(b"iCCP", b"grey\0\0" + zlib.compress(icc)),
    ]
    for number, frame in enumerate(frames):
        turn = max(0, 2 * number - 1)
        place = struct.pack(">5I2H2B", turn, width, height, 0, 0, 1, 10, 0, 0)
        rows = frame.astype(frame.dtype.newbyteorder(">")).reshape(height, -1)
        data = zlib.compress(b"".join(b"\0" + row.tobytes() for row in rows))
        out.append(chunk(b"fcTL", place))
        kind, head = (b"fdAT", struct.pack(">I", turn + 1)) if number else (b"IDAT", b"")
        out.append(chunk(kind, head + data))
    path.write_bytes(b"".join((*out, chunk(b"IEND", b""))))
    return path


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("bits", [8, 16])
def test_that_grey_frames_are_as_bright_as_their_profile_says(
    bits: int, channels: int, tmp_path: Path
) -> None:
    linear = np.linspace(0, 65535, 1024).astype(np.uint16)
    icc = imagecodecs.cms_profile("gray", transferfunction=linear)
    kind = np.uint16 if bits == 16 else np.uint8
    white = (1 << bits) - 1
    frames = [np.full((8, 10, channels), light * white, kind) for light in (0.5, 0.2)]
    source = apng(tmp_path / "a.png", frames, icc)
    found: list[float] = []
    with open_pages(source) as pages:
        assert pages is not None
        for _ in frames:
            page = pages.next(0)
            assert page.milliseconds == 100
            found.append(float(page.picture.pixels.mean()))
    meant = [1.055 * light ** (1 / 2.4) - 0.055 for light in (0.5, 0.2)]
    assert found == pytest.approx(meant, abs=0.01)
    assert open_picture(source).pixels.mean() == pytest.approx(meant[0], abs=0.01)
