"""One convolution with all that belongs to it, so that a net is a flat list of them.

A flat list can also be run one layer at a time over strips of a picture too large to be held
whole; the engine does so. Resize-convolution after Odena, Dumoulin, Olah, "Deconvolution and
Checkerboard Artifacts" (2016).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from studio.nets.grain import crop_grain, make_grain

EPSILON = 1e-5  # that of torch.nn.functional.instance_norm
FLATTEST = 1e-3  # share of the variance that each direction has at least, to be divided by
ROUNDS = 10  # of Newton's iteration: enough for what is as flat as that
# Rows (or columns) of a 3-tap kernel that fall on the same pixel once the picture is doubled by
# nearest neighbour: of even output pixels (first) and odd ones (second).
FOLD = torch.tensor([[[1.0, 0, 0], [0, 1, 1]], [[1, 1, 0], [0, 0, 1]]])
FOLDING = "aij,bkl,ocjl->abocik"


class Layer(nn.Module):
    """One convolution with what belongs to it: padding, normalisation, activation, skip.

    Attributes:
        stride: 1 or 2.
        dilation: px of its input from one tap of the kernel to the next.
        upsample: whether the input is doubled by nearest neighbour before the convolution.
        activation: ``relu``, ``sigmoid``, ``clamp`` (to [0, 1]) or ``none``.
        opens_block: its input is kept as the residual block's skip.
        closes_block: the kept input is added to its output.
        normalised: whether each channel is, over the whole picture; if not there is a bias.
        whitens: whether they are made uncorrelated too.
        grain: noise (1, 3, H, W) that is laid over the input, or None.
    """

    def __init__(
        self,
        channels_in: int,
        channels_out: int,
        kernel: int,
        styles: int,
        *,
        stride: int = 1,
        dilation: int = 1,
        upsample: bool = False,
        activation: str = "relu",
        opens_block: bool = False,
        closes_block: bool = False,
        normalised: bool = True,
        whitens: bool = False,
        grain: float = 0.0,
    ) -> None:
        super().__init__()
        self.conv = nn.Conv2d(
            channels_in, channels_out, kernel, stride, dilation=dilation, bias=not normalised
        )
        self.scale = nn.Parameter(torch.ones(styles, channels_out)) if normalised else None
        self.shift = nn.Parameter(torch.zeros(styles, channels_out)) if normalised else None
        self.stride, self.dilation = stride, dilation
        self.upsample, self.activation = upsample, activation
        self.opens_block, self.closes_block = opens_block, closes_block
        self.whitens = whitens
        self.grain: Tensor | None
        self.register_buffer("grain", make_grain(grain) if grain else None, persistent=False)

    @property
    def padding(self) -> int:
        """Rows that are needed above and below the input."""
        return 1 if self.upsample else self.dilation * (self.conv.kernel_size[0] // 2)

    def enter(self, x: Tensor, top: int = 0) -> Tensor:
        """The input (N, C, h, W) with its grain; its first row is row `top` of the picture.

        In training the grain begins anywhere.
        """
        if self.grain is None:
            return x
        left = 0
        if self.training:
            top, left = torch.randint(self.grain.shape[2], (2,)).tolist()
        return x + crop_grain(self.grain, top, left, x.shape[2], x.shape[3])

    def pad(self, x: Tensor) -> Tensor:
        """Pads all four sides of a whole plane (N, C, H, W).

        Mirrored; replicated before doubling, which equals mirroring after it.
        """
        mode = "replicate" if self.upsample else "reflect"
        return F.pad(self.enter(x), (self.padding,) * 4, mode=mode)

    def convolve(self, padded: Tensor) -> Tensor:
        """The convolution of an input that is padded already."""
        if not self.upsample:
            return F.conv2d(
                padded, self.conv.weight, self.conv.bias, self.stride, dilation=self.dilation
            )
        kernels, outs = self.folded(), self.conv.out_channels
        phases = F.conv2d(padded, kernels)
        n, _, h, w = phases.shape
        phases = phases.view(n, 2, 2, outs, h, w)
        rows = [
            torch.stack(
                [phases[:, a, b, :, a : a + h - 1, b : b + w - 1] for b in range(2)], dim=-1
            )
            for a in range(2)
        ]
        return torch.stack(rows, dim=3).reshape(n, outs, 2 * (h - 1), 2 * (w - 1))

    def folded(self) -> Tensor:
        """Doubling and a 3x3 kernel are four 2x2 kernels: (4 C, c, 2, 2).

        One for each parity of the output pixel: of row and column even and even, even and odd ...
        """
        fold = FOLD.to(self.conv.weight)
        kernels = torch.einsum(FOLDING, fold, fold, self.conv.weight)
        return kernels.reshape(4 * self.conv.out_channels, -1, 2, 2)

    def affine(self, mixture: Tensor) -> tuple[Tensor, Tensor] | None:
        """Scale and shift, each (N, C), of a blend of styles (N, S); None: no normalisation."""
        if self.scale is None or self.shift is None:
            return None
        return mixture @ self.scale, mixture @ self.shift

    def activate(self, x: Tensor) -> Tensor:
        """The activation of (N, C, H, W)."""
        match self.activation:
            case "relu":
                return F.relu(x)
            case "sigmoid":
                return torch.sigmoid(x)
            case "clamp":
                return x.clamp(0, 1)
            case _:
                return x


@dataclass(frozen=True)
class Step:
    """A layer with the scale and shift, each (1, C), that it has for one request.

    Attributes:
        layer: the layer.
        affine: scale and shift; None for a layer that is not normalised.
    """

    layer: Layer
    affine: tuple[Tensor, Tensor] | None


@dataclass(frozen=True)
class Normalisation:
    """A normalisation whose statistics are known, with scale and shift.

    Attributes:
        factor: (1, C, 1, 1); of a layer that whitens (C, C, 1, 1).
        offset: (1, C, 1, 1).
    """

    factor: Tensor
    offset: Tensor

    @classmethod
    def of(cls, step: Step, mean: Tensor, variance: Tensor) -> "Normalisation":
        """That of a step which has one, for a mean (C,) and a variance (C,) or covariance (C, C).

        The statistics are best in double precision; the result is as the step's scale.
        """
        if step.affine is None:
            raise ValueError("this layer is not normalised")
        scale, shift = (each[0].to(mean) for each in step.affine)
        if variance.ndim == 2:
            factor = scale[:, None] * inverse_root(variance)
            offset, factor = shift - factor @ mean, factor[..., None, None]
        else:
            factor = scale * torch.rsqrt(variance + EPSILON)
            offset, factor = shift - mean * factor, factor[None, :, None, None]
        like = step.affine[0]
        return cls(factor.to(like), offset.to(like)[None, :, None, None])

    def __call__(self, x: Tensor) -> Tensor:
        """Normalises (N, C, H, W), in place where it can."""
        factor, offset = self.factor.to(x), self.offset.to(x)
        return (F.conv2d(x, factor) if len(factor) > 1 else x.mul_(factor)).add_(offset)


def inverse_root(covariance: Tensor) -> Tensor:
    """The symmetric inverse roots of covariances (..., C, C), C small, which are made no less flat.

    By Newton's iteration, through which gradients flow evenly whatever the eigenvalues: Huang et
    al., "Iterative Normalization: Beyond Standardization towards Efficient Whitening" (2019).
    """
    one = torch.eye(covariance.shape[-1], dtype=covariance.dtype, device=covariance.device)
    trace = covariance.diagonal(dim1=-2, dim2=-1).sum(-1)[..., None, None] + EPSILON
    near = covariance / trace + FLATTEST * one
    root = one.expand_as(covariance)
    for _ in range(ROUNDS):
        root = 1.5 * root - 0.5 * root @ root @ root @ near
    return root * torch.rsqrt(trace)


def _whitened(x: Tensor) -> Tensor:
    """Channels (N, C, H, W) of mean 0, deviation 1 and no correlation."""
    flat = x.flatten(2)
    centred = flat - flat.mean(2, keepdim=True)
    covariance = centred @ centred.transpose(1, 2) / flat.shape[2]
    return (inverse_root(covariance) @ centred).view_as(x)


def encoder_decoder(
    styles: int,
    stem: int,
    width: int,
    blocks: int,
    tail: int,
    outs: int,
    *,
    grain: float = 0.0,
    dilations: Sequence[int] = (),
) -> list[Layer]:
    """The layers of a residual net that works at a quarter of the resolution.

    Args:
        styles: number of scales and shifts of each channel.
        stem: channels at half resolution on the way in, and on the way out.
        width: channels of the residual blocks.
        blocks: number of residual blocks.
        tail: channels at full resolution.
        outs: channels of the result, each in [0, 1].
        grain: deviation of the noise laid over the picture, whose range is [0, 1].
        dilations: of each block's first convolution; none: 1.
    """
    layers = [
        Layer(3, stem, 7, styles, stride=2, grain=grain),
        Layer(stem, width, 3, styles, stride=2),
    ]
    for block in range(blocks):
        dilation = dilations[block] if dilations else 1
        layers += [
            Layer(width, width, 3, styles, dilation=dilation, opens_block=True),
            Layer(width, width, 3, styles, activation="none", closes_block=True),
        ]
    return [
        *layers,
        Layer(width, stem, 3, styles, upsample=True),
        Layer(stem, tail, 3, styles, upsample=True),
        Layer(tail, outs, 5, styles, activation="sigmoid", normalised=False),
    ]


def run_layers(layers: Iterable[Layer], photos: Tensor, mixture: Tensor) -> Tensor:
    """Runs a flat list of layers on whole pictures.

    Args:
        layers: the net.
        photos: (N, 3, H, W) RGB in [0, 1]; H and W multiples of 4, at least 16.
        mixture: (N, S) weights of the styles, each row summing to 1.

    Returns:
        What the last layer makes of it.
    """
    return run_steps([Step(layer, layer.affine(mixture)) for layer in layers], photos)


def run_steps(steps: Iterable[Step], photos: Tensor) -> Tensor:
    """Runs layers that know their scales and shifts, each (N, C), on whole pictures."""
    x = skip = photos  # no offset: the first layer's normalisation takes any constant out
    for step in steps:
        layer = step.layer
        if layer.opens_block:
            skip = x
        x = layer.convolve(layer.pad(x))
        if step.affine is not None:
            scale, shift = step.affine
            x = _whitened(x) if layer.whitens else F.instance_norm(x)
            x = x * scale[:, :, None, None] + shift[:, :, None, None]
        x = layer.activate(x)
        if layer.closes_block:
            x = x + skip
    return x
