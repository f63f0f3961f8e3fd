"""What a TIFF says beside its pixels; and an EXIF block in it, as its own directories hold EXIF."""

import struct
from typing import Any, BinaryIO

from studio.core.formats import cicp
from studio.core.formats.metadata import exif
from studio.core.formats.metadata.ifd import Reader

_STRIPS, _TILES = 273, 324
_CURVE, _WHITE_POINT, _PRIMARIES = 301, 318, 319
_D65 = (3127, 10000, 3290, 10000)


def joined(block: bytes, tiff: bytes) -> bytes:
    """A TIFF of one page with an EXIF block in it, of which nothing moves.

    The block is a TIFF without pixels: the file begins with it, so that all its offsets stay true,
    and ends with a new first directory, of the tags of both.

    Args:
        block: without prefix.
        tiff: of the same byte order; no BigTIFF.
    """
    shift = len(block) + len(block) % 2
    told, coded = Reader(block), Reader(tiff)
    rows: dict[int, bytes] = {}
    entries = told.entries(told.first)
    for row in told.table(told.first)[0]:
        (tag,) = struct.unpack_from(told.order + "H", row)
        if tag in entries and tag not in exif.LAYOUT:
            rows.setdefault(tag, row)
    body = bytearray(tiff)
    entries = coded.entries(coded.first)
    for tag in (_STRIPS, _TILES):
        if tag in entries:
            where = f"{coded.order}{entries[tag].count}I"
            offsets = struct.unpack_from(where, body, entries[tag].at)
            struct.pack_into(where, body, entries[tag].at, *(at + shift for at in offsets))
    for row in Reader(bytes(body)).table(coded.first)[0]:
        tag, kind, count, at = struct.unpack(coded.order + "HHII", row)
        if entries[tag].size > 4:
            row = struct.pack(coded.order + "HHII", tag, kind, count, at + shift)  # noqa: PLW2901
        rows[tag] = row
    end = shift + len(body) + len(body) % 2
    directory = struct.pack(coded.order + "H", len(rows))
    directory += b"".join(rows[tag] for tag in sorted(rows)) + bytes(4)
    head = block[:4] + struct.pack(coded.order + "I", end)
    return (head + block[8:].ljust(shift - 8, b"\x00") + body).ljust(end, b"\x00") + directory


def words(file: BinaryIO, at: int) -> dict[int, bytes]:
    """Profile, XMP, Photoshop's resources and IPTC's records, of the directory at an offset."""
    reader = Reader(file)
    entries = reader.entries(at)
    kinds = (exif.ICC, exif.XMP, exif.PHOTOSHOP, exif.IPTC)
    return {tag: reader.data(entries[tag]) for tag in kinds if tag in entries}


def profile_of_primaries(tags: Any) -> bytes | None:
    """What the primaries say (TIFF 6.0, section 20), whose curve is one of gamma 2.2."""
    primaries, white = tags.valueof(_PRIMARIES), tags.valueof(_WHITE_POINT, _D65)
    if primaries is None or len(primaries) != 12 or len(white) != 4 or _CURVE in tags:
        return None
    numbers = (*white, *primaries)
    pairs = zip(numbers[::2], numbers[1::2], strict=True)
    points = tuple(above / below for above, below in pairs if below)
    return cicp.profile_of_gamma(1 / 2.2, points) if len(points) == 8 else None
