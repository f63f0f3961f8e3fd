"""JPEG XL (ISO/IEC 18181), by imagecodecs; its header, which says of the colours, by us."""

from dataclasses import dataclass
from typing import BinaryIO

import numpy as np

from studio.core.formats import cicp
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
_SRGB, _D65 = (1, 13), 1
_PRIMARIES = {1: 1, 9: 9, 11: 12}
"""JPEG XL's numbers of primaries under D65, and those of H.273."""


class _Bits:
    """Reads the bits of a header, lowest first."""

    def __init__(self, data: bytes) -> None:
        self._whole = int.from_bytes(data, "little")

    def take(self, count: int) -> int:
        value = self._whole & ((1 << count) - 1)
        self._whole >>= count
        return value

    def u32(self, *choices: tuple[int, int]) -> int:
        """One of four kinds of number: something, and so many bits beyond it."""
        base, count = choices[self.take(2)]
        return base + self.take(count)

    def number(self) -> int:
        """Of an enumeration."""
        return self.u32((0, 0), (1, 0), (2, 4), (18, 6))


def size(file: BinaryIO) -> tuple[int, int]:
    """Width and height in px, as stored, without decoding.

    Raises:
        DamagedError: it has no header.
    """
    found = _header(_parts(file.read())[CODESTREAM])
    return found.width, found.height


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
    said = _header(parts[CODESTREAM])
    width, height = said.width, said.height
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
        cicp=said.colours,
        orientation=said.orientation,
        notes=list(said.notes),
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


@dataclass(frozen=True)
class _Header:
    """Width and height in px, as stored, and what else the studio wants to know.

    Attributes:
        width: as stored.
        height: as stored.
        orientation: 1 to 8.
        colours: primaries and transfer, as `Metadata.cicp`.
        notes: as in `Metadata`.
    """

    width: int
    height: int
    orientation: int = 1
    colours: cicp.Cicp | None = None
    notes: tuple[str, ...] = ()


def _header(stream: bytes) -> _Header:
    """Reads the header (annex D)."""
    bits = _Bits(stream[2:66])
    width, height = _size(bits)
    if bits.take(1):  # all is as usual
        return _Header(width, height)
    orientation, notes, known = 1, list[str](), True
    if bits.take(1):
        orientation = 1 + bits.take(3)
        if bits.take(1):
            _size(bits)  # at which it is meant to be shown
        known = not bits.take(1)  # of a preview, whose header is not read here
        if known and bits.take(1):
            notes.append("the first frame is taken")
            bits.u32((100, 0), (1000, 0), (1, 10), (1, 30))
            bits.u32((1, 0), (1001, 0), (1, 8), (1, 10))
            bits.u32((0, 0), (0, 3), (0, 16), (0, 32))
            bits.take(1)
    named = _colours(bits) if known else None
    if named is None:
        notes.append("its colours are taken as sRGB")
    colours = cicp.found(*named, notes) if named else None
    return _Header(width, height, orientation, colours, tuple(notes))


def _colours(bits: _Bits) -> cicp.Cicp | None:
    """Primaries and transfer; None: they are not known."""
    if bits.take(1):  # floating-point samples
        bits.u32((32, 0), (16, 0), (24, 0), (1, 6))
        bits.take(4)
    else:
        bits.u32((8, 0), (10, 0), (12, 0), (1, 6))
    bits.take(1)
    for _ in range(bits.u32((0, 0), (1, 0), (2, 4), (1, 12))):
        if not bits.take(1):  # of alpha as usual nothing more is said
            return None
    bits.take(1)
    if bits.take(1):
        return _SRGB
    if bits.take(1):
        return None  # an ICC profile, which is packed in a way of its own
    space = bits.number()
    white = bits.number()
    primaries = bits.number() if space == 0 else 1
    if space > 1 or white != _D65 or primaries not in _PRIMARIES or bits.take(1):
        return None
    return _PRIMARIES[primaries], bits.number()


def _size(bits: _Bits) -> tuple[int, int]:
    small = bool(bits.take(1))
    height = _side(bits, small)
    ratio = bits.take(3)
    wide, high = _RATIOS[ratio - 1]
    return height * wide // high if ratio else _side(bits, small), height


def _side(bits: _Bits, small: bool) -> int:
    return 8 * (bits.take(5) + 1) if small else 1 + bits.take(_SIZES[bits.take(2)])
