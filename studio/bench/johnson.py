"""The well-known network of Johnson et al. (2016), the yardstick of every speed figure here.

As in its supplementary material, with instance normalisation (Ulyanov et al. 2016) and the
resize-convolutions that took the place of its transposed ones: 9-3-3, five residual blocks.
"""

from torch import Tensor, nn
from torch.nn import functional as F


class _Convolution(nn.Module):
    def __init__(self, ins: int, outs: int, kernel: int, stride: int = 1) -> None:
        super().__init__()
        padding = kernel // 2
        self.conv = nn.Conv2d(ins, outs, kernel, stride, padding, padding_mode="reflect")
        self.norm = nn.InstanceNorm2d(outs, affine=True)

    def forward(self, x: Tensor) -> Tensor:
        return self.norm(self.conv(x))


class _ResidualBlock(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = _Convolution(channels, channels, 3)
        self.second = _Convolution(channels, channels, 3)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.second(F.relu(self.first(x)))


class JohnsonNet(nn.Module):
    """Maps (N, 3, H, W) in [0, 1] to the same; H and W multiples of 4.

    Args:
        width: channels at full resolution; 32 in the paper.
    """

    def __init__(self, width: int = 32) -> None:
        super().__init__()
        self.down = nn.ModuleList(
            [
                _Convolution(3, width, 9),
                _Convolution(width, 2 * width, 3, stride=2),
                _Convolution(2 * width, 4 * width, 3, stride=2),
            ]
        )
        self.blocks = nn.Sequential(*[_ResidualBlock(4 * width) for _ in range(5)])
        self.up = nn.ModuleList(
            [
                _Convolution(4 * width, 2 * width, 3),
                _Convolution(2 * width, width, 3),
            ]
        )
        self.last = nn.Conv2d(width, 3, 9, padding=4, padding_mode="reflect")

    def forward(self, x: Tensor) -> Tensor:
        """Paints; see the class."""
        for layer in self.down:
            x = F.relu(layer(x))
        x = self.blocks(x)
        for layer in self.up:
            x = F.relu(layer(F.interpolate(x, scale_factor=2.0, mode="nearest")))
        return (self.last(x).tanh() + 1) / 2
