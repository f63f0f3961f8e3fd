"""EXIF and XMP: which way is up, how many dots an inch, and the request of a saved picture.

Blocks are read and built with Pillow. Building one leaves out its thumbnail, which would go on
showing the picture as it was. A maker note keeps its bytes but not its place, so that pointers
inside it (some cameras have them) no longer lead anywhere.
"""

import json
import re
import struct
from typing import Any, BinaryIO

from PIL import Image

PREFIX = b"Exif\x00\x00"
"""Stands before the block in a JPEG; the block itself begins with a TIFF header."""

ERRORS = (OSError, SyntaxError, ValueError, TypeError, KeyError, struct.error, ArithmeticError)
"""What reading or building a broken block may raise; it is then as if there were none."""

_EXIF_IFD, _GPS_IFD = 0x8769, 0x8825
_ORIENTATION, _MAKER_NOTE, _USER_COMMENT = 0x0112, 0x927C, 0x9286
_INTEROPERABILITY = 0xA005
_X_RESOLUTION, _Y_RESOLUTION, _RESOLUTION_UNIT = 0x011A, 0x011B, 0x0128
_PIXEL_WIDTH, _PIXEL_HEIGHT = 0xA002, 0xA003
_DESCRIPTIVE = (0x010E, 0x010F, 0x0110, 0x0131, 0x0132, 0x013B, 0x4746, 0x8298)
"""Tags of a TIFF's first directory that tell of the photo, not of how its file is laid out:
description, make, model, software, date, artist, rating, copyright."""


def body(exif: bytes | None) -> bytes | None:
    """The block without the six-byte ``Exif`` prefix; None where nothing is left."""
    return (exif or b"").removeprefix(PREFIX).removeprefix(PREFIX) or None


def orientation(exif: bytes | None) -> int:
    """EXIF orientation, 1 to 8; 1 if it is not said, or not one of these."""
    try:
        found = _load(exif).get(_ORIENTATION, 1)
    except ERRORS:
        return 1
    return found if isinstance(found, int) and 1 <= found <= 8 else 1


def upright(exif: bytes | None) -> bytes | None:
    """The block with orientation 1; the same bytes where it is so already."""
    if orientation(exif) == 1:
        return body(exif)
    try:
        block = _load(exif)
        block[_ORIENTATION] = 1
        return body(block.tobytes())
    except ERRORS:
        return None


def upright_xmp(xmp: bytes | None) -> bytes | None:
    """The packet with ``tiff:Orientation`` 1 where it has one."""
    if not xmp:
        return None
    pattern = rb"(tiff:Orientation\s*(?:=\s*[\"']|>)\s*)[2-8]"
    return re.sub(pattern, rb"\g<1>1", xmp)


def dpi(exif: bytes | None) -> tuple[float, float] | None:
    """Pixels an inch, horizontal and vertical; None: not said."""
    try:
        block = _load(exif)
        found = (float(block[_X_RESOLUTION]), float(block[_Y_RESOLUTION]))
        scale = 2.54 if block.get(_RESOLUTION_UNIT, 2) == 3 else 1.0
    except ERRORS:
        return None
    return checked_dpi((found[0] * scale, found[1] * scale))


def checked_dpi(found: tuple[float, float] | None) -> tuple[float, float] | None:
    """`found` to two digits, which is what the formats hold; None if it is no resolution."""
    if found is None or not all(0.5 <= value < 1e6 for value in found):
        return None
    return (round(float(found[0]), 2), round(float(found[1]), 2))


def request(exif: bytes | None) -> str | None:
    """The JSON object in the UserComment; None: there is no comment, or it is of another kind."""
    try:
        comment = _load(exif).get_ifd(_EXIF_IFD).get(_USER_COMMENT)
    except ERRORS:
        return None
    if not isinstance(comment, bytes):
        return None
    unicode = comment[:8] == b"UNICODE\x00"
    for encoding in ("utf-16-le", "utf-16-be") if unicode else ("utf-8",):
        try:
            text = comment[8:].decode(encoding)
            if isinstance(json.loads(text), dict):
                return text
        except (ValueError, RecursionError):
            continue
    return None


