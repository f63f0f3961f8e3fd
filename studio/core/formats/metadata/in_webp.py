"""What the chunks of a WebP (RFC 9649) tell that Pillow does not."""

import struct
from dataclasses import dataclass
from typing import BinaryIO

from studio.core.words.said import say

_LOSSY, _LOSSLESS, _FRAME = b"VP8 ", b"VP8L", b"ANMF"
_HEAD_OF_FRAME = 16  # bytes before the chunks in it
_KNOWN = {_LOSSY, _LOSSLESS, _FRAME, b"VP8X", b"ALPH", b"ANIM", b"ICCP", b"EXIF", b"XMP "}


@dataclass(frozen=True)
class Said:
    """What there is.

    Attributes:
        lossless: the picture, or the first of its frames, has every pixel as it was.
        beside: what else is in the file, and does not come along, in words.
    """

    lossless: bool
    beside: tuple[str, ...]


def read(file: BinaryIO) -> Said:
    """Goes through the chunks.

    Args:
        file: open for reading, seekable.
    """
    file.seek(12)
    coding, beside = b"", dict[str, None]()
    while len(head := file.read(8)) == 8:
        kind, size = struct.unpack("<4sI", head)
        if kind in {_LOSSY, _LOSSLESS}:
            coding = coding or kind
        elif kind == b"C2PA":
            beside.setdefault(say("content credentials"))
        elif kind not in _KNOWN:
            name = kind.decode("latin-1").strip()
            beside.setdefault(say("what its chunk {kind} says", kind=name))
        is_first = kind == _FRAME and not coding
        file.seek(_HEAD_OF_FRAME if is_first else size + size % 2, 1)
    return Said(coding == _LOSSLESS, tuple(beside))
