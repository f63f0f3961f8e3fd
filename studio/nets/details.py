"""What a picture lacks when it is enlarged twice.

Denton, Chintala, Szlam, Fergus, "Deep Generative Image Models using a Laplacian Pyramid of
Adversarial Networks" (2015): a generator's picture is enlarged, and a second net draws the details
on top of it.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class DetailNet(nn.Module):
    """Enlarges pictures twice.

    Most of it works at half of the small side, where a convolution is cheap and sees far: half an
    eye is drawn after the other one.

    Args:
        width: channels at the small side.
        channels: 3 for RGB, 1 for grey.
        blocks: residual blocks in the middle.
    """

    def __init__(self, width: int = 24, channels: int = 3, blocks: int = 4) -> None:
        super().__init__()
        middle = 3 * width
        self.head = nn.Conv2d(channels, width, 3, 1, 1)
        self.shrink = nn.Conv2d(width, middle, 4, 2, 1)
        self.blocks = nn.ModuleList(_Block(middle) for _ in range(blocks))
        self.grow = nn.ConvTranspose2d(middle, width, 4, 2, 1)
        self.merge = nn.Conv2d(2 * width, width, 3, 1, 1)
        self.fine = nn.Conv2d(width, width, 3, 1, 1)
        self.tail = nn.Conv2d(width, channels, 3, 1, 1)
        with torch.no_grad():
            self.tail.weight.mul_(0.1)

    def forward(self, pictures: Tensor) -> Tensor:
        """Pictures (N, C, S, S) in [0, 1], S even, to (N, C, 2 S, 2 S), about in [0, 1]."""
        fine = F.leaky_relu(self.head(pictures * 2 - 1), 0.2, inplace=True)
        x = F.leaky_relu(self.shrink(fine), 0.2, inplace=True)
        for block in self.blocks:
            x = block(x)
        x = torch.cat([F.leaky_relu(self.grow(x), 0.2, inplace=True), fine], 1)
        x = F.leaky_relu(self.merge(x), 0.2, inplace=True)
        x = F.interpolate(x, scale_factor=2.0, mode="bilinear")  # no grid (Odena et al. 2016)
        x = F.leaky_relu(self.fine(x), 0.2, inplace=True)
        large = F.interpolate(pictures, scale_factor=2.0, mode="bicubic")
        return large + self.tail(x)


class _Block(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(width, width, 3, 1, 1)
        self.second = nn.Conv2d(width, width, 3, 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) to the same."""
        return x + self.second(F.leaky_relu(self.first(x), 0.2, inplace=True))
