"""Paintings as text: pictures whose manner is taken on, as the value of a control.

The value is the path of a file, or the painting's own content: a ``data:`` URL (RFC 2397) of a
WebP, with the SHA-256 of the file that it was made of. So a painting has a name that stays when it
is made smaller, and whatever becomes of its file, the request is whole.
"""

import base64
import binascii
import hashlib
import re
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from studio.core.errors import StudioError
from studio.core.files.disk import read_error

if TYPE_CHECKING:  # the window's first paint does not wait for numpy
    from studio.core.picture import Floats, Picture

_SIDE, _LENGTH = 512, 2  # short side in px at which nets look, and sides of a longest middle
GLANCE = 288
"""px, side of the squares in which a painting is looked at by the net for any painting."""
LONGEST = 1024
"""px, longest side of a painting that is held as a value: no model looks closer."""

_CONTENT = re.compile(r"data:image/webp;sha256=([0-9a-f]{64});base64,")
_QUALITY = 90  # of its WebP
_MOST = 128 << 10  # bytes of a WebP in a record
_SIDES = (896, 768, 640, 512, 384, 256)  # px, of what is tried for a record
_LARGEST = 16.0  # millions of px that a content may unfold to


def is_content(value: str) -> bool:
    """Whether a value holds the painting itself."""
    return _CONTENT.match(value) is not None


def digest(value: str) -> str:
    """SHA-256, in hex, of the file that a content was made of; empty for any other value."""
    found = _CONTENT.match(value)
    return found[1] if found else ""


def content_of(value: str) -> str:
    """The value that holds a painting's content: a file is opened, a content stays as it is.

    Raises:
        StudioError: there is no such file, or none that can be read.
    """
    from studio.core.picture_files import open_picture

    if not value or is_content(value):
        return value
    painting = open_picture(Path(value))
    try:
        with Path(value).open("rb") as file:
            name = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise read_error(error, value) from error
    return _to_content(_packed(painting, LONGEST, _QUALITY), name)


def open_painting(value: str) -> "Picture":
    """The painting of a value, opaque and in sRGB.

    Raises:
        StudioError: there is no painting, no such file, none that can be read, or the content is
            damaged.
    """
    from studio.core.picture_files import open_picture

    if not value:
        raise StudioError(
            "there is no painting to go by", "choose one, or give it with --set painting=FILE"
        )
    if not is_content(value):
        return _plain(open_picture(Path(value)))
    try:
        packed = base64.b64decode(_CONTENT.sub("", value, 1), validate=True)
        return _plain(open_picture(BytesIO(packed), limit_megapixels=_LARGEST))
    except (binascii.Error, ValueError, StudioError):
        raise StudioError("the painting is damaged", "choose it again") from None


def looked_at(value: str) -> tuple["Floats", tuple[int, int]]:
    """The pixels (H, W, 3) of a painting that nets look at: of a long one the middle.

    Returns:
        Pixels, and the (height, width) at which they are looked at.

    Raises:
        StudioError: as `open_painting`.
    """
    middle = middle_of(open_painting(value).pixels)
    short = min(middle.shape[:2])
    height, width = (round(side * _SIDE / short) for side in middle.shape[:2])
    return middle, (height, width)


def middle_of(pixels: "Floats") -> "Floats":
    """Of a long picture (H, W, 3) the middle, twice as long as it is wide; else all of it."""
    longest = _LENGTH * min(pixels.shape[:2])
    top, left = (max(0, side - longest) // 2 for side in pixels.shape[:2])
    return pixels[top : top + longest, left : left + longest]


def glances(height: int, width: int) -> list[tuple[slice, slice]]:
    """Squares of `GLANCE` px that cover a picture, evenly spread: its rows and columns.

    What is smaller than a square is seen whole.
    """
    return list(product(_spread(height), _spread(width)))


def _spread(length: int) -> list[slice]:
    gaps = -(-length // GLANCE) - 1
    free = max(0, length - GLANCE)
    starts = [round(free * number / max(1, gaps)) for number in range(gaps + 1)]
    return [slice(start, start + GLANCE) for start in starts]


def record(value: str) -> str:
    """What a record says of a painting: the same name, and a small copy to do it again with.

    Raises:
        StudioError: as `open_painting`.
    """
    content = content_of(value)
    painting = open_painting(content)
    packed = b""
    for side in _SIDES:
        packed = _packed(painting, side, 85)
        if len(packed) <= _MOST:
            break
    return _to_content(packed, digest(content))


def _to_content(webp: bytes, name: str) -> str:
    return f"data:image/webp;sha256={name};base64,{base64.b64encode(webp).decode('ascii')}"


def _packed(painting: "Picture", longest: int, quality: int) -> bytes:
    """A painting as a WebP, at most so many px a side."""
    import numpy as np
    from PIL import Image

    pixels = np.rint(255 * _plain(painting).reduced(longest).pixels).astype(np.uint8)
    packed = BytesIO()
    Image.fromarray(pixels).save(packed, "WEBP", quality=quality, method=4)
    return packed.getvalue()


def _plain(painting: "Picture") -> "Picture":
    """A painting in sRGB, on white where it is transparent."""
    from studio.core.formats.colour import for_format
    from studio.core.picture import Picture

    plain = for_format(painting, "BMP", lambda _: None)
    if plain.alpha is None:
        return Picture(plain.pixels)
    alpha = plain.alpha[..., None]
    return Picture(plain.pixels * alpha + (1 - alpha))
