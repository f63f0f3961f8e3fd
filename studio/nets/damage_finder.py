"""A small net that finds scratches, dust and the like in photos."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from studio.nets.restorer import Restorer


class DamageFinder(nn.Module):
    """Tells at each pixel whether the photo is damaged there.

    A U-Net (Ronneberger et al., "U-Net", 2015, as `Restorer` has it) on the photo folded to half
    its size.

    Args:
        widths, blocks: see `Restorer`.
    """

    def __init__(self, widths: Sequence[int], blocks: Sequence[int]) -> None:
        super().__init__()
        self.body = Restorer(widths, blocks, 1)
        self.body.tail = nn.Conv2d(widths[0], 4, 3, 1, 1)
        nn.init.constant_(self.body.tail.bias, -3.0)  # type: ignore[arg-type]

    @property
    def multiple(self) -> int:
        """Both sides of a photo must be multiples of this."""
        return self.body.multiple

    def forward(self, photos: Tensor) -> Tensor:
        """Logits (N, 1, H, W) of damage in photos (N, 3, H, W) RGB in [0, 1]."""
        one = torch.ones(len(photos), 1, device=photos.device)
        return F.pixel_shuffle(self.body.features(photos, one), 2)
