"""EXIF: which way is up, how many dots an inch, and what of it is no longer true of a result.

A block goes from file to file as the bytes that it is; see `ifd`.
"""

import json
import re
import struct
from collections.abc import Mapping
from typing import BinaryIO

from studio.core.formats.metadata import ifd
from studio.core.formats.metadata.ifd import Directory, Editor, Reader, Value
from studio.core.words.said import say

PREFIX = b"Exif\x00\x00"
"""Stands before the block in a JPEG; the block itself begins with a TIFF header."""

ERRORS = (OSError, SyntaxError, ValueError, TypeError, KeyError, struct.error, ArithmeticError)
"""What reading a broken block or TIFF may raise; it is then as if there were none."""

_WIDTH, _HEIGHT, _ORIENTATION = 0x0100, 0x0101, 0x0112
_X_RESOLUTION, _Y_RESOLUTION, _RESOLUTION_UNIT = 0x011A, 0x011B, 0x0128
DESCRIPTION, _COLOUR_SPACE = 0x010E, 0xA001
_ADOBE_RGB, _UNCALIBRATED, _INDEX = 2, 0xFFFF, 1
_OF_STACKS = re.compile(rb"ImageJ=|\{\s*\"shape\"|(<\?xml[^>]*\?>|<!--.*?-->|\s)*<OME\b", re.DOTALL)
MAKER_NOTE, _USER_COMMENT = 0x927C, 0x9286
_PIXEL_WIDTH, _PIXEL_HEIGHT = 0xA002, 0xA003
XMP, IPTC, PHOTOSHOP, ICC, LAYERS = 0x02BC, 0x83BB, 0x8649, 0x8773, 0x935C
LAYOUT = frozenset(
    {
        *range(0x00FE, 0x010D), 0x0111, *range(0x0115, 0x011D), 0x0120, 0x0121, 0x0122, 0x0123,
        0x0124, 0x0125, 0x0128, 0x0129, 0x012D, 0x013D, *range(0x0140, 0x014B), 0x014C, 0x014E,
        0x0150, *range(0x0151, 0x0156), 0x0156, 0x0157, 0x015A, 0x015B, *range(0x0200, 0x0216),
        XMP, IPTC, PHOTOSHOP, ICC, LAYERS, 0x828D, 0x828E, 0x9216, *range(0xC612, 0xCE00),
    }
    - {0xC614, 0xC615, 0xC62F, 0xC630, 0xC68B}
)  # fmt: skip
"""Tags of a TIFF's first directory that tell how this file is laid out and coded, and those for
which a `Picture` has a place of its own; all others tell of the photo."""
_OF_RAW = frozenset(
    {0x010E, 0x010F, 0x0110, 0x0112, 0x0131, 0x0132, 0x013B, 0x4746, 0x4749, 0x8298, 0xC614, 0xC615,
     0xC62F, 0xC630, 0xC68B}
)  # fmt: skip
"""What a camera's RAW tells in its first directory; the rest of it is about the sensor."""


def body(exif: bytes | None) -> bytes | None:
    """The block without the six-byte ``Exif`` prefix; None where nothing is left."""
    return (exif or b"").removeprefix(PREFIX).removeprefix(PREFIX) or None


def orientation(exif: bytes | None) -> int | None:
    """EXIF orientation, 1 to 8; None if it is not said, or not one of these."""
    try:
        reader = Reader(body(exif) or b"")
        found = reader.number(reader.entries(reader.first).get(_ORIENTATION))
    except ERRORS:
        return None
    return found if found in range(1, 9) else None


def upright(exif: bytes | None) -> bytes | None:
    """The block with orientation 1; the same bytes where it is so already, or says nothing."""
    block = body(exif)
    if block is None or orientation(block) in {None, 1}:
        return block
    editor = Editor(block)
    editor.change((), {_ORIENTATION: _short(editor.order, 1)})
    return editor.block


