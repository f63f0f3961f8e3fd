"""Paints a photo by a graph, as `engine.pixels` does by torch."""

from collections.abc import Callable, Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from studio.core.controls import Settings
from studio.core.picture import Floats, Picture
from studio.engine.light.graph import Graph, GraphError
from studio.models._spec import ModelSpec

_WHOLE = 700_000  # px up to which the planes of a net fit the caches: above it torch cuts the photo
_ROWS = 256


def fits(spec: ModelSpec, size: tuple[int, int], settings: Settings) -> bool:
    """Whether a photo of (height, width) can be painted in one piece."""
    height, width = spec.working_size(size, settings)
    return height * width <= _WHOLE


def found(
    graph: Graph,
    spec: ModelSpec,
    pixels: Floats,
    full_size: tuple[int, int],
    settings: Settings,
    shares: Sequence[float],
    wait: Callable[[Callable[[], Floats]], Floats],
) -> Floats:
    """What the net makes of a photo (H, W, 3) in [0, 1]: (1, C, H, W).

    Args:
        graph: the net.
        spec: the model.
        pixels: the photo, or a reduced copy.
        full_size: (height, width) of the photo: as large as of that the strokes are.
        settings: complete.
        shares: see `Graph.run`.
        wait: see `Graph.run`.

    Raises:
        GraphError: the graph cannot be run, or what it makes is no picture.
    """
    own = pixels.shape[:2]
    size = spec.working_size(full_size, settings)
    if size[0] * size[1] >= own[0] * own[1]:
        size = own
    seen = _planes(pixels if size == own else _reduced(pixels, size))
    missing = (max(spec.minimum, -(-side // spec.multiple) * spec.multiple) - side for side in size)
    padded = np.pad(seen, [(0, 0), (0, 0), *((0, more) for more in missing)], "edge")
    result = graph.run(padded, shares, wait)[:, :, : size[0], : size[1]]
    if not np.isfinite(result).all() or (result.max() < 1 / 255 and seen.max() > 8 / 255):
        raise GraphError("its result is no picture")
    return result if size == own else _planes(_enlarged(result[0].transpose(1, 2, 0), own))


def spread(mask: Picture, size: tuple[int, int]) -> Floats:
    """A mask over a photo of (height, width): (1, 1, H, W) in [0, 1]; see `_reduced`."""
    from PIL import Image

    grey = Image.fromarray(mask.pixels.mean(2))
    over = grey.resize((size[1], size[0]), Image.Resampling.BILINEAR)
    return np.asarray(over).clip(0, 1)[None, None]


def finished(
    spec: ModelSpec, pixels: Floats, result: Floats, mask: Floats | None, settings: Settings
) -> Floats:
    """Photo (H, W, 3) and result (1, C, H, W) blended, some rows at a time; see `ModelSpec`."""
    finish = cast("Callable[..., Any]", spec.finish)
    blended = np.empty_like(pixels)
    for top in range(0, len(pixels), _ROWS):
        rows = slice(top, top + _ROWS)
        photo = pixels[rows].transpose(2, 0, 1)[None]
        part = None if mask is None else mask[:, :, rows]
        blended[rows] = finish(photo, result[:, :, rows], part, settings)[0].transpose(1, 2, 0)
    return blended


def rgba(picture: Picture) -> NDArray[np.uint8]:
    """A picture for the screen, (H, W, 4)."""
    pixels = np.empty((picture.height, picture.width, 4), np.uint8)
    pixels[..., :3] = np.rint(picture.pixels.clip(0, 1) * 255)
    pixels[..., 3] = 255 if picture.alpha is None else np.rint(picture.alpha * 255)
    return pixels


def _planes(pixels: Floats) -> Floats:
    """(H, W, C) as (1, C, H, W)."""
    return np.ascontiguousarray(pixels.transpose(2, 0, 1)[None])


def _reduced(pixels: Floats, size: tuple[int, int]) -> Floats:
    """Bicubic, each result's pixel of all that it covers: as torch does it, which has it of Pillow.

    Args:
        pixels: (H, W, 3).
        size: (height, width).
    """
    from PIL import Image

    small = np.empty((*size, 3), np.float32)
    for plane in range(3):
        image = Image.fromarray(np.ascontiguousarray(pixels[..., plane]))
        reduced = image.resize((size[1], size[0]), Image.Resampling.BICUBIC)
        small[..., plane] = np.asarray(reduced)
    return small.clip(0, 1)


def _enlarged(pixels: Floats, size: tuple[int, int]) -> Floats:
    """Bicubic, with the coefficients that torch has in common with OpenCV; see `_reduced`."""
    import cv2

    wanted = size[1], size[0]
    large = cv2.resize(np.ascontiguousarray(pixels), wanted, interpolation=cv2.INTER_CUBIC)
    return np.asarray(large, np.float32).clip(0, 1)
