"""A clip of smaller frames, which is painted the sooner."""

from dataclasses import replace

import cv2

from studio.core.video.clip import Clip
from studio.core.video.frames import Copied, Frame
from studio.core.videos import smaller_size
from studio.engine.video.kept import Items


def smaller(clip: Clip, side: int) -> Clip:
    """A clip as if its frames had a shorter side of some px at most, and even sides.

    Where it does not say how luma and chroma were made, players go by the size: it says it then.
    """
    if side >= min(clip.size):
        return clip
    return replace(clip, size=smaller_size(clip.size, side), colours=clip.colours.named)


def reduced(items: Items, clip: Clip) -> Items:
    """The frames as small as those of the clip of `smaller`; packets as they are."""
    width, height = clip.size
    size = (height, width) if clip.orientation.transposed else (width, height)
    try:
        for item in items:
            yield item if isinstance(item, Copied) else _resized(item, size)
    finally:
        items.close()


def _resized(frame: Frame, size: tuple[int, int]) -> Frame:
    pixels, fine = (
        None if each is None else cv2.resize(each, size, interpolation=cv2.INTER_AREA)
        for each in (frame.pixels, frame.fine)
    )
    return replace(frame, pixels=pixels, fine=fine)
