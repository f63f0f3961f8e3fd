"""How a video's frames are turned when they are shown, and back."""

import struct
from dataclasses import dataclass
from typing import TypeVar, cast

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Samples = NDArray[np.uint8] | NDArray[np.uint16]
"""Pixels of 8 bits, or of 16 where a clip has more than 8."""

S = TypeVar("S", bound=np.generic)


@dataclass(frozen=True)
class Orientation:
    """A turn by quarters and a mirroring.

    Attributes:
        matrix: nine integers as FFmpeg's AV_PKT_DATA_DISPLAYMATRIX has them; None: as stored.
        transposed: whether rows and columns change places, before the rest.
        flips: the axes that are then reversed, 0 for rows and 1 for columns.
    """

    matrix: tuple[int, ...] | None = None
    transposed: bool = False
    flips: tuple[int, ...] = ()

    def upright(self, stored: NDArray[S]) -> NDArray[S]:
        """Stored pixels (H, W, 3) as they are shown."""
        turned = stored.transpose(1, 0, 2) if self.transposed else stored
        return np.ascontiguousarray(np.flip(turned, self.flips))

    def stored(self, upright: NDArray[S]) -> NDArray[S]:
        """What `upright` made, as it is stored."""
        turned = np.flip(upright, self.flips)
        return np.ascontiguousarray(turned.transpose(1, 0, 2) if self.transposed else turned)


def read_orientation(data: bytes) -> Orientation:
    """The orientation of a frame's display matrix, nine native 32-bit integers.

    A shown pixel lies at (a x + c y, b x + d y) of the stored one's (x, y), with y downwards.
    """
    matrix = struct.unpack("=9i", data)
    a, b, _, c, d = matrix[:5]
    transposed = abs(b) + abs(c) > abs(a) + abs(d)
    across, down = (c, b) if transposed else (a, d)
    flips = tuple(axis for axis, along in enumerate((down, across)) if along < 0)
    return Orientation(matrix, transposed, flips)


def to_bytes(samples: Samples) -> Pixels:
    """Samples of 8 or 16 bits as 8 bits."""
    if samples.dtype == np.uint8:
        return cast("Pixels", samples)
    return ((samples.astype(np.uint32) + 128) // 257).astype(np.uint8)
