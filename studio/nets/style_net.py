"""Feed-forward style transfer with many styles in one network.

Johnson, Alahi, Fei-Fei, "Perceptual Losses for Real-Time Style Transfer" (2016): encoder,
residual blocks, decoder. Dumoulin, Shlens, Kudlur, "A Learned Representation for Artistic
Style" (2017): conditional instance normalisation, a style is one scale and shift a channel.
"""

from collections.abc import Sequence

from torch import Tensor, nn
from torch.nn import functional as F

from studio.nets.layer import Layer, Step


class StyleNet(nn.Module):
    """Maps photos to paintings.

    Args:
        styles: number of styles S.
        stem: channels at half resolution on the way in, and on the way out.
        width: channels of the residual blocks, at a quarter of the resolution.
        blocks: number of residual blocks.
        tail: channels at full resolution.
    """

    def __init__(
        self, styles: int, stem: int = 32, width: int = 80, blocks: int = 5, tail: int = 16
    ) -> None:
        super().__init__()
        layers = [
            Layer(3, stem, 7, styles, stride=2),
            Layer(stem, width, 3, styles, stride=2),
        ]
        for _ in range(blocks):
            layers += [
                Layer(width, width, 3, styles, opens_block=True),
                Layer(width, width, 3, styles, activation="none", closes_block=True),
            ]
        layers += [
            Layer(width, stem, 3, styles, upsample=True),
            Layer(stem, tail, 3, styles, upsample=True),
            Layer(tail, 3, 5, styles, activation="sigmoid"),
        ]
        self.layers: Sequence[Layer] = nn.ModuleList(layers)  # type: ignore[assignment]

    def forward(self, photos: Tensor, mixture: Tensor) -> Tensor:
        """Paints.

        Args:
            photos: (N, 3, H, W) RGB in [0, 1]; H and W multiples of 4, at least 16.
            mixture: (N, S) weights of the styles, each row summing to 1.

        Returns:
            (N, 3, H, W) in [0, 1].
        """
        x = skip = photos  # no offset: the first layer's normalisation takes any constant out
        for layer in self.layers:
            if layer.opens_block:
                skip = x
            x = layer.convolve(layer.pad(x))
            if (affine := layer.affine(mixture)) is not None:
                scale, shift = affine
                x = F.instance_norm(x) * scale[:, :, None, None] + shift[:, :, None, None]
            x = layer.activate(x)
            if layer.closes_block:
                x = x + skip
        return x

    def steps(self, mixture: Tensor) -> list[Step]:
        """The layers with the scale and shift of one blend of styles (1, S)."""
        return [Step(layer, layer.affine(mixture)) for layer in self.layers]
