"""Parts of a photo in full size, for the side of "before"."""

import threading
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from studio.gui.state.photo.loading import OpenPicture, to_image
from studio.gui.state.photo.region import Region


@dataclass(frozen=True)
class _Full:
    """A photo: pixels (H, W, 4) uint8 RGBA in the RGB encoding of the profile."""

    path: Path
    pixels: NDArray[np.uint8]
    icc: bytes | None


class Originals:
    """Keeps the last photo in full size, a third as large in memory as its picture.

    Args:
        open_picture: reads a photo.
    """

    def __init__(self, open_picture: OpenPicture) -> None:
        self._open_picture = open_picture
        self._lock = threading.Lock()
        self._full: _Full | None = None

    def part(self, path: Path, region: Region) -> QImage:
        """A part of a photo, sRGB; called on the threads of `Background`.

        Raises:
            StudioError: the file cannot be read.
        """
        with self._lock:
            if self._full is None or self._full.path != path:
                self._full = None  # before the next one is read: both may be large
                self._full = self._read(path)
            full = self._full
        left, top, width, height = region
        return to_image(full.pixels[top : top + height, left : left + width], full.icc)

    def forget(self) -> None:
        """Frees the memory."""
        self._full = None

    def _read(self, path: Path) -> _Full:
        picture = self._open_picture(path)
        pixels = np.full((*picture.pixels.shape[:2], 4), 255, np.uint8)
        # In bands: at once, the rounding would need another copy of the picture's floats.
        for top in range(0, len(pixels), 256):
            band = slice(top, top + 256)
            pixels[band, :, :3] = np.rint(picture.pixels[band] * 255)
            if picture.alpha is not None:
                pixels[band, :, 3] = np.rint(picture.alpha[band] * 255)
        return _Full(path, pixels, picture.metadata.icc)
