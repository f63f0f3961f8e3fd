"""JPEG 2000 (ISO/IEC 15444-1), by imagecodecs: up to 16 bits a channel."""

import struct
from collections.abc import Iterator
from typing import BinaryIO

from studio.core.formats.boxes import boxes
from studio.core.formats.metadata import photoshop
from studio.core.formats.opened import DamagedError, Opened, Samples, Space, strips

_START = b"\xff\x4f\xff\x51"
_XMP = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_IPTC = bytes.fromhex("33c7a4d2b81d4723a0baf1a3e097ad38")
_WITH_PROFILE = {2, 3}
_SRGB, _GREY = 16, 17  # enumerated colour spaces (annex I.5.3.3)
_EXIF = b"JpgTiffExif->JP2"


def read(file: BinaryIO) -> Opened:
    """Reads all that a file says beside its pixels.

    Raises:
        DamagedError: it has no header, or samples of more than 16 bits.
    """
    data = file.read()
    start = data.find(_START)
    if start < 0 or start + 41 > len(data):
        raise DamagedError("no header")
    right, bottom, left, top = struct.unpack_from(">4I", data, start + 8)
    channels, depth = struct.unpack_from(">HB", data, start + 40)
    bits = (depth & 0x7F) + 1
    if channels not in {1, 2, 3, 4} or bits > 16:
        raise DamagedError(f"{channels} channels of {bits} bits")

    icc, coded, found = None, data, dict[bytes, bytes]()
    for kind, begin, end in boxes(data) if start else ():
        if kind == b"uuid":
            found.setdefault(data[begin : begin + 16], data[begin + 16 : end])
        for inner, at, stop in boxes(data, begin, end) if kind == b"jp2h" else ():
            if inner == b"colr" and data[at] in _WITH_PROFILE and icc is None:
                icc = data[at + 3 : stop]
                coded = _without_profile(data, at, grey=channels < 3)

    def rows() -> Iterator[Samples]:
        from imagecodecs import jpeg2k_decode

        return strips(jpeg2k_decode(coded))

    return Opened(
        format="JPEG 2000",
        width=right - left,
        height=bottom - top,
        rows=rows,
        decoded=(right - left) * (bottom - top) * channels * (2 if bits > 8 else 1),
        space=Space.GREY if channels < 3 else Space.RGB,
        white=float((1 << bits) - 1),
        alpha=channels in {2, 4},
        bits=max(8, bits),
        icc=icc,
        exif=found.get(_EXIF),
        xmp=found.get(_XMP),
        photoshop=photoshop.with_iptc(None, found.get(_IPTC)),
    )


def _without_profile(data: bytes, at: int, *, grey: bool) -> bytes:
    """The file as if its samples were sRGB: OpenJPEG would bring them there by their profile.

    Args:
        data: the file.
        at: where the content of its colour box begins.
        grey: it has no colours.
    """
    said = b"\x01" + data[at + 1 : at + 3] + struct.pack(">I", _GREY if grey else _SRGB)
    return data[:at] + said + data[at + len(said) :]
