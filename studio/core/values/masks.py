"""Masks as text: grey pictures that say where a model acts, as the value of a control.

The value is the path of a file, or the mask's own content: a ``data:`` URL (RFC 2397) of a PNG.
With its content a look, a request or a record is whole: no file need be kept beside it, and none of
that name can be taken for it.
"""

import base64
import binascii

from studio.core.errors import StudioError

LONGEST = 1024
"""px, longest side of a mask that is painted, or recorded."""
HASH = "sha256:"
"""Stands in a record before the hash of a mask whose content has no room there."""

_CONTENT = "data:image/png;base64,"


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
        raise damaged() from None


def damaged() -> StudioError:
    """What is said of a content that holds no picture."""
    return StudioError("the mask is damaged", "choose or paint it again")
