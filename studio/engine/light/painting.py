"""Paints a photo by a graph, as `engine.pixels` does by torch."""

from collections.abc import Callable, Iterator
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from studio.core.controls import Settings
from studio.core.picture import Floats, Picture
from studio.core.values.mask_pictures import check_proportions
from studio.engine.light.graph import GraphError, Wait
from studio.models._spec import ModelSpec

_WHOLE = 700_000  # px up to which the planes of a net fit the caches: above it torch cuts the photo
_BAND = 256  # rows or columns that are worked on at a time


def fits(spec: ModelSpec, size: tuple[int, int], settings: Settings) -> bool:
    """Whether a photo of (height, width) can be painted in one piece."""
    height, width = spec.working_size(size, settings)
    return height * width <= _WHOLE


def found(
    paint: Callable[[Floats, Wait], Floats],
    spec: ModelSpec,
    pixels: Floats,
    full_size: tuple[int, int],
    settings: Settings,
    wait: Wait,
) -> Floats:
    """What the net makes of a photo (H, W, 3) in [0, 1]: (1, C, h, w), at the size it works at.

    Args:
        paint: the net, of a photo of the size that it needs.
        spec: the model.
        pixels: the photo, or a reduced copy.
        full_size: (height, width) of the photo: as large as of that the strokes are.
        settings: complete.
        wait: see `Wait`.

    Raises:
        GraphError: the graph cannot be run, or what it makes is no picture.
    """
    own = pixels.shape[:2]
    size = spec.working_size(full_size, settings)
    if size[0] * size[1] >= own[0] * own[1]:
        size = own
    seen = wait(lambda: planes(pixels if size == own else reduced(pixels, size)))
    missing = (max(spec.minimum, -(-side // spec.multiple) * spec.multiple) - side for side in size)
    padded = np.pad(seen, [(0, 0), (0, 0), *((0, more) for more in missing)], "edge")
    result = paint(padded, wait)[:, :, : size[0], : size[1]]
    if not np.isfinite(result).all() or (result.max() < 1 / 255 and seen.max() > 8 / 255):
        raise GraphError("its result is no picture")
    return result


def spread(mask: Picture, size: tuple[int, int]) -> Floats:
    """A mask over a photo of (height, width): (1, 1, H, W) in [0, 1]; see `reduced`.

    Raises:
        StudioError: it has other proportions.
    """
    from PIL import Image

    check_proportions(mask, (size[1], size[0]))
    grey = Image.fromarray(mask.pixels.mean(2))
    over = grey.resize((size[1], size[0]), Image.Resampling.BILINEAR)
    return np.asarray(over).clip(0, 1)[None, None]


def finished(
    spec: ModelSpec,
    pixels: Floats,
    result: Floats,
    mask: Floats | None,
    settings: Settings,
    into: Floats | None = None,
) -> Floats:
    """Photo and result blended, some columns at a time; see `ModelSpec`.

    Args:
        spec: the model.
        pixels: the photo, (H, W, 3).
        result: from `found`, or from `enlarged`.
        mask: from `spread`.
        settings: complete.
        into: where it goes, which may be the photo's own place; None: a new one.
    """
    finish = cast("Callable[..., Any]", spec.finish)
    blended = np.empty_like(pixels) if into is None else into
    for columns, part in _enlarged(result, pixels.shape[:2]):
        photo = pixels[:, columns].transpose(2, 0, 1)[None]
        over = None if mask is None else mask[..., columns]
        blended[:, columns] = finish(photo, part, over, settings)[0].transpose(1, 2, 0)
    return blended


def enlarged(result: Floats, size: tuple[int, int]) -> Floats:
    """What `found` found, (1, C, h, w), at the size of the photo, (height, width)."""
    return np.concatenate([part for _, part in _enlarged(result, size)], axis=3)


def rgba(picture: Picture) -> NDArray[np.uint8]:
    """A picture for the screen, (H, W, 4)."""
    pixels = np.empty((picture.height, picture.width, 4), np.uint8)
    pixels[..., :3] = np.rint(picture.pixels.clip(0, 1) * 255)
    pixels[..., 3] = 255 if picture.alpha is None else np.rint(picture.alpha * 255)
    return pixels


def planes(pixels: Floats) -> Floats:
    """(H, W, C) as (1, C, H, W)."""
    return np.ascontiguousarray(pixels.transpose(2, 0, 1)[None])


def reduced(pixels: Floats, size: tuple[int, int]) -> Floats:
    """Bicubic, each result's pixel of all that it covers: as torch does it, which has it of Pillow.

    Args:
        pixels: (H, W, 3).
        size: (height, width).
    """
    narrow = np.empty((len(pixels), size[1], 3), np.float32)
    for top in range(0, len(pixels), _BAND):
        band = pixels[top : top + _BAND]
        narrow[top : top + _BAND] = _resized(band, (len(band), size[1]))
    return _resized(narrow, size).clip(0, 1)


def _resized(pixels: Floats, size: tuple[int, int]) -> Floats:
    from PIL import Image

    resized = np.empty((*size, 3), np.float32)
    for plane in range(3):
        image = Image.fromarray(np.ascontiguousarray(pixels[..., plane]))
        resized[..., plane] = np.asarray(image.resize((size[1], size[0]), Image.Resampling.BICUBIC))
    return resized


def _enlarged(result: Floats, size: tuple[int, int]) -> Iterator[tuple[slice, Floats]]:
    """Columns of a result (1, C, h, w) at the size (H, W), as (1, C, H, few).

    Bicubic, with the coefficients that torch has in common with OpenCV; see `reduced`.
    """
    height, width = size
    bands = [slice(left, min(left + _BAND, width)) for left in range(0, width, _BAND)]
    if result.shape[2:] == size:
        yield from ((columns, result[..., columns]) for columns in bands)
        return
    import cv2

    def resized(pixels: Floats, width: int, height: int) -> Floats:
        pixels = np.ascontiguousarray(pixels)
        return np.asarray(
            cv2.resize(pixels, (width, height), interpolation=cv2.INTER_CUBIC), np.float32
        )

    small = result[0].transpose(1, 2, 0)
    wide = resized(small, width, len(small))
    for columns in bands:
        part = resized(wide[:, columns], columns.stop - columns.start, height)
        yield columns, planes(part.clip(0, 1))
