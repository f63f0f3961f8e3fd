"""Room for the pixels of a file, which turns them upright as they are written into it."""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

_N = TypeVar("_N", np.float32, np.uint8)


def canvas(
    height: int, width: int, channels: int, orientation: int, kind: type[_N] = np.float32
) -> tuple[NDArray[_N], NDArray[_N]]:
    """Room for an upright picture, and the same room as the file's stored rows see it.

    Writing stored row after stored row into the view turns the picture without a second copy.

    Args:
        height: stored, in px.
        width: stored, in px.
        channels: samples a pixel.
        orientation: EXIF orientation, 1 to 8 (CIPA DC-008, tag 274).
        kind: of numbers.

    Returns:
        The upright array, and its view of shape (height, width, channels).
    """
    turned = orientation >= 5
    shape = (width, height, channels) if turned else (height, width, channels)
    upright = np.empty(shape, kind)
    view = upright.swapaxes(0, 1) if turned else upright
    if orientation in {3, 4, 6, 7}:
        view = view[::-1]
    if orientation in {2, 3, 7, 8}:
        view = view[:, ::-1]
    return upright, view


def divide_by_alpha(pixels: NDArray[np.float32], alpha: NDArray[np.float32]) -> None:
    """Undoes a multiplication by alpha, in place; where alpha is 0, black stays."""
    np.divide(pixels, alpha, out=pixels, where=alpha > 0)
    np.clip(pixels, 0, 1, out=pixels)
