"""Faces: what is measured, and a film of how they learnt.

    python -m training.export faces --folder runs/6-portraits --baseline runs/7-plain \
        --details runs/8-details --names "Smile,Age" --grid faces.png --sheet nearest.png

With `--details`, the run of a net that was taught to enlarge what this one draws, or weights that
hold one, both go into the file. Measures how far 2,000 faces are from the real ones, beside the
plain pair of the run `--baseline`, and finds the directions in the latents along which the faces
change most; or with `--directions` keeps those of weights that the run went on from.
"""

import json
from argparse import ArgumentParser, Namespace
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torchvision.utils import save_image

from studio.core.catalogue import read_weights
from studio.core.errors import StudioError
from studio.core.latents import draw
from studio.models import faces
from studio.nets.dcgan import DCGANGenerator
from studio.nets.details import DetailNet
from studio.quality.faces import RealFaces
from studio.quality.subjects import find_subject
from training.lib.average import averaged_state
from training.lib.export import Export, history_of, run_card, run_config
from training.lib.film import preview
from training.lib.generator import SETTLING, known_faces, make_net

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


@dataclass(frozen=True)
class Detailing:
    """A net of details, its width, and how it came to be, as in a header."""

    net: DetailNet | None = None
    width: int = 0
    history: Any = ()


def details_of(source: Path | None, channels: int) -> Detailing:
    """The average of a run of `training/details.py`, or what weights of faces hold; None: none.

    Raises:
        StudioError: the weights hold none.
    """
    if source is None:
        return Detailing()
    if source.is_dir():
        width = json.loads((source / "config.json").read_text(encoding="utf-8"))["width"]
        net = DetailNet(width, channels)
        net.load_state_dict(averaged_state(source))
        return Detailing(net, width, history_of(source).to_json())
    net, weights = known_faces(source).details, read_weights(source)
    if net is None:
        raise StudioError(f"{source} holds no details", "name a run of training/details.py")
    return Detailing(net, weights.hyperparameters["details"], weights.training.get("details", ()))


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
    parser.add_argument("--details", type=Path, help="run of training/details.py, or weights")
    parser.add_argument("--names", default="", help="of the directions, with commas between")
    parser.add_argument("--directions", type=Path, help="weights whose directions are kept")
    parser.add_argument("--count", type=int, default=_MEASURED, help="faces to measure")
    parser.add_argument("--grid", type=Path, help="write 64 faces, the first seeds, unpicked")
    parser.add_argument("--sheet", type=Path, help="write 16 faces above the nearest real ones")


def names_of(args: Namespace) -> list[str]:
    """What the directions are called: as in the weights that they come from, or as is said."""
    if args.directions is not None:
        return list(read_weights(args.directions).hyperparameters["directions"])
    given = [each.strip() for each in args.names.split(",")]
    return [
        given[n] if n < len(given) and given[n] else f"Direction {n + 1}" for n in range(DIRECTIONS)
    ]


@torch.no_grad()
def export(args: Namespace) -> None:
    """Writes the weights of a run of `training/faces.py` and a film of how they learnt."""
    config = run_config(args)
    kind, latent = config["subject"], config["latent"]
    weights = Export(args, faces.SPEC, run_card(config))
    subject = find_subject(kind, config["data"], config["side"])
    channels = subject.real.shape[1]
    names = names_of(args)
    detailing = details_of(args.details, channels)
    hyper = {
        "side": config["side"] * (2 if detailing.net else 1), "width": config["width"],
        "channels": channels, "latent": latent,
        "directions": names, "widest": config["widest"], "details": detailing.width,
    }  # fmt: skip
    net = faces.Faces(hyper)
    net.generator, net.details = averaged_net(args.folder, channels), detailing.net
    kept = args.directions and known_faces(args.directions).directions
    net.directions.copy_(net.generator.directions(DIRECTIONS) if kept is None else kept)

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
    if detailing.net is not None:
        more |= {"details": detailing.history}
    weights.write(net, hyper, metrics, more)
    weights.path.with_suffix(".webp").write_bytes(preview(args.folder))