def resolution(exif: bytes | None) -> tuple[float, float] | None:
    """Pixels an inch, horizontal and vertical; None: not said."""
    try:
        reader = Reader(body(exif) or b"")
        entries = reader.entries(reader.first)
        found: list[float] = []
        for tag in (_X_RESOLUTION, _Y_RESOLUTION):
            above, below = struct.unpack(reader.order + "II", reader.data(entries[tag]))
            found.append(above / below)
        unit = reader.number(entries.get(_RESOLUTION_UNIT)) or 2
    except ERRORS:
        return None
    scale = {2: 1.0, 3: 2.54}.get(unit)
    return None if scale is None else checked_dpi((found[0] * scale, found[1] * scale))


def checked_dpi(found: tuple[float, float] | None) -> tuple[float, float] | None:
    """`found` to two digits, which is what the formats hold; None if it is no resolution."""
    if found is None or not all(0.5 <= value < 1e6 for value in found):
        return None
    return (round(float(found[0]), 2), round(float(found[1]), 2))


def request(exif: bytes | None) -> str | None:
    """The request in the UserComment, where version 0.1 put it; None: it has none of ours."""
    try:
        reader = Reader(body(exif) or b"")
        comment = reader.data(reader.entries(reader.below(reader.first, ifd.EXIF))[_USER_COMMENT])
    except ERRORS:
        return None
    unicode = comment[:8] == b"UNICODE\x00"
    for encoding in ("utf-16-le", "utf-16-be") if unicode else ("utf-8",):
        try:
            text = comment[8:].decode(encoding)
            if "request" in dict(json.loads(text)):
                return text
        except (ValueError, TypeError):
            continue
    return None


def updated(
    exif: bytes | None,
    *,
    size: tuple[int, int],
    dpi: tuple[float, float] | None,
    has_request: bool = False,
) -> bytes | None:
    """The block for a file that is about to be written: true of it, and else as it was.

    Args:
        exif: the block of the original.
        size: width and height of the picture in px.
        dpi: pixels an inch, said in the block where the original's says nothing of them.
        has_request: the file says elsewhere how it was made, so that what an earlier version said
            in the UserComment is not true any more.

    Returns:
        The block without the six-byte ``Exif`` prefix; None: there is nothing to say.
    """
    block = body(exif)
    try:
        editor = Editor(block or ifd.built("<", {}))
    except ERRORS:
        block, editor = None, Editor(ifd.built("<", {}))
    dots = {} if resolution(exif) else _dots(editor.order, dpi)
    if block is None and not dots:
        return None
    order = editor.order
    width, height = (Value(ifd.LONG, struct.pack(order + "I", side)) for side in size)
    editor.end_after_first()
    present = editor.reader.entries(editor.reader.first)
    sizes = {_WIDTH: width, _HEIGHT: height} if _WIDTH in present or _HEIGHT in present else {}
    editor.change((), {**dots, **sizes})
    editor.change((ifd.EXIF,), {_PIXEL_WIDTH: width, _PIXEL_HEIGHT: height})
    if has_request and request(block):
        editor.change((ifd.EXIF,), {_USER_COMMENT: None})
    return editor.block


def is_adobe_rgb(exif: bytes | None) -> bool:
    """Whether it says so, as a camera does that gives no profile (DCF 2.0, optional file)."""
    try:
        reader = Reader(body(exif) or b"")
        details = reader.below(reader.first, ifd.EXIF)
        space = reader.number(reader.entries(details).get(_COLOUR_SPACE))
        if space != _UNCALIBRATED:
            return space == _ADOBE_RGB
        index = reader.entries(reader.below(details, ifd.INTEROPERABILITY))[_INDEX]
        return reader.data(index)[:3] == b"R03"
    except ERRORS:
        return False


def shortened(block: bytes, most: int) -> tuple[bytes | None, str]:
    """A block that fits: without its maker note, or else without anything that is not needed.

    Args:
        block: without prefix.
        most: bytes that the format holds.

    Returns:
        The block, or None; and what it lacks, in words.
    """
    if len(block) <= most:
        return block, ""
    reader = Reader(block)
    small = ifd.built(reader.order, reader.directory(reader.first, frozenset({MAKER_NOTE})))
    if len(small) <= most:
        return small, say("the maker note of its EXIF")
    return None, say("its EXIF")


