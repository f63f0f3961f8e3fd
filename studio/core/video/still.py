"""A frame of a video as a picture."""

from pathlib import Path

import numpy as np

from studio.core.picture import Picture
from studio.core.video.clip import probe
from studio.core.video.frames import frame_at


def open_still(path: Path, seconds: float) -> Picture:
    """The frame that is shown at a time after the beginning; past the end the last one.

    It is upright and has square pixels.

    Raises:
        StudioError: it is no video, damaged, or cannot be read.
    """
    clip = probe(path)
    pixels = clip.with_square_pixels(frame_at(clip, seconds).pixels)
    return Picture(np.divide(pixels, 255, dtype=np.float32))
