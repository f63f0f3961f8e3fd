"""Feed-forward style transfer with any painting, which need not have been seen in training.

Ghiasi et al., "Exploring the structure of a real-time, arbitrary neural artistic stylization
network" (2017): the scales and shifts that make a style of the network of Dumoulin et al. (2017)
are read off the painting by a second network. Here the trunk knows nothing of colours: it is shown
a photo whose colours have a standard mean and covariance, and what it makes is given the
painting's, both in closed form (`transport`). So the palette of any painting fits, and its manner
alone is predicted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from studio.core.picture import Floats
from studio.core.values.paintings import glances
from studio.nets.efficientnet_lite import STAGE_CHANNELS, EfficientNetLite0
from studio.nets.layer import Layer, Step, encoder_decoder, run_steps
from studio.nets.transport import FARTHEST, KNOTS, Palette, palette_of, photo_root, to_standard

_STAGES = 3  # of the eye: up to a sixteenth of the resolution
_SEEN = 2 * sum(STAGE_CHANNELS[:_STAGES]) + 6  # numbers that the eye tells


@dataclass(frozen=True)
class Manner:
    """What is taken from N paintings: rows (N, R) of scales and shifts, and the palette."""

    rows: Tensor
    palette: Palette

    def blended(self, other: "Manner", share: float) -> "Manner":
        """Between this one and, at a share of 1, the other."""
        rows = self.rows.lerp(other.rows, share)
        return Manner(rows, self.palette.blended(other.palette, share))


class Eye(nn.Module):
    """Tells in numbers how a picture is painted: moments of features, and of the colours."""

    def __init__(self) -> None:
        super().__init__()
        self.features = EfficientNetLite0(_STAGES).requires_grad_(False)
        self.mean: Tensor
        self.deviation: Tensor
        self.register_buffer("mean", torch.zeros(_SEEN))
        self.register_buffer("deviation", torch.ones(_SEEN))

    def measure(self, pictures: Tensor) -> Tensor:
        """Moments (N, D) of pictures (N, 3, H, W) in [0, 1], as they are."""
        palette = palette_of(_array(pictures))
        matrices, mean = to_standard(_array(pictures), palette)
        # The eye and the trunk are shown colours as photos have them.
        shown = _mapped(pictures, photo_root() @ matrices, mean, 0.5)
        return self.moments(shown, torch.from_numpy(palette.spread))

    def moments(self, shown: Tensor, spread: Tensor) -> Tensor:
        """Moments of pictures whose colours are as photos have them, and how theirs were spread."""
        found: list[Tensor] = []
        shown = shown.contiguous(memory_format=torch.channels_last)  # takes two thirds of the time
        for stage in self.features.stages(shown, _STAGES):
            variance, average = torch.var_mean(stage.float(), (2, 3), correction=0)
            found += [average, (variance + 1e-5).sqrt()]
        return torch.cat([*found, spread.to(found[0])], 1)

    def forward(self, pictures: Tensor) -> Tensor:
        """Moments (N, D), each of mean 0 and deviation 1 over the pictures of the training."""
        return (self.measure(pictures) - self.mean) / self.deviation


class Linear(nn.Module):
    """A linear layer whose weights are of about deviation 1 whatever their number.

    Karras et al., "Progressive Growing of GANs" (2018), section 4.1: so all learn at one rate.
    """

    def __init__(self, ins: int, outs: int, deviation: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(outs, ins))
        self.bias = nn.Parameter(torch.zeros(outs))
        nn.init.normal_(self.weight, std=deviation)

    def forward(self, numbers: Tensor) -> Tensor:
        """(N, ins) to (N, outs)."""
        return F.linear(numbers, self.matrix, self.bias)

    @property
    def matrix(self) -> Tensor:
        """(outs, ins)."""
        return self.weight * self.weight.shape[1] ** -0.5


class AnyStyleNet(nn.Module):
    """Maps photos and paintings to paintings.

    Args:
        stem: channels at half resolution on the way in, and on the way out.
        width: channels of the residual blocks, at a quarter of the resolution.
        blocks: number of residual blocks.
        tail: channels at full resolution.
        hidden: units between the eye's numbers and the rows.
        grain: deviation of the noise laid over the photo, for strokes where it is empty.
        dilations: of each block's first convolution; none: 1. They let strokes be long.
    """

    def __init__(
        self,
        stem: int = 32,
        width: int = 80,
        blocks: int = 5,
        tail: int = 16,
        hidden: int = 192,
        grain: float = 0.0,
        dilations: Sequence[int] = (),
    ) -> None:
        super().__init__()
        layers = encoder_decoder(
            1, stem, width, blocks, tail, outs=3, grain=grain, dilations=dilations
        )
        layers[-1] = Layer(tail, 3, 5, 1, activation="none", whitens=True)
        self.layers: Sequence[Layer] = nn.ModuleList(layers)  # type: ignore[assignment]
        self.eye = Eye()
        # A scale and a shift of all layers but the last one, whose result is standard colours.
        self.widths = [layer.conv.out_channels for layer in layers[:-1] for _ in range(2)]
        self.head = nn.Sequential(
            Linear(_SEEN, hidden, 1.0), nn.ReLU(), Linear(hidden, sum(self.widths), 0.1)
        )

    def look(self, paintings: Tensor) -> Manner:
        """What is taken from paintings (N, 3, H, W) in [0, 1], both sides at least 32 px.

        A large painting is seen square by square: taken whole, what is calm in one place and lively
        in another would count for more than how it is painted.
        """
        like = next(self.parameters())
        squares = [paintings[..., *where] for where in glances(*paintings.shape[2:])]
        rows = [self.head(self.eye(square.to(like)).to(like)) for square in squares]
        return Manner(torch.stack(rows).mean(0), palette_of(_array(paintings)))

    def forward(self, photos: Tensor, paintings: Tensor) -> Tensor:
        """Paints photos (N, 3, H, W) as paintings (N, 3, H', W') are painted; see `paint`."""
        return self.paint(photos, self.look(paintings))

    def paint(self, photos: Tensor, manner: Manner) -> Tensor:
        """Paints.

        Args:
            photos: (N, 3, H, W) RGB in [0, 1]; H and W multiples of 4, at least 16.
            manner: of N paintings.

        Returns:
            (N, 3, H, W) in [0, 1].
        """
        matrices, mean = to_standard(_array(photos), manner.palette)
        shown = _mapped(photos, photo_root() @ matrices, mean, 0.0)
        palette = manner.palette
        drawn = _bend(run_steps(self.trunk(manner.rows), shown), palette.curves)
        return _mapped(drawn, palette.root, np.zeros(3, np.float32), palette.mean).clamp(0, 1)

    def steps(self, manner: Manner, photo: Tensor) -> list[Step]:
        """The layers for one manner and one photo, or several (N, 3, H, W) that are one shot."""
        whole = photo.transpose(0, 1).flatten(1, 2)[None]
        matrices, mean = to_standard(_array(whole), manner.palette)
        matrix = photo_root() @ matrices[0]
        entry = _Recolouring(matrix, -matrix @ mean[0])
        palette = manner.palette
        leave = _Recolouring(palette.root[0], palette.mean[0], palette.curves)
        like = next(self.parameters())
        first, last = (Step(layer.to(like), None) for layer in (entry, leave))
        return [first, *self.trunk(manner.rows), last]

    def trunk(self, rows: Tensor) -> list[Step]:
        """The layers with the scales and shifts that rows (N, R) add to their own."""
        parts = rows.split(self.widths, 1)
        steps: list[Step] = []
        for layer, scale, shift in zip(self.layers[:-1], parts[::2], parts[1::2], strict=True):
            own = cast("tuple[Tensor, Tensor]", (layer.scale, layer.shift))
            steps.append(Step(layer, (own[0] + scale, own[1] + shift)))
        last = self.layers[-1]
        own = cast("tuple[Tensor, Tensor]", (last.scale, last.shift))
        return [*steps, Step(last, (own[0].expand(len(rows), -1), own[1].expand(len(rows), -1)))]


def _array(pictures: Tensor) -> Floats:
    return pictures.detach().float().cpu().numpy()


def _mapped(pictures: Tensor, matrix: Floats, mean: Floats, offset: Floats | float) -> Tensor:
    """Colours x of pictures (N, 3, H, W) to matrix (N, 3, 3) times (x - mean), plus an offset."""
    moved = offset - (matrix @ mean[..., None])[..., 0]
    by, to = (torch.from_numpy(each).to(pictures) for each in (matrix, moved))
    return torch.einsum("nij,njhw->nihw", by, pictures) + to[..., None, None]


def _bend(colours: Tensor, along: Floats) -> Tensor:
    """Standard colours (N, 3, H, W) along curves (N or 1, 3, K)."""
    flat = colours.flatten(2).float()
    curves = torch.from_numpy(along).to(flat).expand(len(flat), -1, -1)
    place = (flat + FARTHEST) * ((KNOTS - 1) / (2 * FARTHEST))
    place = place.clamp(0, KNOTS - 1.001)
    below = place.detach().long()
    low, high = curves.gather(2, below), curves.gather(2, below + 1)
    return low.lerp(high, place - below).view_as(colours).to(colours)


class _Recolouring(Layer):
    """Maps colours x to matrix (3, 3) times x plus an offset (3,).

    With curves (1, 3, K) it bends them first, and the result is a picture in [0, 1].
    """

    def __init__(self, matrix: Floats, offset: Floats, curves: Floats | None = None) -> None:
        activation = "none" if curves is None else "clamp"
        super().__init__(3, 3, 1, 1, activation=activation, normalised=False)
        weight, bias = torch.from_numpy(matrix), torch.from_numpy(offset)
        self.conv.load_state_dict({"weight": weight[:, :, None, None], "bias": bias})
        self.requires_grad_(False)
        self._curves = curves

    def enter(self, x: Tensor, top: int = 0) -> Tensor:
        """The input, bent."""
        del top
        return x if self._curves is None else _bend(x, self._curves)
