"""The pictures that masks are: opened for the engine, made small for a record."""

import hashlib
from io import BytesIO
from pathlib import Path

import numpy as np

from studio.core.errors import StudioError
from studio.core.files.disk import read_error
from studio.core.picture import Picture
from studio.core.picture_files import open_picture
from studio.core.values.masks import HASH, LONGEST, damaged, from_png, is_content, to_png
from studio.core.words.said import say

_MOST = 28 << 10  # bytes of a PNG in a record: a JPEG's EXIF has 64 kB, for the photo's own too
_ASKEW = 0.02  # share of a side by which a mask may be longer than the picture's proportions say
_LARGEST = 16.0  # millions of px that a content may unfold to


def open_mask(value: str) -> Picture:
    """The mask of a value that is not empty; its level is the mean of the three channels.

    What cannot be seen of it counts as black.

    Raises:
        StudioError: there is no such file, none that can be read, or the content is damaged.
    """
    if value.startswith(HASH):
        raise StudioError("the mask is not in the record", "give its file: --set mask=FILE")
    if not is_content(value):
        return _levels(open_picture(Path(value)))
    png = to_png(value)
    try:
        return _levels(open_picture(BytesIO(png), limit_megapixels=_LARGEST))
    except StudioError:
        raise damaged() from None


def check_proportions(mask: Picture, size: tuple[int, int]) -> None:
    """Finds out whether a mask was made for a picture, of which it may be a smaller copy.

    Args:
        mask: from `open_mask`.
        size: (width, height) of the picture.

    Raises:
        StudioError: spread over the picture it would be squeezed.
    """
    (width, height), own = size, (mask.width, mask.height)
    longer = abs(mask.width * height / width - mask.height)
    if longer > max(1, _ASKEW * mask.height):
        raise StudioError(
            say(
                "the mask has other proportions than the picture: {own} and {size} px",
                own=f"{own[0]} x {own[1]}",
                size=f"{width} x {height}",
            ),
            "give one that was made for this picture",
        )


def _levels(mask: Picture) -> Picture:
    """The same in grey: one plane, seen three times, so that it takes a third of the memory."""
    grey = mask.pixels.mean(2, keepdims=True)
    if mask.alpha is not None:
        grey = grey * mask.alpha[..., None]
    return mask.with_pixels(np.broadcast_to(grey, mask.pixels.shape))


def record(value: str, mask: Picture) -> str:
    """What a record says of a mask: its content in 256 levels, at most `LONGEST` px a side.

    Where that has no room, as where a mask is a photo, the record has `HASH` and the SHA-256. A
    mask that is its own content, as a painted one, has no file to ask for: it is made smaller.

    Args:
        value: names the mask.
        mask: from `open_mask`.

    Raises:
        StudioError: the file can no longer be read.
    """
    for side in (LONGEST, LONGEST // 2, LONGEST // 4, LONGEST // 8):
        png = _packed(mask, side)
        if len(png) <= _MOST:
            return from_png(png)
        if not is_content(value):
            break
    return HASH + digest(value)


def _packed(mask: Picture, longest: int) -> bytes:
    """A mask as a grey PNG, at most so many px a side."""
    from PIL import Image

    levels = np.rint(255 * mask.reduced(longest).pixels.mean(2)).astype(np.uint8)
    packed = BytesIO()
    Image.fromarray(levels).save(packed, "PNG")
    return packed.getvalue()


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
