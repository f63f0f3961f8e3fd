"""Perceptual measures of style and content: Gatys et al. (2016), relative as the studio reports."""

from collections.abc import Mapping
from typing import Any, cast

import torch
from torch import Tensor
from torch.nn import functional as F

STYLE_LAYERS = ("relu1_1", "relu2_1", "relu3_1", "relu4_1")
CONTENT_LAYER = "relu3_3"


def gram_matrix(features: Tensor) -> Tensor:
    """Channel correlations, Gatys et al. (2016) eq. 3, divided by the number of positions.

    Args:
        features: (N, C, H, W).

    Returns:
        (N, C, C); comparable between pictures of different sizes.
    """
    flat = features.flatten(2)
    return flat @ flat.transpose(1, 2) / flat.shape[2]


def relative_squared_error(result: Tensor, target: Tensor) -> Tensor:
    """``|result - target|^2 / |target|^2`` of each item: (N, ...) and (N or 1, ...) to (N,)."""
    dims = tuple(range(1, result.ndim))
    return (result - target).square().sum(dims) / target.square().sum(dims)


def style_error(found: Mapping[str, Tensor], wanted: Mapping[str, Tensor]) -> Tensor:
    """Sum over `STYLE_LAYERS` of the relative squared Gram error.

    Args:
        found: of N pictures the Gram matrix of each layer, (N, C, C).
        wanted: the painting's, (N or 1, C, C).

    Returns:
        (N,); 0 for the painting itself.
    """
    errors = [relative_squared_error(found[name], wanted[name]) for name in STYLE_LAYERS]
    return torch.stack(errors).sum(0)


class _Moments(torch.autograd.Function):
    """See `moments`. Its own gradient is a product less and is laid out as the features are."""

    @staticmethod
    def forward(ctx: Any, features: Tensor) -> tuple[Tensor, Tensor]:
        flat = features.movedim(1, 3).flatten(1, 2)
        mean = flat.mean(1)
        centred = flat - mean[:, None]
        # Item by item: the product of a batch copies what is transposed.
        covariance = torch.stack([each.T @ each for each in centred]) / flat.shape[1]
        ctx.save_for_backward(centred)
        ctx.size = features.shape[2:]
        return mean, covariance

    @staticmethod
    def backward(ctx: Any, *grad_outputs: Tensor) -> Tensor:
        (centred,), (of_mean, of_covariance) = ctx.saved_tensors, grad_outputs
        count = centred.shape[1]
        both = (of_covariance + of_covariance.transpose(1, 2)) / count
        found = torch.stack(
            [F.linear(*each) for each in zip(centred, both, of_mean / count, strict=True)]
        )
        return found.unflatten(1, ctx.size).movedim(3, 1)


def moments(features: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and centred covariance of the channels.

    A Gram matrix is their sum, in which the mean outweighs the rest: a loss of it is content with
    a tint. Apart, both must fit (see also Huang and Belongie 2017; Li et al. 2017).

    Args:
        features: (N, C, H, W).

    Returns:
        (N, C) and (N, C, C).
    """
    return cast("tuple[Tensor, Tensor]", _Moments.apply(features))


def gram_of(mean: Tensor, covariance: Tensor) -> Tensor:
    """The Gram matrix (N, C, C) of these moments."""
    return covariance + mean[:, :, None] * mean[:, None]


def stroke_error(
    found: Mapping[str, tuple[Tensor, Tensor]], wanted: Mapping[str, tuple[Tensor, Tensor]]
) -> Tensor:
    """Sum over the layers of the relative squared errors of mean and covariance.

    Args:
        found: the `moments` of each layer of N pictures, (N, C) and (N, C, C).
        wanted: the painting's, (N or 1, C) and (N or 1, C, C).

    Returns:
        (N,); 0 for the painting itself.
    """
    errors = [
        relative_squared_error(own, other)
        for name, target in wanted.items()
        for own, other in zip(found[name], target, strict=True)
    ]
    return torch.stack(errors).sum(0)


def grid_power(change: Tensor, period: int = 4, cells: int = 8) -> Tensor:
    """Power of a grid: how much the means of a grid's phases differ, over blocks of cells.

    Args:
        change: (N, 3, H, W), what the net did to the photos.
        period: of the grid in px; 4 is the stride of the residual blocks.
        cells: a block's side in periods.

    Returns:
        (N,) mean square; 0 without a grid.
    """
    n, c, h, w = change.shape
    block = period * cells
    change = change[:, :, : h // block * block, : w // block * block]
    split = change.reshape(n, c, h // block, cells, period, w // block, cells, period)
    phases = split.mean((3, 6))
    return (phases - phases.mean((3, 5), keepdim=True)).square().mean((1, 2, 3, 4, 5))
