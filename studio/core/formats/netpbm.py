"""PGM and PPM (Netpbm's binary forms): 8 and 16 bits a channel."""

import re
from collections.abc import Iterator
from typing import BinaryIO

import numpy as np

from studio.core.formats.opened import DamagedError, Opened, Samples, Space, strips

HEADER = re.compile(rb"P([1-6])" + rb"(?:\s+|\s*#[^\n]*\n\s*)+(\d+)" * 2)
"""Magic number, width and height; comments may stand between them."""
_WHITE = re.compile(rb"(?:\s+|\s*#[^\n]*\n\s*)+(\d+)\s")
_HEAD_BYTES = 4096


def is_binary(file: BinaryIO) -> bool:
    """Whether `read` is for a file; all others Pillow reads."""
    head = file.read(2)
    file.seek(0)
    return head in {b"P5", b"P6"}


def read(file: BinaryIO) -> Opened:
    """Reads the header.

    Raises:
        DamagedError: it has none.
    """
    head = file.read(_HEAD_BYTES)
    found = HEADER.match(head)
    white = _WHITE.match(head, found.end()) if found else None
    if found is None or white is None or not 0 < int(white[1]) < 65536:
        raise DamagedError("no header")
    width, height, most = int(found[2]), int(found[3]), int(white[1])
    channels = 3 if found[1] == b"6" else 1

    def rows() -> Iterator[Samples]:
        kind = np.dtype(">u2" if most > 255 else "u1")
        file.seek(white.end())
        needed = width * height * channels * kind.itemsize
        data = file.read(needed)
        if len(data) < needed:
            raise DamagedError("cut short")
        whole = np.frombuffer(data, kind).reshape(height, width, channels)
        return strips(np.minimum(whole, most))

    return Opened(
        format="PNM",
        width=width,
        height=height,
        rows=rows,
        decoded=width * height * channels * (2 if most > 255 else 1),
        space=Space.GREY if channels == 1 else Space.RGB,
        white=float(most),
        bits=16 if most > 255 else 8,
    )
