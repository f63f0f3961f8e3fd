"""What the net for any painting begins as."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import cast

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn
from torch.nn import functional as F

from studio.core.catalogue import read_weights
from studio.models import style as model
from studio.models._painters import AnyPainting, Gallery
from studio.models._weights import load_net
from studio.nets.any_style import AnyStyleNet
from studio.nets.style_net import StyleNet, StyleNets
from studio.nets.transport import photo_root
from studio.quality.features import load_efficientnet
from training.data.paintings import GALLERY
from training.data.photos import random_crop

_SURVEYED = 200  # pictures by which the eye's numbers are made alike
_TAUGHT = 600  # steps that the head takes to learn the gallery's styles


def fill(
    net: AnyStyleNet,
    start: Path | None,
    painting: Callable[[int], Tensor],
    data: Path,
    side: int,
) -> None:
    """Gives a new net what weights of its own kind hold, or the gallery's; or only an eye.

    Args:
        net: untrained.
        start: weights; None: there are none to begin from.
        painting: what is taken for a painting (1, 3, S, S), of each number another one.
        data: the folder of all data.
        side: S, in px.
    """
    begun = None
    if start is not None:
        begun = cast("Gallery | AnyPainting", load_net(read_weights(start), model.SPEC))
        begun = begun.net
    if isinstance(begun, AnyStyleNet):
        net.load_state_dict(_widened(begun.state_dict(), net.state_dict()))
        return
    known = load_efficientnet().state_dict()
    features = net.eye.features
    features.load_state_dict({name: known[name] for name in features.state_dict()})
    with torch.no_grad():
        seen = torch.cat([net.eye.measure(painting(n)) for n in range(_SURVEYED)])
        net.eye.deviation.copy_(seen.std(0).clamp(min=1e-3))
        net.eye.mean.copy_(seen.mean(0))
    if isinstance(begun, StyleNet):
        _adopt(net, begun)
        _teach(net, begun, data, side)
    elif isinstance(begun, StyleNets):
        _adopt(net, begun.blended([1 / begun.styles] * begun.styles))


def _widened(known: Mapping[str, Tensor], own: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """What weights have; units of the head that they lack begin without a say."""
    state = dict(known)
    had, units = len(known["head.0.bias"]), len(own["head.0.bias"])
    for name in ("head.0.weight", "head.0.bias"):
        state[name] = torch.cat([known[name], own[name][had:]])
    more = F.pad(known["head.2.weight"], (0, units - had))
    state["head.2.weight"] = more * (units / had) ** 0.5  # see `Linear`
    return state


def _adopt(net: AnyStyleNet, gallery: StyleNet) -> None:
    """Takes over the gallery's trunk, with its mean style as its own."""
    state = net.state_dict()
    for name, value in gallery.state_dict().items():
        if name.endswith(("scale", "shift")):
            state[name] = value.mean(0, keepdim=True)
        elif name in state:
            state[name] = value
    last = f"layers.{len(net.layers) - 1}.conv.weight"
    root = torch.from_numpy(photo_root())
    state[last] = torch.einsum("ij,jchw->ichw", torch.linalg.inv(root), state[last])
    net.load_state_dict(state)


def _teach(net: AnyStyleNet, gallery: StyleNet, data: Path, side: int) -> None:
    """Teaches the head to tell the gallery's paintings, and their scales and shifts."""
    rows: list[Tensor] = []
    for layer in gallery.layers[:-1]:
        rows += [p - p.mean(0) for p in (layer.scale, layer.shift) if p is not None]
    wanted = torch.cat(rows, 1).detach()
    random, seen, of = np.random.default_rng(0), [], []
    for index, work in enumerate(GALLERY):
        with Image.open(work.path(data)) as image:
            painting = image.convert("RGB")
        views = [random_crop(painting, side, (352, 560), random) for _ in range(8)]
        with torch.no_grad():
            seen += [net.eye(view[None]) for view in views]
        of += [index] * len(views)
    numbers, targets = torch.cat(seen), wanted[of]
    optimizer = torch.optim.AdamW(net.head.parameters(), 3e-3, weight_decay=0.1)
    for _ in range(_TAUGHT):
        noisy = numbers + 0.3 * torch.randn_like(numbers)
        loss = nn.functional.mse_loss(net.head(noisy), targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        share = float((net.head(numbers) - targets).square().mean() / targets.square().mean())
    print(f"the head knows the gallery's styles but for {share:.0%} of their spread", flush=True)
