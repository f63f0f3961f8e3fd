"""JPEG XL (ISO/IEC 18181), by imagecodecs. Its colours are taken as sRGB."""

from typing import BinaryIO

import numpy as np

from studio.core.formats.boxes import boxes
from studio.core.formats.opened import (
    DamagedError,
    Opened,
    Samples,
    Space,
    check_size,
    strips,
)
from studio.core.memory import refuse_beyond_memory

CODESTREAM = b"\xff\x0a"
_RATIOS = ((1, 1), (6, 5), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))
_MOST_BYTES = 16 + 16  # of a decoded pixel, and of one of a `Picture`
_LARGEST_BOX = 16 << 20
_SIZES = (9, 13, 18, 30)  # bits


class _Bits:
    """Reads the bits of a header, lowest first."""

    def __init__(self, data: bytes) -> None:
        self._whole = int.from_bytes(data, "little")

    def take(self, count: int) -> int:
        value = self._whole & ((1 << count) - 1)
        self._whole >>= count
        return value


def size(file: BinaryIO) -> tuple[int, int]:
    """Width and height in px, as stored, without decoding.

    Raises:
        DamagedError: it has no header.
    """
    width, height, _ = _header(_parts(file.read())[CODESTREAM])
    return width, height


def read(file: BinaryIO, limit: float) -> Opened:
    """Decodes: only then is it known what the samples are. Of a moving picture, the first frame.

    Args:
        file: open for reading, at its beginning.
        limit: in megapixels; checked before anything is decoded.

    Raises:
        StudioError: it is larger than `limit`, or needs more memory than is left.
        DamagedError: it has no header.
    """
    from imagecodecs import jpegxl_decode

    data = file.read()
    parts = _parts(data)
    width, height, orientation = _header(parts[CODESTREAM])
    check_size(width, height, limit)
    refuse_beyond_memory(width * height * _MOST_BYTES, "the picture")
    pixels: Samples = jpegxl_decode(data, index=0, keeporientation=True)
    channels = 1 if pixels.ndim == 2 else pixels.shape[2]
    white = 1.0 if pixels.dtype.kind == "f" else float(np.iinfo(pixels.dtype).max)
    block = parts.get(b"Exif", b"")
    return Opened(
        format="JPEG XL",
        width=width,
        height=height,
        decoded=0,  # it is there already
        rows=lambda: strips(np.clip(pixels, 0, white)),
        space=Space.GREY if channels < 3 else Space.RGB,
        white=white,
        alpha=channels in {2, 4},
        bits=8 if white == 255 else 16,
        exif=block[4 + int.from_bytes(block[:4], "big") :] or None,
        xmp=parts.get(b"xml "),
        orientation=orientation,
    )


def _parts(data: bytes) -> dict[bytes, bytes]:
    """The boxes of a file; its pixels, which may have none around them, under `CODESTREAM`.

    Raises:
        DamagedError: there are no pixels.
    """
    if data.startswith(CODESTREAM):
        return {CODESTREAM: data}
    parts: dict[bytes, bytes] = {}
    for kind, start, end in boxes(data):
        content = data[start:end]
        if kind == b"brob":  # how most encoders put EXIF and XMP
            kind, content = content[:4], _unpacked(content[4:])  # noqa: PLW2901
        parts.setdefault(kind, content)
    stream = parts.get(b"jxlc") or parts.get(b"jxlp", b"")[4:]
    if not stream.startswith(CODESTREAM):
        raise DamagedError("no header")
    return parts | {CODESTREAM: stream}


def _unpacked(content: bytes) -> bytes:
    from imagecodecs import BrotliError, brotli_decode

    try:
        return bytes(brotli_decode(content, out=_LARGEST_BOX))
    except BrotliError:
        return b""


def _header(stream: bytes) -> tuple[int, int, int]:
    """Width and height in px, as stored, and the orientation."""
    bits = _Bits(stream[2:32])
    small = bool(bits.take(1))
    height = _side(bits, small)
    ratio = bits.take(3)
    wide, high = _RATIOS[ratio - 1]
    width = height * wide // high if ratio else _side(bits, small)
    plain = bits.take(1) or not bits.take(1)
    return width, height, 1 if plain else 1 + bits.take(3)


def _side(bits: _Bits, small: bool) -> int:
    return 8 * (bits.take(5) + 1) if small else 1 + bits.take(_SIZES[bits.take(2)])
