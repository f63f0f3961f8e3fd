"""Colours that swing within a few px, as nets make them."""

import torch
from torch import Tensor, nn


def fringes(pictures: Tensor) -> Tensor:
    """How far colours swing within a few px: pictures have no such thing, nets may. A scalar.

    The fourth power, for few places do, and these wildly.
    """
    red, green, blue = pictures.unbind(1)
    colours = torch.stack([red - green, blue - (red + green) / 2], 1)
    fine = colours - nn.functional.avg_pool2d(colours, 7, 1, 3, count_include_pad=False)
    return fine.pow(4).mean()
