"""How much a video flickers.

Lai, Huang, Wang, Shechtman, Yumer, Yang, "Learning Blind Video Temporal Consistency" (2018), 4.1:
the squared difference of a frame and of the next one moved back, where both see the same, after
the flow of the untouched clip; here that of `flow`, not of FlowNet2, and a mean over the colours.
"""

import numpy as np

from studio.core.video.orientation import Pixels
from studio.engine.video.flow import Floats, enlarged, flow, grey, steady, visible, warp

_LONGEST = 1280  # px of the frames that the flow is found in


class WarpingError:
    """Takes frames in their order.

    Attributes:
        frames: taken.
        pairs: pairs of frames that were compared.
    """

    def __init__(self) -> None:
        self.frames = self.pairs = 0
        self._sum = 0.0
        self._before: tuple[Pixels, Floats] | None = None

    @property
    def mean(self) -> float:
        """Mean over the pairs of frames; of results in [0, 1]."""
        return self._sum / max(1, self.pairs)

    def begin_shot(self) -> None:
        """The next frame is not compared with the last one."""
        self._before = None

    def add(self, pixels: Pixels, result: Floats) -> None:
        """Takes a frame.

        Args:
            pixels: (H, W, 3) uint8, the untouched frame.
            result: (s H, s W, 3) float32 in [0, 1].
        """
        self.frames += 1
        now = grey(pixels, _LONGEST)
        if self._before is not None:
            before, earlier = self._before
            forth, back = flow(before, now), flow(now, before)
            counted = visible(forth, back) & steady(forth)
            size = (result.shape[0], result.shape[1])
            apart = np.square(earlier - warp(result, enlarged(forth, size)).clip(0, 1)).mean(2)
            weights = _at_size(counted, size)
            if weights.any():
                self._sum += float(apart[weights].mean())
                self.pairs += 1
        self._before = now, result


def _at_size(mask: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """A mask (h, w) of booleans at another (height, width), by nearest neighbour."""
    rows = np.arange(size[0]) * mask.shape[0] // size[0]
    columns = np.arange(size[1]) * mask.shape[1] // size[1]
    return mask[rows[:, None], columns]
