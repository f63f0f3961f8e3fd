"""Feed-forward style transfer with many styles in one network.

Johnson, Alahi, Fei-Fei, "Perceptual Losses for Real-Time Style Transfer" (2016): encoder,
residual blocks, decoder. Dumoulin, Shlens, Kudlur, "A Learned Representation for Artistic
Style" (2017): conditional instance normalisation, a style is one scale and shift a channel.
"""

from collections.abc import Sequence

from torch import Tensor, nn

from studio.nets.layer import Layer, Step, encoder_decoder, run_layers


class StyleNet(nn.Module):
    """Maps photos to paintings.

    Args:
        styles: number of styles S.
        stem: channels at half resolution on the way in, and on the way out.
        width: channels of the residual blocks, at a quarter of the resolution.
        blocks: number of residual blocks.
        tail: channels at full resolution.
        grain: deviation of the noise laid over the photo, for strokes where it is empty.
    """

    def __init__(
        self,
        styles: int,
        stem: int = 32,
        width: int = 80,
        blocks: int = 5,
        tail: int = 16,
        grain: float = 0.0,
    ) -> None:
        super().__init__()
        self.styles = styles
        layers = encoder_decoder(styles, stem, width, blocks, tail, outs=3, grain=grain)
        self.layers: Sequence[Layer] = nn.ModuleList(layers)  # type: ignore[assignment]

    def forward(self, photos: Tensor, mixture: Tensor) -> Tensor:
        """Paints.

        Args:
            photos: (N, 3, H, W) RGB in [0, 1]; H and W multiples of 4, at least 16.
            mixture: (N, S) weights of the styles, each row summing to 1.

        Returns:
            (N, 3, H, W) in [0, 1].
        """
        return run_layers(self.layers, photos, mixture)

    def steps(self, mixture: Tensor) -> list[Step]:
        """The layers with the scale and shift of one blend of styles (1, S)."""
        return [Step(layer, layer.affine(mixture)) for layer in self.layers]
