"""Paints a photo by a graph, as `engine.pixels` does by torch."""

from collections.abc import Callable, Sequence
from typing import Any, cast

import numpy as np

from studio.core.controls import Settings
from studio.core.picture import Floats
from studio.engine.light.graph import Graph, GraphError
from studio.models._spec import ModelSpec

_WHOLE = 700_000  # px up to which the planes of a net fit the caches: above it torch cuts the photo
_ROWS = 256


def fits(spec: ModelSpec, size: tuple[int, int], settings: Settings) -> bool:
    """Whether a photo of (height, width) can be painted in one piece."""
    height, width = spec.working_size(size, settings)
    return height * width <= _WHOLE


def painted(
    graph: Graph,
    spec: ModelSpec,
    pixels: Floats,
    settings: Settings,
    shares: Sequence[float],
    wait: Callable[[Callable[[], Floats]], Floats],
) -> Floats:
    """The result for a photo, both (H, W, 3) in [0, 1]; see `Graph.run` for the shares and `wait`.

    Raises:
        GraphError: the graph cannot be run, or what it makes is no picture.
    """
    size = spec.working_size(pixels.shape[:2], settings)
    seen = _planes(pixels if size == pixels.shape[:2] else _reduced(pixels, size))
    missing = (max(spec.minimum, -(-side // spec.multiple) * spec.multiple) - side for side in size)
    padded = np.pad(seen, [(0, 0), (0, 0), *((0, more) for more in missing)], "edge")
    found = graph.run(padded, shares, wait)[:, :, : size[0], : size[1]]
    if not np.isfinite(found).all() or (found.max() < 1 / 255 and seen.max() > 8 / 255):
        raise GraphError("its result is no picture")
    return _finished(spec, pixels, found, settings)


def _finished(spec: ModelSpec, pixels: Floats, found: Floats, settings: Settings) -> Floats:
    """Photo and result blended, some rows at a time; see `ModelSpec.finish`."""
    if found.shape[2:] != pixels.shape[:2]:
        found = _planes(_enlarged(found[0].transpose(1, 2, 0), pixels.shape[:2]))
    finish = cast("Callable[..., Any]", spec.finish)
    result = np.empty_like(pixels)
    for top in range(0, len(pixels), _ROWS):
        rows = slice(top, top + _ROWS)
        photo = pixels[rows].transpose(2, 0, 1)[None]
        result[rows] = finish(photo, found[:, :, rows], None, settings)[0].transpose(1, 2, 0)
    return result


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
