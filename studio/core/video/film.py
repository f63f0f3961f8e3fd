"""Films of generated pictures, encoded whole in memory: MP4, GIF or WebP."""

from collections.abc import Iterable
from fractions import Fraction
from io import BytesIO
from itertools import chain
from typing import cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio.core.errors import StudioError
from studio.core.words.said import say

SUFFIXES = (".mp4", ".gif", ".webp")
"""Suffixes, in lower case, of the films that are written."""

_ENCODERS = ("libx264", "mpeg4")  # the first that this build of FFmpeg has


def encode_film(
    frames: Iterable[NDArray[np.uint8]], fps: float, suffix: str, quality: int = 92
) -> bytes:
    """A film; the same frames give the same bytes.

    Args:
        frames: (H, W, 3) uint8 RGB, all of one size; at least one.
        fps: frames a second.
        suffix: of `SUFFIXES`. GIF has 256 colours and hundredths of a second.
        quality: 1 to 100, of MP4 and WebP.

    Raises:
        StudioError: another suffix.
    """
    if suffix not in SUFFIXES:
        known = ", ".join(SUFFIXES)
        raise StudioError(
            say("films cannot be saved as {suffix!r}", suffix=suffix),
            say("choose one of {known}", known=known),
        )
    if suffix == ".mp4":
        return _mp4(frames, fps, quality)
    images = [Image.fromarray(frame) for frame in frames]
    file = BytesIO()
    images[0].save(
        file, suffix[1:].upper(), save_all=True, append_images=images[1:],
        duration=1000 / fps, loop=0, quality=quality,
    )  # fmt: skip
    return file.getvalue()


def _mp4(frames: Iterable[NDArray[np.uint8]], fps: float, quality: int) -> bytes:
    import av

    from studio.core.video.colours import SITED
    from studio.core.video.planes import Planes

    encoder = next(name for name in _ENCODERS if name in av.codecs_available)
    rate = Fraction(fps).limit_denominator(1001)
    moving = iter(frames)
    first = _even(next(moving))
    file = BytesIO()
    with av.open(file, "w", format="mp4") as container:
        # The rate factor of H.264: 0 keeps all, 51 next to nothing.
        finely = {"crf": str(round(51 * (1 - quality / 120)))} if encoder == "libx264" else {}
        stream = cast("av.VideoStream", container.add_stream(encoder, rate, {**SITED, **finely}))
        stream.height, stream.width = first.shape[:2]
        stream.pix_fmt = "yuv420p"
        stream.thread_count = 1  # the bytes do not depend on how many cores there are
        planes = Planes((stream.width, stream.height), "rgb24", "yuv420p")
        for number, pixels in enumerate(chain([first], map(_even, moving))):
            frame = planes.of(pixels)
            frame.pts, frame.time_base = number, 1 / rate
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return file.getvalue()


def _even(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Sides of an even number of px, which a film's colours need: the last px comes twice."""
    height, width = pixels.shape[:2]
    return np.ascontiguousarray(np.pad(pixels, ((0, height % 2), (0, width % 2), (0, 0)), "edge"))
