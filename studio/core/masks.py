"""Masks: grey pictures that say where a model acts.

A mask is a control's value, so it is text: the path of a file, or the mask's own content, a
``data:`` URL (RFC 2397) of a PNG. With its content a look, a request or a record is whole: no file
need be kept beside it, and none of that name can be taken for it.
"""

import base64
import binascii
import hashlib
from io import BytesIO
from pathlib import Path

import numpy as np

from studio.core.errors import StudioError
from studio.core.formats.disk import read_error
from studio.core.picture import Picture
from studio.core.picture_files import open_picture

LONGEST = 1024
"""px, longest side of a mask that is painted, or recorded."""
HASH = "sha256:"
"""Stands in a record before the hash of a mask whose content has no room there."""

_CONTENT = "data:image/png;base64,"
_MOST = 28 << 10  # bytes of a PNG in a record: a JPEG's EXIF has 64 kB, for the photo's own too
_LARGEST = 16.0  # millions of px that a content may unfold to


def from_png(png: bytes) -> str:
    """The value that holds a mask's content."""
    return _CONTENT + base64.b64encode(png).decode("ascii")


def is_content(value: str) -> bool:
    """Whether a value holds the mask itself."""
    return value.startswith(_CONTENT)


def to_png(value: str) -> bytes:
    """The content that a value holds.

    Raises:
        StudioError: it is damaged.
    """
    try:
        return base64.b64decode(value.removeprefix(_CONTENT), validate=True)
    except (binascii.Error, ValueError):
        raise _damaged() from None


def open_mask(value: str) -> Picture:
    """The mask of a value that is not empty; its level is the mean of the three channels.

    Raises:
        StudioError: there is no such file, none that can be read, or the content is damaged.
    """
    if value.startswith(HASH):
        raise StudioError("the mask is not in the record", "give its file: --set mask=FILE")
    if not is_content(value):
        return open_picture(Path(value))
    png = to_png(value)
    try:
        return open_picture(BytesIO(png), limit_megapixels=_LARGEST)
    except StudioError:
        raise _damaged() from None


def record(value: str, mask: Picture) -> str:
    """What a record says of a mask: its content in 256 levels, at most `LONGEST` px a side.

    Where that has no room, as where a mask is a photo, the record has `HASH` and the SHA-256.

    Args:
        value: names the mask.
        mask: from `open_mask`.

    Raises:
        StudioError: the file can no longer be read.
    """
    from PIL import Image

    levels = np.rint(255 * mask.reduced(LONGEST).pixels.mean(2)).astype(np.uint8)
    packed = BytesIO()
    Image.fromarray(levels).save(packed, "PNG")
    small = packed.tell() <= _MOST
    return from_png(packed.getvalue()) if small else HASH + digest(value)


def digest(value: str) -> str:
    """SHA-256 of a mask's file or content, in hex.

    Raises:
        StudioError: there is no such file, or none that may be read.
    """
    if is_content(value):
        return hashlib.sha256(to_png(value)).hexdigest()
    try:
        with Path(value).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise read_error(error, value) from error


def _damaged() -> StudioError:
    return StudioError("the mask is damaged", "choose or paint it again")
