"""Zhao et al., "Differentiable Augmentation for Data-Efficient GAN Training" (2020).

The discriminator sees real and generated pictures only after the same kinds of random change, so
that it cannot learn few pictures by heart; the generator's gradient passes through the change.
"""

import torch
from torch import Tensor
from torch.nn import functional as F


def augment(
    pictures: Tensor, *, colour: float = 1.0, shift: float = 0.125, cut: float = 0.4
) -> Tensor:
    """Changes colour, shifts, and cuts a square out.

    Args:
        pictures: (N, C, H, W) in [0, 1]; the first three channels are RGB, and only they change
            their colours.
        colour: how much colours change, as a share of what the paper has.
        shift: largest shift, as a share of the side.
        cut: side of the square, as a share of the side; 0 for none.

    Returns:
        (N, C, H, W); may leave [0, 1] a little.
    """
    colours = _recoloured(pictures[:, :3], colour)
    pictures = torch.cat([colours, pictures[:, 3:]], 1)
    pictures = _shifted(pictures, shift)
    return _cut(pictures, cut) if cut else pictures


def _recoloured(x: Tensor, share: float) -> Tensor:
    def draw() -> Tensor:
        return share * (torch.rand(len(x), 1, 1, 1, device=x.device) - 0.5)

    x = x + draw() * 0.5  # brightness
    grey = x.mean(1, keepdim=True)
    x = grey + (x - grey) * (1 + 2 * draw())  # saturation
    middle = x.mean((1, 2, 3), keepdim=True)
    return middle + (x - middle) * (1 + draw())  # contrast


def _shifted(x: Tensor, share: float) -> Tensor:
    height, width = x.shape[2:]
    most = round(height * share), round(width * share)
    padded = F.pad(x, (most[1], most[1], most[0], most[0]))
    rows, columns = (torch.randint(0, 2 * m + 1, (len(x),)).tolist() for m in most)
    parts = [
        picture[:, top : top + height, left : left + width]
        for picture, top, left in zip(padded, rows, columns, strict=True)
    ]
    return torch.stack(parts)


def _cut(x: Tensor, share: float) -> Tensor:
    height, width = x.shape[2:]
    side = round(height * share), round(width * share)
    kept = torch.ones_like(x[:, :1])
    tops = torch.randint(-side[0] // 2, height - side[0] // 2, (len(x),)).tolist()
    lefts = torch.randint(-side[1] // 2, width - side[1] // 2, (len(x),)).tolist()
    for item, (top, left) in enumerate(zip(tops, lefts, strict=True)):
        kept[item, :, max(0, top) : top + side[0], max(0, left) : left + side[1]] = 0
    return x * kept
