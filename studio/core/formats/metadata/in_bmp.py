"""The colour profile of a BMP (BITMAPV5HEADER), which Pillow passes over."""

import struct
from typing import BinaryIO

_FILE_HEADER, _V5 = 14, 124  # bytes
_KIND, _PROFILE = 56, 112  # offsets
_EMBEDDED = b"DEBM"


def profile(file: BinaryIO) -> bytes | None:
    """The profile in a file; None: it has none.

    Args:
        file: open for reading, seekable.
    """
    file.seek(_FILE_HEADER)
    head = file.read(_V5)
    if len(head) < _V5 or int.from_bytes(head[:4], "little") < _V5:
        return None
    if head[_KIND : _KIND + 4] != _EMBEDDED:
        return None
    at, size = struct.unpack_from("<II", head, _PROFILE)
    file.seek(_FILE_HEADER + at)
    found = file.read(size)
    return found if len(found) == size else None
