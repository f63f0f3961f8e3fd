"""A grain laid over a picture: what a net makes its strokes of where there is nothing to paint.

Texture nets begin from noise for the same reason (Ulyanov et al., "Texture Networks", 2016). Here
it depends on the pixel's place alone, so that strips, frames and previews agree.
"""

from functools import cache

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

_SIDE = 512  # px after which it repeats
_CELLS = (4, 16)  # px: as wide as a stroke, and as long


@cache
@torch.inference_mode(mode=False)  # whoever asks first may only infer, and the next one train
def make_grain(deviation: float = 1.0) -> Tensor:
    """(1, 3, side, side), smooth noise of mean 0 that can be laid edge to edge; not to be changed.

    Nets of one deviation share it.
    """
    random = np.random.RandomState(0)  # its stream is the same in all versions
    layers: list[Tensor] = []
    for cell in _CELLS:
        coarse = torch.from_numpy(random.standard_normal((1, 3, _SIDE // cell, _SIDE // cell)))
        around = F.pad(coarse.float(), (1, 1, 1, 1), mode="circular")
        fine = F.interpolate(around, scale_factor=cell, mode="bilinear")
        layers.append(fine[:, :, cell:-cell, cell:-cell])
    grain = torch.stack(layers).sum(0)
    return grain / grain.std() * deviation


def crop_grain(grain: Tensor, top: int, left: int, height: int, width: int) -> Tensor:
    """The part (1, 3, height, width) of an endless plane of grain that begins at (top, left)."""
    rows, columns = (
        (torch.arange(start, start + length, device=grain.device)) % _SIDE
        for start, length in ((top, height), (left, width))
    )
    return grain[:, :, rows[:, None], columns]
