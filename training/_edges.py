"""The edges that a small net sees, and how many of a drawing's lines are among them."""

from pathlib import Path

from safetensors.torch import load_file
from torch import Tensor
from torch.nn import functional as F

from studio.nets.edge_net import EdgeNet

_FILE = Path(__file__).with_name("edges.safetensors")
_REACH = 2  # px beside a line that an edge may lie, at 128 px


def load_edge_net() -> EdgeNet:
    """The net that `training/edges.py` has trained, frozen."""
    net = EdgeNet()
    net.load_state_dict({name: tensor.float() for name, tensor in load_file(_FILE).items()})
    return net.requires_grad_(False).eval()


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
