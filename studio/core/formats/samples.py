"""The way out: a picture's floats as the whole numbers that files hold."""

from collections.abc import Iterator
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio.core.errors import StudioError
from studio.core.formats.opened import strip_rows
from studio.core.picture import Picture
from studio.core.words.said import say


class Alpha(Enum):
    """What becomes of alpha."""

    KEPT = say("a fourth channel where the picture has one")
    ON_WHITE = say("the picture is laid on white paper")


def rows(
    picture: Picture, white: int, alpha: Alpha = Alpha.KEPT, step: int | None = None
) -> Iterator[NDArray[Any]]:
    """Rounds a picture strip by strip, so that no second float copy of it is made.

    Args:
        picture: values beyond [0, 1] are cut off.
        white: the largest whole number, such as 255; above 255 the strips are uint16, else uint8.
        alpha: what becomes of it.
        step: h; None: as many as are worked on quickly.

    Yields:
        (h, W, 3 or 4), from the top; the last may be lower.

    Raises:
        StudioError: there is a value that is no number.
    """
    step = step or strip_rows(picture.width)
    for top in range(0, picture.height, step):
        strip = picture.pixels[top : top + step]
        if picture.alpha is not None:
            cover = picture.alpha[top : top + step, :, None]
            if alpha is Alpha.ON_WHITE:
                strip = strip * cover + (np.float32(1) - cover)
            else:
                strip = np.concatenate((strip, cover), axis=2)
        if not np.isfinite(strip).all():
            raise StudioError("the result is not a picture", "try other settings of the model")
        whole = np.clip(strip, 0, 1)
        whole *= np.float32(white)
        yield np.rint(whole, out=whole).astype(np.uint16 if white > 255 else np.uint8)


def array(picture: Picture, white: int, alpha: Alpha = Alpha.KEPT) -> NDArray[Any]:
    """The whole picture, (H, W, 3 or 4); for the rest see `rows`."""
    channels = 4 if picture.alpha is not None and alpha is Alpha.KEPT else 3
    whole = np.empty(
        (picture.height, picture.width, channels), np.uint16 if white > 255 else np.uint8
    )
    top = 0
    for strip in rows(picture, white, alpha):
        whole[top : top + len(strip)] = strip
        top += len(strip)
    return whole


def image(picture: Picture, alpha: Alpha = Alpha.KEPT) -> Image.Image:
    """The whole picture as Pillow's RGB or RGBA, 8 bits; for the rest see `rows`."""
    has_alpha = picture.alpha is not None and alpha is Alpha.KEPT
    whole = Image.new("RGBA" if has_alpha else "RGB", (picture.width, picture.height))
    top = 0
    for strip in rows(picture, 255, alpha):
        whole.paste(Image.fromarray(strip), (0, top))
        top += len(strip)
    return whole
