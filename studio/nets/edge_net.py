"""Where a person would draw a line: a small net that answers as HED does.

Xie and Tu, "Holistically-Nested Edge Detection" (2015), in miniature: features of four resolutions,
each reduced to one plane, added up at the full one (their figure 2d, fused early).
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

_WIDTHS = (16, 24, 32, 40)


class EdgeNet(nn.Module):
    """Edges of pictures; differentiable, so that a generator can be told to draw along lines."""

    def __init__(self) -> None:
        super().__init__()
        ins = (3, *_WIDTHS[:-1])
        self.stages = nn.ModuleList(
            nn.Sequential(
                nn.Conv2d(before, width, 3, 2 if level else 1, 1, bias=False),
                nn.BatchNorm2d(width),
                nn.ReLU(),
                nn.Conv2d(width, width, 3, 1, 1, bias=False),
                nn.BatchNorm2d(width),
                nn.ReLU(),
            )
            for level, (before, width) in enumerate(zip(ins, _WIDTHS, strict=True))
        )
        self.sides = nn.ModuleList(nn.Conv2d(width, 8, 1) for width in _WIDTHS)
        self.fuse = nn.Sequential(nn.Conv2d(8 * len(_WIDTHS), 16, 3, 1, 1), nn.ReLU())
        self.last = nn.Conv2d(16, 1, 1)

    def forward(self, pictures: Tensor) -> Tensor:
        """Logits (N, 1, H, W) of there being an edge, of pictures (N, 3, H, W) in [0, 1]."""
        x = pictures * 2 - 1
        found: list[Tensor] = []
        for stage, side in zip(self.stages, self.sides, strict=True):
            x = stage(x)
            found.append(F.interpolate(side(x), pictures.shape[2:], mode="bilinear"))
        return self.last(self.fuse(torch.cat(found, 1)))
