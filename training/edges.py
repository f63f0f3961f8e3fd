"""Trains the small edge net that `training/sketch.py` looks through: `training/edges.safetensors`.

    python -m training.edges --data ../shared/data

Some minutes on one core. It learns to answer as Holistically-Nested Edge Detection does on heads of
cats, at several sizes, in noise too, for what it looks at later is a generator's.
"""

import argparse
from pathlib import Path

import torch
from safetensors.torch import save
from torch import Tensor
from torch.nn import functional as F

from studio.core.files.disk import write_whole
from studio.nets.edge_net import EdgeNet
from training.data.edges import FILE
from training.data.pairs import read_pair
from training.data.photos import photos_of, to_tensor
from training.lib.script import script

_STEPS = 500
_BATCH = 8
_RATE = 4e-3
_SIDES = (96, 128, 160)  # px
_EVERY = 10  # photos, one of which is kept aside
_LOG_STEPS = 50


def read_heads(data: Path) -> tuple[Tensor, Tensor]:
    """Photos (N, 3, S, S) and edges (N, 1, S, S) in [0, 1], 1 is an edge."""
    photos, edges = (data / "cats" / name for name in ("heads_160", "heads_160_edges"))
    pairs = [read_pair(path, edges / f"{path.stem}.png") for path in photos_of(photos)]
    return (
        torch.stack([to_tensor(pair.photo) for pair in pairs]),
        1 - torch.stack([to_tensor(pair.drawing.convert("RGB"))[:1] for pair in pairs]),
    )


def some(photos: Tensor, edges: Tensor, step: int) -> tuple[Tensor, Tensor]:
    """A batch: at one size or reduced to it, brighter or darker, with noise, mirrored or not."""
    chosen = torch.randint(len(photos), (_BATCH,))
    x, y = photos[chosen], edges[chosen]
    side = _SIDES[step % len(_SIDES)]
    if step % 2:
        top, left = (int(n) for n in torch.randint(photos.shape[3] - side + 1, (2,)))
        x, y = (each[..., top : top + side, left : left + side] for each in (x, y))
    else:
        x, y = (F.interpolate(each, (side, side), mode="area") for each in (x, y))
    if step % 4 < 2:
        x, y = x.flip(3), y.flip(3)
    light = 0.8 + 0.4 * torch.rand(_BATCH, 1, 1, 1)
    noise = 0.1 * torch.rand(_BATCH, 1, 1, 1) * torch.randn_like(x)
    return (x * light + noise).clamp(0, 1), y


def train(data: Path, path: Path) -> None:
    """Trains, says how well, and writes the file."""
    torch.manual_seed(0)
    photos, edges = read_heads(data)
    aside = torch.arange(len(photos)) % _EVERY == 0
    learnt = photos[~aside], edges[~aside]
    net = EdgeNet()
    optimizer = torch.optim.Adam(net.parameters(), _RATE)
    rate = torch.optim.lr_scheduler.OneCycleLR(optimizer, _RATE, _STEPS)
    for step in range(_STEPS):
        x, y = some(*learnt, step)
        loss = F.binary_cross_entropy_with_logits(net(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        rate.step()
        if step % _LOG_STEPS == 0:
            print(f"step {step}  loss {float(loss):.4f}", flush=True)
    net.eval()
    with torch.no_grad():
        found = torch.cat([net(few).sigmoid() for few in photos[aside].split(_BATCH)])
    both = torch.stack([found.flatten(), edges[aside].flatten()])
    print(f"correlation with the edges kept aside: {float(torch.corrcoef(both)[0, 1]):.3f}")
    halves = {k: v.half() if v.is_floating_point() else v for k, v in net.state_dict().items()}
    write_whole(path, save(halves), overwrite=True)


@script
def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder of all data")
    parser.add_argument("--output", "-o", type=Path, default=FILE, help="the file (%(default)s)")
    args = parser.parse_args()
    train(args.data, args.output)


if __name__ == "__main__":
    main()
