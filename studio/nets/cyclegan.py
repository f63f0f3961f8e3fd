"""A generator that changes what a photo shows, and finds where.

Zhu, Park, Isola, Efros, "Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial
Networks" (2017): a residual generator with instance normalisation, here narrow. Mejjati, Richardt,
Tompkin, Cosker, Kim, "Unsupervised Attention-guided Image-to-Image Translation" (2018): only what
a soft mask covers is changed. Its discriminator of patches is that of `pix2pix`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from studio.nets.change import changed
from studio.nets.layer import Layer, Step, encoder_decoder, run_layers


@dataclass(frozen=True)
class Translation:
    """What a generator made of photos.

    Attributes:
        result: (N, 3, H, W) in [0, 1]: painted where the mask is, the photo elsewhere.
        mask: (N, 1, H, W) in [0, 1], 1 where the photo is changed.
    """

    result: Tensor
    mask: Tensor


class Generator(nn.Module):
    """Maps photos to a change of their colours, a mask, and how much contrast is kept below.

    The change is added to what is kept of the photo, so that a new net leaves photos nearly as they
    are, and a change that was found on a reduced copy spares the fine detail of the photo. Where
    nothing is kept, the change is the colour itself: stripes are covered, not compensated for. More
    than the photo's own contrast brings out stripes that the other direction has left but faintly.

    Args:
        filters: half the channels at half the resolution, a quarter of those of the blocks.
        blocks: number of residual blocks.
    """

    def __init__(self, filters: int = 24, blocks: int = 6) -> None:
        super().__init__()
        layers = encoder_decoder(1, 2 * filters, 4 * filters, blocks, filters, outs=5)
        self.layers: Sequence[Layer] = nn.ModuleList(layers)  # type: ignore[assignment]
        with torch.no_grad():
            layers[-1].conv.weight *= 0.25  # begins near no change, with a mask of a half
            bias = layers[-1].conv.bias
            if bias is not None:
                bias[4] += 0.3  # and with the photo's own contrast, see `painted`

    def forward(self, photos: Tensor) -> Tensor:
        """Finds the change.

        Args:
            photos: (N, 3, H, W) RGB in [0, 1]; H and W multiples of 4, at least 16.

        Returns:
            (N, 5, H, W) in [0, 1]: the change of red, green and blue, 0.5 for none; the mask; how
            much contrast the photo keeps, see `painted`.
        """
        return run_layers(self.layers, photos, photos.new_ones(len(photos), 1))

    def translate(self, photos: Tensor) -> Translation:
        """Photos (N, 3, H, W) in [0, 1] with the change made where the mask is."""
        found = self(photos).float()
        mask = found[:, 3:4]
        return Translation(photos + (painted(photos, found) - photos) * mask, mask)

    def steps(self) -> list[Step]:
        """The layers, to be run one at a time."""
        return [Step(layer, layer.affine(torch.ones(1, 1).to(layer.conv.weight)))
                for layer in self.layers]  # fmt: skip


def painted(photos: Tensor, found: Tensor) -> Tensor:
    """Photos (N, 3, H, W) painted everywhere with what `Generator.forward` found (N, 5, H, W).

    The gradient passes where colours are clipped, or what is black by mistake would stay so.
    """
    colours = changed(photos, found)
    return colours + (colours.clamp(0, 1) - colours).detach()
