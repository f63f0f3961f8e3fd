"""What is seen of pictures beside plain formulas."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from studio.nets.perceptual import moments


def _plainly(features: Tensor) -> tuple[Tensor, Tensor]:
    flat = features.flatten(2)
    return flat.mean(2), torch.stack([torch.cov(each, correction=0) for each in flat])


@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])
def test_that_moments_and_their_gradients_are_those_of_the_formula(
    layout: torch.memory_format,
) -> None:
    features = torch.rand(2, 5, 6, 4, dtype=torch.double).to(memory_format=layout)
    weights = torch.rand(2, 5, dtype=torch.double), torch.rand(2, 5, 5, dtype=torch.double)

    def found(look: Callable[[Tensor], tuple[Tensor, Tensor]]) -> tuple[Tensor, ...]:
        given = features.clone().requires_grad_()
        values = look(given)
        sum((v * w).sum() for v, w in zip(values, weights, strict=True)).backward()
        return (*values, given.grad)

    for own, wanted in zip(found(moments), found(_plainly), strict=True):
        torch.testing.assert_close(own, wanted)
