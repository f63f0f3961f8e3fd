"""Drawings as people see them."""

import torch
from torch import Tensor

from training.data.pairs import Subject


def as_seen(drawing: Tensor, subject: Subject) -> Tensor:
    """A drawing (C, S, S) as people see it: dark on light, or in its labels' colours; (3, S, S)."""
    if not subject.labels:
        return 1 - drawing[:1].expand(3, -1, -1)
    colours = torch.tensor([label.rgb for label in subject.labels]) / 255
    return torch.einsum("lhw,lc->chw", drawing, colours)
