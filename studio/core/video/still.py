"""A frame of a video as a picture."""

from pathlib import Path

import numpy as np

from studio.core.picture import Picture
from studio.core.video.clip import probe
from studio.core.video.frames import frame_at
from studio.core.video.orientation import Pixels


def open_still(path: Path, seconds: float) -> Picture:
    """The frame that is shown at a time after the beginning; past the end the last one.

    It is upright and has square pixels.

    Raises:
        StudioError: it is no video, damaged, or cannot be read.
    """
    return Picture(np.divide(read_still(path, seconds), 255, dtype=np.float32))


def read_still(path: Path, seconds: float) -> Pixels:
    """The same as (H, W, 3) uint8, RGB."""
    clip = probe(path)
    return clip.with_square_pixels(frame_at(clip, seconds).pixels)
