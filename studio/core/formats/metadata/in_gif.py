"""What a GIF (version 89a) says beside its pixels, in extensions that Pillow passes over."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

EXTENSION, FRAME = 0x21, 0x2C
_COMMENT, _APPLICATION = 0xFE, 0xFF
_XMP, _ICC, _CREDENTIALS = b"XMP DataXMP", b"ICCRGBG1012", b"C2PA_GIF\x01\x00\x00"
_TRAILER = 258
"""Bytes behind an XMP packet that lead who takes it for blocks out of it again."""
_LARGEST = 64 << 20  # bytes


@dataclass(frozen=True)
class Said:
    """See `Metadata` for what the names mean."""

    icc: bytes | None
    xmp: bytes | None
    comments: tuple[bytes, ...]
    has_credentials: bool


def read(file: BinaryIO) -> Said:
    """Reads the extensions.

    Args:
        file: open for reading, seekable.
    """
    file.seek(0)
    data = file.read(_LARGEST)
    icc, xmp, comments, signed = None, None, list[bytes](), False
    for label, found, raw in _extensions(data):
        if label == _COMMENT:
            comments.append(b"".join(found))
        elif label == _APPLICATION and found[:1] == [_XMP]:
            xmp = xmp or raw[1 + len(_XMP) : -_TRAILER] or None
        elif label == _APPLICATION and found[:1] == [_ICC]:
            icc = icc or b"".join(found[1:]) or None
        signed = signed or (label == _APPLICATION and found[:1] == [_CREDENTIALS])
    return Said(icc, xmp, tuple(comments), signed)


def _extensions(data: bytes) -> Iterator[tuple[int, list[bytes], bytes]]:
    """Yields the label of each, its blocks, and the same as it stands, up to the first damage."""
    at = 13 + table_size(data[10:11])
    while at + 2 <= len(data):
        if data[at] == EXTENSION:
            label, start = data[at + 1], at + 2
            found, at = blocks(data, start)
            yield label, found, data[start:at]
        elif data[at] == FRAME:
            _, at = blocks(data, at + 11 + table_size(data[at + 9 : at + 10]))
        else:
            return


def table_size(flags: bytes) -> int:
    """Bytes of the colour table that follows some flags."""
    return 3 << (flags[0] & 7) + 1 if flags and flags[0] & 0x80 else 0


def blocks(data: bytes, at: int) -> tuple[list[bytes], int]:
    """The blocks from an offset on, and where what follows them begins."""
    found: list[bytes] = []
    while at < len(data) and data[at]:
        found.append(data[at + 1 : at + 1 + data[at]])
        at += 1 + data[at]
    return found, at + 1
