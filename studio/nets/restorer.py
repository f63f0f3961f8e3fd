"""A convolutional autoencoder that cleans photos, told how they are damaged.

Zhang, Li, Zuo, Zhang, Van Gool, Timofte, "Plug-and-Play Image Restoration with Deep Denoiser
Prior" (2021): DRUNet, a U-Net of residual blocks without biases that takes the noise level as one
more plane. Zhang, Zuo, Zhang, "FFDNet" (2018): works on the photo folded to half its size. Jiang,
Zhang, Timofte, "FBCNN" (2021): JPEG's quality is such a level too. Shi et al., "Real-Time Single
Image and Video Super-Resolution" (2016): pixel shuffle.
"""

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class _Block(nn.Module):
    """Two convolutions beside the identity (He et al. 2016, as slimmed in EDSR, 2017).

    Args:
        width: channels.
        gated: what is added is weighted at each place by what is there, so that holes and what is
            known can be told apart: Yu et al., "Free-Form Image Inpainting with Gated Convolution"
            (2019), with one gate for all channels as in Yi et al., "Contextual Residual
            Aggregation" (2020). Gates begin open.
    """

    def __init__(self, width: int, *, gated: bool) -> None:
        super().__init__()
        self.first = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.second = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.gate = nn.Conv2d(width, 1, 1) if gated else None
        with torch.no_grad():
            self.second.weight.mul_(0.1)  # deep nets without normalisation start near the identity
            if self.gate is not None:
                self.gate.weight.zero_()
                self.gate.bias.zero_()  # type: ignore[union-attr]

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) to the same."""
        change = self.second(F.relu(self.first(x)))
        return x + (change if self.gate is None else change * (2 * self.gate(x).sigmoid()))


def _blocks(width: int, count: int, *, gated: bool) -> nn.Sequential:
    return nn.Sequential(*[_Block(width, gated=gated) for _ in range(count)])


class Restorer(nn.Module):
    """Encoder and decoder with skips; the output is the photo and a correction.

    Args:
        widths: channels at each resolution, from fine to coarse.
        blocks: residual blocks at each resolution, on the way down and again on the way up; the
            coarsest has them once.
        levels: number of damage levels that it is told.
        scale: 1 works on the photo folded by two, 2 and 4 on the photo itself, and enlarge it.
        gated: see `_Block`.
    """

    def __init__(
        self,
        widths: Sequence[int] = (48, 96, 160),
        blocks: Sequence[int] = (2, 2, 3),
        levels: int = 3,
        scale: int = 1,
        *,
        gated: bool = False,
    ) -> None:
        super().__init__()
        self.scale = scale
        self.head = nn.Conv2d((12 if scale == 1 else 3) + levels, widths[0], 3, 1, 1, bias=False)
        steps = list(pairwise(widths))
        self.down = nn.ModuleList(
            _blocks(w, n, gated=gated) for w, n in zip(widths, blocks, strict=True)
        )
        self.shrink = nn.ModuleList(nn.Conv2d(a, b, 2, 2, bias=False) for a, b in steps)
        self.grow = nn.ModuleList(nn.ConvTranspose2d(b, a, 2, 2, bias=False) for a, b in steps)
        self.up = nn.ModuleList(
            _blocks(w, n, gated=gated) for w, n in zip(widths[:-1], blocks, strict=False)
        )
        self.unfolds = max(2, scale)
        self.tail = nn.Conv2d(widths[0], 3 * self.unfolds**2, 3, 1, 1, bias=False)
        with torch.no_grad():
            self.tail.weight.mul_(0.1)

    @property
    def multiple(self) -> int:
        """Both sides of a photo must be multiples of this."""
        return 2 ** len(self.shrink) * (2 if self.scale == 1 else 1)

    @property
    def reach(self) -> int:
        """How far from a pixel, in px of the photo, the result there can depend on it."""
        unit = 2 if self.scale == 1 else 1
        reach = 2 * unit + unit  # head and tail; folding
        for depth, blocks in enumerate(self.down):
            passes = 1 if depth == len(self.shrink) else 2
            reach += 2 * len(blocks) * passes * unit * 2**depth  # type: ignore[arg-type]
        return reach + sum(unit * 2**depth for depth in range(len(self.shrink)))

    def forward(self, photos: Tensor, levels: Tensor) -> Tensor:
        """Cleans photos.

        Args:
            photos: (N, 3, H, W) RGB around [0, 1]; H and W multiples of `multiple`.
            levels: (N, L) or (1, L) damage levels, 0 is none and 1 about the worst; or
                (N, L, H / 2, W / 2) where they differ from place to place.

        Returns:
            (N, 3, scale H, scale W), not clamped.
        """
        correction = F.pixel_shuffle(self.features(photos, levels), self.unfolds)
        if self.scale == 1:
            return photos + correction
        return F.interpolate(photos, scale_factor=self.scale, mode="bicubic") + correction

    def features(self, photos: Tensor, levels: Tensor) -> Tensor:
        """What the last layer says, folded: (N, 12, H / 2, W / 2) at scale 1; see `forward`."""
        folded = F.pixel_unshuffle(photos, 2) if self.scale == 1 else photos
        planes = levels if levels.ndim == 4 else levels[:, :, None, None]
        planes = planes.expand(len(folded), -1, *folded.shape[2:])
        x = self.head(torch.cat([folded, planes.to(folded)], 1))
        skips: list[Tensor] = []
        for blocks, shrink in zip(self.down, self.shrink, strict=False):
            x = blocks(x)
            skips.append(x)
            x = shrink(x)
        x = self.down[-1](x)
        for blocks, grow in zip(reversed(self.up), reversed(self.grow), strict=True):
            x = blocks(grow(x) + skips.pop())
        return self.tail(x)
