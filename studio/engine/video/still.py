"""A frame of a video as a picture."""

from pathlib import Path

import numpy as np

from studio.core.picture import Picture
from studio.engine.video.reader import frame_at, probe


def open_still(path: Path, seconds: float) -> Picture:
    """The frame that is shown at a time after the beginning, upright; past the end the last one.

    Raises:
        StudioError: it is no video, damaged, or cannot be read.
    """
    frame = frame_at(probe(path), seconds)
    return Picture(np.divide(frame.pixels, 255, dtype=np.float32))
