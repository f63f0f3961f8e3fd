"""Where things move from one frame to the next.

Kroeger, Timofte, Dai, Van Gool, "Fast Optical Flow using Dense Inverse Search" (2016), as OpenCV
has it: some hundredths of a second a frame, where scikit-image's TV-L1 takes seconds; nets for
flow would need weights that cannot ship.
"""

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.core.video.orientation import Pixels

Floats = NDArray[np.float32]


def grey(pixels: Pixels, longest: int) -> Pixels:
    """(H, W, 3) uint8 RGB as (h, w) uint8, reduced to a longest side in px."""
    scale = min(1.0, longest / max(pixels.shape[:2]))
    size = tuple(max(16, round(side * scale)) for side in pixels.shape[1::-1])
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    return cast("Pixels", cv2.cvtColor(small, cv2.COLOR_RGB2GRAY))


def flow(one: Pixels, other: Pixels) -> Floats:
    """Where pixels of one grey picture (h, w) lie in another: (h, w, 2), px right and down."""
    search = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    return cast("Floats", search.calc(one, other, None))  # type: ignore[arg-type]


def enlarged(moved: Floats, size: tuple[int, int]) -> Floats:
    """A flow at another (height, width)."""
    height, width = size
    scale = np.array([width / moved.shape[1], height / moved.shape[0]], np.float32)
    return cv2.resize(moved, (width, height), interpolation=cv2.INTER_LINEAR) * scale


def warp(picture: Floats, moved: Floats) -> Floats:
    """What lies where each pixel has moved: picture (h, w) or (h, w, C), flow (h, w, 2)."""
    height, width = moved.shape[:2]
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    moved_there = cv2.remap(
        picture, x + moved[..., 0], y + moved[..., 1], cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )  # fmt: skip
    return cast("Floats", moved_there)


def visible(forth: Floats, back: Floats) -> NDArray[np.bool_]:
    """Where a pixel is seen in both frames: there and back again leads home.

    Sundaram, Brox, Keutzer, "Dense Point Trajectories by GPU-accelerated Large Displacement Optical
    Flow" (2010), equation 5, and what leaves the picture.

    Args:
        forth: flow (h, w, 2) from this frame to the other.
        back: from the other to this one.
    """
    height, width = forth.shape[:2]
    returned = warp(back, forth)
    gap = np.square(forth + returned).sum(2)
    length = np.square(forth).sum(2) + np.square(returned).sum(2)
    x, y = np.meshgrid(np.arange(width), np.arange(height))
    left, top = x + forth[..., 0], y + forth[..., 1]
    inside = (left >= 0) & (left <= width - 1) & (top >= 0) & (top <= height - 1)
    return inside & (gap < 0.01 * length + 0.5)


def steady(moved: Floats) -> NDArray[np.bool_]:
    """Where a flow (h, w, 2) has no edges, at which it is seldom right (as above, equation 6)."""
    down, across = np.gradient(moved, axis=(0, 1))
    edges = np.square(down).sum(2) + np.square(across).sum(2)
    return edges < 0.01 * np.square(moved).sum(2) + 0.002
