"""What a TIFF says beside its pixels; and EXIF blocks in it, as its own directories hold EXIF."""

import struct
from io import BytesIO
from typing import Any, BinaryIO

from studio.core.formats import cicp
from studio.core.formats.metadata import exif, ifd
from studio.core.formats.metadata.ifd import Reader

_STRIPS, _TILES = 273, 324
_CURVE, _WHITE_POINT, _PRIMARIES = 301, 318, 319
_D65 = (3127, 10000, 3290, 10000)


class Joined:
    """A TIFF that takes pages one by one, each of one file of its own, with an EXIF block each.

    Of the first block nothing moves: it is a TIFF without pixels, and the file begins with it, so
    that the pointers inside of its maker note lead where they did.

    Args:
        block: of the first page, without prefix; None: it has none.

    Attributes:
        data: the file.
        order: of its bytes, ``<`` or ``>``.
    """

    def __init__(self, block: bytes | None) -> None:
        self.data = bytearray(block or b"II\x2a\x00\x00\x00\x00\x00")
        self.order = Reader(block).order if block else "<"
        self._link = 4  # where the offset of the next directory is to stand
        self._first = block

    def add(self, page: BytesIO, block: bytes | None) -> None:
        """Adds a page.

        Args:
            page: a TIFF of one page, no BigTIFF, in this `order`; it is changed.
            block: EXIF, without prefix; of the first page the one that was given.
        """
        if self._first is not None:
            rows = _rows(Reader(self._first))
        else:
            self._make_even()
            told = exif.in_order(block, self.order) if block else {}
            rows, values = ifd.rows(self.order, told, len(self.data))
            self.data += values
        self._first = None
        self._make_even()
        rows |= self._moved(page)
        self._make_even()
        struct.pack_into(self.order + "I", self.data, self._link, len(self.data))
        self.data += struct.pack(self.order + "H", len(rows))
        self.data += b"".join(rows[tag] for tag in sorted(rows))
        self._link = len(self.data)
        self.data += bytes(4)

    def _make_even(self) -> None:
        self.data += bytes(len(self.data) % 2)

    def _moved(self, page: BytesIO) -> dict[int, bytes]:
        """Puts a page's bytes at the end; returns the entries of its directory."""
        shift, order = len(self.data), self.order
        coded, body = Reader(page), page.getbuffer()
        entries = coded.entries(coded.first)
        for tag in (_STRIPS, _TILES):
            if tag in entries:
                where = f"{order}{entries[tag].count}I"
                offsets = struct.unpack_from(where, body, entries[tag].at)
                struct.pack_into(where, body, entries[tag].at, *(at + shift for at in offsets))
        rows: dict[int, bytes] = {}
        for row in coded.table(coded.first)[0]:
            tag, kind, count, at = struct.unpack(order + "HHII", row)
            is_far = entries[tag].size > 4
            rows[tag] = struct.pack(order + "HHII", tag, kind, count, at + shift) if is_far else row
        self.data += body
        return rows


def _rows(block: Reader) -> dict[int, bytes]:
    """The entries of a block's first directory that tell of the photo, as they stand."""
    rows: dict[int, bytes] = {}
    entries = block.entries(block.first)
    for row in block.table(block.first)[0]:
        (tag,) = struct.unpack_from(block.order + "H", row)
        if tag in entries and tag not in exif.LAYOUT:
            rows.setdefault(tag, row)
    return rows


def words(file: BinaryIO, at: int) -> dict[int, bytes]:
    """Profile, XMP, Photoshop's and IPTC's records, and description, of a directory's offset."""
    reader = Reader(file)
    entries = reader.entries(at)
    kinds = (exif.ICC, exif.XMP, exif.PHOTOSHOP, exif.IPTC, exif.DESCRIPTION)
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
