"""Faces: what is measured, and a film of how they learnt.

    python -m training.export faces --folder runs/6-portraits --baseline runs/7-plain \
        --details runs/8-details --names "Smile,Age" --grid faces.png --sheet nearest.png

With `--details`, the run of a net that was taught to enlarge what this one draws, both go into the
file. Measures how far 2,000 faces are from the real ones, beside the plain pair of the run
`--baseline`, and finds the directions in the latents along which the faces change most.
"""

import json
from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from pathlib import Path

import torch
from torch import Tensor, nn
from torchvision.utils import save_image

from studio.core.latents import draw
from studio.models import faces
from studio.nets.dcgan import DCGANGenerator
from studio.nets.details import DetailNet
from studio.quality.faces import RealFaces
from studio.quality.subjects import find_subject
from training.lib.average import averaged_state
from training.lib.export import Export, history_of, run_card, run_config
from training.lib.film import preview
from training.lib.generator import SETTLING, make_net

DIRECTIONS = 6
_MEASURED = 2000
_SHOWN = 64
_COPIED = 16


def averaged_net(run: Path, channels: int) -> DCGANGenerator:
    """The moving average of a run's last checkpoint, with statistics of its own."""
    config = json.loads((run / "config.json").read_text(encoding="utf-8"))
    net = make_net(config, channels)
    net.load_state_dict(averaged_state(run))
    net.requires_grad_(False)
    random = torch.Generator().manual_seed(1)
    net.settle(torch.randn(SETTLING, config["latent"], generator=random))
    return net


def averaged_details(run: Path, channels: int) -> tuple[DetailNet, int]:
    """The moving average of a run of `training/details.py`, and its width."""
    width = json.loads((run / "config.json").read_text(encoding="utf-8"))["width"]
    net = DetailNet(width, channels)
    net.load_state_dict(averaged_state(run))
    return net, width


def make(net: nn.Module, latent: int, count: int) -> Tensor:
    """The faces (count, 3, S, S) of the first seeds: the program's own, at truncation 1."""
    latents = torch.from_numpy(draw(range(count), latent))
    made = torch.cat([net(batch) for batch in latents.split(_SHOWN)])
    return made.expand(-1, 3, -1, -1)


def figures(known: RealFaces, net: nn.Module, latent: int, count: int) -> dict[str, float]:
    """What is measured on the faces of the first seeds, by name."""
    found = asdict(known.measure(make(net, latent, count)))
    return {name: round(value, 4) for name, value in found.items() if value is not None}


def add_arguments(parser: ArgumentParser) -> None:
    """What only this export takes."""
    parser.add_argument("--baseline", type=Path, help="run of the plain pair")
    parser.add_argument("--details", type=Path, help="run of training/details.py")
    parser.add_argument("--names", default="", help="of the directions, with commas between")
    parser.add_argument("--count", type=int, default=_MEASURED, help="faces to measure")
    parser.add_argument("--grid", type=Path, help="write 64 faces, the first seeds, unpicked")
    parser.add_argument("--sheet", type=Path, help="write 16 faces above the nearest real ones")


@torch.no_grad()
def export(args: Namespace) -> None:
    """Writes the weights of a run of `training/faces.py` and a film of how they learnt."""
    config = run_config(args)
    kind, latent = config["subject"], config["latent"]
    weights = Export(args, faces.SPEC, run_card(config))
    subject = find_subject(kind, config["data"], config["side"])
    channels = subject.real.shape[1]
    given = [each.strip() for each in args.names.split(",")]
    names = [
        given[n] if n < len(given) and given[n] else f"Direction {n + 1}" for n in range(DIRECTIONS)
    ]
    details, width = (None, 0) if args.details is None else averaged_details(args.details, channels)
    hyper = {
        "side": config["side"] * (2 if width else 1), "width": config["width"],
        "channels": channels, "latent": latent,
        "directions": names, "widest": config["widest"], "details": width,
    }  # fmt: skip
    net = faces.Faces(hyper)
    net.generator, net.details = averaged_net(args.folder, channels), details
    net.directions.copy_(net.generator.directions(DIRECTIONS))

    known = RealFaces(subject)
    metrics = figures(known, net, latent, args.count)
    if args.baseline is not None:
        beside = figures(known, averaged_net(args.baseline, channels), latent, args.count)
        metrics |= {f"{key}, plain DCGAN": value for key, value in beside.items()}
    print(json.dumps(metrics, indent=2))
    if args.grid is not None:
        save_image(make(net, latent, _SHOWN), args.grid, nrow=8, padding=2, pad_value=1.0)
    if args.sheet is not None:
        cells = known.pairs(make(net, latent, _COPIED), 8)
        save_image(cells, args.sheet, nrow=8, padding=4, pad_value=1.0)
    if args.measure_only:
        return
    more = {"subject": kind}
    if args.details is not None:
        more |= {"details": history_of(args.details).to_json()}
    weights.write(net, hyper, metrics, more)
    weights.path.with_suffix(".webp").write_bytes(preview(args.folder))
