"""What a TIFF says beside its pixels; and EXIF blocks in it, as its own directories hold EXIF."""

import struct
from io import BytesIO
from typing import Any, BinaryIO

import numpy as np

from studio.core.formats import cicp
from studio.core.formats.metadata import exif, ifd
from studio.core.formats.metadata.ifd import Reader
from studio.core.words.said import say

_STRIPS, _TILES = 273, 324
_CURVE, _WHITE_POINT, _PRIMARIES = 301, 318, 319
_D65 = (3127, 10000, 3290, 10000)
_SRGB = (64, 100, 33, 100, 30, 100, 60, 100, 15, 100, 6, 100)
_OF_CURVES = {1, 2}
"""Kinds of colours, grey and RGB, whose samples a curve is of."""


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


def profile(page: Any, notes: list[str]) -> bytes | None:
    """What its curve and its primaries say (TIFF 6.0, section 20); None: no more than sRGB.

    Args:
        page: as tifffile has it.
        notes: told of a curve that cannot be taken.
    """
    tags: Any = page.tags
    curve, primaries = tags.get(_CURVE), tags.valueof(_PRIMARIES)
    levels = 1 << min(16, page.bitspersample)
    if curve and not (
        page.photometric in _OF_CURVES
        and curve.dtype == ifd.SHORT
        and curve.count in {levels, 3 * levels}
    ):
        notes.append(say("the curve of its colours cannot be used, and is left out"))
        curve = None
    told = (
        np.ravel(tags.valueof(_WHITE_POINT, _D65)),
        np.ravel(_SRGB if primaries is None else primaries),
    )
    numbers, points = np.concatenate(told), None
    if len(numbers) == 16 and numbers.dtype.kind in "iuf" and numbers[1::2].all():
        points = tuple((numbers[::2] / numbers[1::2]).tolist())
    if curve:
        light = np.reshape(curve.value, (-1, levels)) / 65535
        return cicp.profile_of_curves(light, points)
    return cicp.profile_of_gamma(1 / 2.2, points) if points and primaries is not None else None
