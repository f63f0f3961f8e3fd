"""The edges that a small net sees, and how many of a drawing's lines are among them."""

from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.torch import load_file
from torch import Tensor
from torch.nn import functional as F

from studio.nets.edge_net import EdgeNet

FILE = Path(__file__).with_name("edges.safetensors")
_SEEN_AT = 160  # px, side of the photos that the net has learnt on
_EDGE = 0.3  # of the net's answer: from here on it is an edge
_REACH = 2  # px beside a line that an edge may lie, at 128 px


def load_edge_net() -> EdgeNet:
    """The net that `training/edges.py` has trained, frozen."""
    net = EdgeNet()
    net.load_state_dict({name: tensor.float() for name, tensor in load_file(FILE).items()})
    return net.requires_grad_(False).eval()


@torch.no_grad()
def edges_of(net: EdgeNet, photo: Image.Image) -> Image.Image:
    """The edges of an RGB photo in grey, dark on white, at its size."""
    small = photo.copy()
    small.thumbnail((_SEEN_AT, _SEEN_AT), Image.Resampling.LANCZOS)
    pixels = np.asarray(small, np.float32) / 255
    seen = net(torch.from_numpy(pixels).permute(2, 0, 1)[None]).sigmoid()[0, 0].numpy()
    grey = Image.fromarray(np.rint(255 * (1 - seen)).astype(np.uint8))
    return grey.resize(photo.size, Image.Resampling.BICUBIC)


def lines_lost(net: EdgeNet, drawings: Tensor, pictures: Tensor) -> Tensor:
    """Share of the ink that no edge lies near, which a generator can lessen.

    Args:
        net: sees the edges.
        drawings: (N, 1, S, S) in [0, 1], 1 is ink.
        pictures: (N, 3, S, S), made of them.
    """
    seen = net(pictures).float().sigmoid()
    near = F.max_pool2d(seen, 2 * _REACH + 1, 1, _REACH)
    return (drawings * (1 - near)).sum() / drawings.sum().clamp(min=1)


@torch.no_grad()
def lines_held(net: EdgeNet, drawings: Tensor, pictures: Tensor) -> float:
    """F-score of the edges of pictures (N, 3, S, S) against the ink (N, 1, S, S) they are made of.

    An edge counts as right within 2 px of ink, at 128 px, and ink as found within 2 px of an edge.
    """
    reach = round(_REACH * drawings.shape[3] / 128)
    seen, ink = net(pictures).sigmoid() > _EDGE, drawings > 0.5

    def beside(plane: Tensor) -> Tensor:
        return F.max_pool2d(plane.float(), 2 * reach + 1, 1, reach) > 0

    right, found = (seen & beside(ink)).sum(), (ink & beside(seen)).sum()
    precision, recall = right / seen.sum().clamp(min=1), found / ink.sum().clamp(min=1)
    return float(2 * precision * recall / (precision + recall).clamp(min=1e-6))
