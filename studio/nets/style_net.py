"""Feed-forward style transfer with many styles in one network.

Johnson, Alahi, Fei-Fei, "Perceptual Losses for Real-Time Style Transfer" (2016): encoder,
residual blocks, decoder. Dumoulin, Shlens, Kudlur, "A Learned Representation for Artistic
Style" (2017): conditional instance normalisation, a style is one scale and shift a channel.
"""

import copy
from collections.abc import Sequence
from typing import Any, cast

import torch
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
        dilations: of each block's first convolution; none: 1. They let strokes be long.
    """

    def __init__(
        self,
        styles: int,
        stem: int = 32,
        width: int = 80,
        blocks: int = 5,
        tail: int = 16,
        grain: float = 0.0,
        dilations: Sequence[int] = (),
    ) -> None:
        super().__init__()
        self.styles = styles
        self._sizes: dict[str, Any] = {
            "stem": stem, "width": width, "blocks": blocks, "tail": tail, "grain": grain,
            "dilations": dilations,
        }  # fmt: skip
        layers = encoder_decoder(styles, **self._sizes, outs=3)
        self.layers: Sequence[Layer] = nn.ModuleList(layers)  # type: ignore[assignment]

    def alone(self, row: int) -> "StyleNet":
        """A net of its own that knows only one of the styles."""
        net = StyleNet(1, **self._sizes)
        state = self.state_dict()
        for name, value in state.items():
            if name.endswith(("scale", "shift")):
                state[name] = value[row : row + 1]
        net.load_state_dict(state)
        return net.eval()

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


class StyleNets(nn.Module):
    """A net for each painting; a blend of styles is painted by the mean of their nets.

    They begin as one another, which is why there is a net between two of them (Wortsman et al.,
    "Model soups", 2022).

    Args:
        styles: number of nets S.
        sizes: see `StyleNet`.
    """

    def __init__(self, styles: int, **sizes: Any) -> None:
        super().__init__()
        self.styles = styles
        self.nets = nn.ModuleList(StyleNet(1, **sizes) for _ in range(styles))

    def alone(self, row: int) -> StyleNet:
        """The net of one of the styles."""
        return cast("StyleNet", self.nets[row])

    def blended(self, shares: Sequence[float]) -> StyleNet:
        """The net of a blend of styles: S shares, which sum to 1."""
        nets = cast("Sequence[StyleNet]", self.nets)
        known = [(net, share) for net, share in zip(nets, shares, strict=True) if share]
        if len(known) == 1:
            return known[0][0]
        found = copy.deepcopy(known[0][0])
        states = [net.state_dict() for net, _ in known]
        weights = [share for _, share in known]
        found.load_state_dict(
            {
                name: sum(
                    state[name] * weight for state, weight in zip(states, weights, strict=True)
                )
                for name in states[0]
            }
        )
        return found

    def forward(self, photos: Tensor, mixture: Tensor) -> Tensor:
        """Paints: see `StyleNet.forward`. One row of shares counts for all photos."""
        ones = mixture.new_ones(1, 1)
        if len(mixture) == 1:
            return self.blended(mixture[0].tolist())(photos, ones)
        each = zip(photos, mixture.tolist(), strict=True)
        return torch.cat([self.blended(shares)(photo[None], ones) for photo, shares in each])

    def steps(self, mixture: Tensor) -> list[Step]:
        """The layers of one blend of styles (1, S)."""
        return self.blended(mixture[0].tolist()).steps(mixture.new_ones(1, 1))