def built(
    exif: bytes | None,
    *,
    size: tuple[int, int],
    dpi: tuple[float, float] | None,
    request_json: str,
    most: int | None = None,
) -> bytes | None:
    """The block for a file that is about to be written.

    Args:
        exif: the block of the original.
        size: width and height of the picture in px.
        dpi: pixels an inch to be said in the block; None: as in the original.
        request_json: goes into the UserComment; empty: the comment of the original stays.
        most: bytes that the format holds. What is too large loses its maker note, then all that
            came from the original, then the request.

    Returns:
        The block without the six-byte ``Exif`` prefix; None: there is nothing to say.
    """
    if not exif and not request_json and dpi is None:
        return None
    bare = _filled(Image.Exif(), size, dpi, request_json)
    try:
        full = _filled(_load(exif), size, dpi, request_json)
        whole, small = full.tobytes(), full
        small.get_ifd(_EXIF_IFD).pop(_MAKER_NOTE, None)
        candidates = [whole, small.tobytes(), bare.tobytes()]
    except ERRORS:
        candidates = [bare.tobytes()]
    fitting = (body(block) for block in candidates if most is None or len(block) <= most)
    return next(fitting, None)


def from_tiff(file: BinaryIO, *, maker_note: bool = True) -> bytes | None:
    """Makes a block of what a TIFF, or a camera's RAW that is one, says in its directories.

    Args:
        file: open for reading, seekable; from its beginning.
        maker_note: whether to take it over.

    Returns:
        The block without the six-byte ``Exif`` prefix, orientation not said; or None.
    """
    block, source = Image.Exif(), Image.Exif()
    try:
        file.seek(0)
        source.load_from_fp(file)
        for tag in _DESCRIPTIVE:
            if tag in source:
                block[tag] = source[tag]
        left_out = {_INTEROPERABILITY} if maker_note else {_INTEROPERABILITY, _MAKER_NOTE}
        found = False
        for directory in (_EXIF_IFD, _GPS_IFD):
            values = source.get_ifd(directory)
            if kept := {tag: values[tag] for tag in values if tag not in left_out}:
                block.get_ifd(directory).update(kept)
                found = True
        return body(block.tobytes()) if found or len(block) else None
    except ERRORS:
        return None


def directories(exif: bytes | None) -> tuple[dict[int, bytes], dict[int, dict[int, Any]]]:
    """The block taken apart, for a TIFF, whose own directories hold EXIF.

    Returns:
        The describing texts of the first directory (tag to bytes), and the directories below it
        (pointer tag to the tags and values in it).
    """
    texts: dict[int, bytes] = {}
    below: dict[int, dict[int, Any]] = {}
    try:
        block = _load(exif)
        for tag in _DESCRIPTIVE:
            if isinstance(value := block.get(tag), str):
                texts[tag] = value.encode("utf-8") + b"\x00"
        for pointer in (_EXIF_IFD, _GPS_IFD):
            found = block.get_ifd(pointer)
            if kept := {tag: found[tag] for tag in found if tag != _INTEROPERABILITY}:
                below[pointer] = kept
    except ERRORS:
        return texts, below
    return texts, below


def _load(exif: bytes | None) -> Image.Exif:
    block = Image.Exif()
    if content := body(exif):
        block.load(content)
    return block


def _filled(
    block: Image.Exif, size: tuple[int, int], dpi: tuple[float, float] | None, request_json: str
) -> Image.Exif:
    """Sets what a new file says of itself, in place."""
    block[_ORIENTATION] = 1
    if dpi is not None:
        block[_X_RESOLUTION], block[_Y_RESOLUTION], block[_RESOLUTION_UNIT] = dpi[0], dpi[1], 2
    details = block.get_ifd(_EXIF_IFD)
    details[_PIXEL_WIDTH], details[_PIXEL_HEIGHT] = size
    if request_json:
        if request_json.isascii():
            details[_USER_COMMENT] = b"ASCII\x00\x00\x00" + request_json.encode("ascii")
        else:
            utf16 = "utf-16-le" if block.endian == "<" else "utf-16-be"
            details[_USER_COMMENT] = b"UNICODE\x00" + request_json.encode(utf16)
    return block


def tiff_directory(pointer: int, values: dict[int, Any], offset: int) -> bytes:
    """A little-endian TIFF directory.

    Args:
        pointer: the tag that leads to it, 34665 (EXIF) or 34853 (GPS).
        values: tag to value.
        offset: where in its file it will be put, in bytes.
    """
    from PIL.TiffImagePlugin import ImageFileDirectory_v2

    directory = ImageFileDirectory_v2(b"II\x2a\x00\x08\x00\x00\x00", group=pointer)
    for tag, value in values.items():
        directory[tag] = value
    return directory.tobytes(offset)
