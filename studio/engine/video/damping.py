"""Less flicker: a result leans on the one before it, moved to where things are now.

After Ruder, Dosovitskiy, Brox, "Artistic Style Transfer for Videos" (2016), whose long-term loss
becomes a blend here, and Lai et al. (2018): nothing is blended where the flow is not consistent.
"""

import cv2
import numpy as np

from studio.core.video.orientation import Pixels
from studio.engine.video.flow import Floats, enlarged, flow, grey, visible, warp

_LONGEST = 640  # px of the frames that the flow is found in
_MOST = 0.9  # share of the earlier result at full damping: at 1 nothing would ever change
_ALIKE = 0.08  # difference of moved grey levels, of 1, from which on little is blended
_TOUCHED = 4 / 255  # change of a pixel from which on it counts as changed by the net


class Damper:
    """Takes a shot's results one after the other.

    Args:
        amount: 0 to 1.
    """

    def __init__(self, amount: float) -> None:
        self._share = _MOST * amount
        self._grey: Pixels | None = None
        self._result: Floats | None = None

    def begin_shot(self) -> None:
        """Forgets what was before."""
        self._grey = self._result = None

    def next(self, pixels: Pixels, result: Floats) -> Floats:
        """A frame's result, damped.

        Args:
            pixels: (H, W, 3) uint8, the frame.
            result: (s H, s W, 3) float32 in [0, 1], what became of it.

        Returns:
            As `result`.
        """
        if self._share == 0:
            return result
        before, earlier = self._grey, self._result
        self._grey = grey(pixels, _LONGEST)
        if before is not None and earlier is not None:
            size = (result.shape[0], result.shape[1])
            moved, trust = _compare(self._grey, before)
            share = cv2.resize(trust, size[::-1], interpolation=cv2.INTER_LINEAR)
            share = self._share * share * _touched(pixels, result)
            moved_result = warp(earlier, enlarged(moved, size)).clip(0, 1)
            result = (result + (moved_result - result) * share[..., None]).astype(np.float32)
        self._result = result
        return result


def _compare(now: Pixels, before: Pixels) -> tuple[Floats, Floats]:
    """How a frame has moved since the one before (h, w, 2), and how far to trust it (h, w)."""
    forth, back = flow(now, before), flow(before, now)
    there = warp(before.astype(np.float32), forth)
    apart = (now.astype(np.float32) - there) / (255 * _ALIKE)
    return forth, (visible(forth, back) * np.exp(-np.square(apart))).astype(np.float32)


def _touched(pixels: Pixels, result: Floats) -> Floats:
    """1 where the net has changed the photo, 0 where it left it: what is left stays as it is."""
    size = (result.shape[1], result.shape[0])
    photo = pixels.astype(np.float32) / 255
    if size != (photo.shape[1], photo.shape[0]):
        photo = cv2.resize(photo, size, interpolation=cv2.INTER_CUBIC)
    change = np.abs(result - photo).max(2)
    return np.minimum(cv2.blur(change, (5, 5)) / _TOUCHED, 1)