def from_tiff(
    file: BinaryIO, *, raw: bool = False, page: int = 0, alone: bool = False
) -> bytes | None:
    """Makes a block of what a TIFF, or a camera's RAW that is one, says in its directories.

    Args:
        file: open for reading, seekable; from its beginning.
        raw: it is a RAW, whose maker note and sensor are left out.
        page: where the directory of the photo is, if it is not the first one.
        alone: what the first one says is not about that photo.

    Returns:
        The block without the six-byte ``Exif`` prefix, upright; or None.
    """
    try:
        reader = Reader(file)
        places = [page] if alone else [reader.first, page] if page else [reader.first]
        first: Directory = {}
        for place in places:
            first |= reader.directory(place, frozenset({MAKER_NOTE}) if raw else frozenset())
    except ERRORS:
        return None
    if raw:
        return _developed(reader.order, first)
    first = {tag: value for tag, value in first.items() if tag not in LAYOUT}
    said = first.get(DESCRIPTION)
    if isinstance(said, Value) and tells_of_a_stack(said.data):
        del first[DESCRIPTION]
    if _ORIENTATION in first:
        first[_ORIENTATION] = _short(reader.order, 1)
    return ifd.built(reader.order, first) if first.keys() - {_ORIENTATION} else None


def tells_of_a_stack(description: bytes) -> bool:
    """Whether a TIFF's description tells programs how its pages lie, which is not so any more."""
    return bool(_OF_STACKS.match(description))


def in_order(block: bytes, order: str) -> Directory:
    """What a block tells of the photo, its numbers in an order of bytes, ``<`` or ``>``."""
    reader = Reader(block)
    found = reader.directory(reader.first)
    told = {tag: value for tag, value in found.items() if tag not in LAYOUT}
    return told if reader.order == order else ifd.swapped(told)


def joined(blocks: Mapping[int, bytes]) -> bytes | None:
    """One block of a RAW's several.

    Args:
        blocks: the directories' tags, 0 for the first one, and for each a block that has nothing
            but that directory, all of one byte order.
    """
    try:
        readers = {place: Reader(block) for place, block in blocks.items()}
        found = {
            place: reader.directory(reader.first, frozenset({MAKER_NOTE}))
            for place, reader in readers.items()
        }
    except ERRORS:
        return None
    if 0 not in readers:
        return None
    below = {place: directory for place, directory in found.items() if place}
    return _developed(readers[0].order, {**found[0], **below})


def of_developed(block: bytes | None) -> bytes | None:
    """The block of a JPEG that a RAW brings along, for what was developed from it; upright."""
    try:
        editor = Editor(body(block) or b"")
    except ERRORS:
        return None
    editor.change((ifd.EXIF,), {_COLOUR_SPACE: _short(editor.order, 1)})
    return upright(editor.block)


def _developed(order: str, first: Directory) -> bytes | None:
    """A block of what a RAW's directories tell of the photo, which is in sRGB now, and upright."""
    kept = {tag: value for tag, value in first.items() if tag in _OF_RAW | {ifd.EXIF, ifd.GPS}}
    if _ORIENTATION in kept:
        kept[_ORIENTATION] = _short(order, 1)
    details = kept.get(ifd.EXIF)
    if isinstance(details, dict):
        inner = {tag: value for tag, value in details.items() if tag != ifd.INTEROPERABILITY}
        kept[ifd.EXIF] = {**inner, _COLOUR_SPACE: _short(order, 1)}
    return ifd.built(order, kept) if kept.keys() - {_ORIENTATION} else None


def _short(order: str, number: int) -> Value:
    return Value(ifd.SHORT, struct.pack(order + "H", number))


def _dots(order: str, dpi: tuple[float, float] | None) -> dict[int, Value | None]:
    if dpi is None:
        return {}
    x, y = (
        Value(ifd.RATIONAL, struct.pack(order + "II", round(value * 100), 100)) for value in dpi
    )
    return {_X_RESOLUTION: x, _Y_RESOLUTION: y, _RESOLUTION_UNIT: _short(order, 2)}
