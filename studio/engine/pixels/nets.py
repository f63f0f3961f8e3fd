"""The nets that are loaded, the least recently used given up first."""

from collections import OrderedDict

import torch
from torch import nn

from studio.core.catalogue import Weights
from studio.engine.device import precision
from studio.models._spec import ModelSpec
from studio.models._weights import load_net

_CAPACITY = 1 << 30  # bytes of parameters kept over all nets


class LoadedNets:
    """Nets by file and device.

    Args:
        capacity: bytes of parameters that are kept.
        full_precision: on every device.
    """

    def __init__(self, capacity: int = _CAPACITY, *, full_precision: bool = False) -> None:
        self._capacity, self._full = capacity, full_precision
        self._kept: OrderedDict[tuple[str, str], tuple[nn.Module, int]] = OrderedDict()  # and bytes

    def get(self, weights: Weights, spec: ModelSpec, device: torch.device) -> nn.Module:
        """The net on a device, in that device's precision and channels-last order.

        Raises:
            StudioError: the file's tensors do not fit the model, or cannot be read.
        """
        key = (weights.sha256, str(device))
        if key not in self._kept:
            net = load_net(weights, spec).to(device, precision(device, full=self._full))
            if device.type == "cuda" or spec.local:  # on a CPU it helps plain convolutions only
                net = net.to(memory_format=torch.channels_last)
            self._kept[key] = net, sum(p.numel() * p.element_size() for p in net.parameters())
        # No call of torch from here on: a save's may do a preview first, which comes here too.
        self._kept.move_to_end(key)
        while len(self._kept) > 1 and sum(size for _, size in self._kept.values()) > self._capacity:
            self._kept.popitem(last=False)
        return self._kept[key][0]
