"""The frames of a GIF (version 89a) as they are shown: what is disposed of is clear, not opaque.

Pillow decodes each frame by itself. Putting them together is done here, for there Pillow, like
others, fills what is disposed of with a colour unless an earlier frame had transparent pixels.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio.core.formats.metadata.in_gif import EXTENSION, FRAME, blocks, table_size

_CONTROL, _TRAILER = 0xF9, 0x3B
_TO_CLEAR, _TO_PREVIOUS = 2, 3  # disposal methods


@dataclass(frozen=True)
class _Control:
    """What a graphic control extension says of the frame behind it."""

    raw: bytes = b""
    disposal: int = 0
    milliseconds: float = 0


@dataclass(frozen=True)
class _Frame:
    """Left, top, width and height in px, and the same as a GIF of its own."""

    box: tuple[int, int, int, int]
    alone: bytes
    control: _Control


def read(file: BinaryIO, size: tuple[int, int]) -> Iterator[tuple[NDArray[np.uint8], float]]:
    """Reads the frames, one after another.

    Args:
        file: open for reading, seekable.
        size: width and height in px of the whole.

    Yields:
        The frame (H, W, 4), and for how many milliseconds it is shown.
    """
    file.seek(0)
    shown = np.zeros((size[1], size[0], 4), np.uint8)
    for number, frame in enumerate(_frames(file.read())):
        before = shown.copy()
        left, top, width, height = frame.box
        place = shown[top : top + height, left : left + width]
        drawn = np.asarray(Image.open(BytesIO(frame.alone), formats=["GIF"]).convert("RGBA"))
        drawn = drawn[: place.shape[0], : place.shape[1]]
        np.copyto(place, drawn, where=drawn[..., 3:] > 0)
        yield shown.copy(), frame.control.milliseconds
        if frame.control.disposal == _TO_CLEAR:
            place[...] = 0
        elif frame.control.disposal == _TO_PREVIOUS and number:  # before the first there is none
            shown = before


def covers(file: BinaryIO, size: tuple[int, int]) -> bool:
    """Whether the first frame lies on all of the picture."""
    file.seek(0)
    frame = next(_frames(file.read()), None)
    return frame is None or frame.box == (0, 0, *size)


def _frames(data: bytes) -> Iterator[_Frame]:
    """Up to the end; what is no block is passed over, as by Pillow, which counts them."""
    at, control = 13 + table_size(data[10:11]), _Control()
    palette = data[10:11], data[11:at]
    while at + 10 <= len(data) and data[at] != _TRAILER:
        start = at
        if data[at] not in {EXTENSION, FRAME}:
            at += 1
            continue
        if data[at] == EXTENSION:
            found, at = blocks(data, at + 2)
            if data[start + 1] == _CONTROL and found and len(found[0]) == 4:
                flags, hundredths, _ = struct.unpack("<BHB", found[0])
                control = _Control(data[start:at], flags >> 2 & 7, hundredths * 10.0)
            continue
        box = struct.unpack_from("<4H", data, at + 1)
        _, at = blocks(data, at + 11 + table_size(data[at + 9 : at + 10]))
        screen = b"GIF89a" + struct.pack("<2H", *box[2:]) + palette[0] + palette[1]
        placed = data[start : start + 1] + bytes(4) + data[start + 5 : at]
        yield _Frame(box, screen + control.raw + placed + b";", control)
        control = _Control()
