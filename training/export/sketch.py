"""Sketch: what is measured, and a sheet of drawings and what becomes of them.

Measures how far what is drawn after the drawings kept aside is from all real photos, beside the
generator of the run `--l1`, which was trained for as many steps with L1 alone.
"""

import json
from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torchvision.utils import save_image

from studio.models import sketch
from studio.nets.pix2pix import UNetGenerator
from studio.quality.sketch import measure_sketch
from training.data.edges import lines_held, load_edge_net
from training.data.pairs import Subject
from training.data.seen import as_seen
from training.data.subjects import find_subject
from training.lib.average import averaged_state
from training.lib.export import Export, run_card, run_config

_COLUMNS = 10  # of a sheet


def draw(net: nn.Module, drawings: list[Tensor]) -> list[Tensor]:
    """What a generator makes of drawings (C, S, S), each with its own seed: (3, S, S)."""
    return [
        net(drawing[None], torch.Generator().manual_seed(seed))[0]
        for seed, drawing in enumerate(drawings)
    ]


def averaged_net(run: Path, subject: Subject) -> UNetGenerator:
    """The moving average of a run's last checkpoint."""
    config = json.loads((run / "config.json").read_text(encoding="utf-8"))
    net = UNetGenerator(
        subject.channels,
        config["width"],
        config["code"],
        config["drop"],
        settled=config.get("settled", False),
    )
    net.load_state_dict(averaged_state(run))
    return net.requires_grad_(False).eval()


def sheet_of(net: nn.Module, subject: Subject, drawings: list[Tensor], path: Path) -> None:
    """Saves drawings above what became of them, ten a row: unpicked."""
    cells: list[Tensor] = []
    for first in range(0, len(drawings), _COLUMNS):
        row = drawings[first : first + _COLUMNS]
        shown = [as_seen(each, subject) for each in row]
        blank = [torch.ones_like(shown[0])] * (min(_COLUMNS, len(drawings)) - len(row))
        cells += [*shown, *blank, *draw(net, row), *blank]
    save_image(cells, path, nrow=min(_COLUMNS, len(drawings)), padding=4, pad_value=1.0)


def figures(net: nn.Module, subject: Subject, *, cats: bool) -> dict[str, float]:
    """The figures of what a generator makes of the drawings kept aside."""
    drawings = subject.doodles_aside()
    made = draw(net, drawings)
    quality = asdict(measure_sketch(made, subject.real(), cats=cats))
    if not subject.labels:
        edges = load_edge_net()
        held = [lines_held(edges, d[None], m[None]) for d, m in zip(drawings, made, strict=True)]
        quality["lines"] = sum(held) / len(held)
    return {key: round(value, 4) for key, value in quality.items() if value is not None}


def add_arguments(parser: ArgumentParser) -> None:
    """What only this export takes."""
    parser.add_argument("--l1", type=Path, help="run of the generator trained with L1 alone")
    parser.add_argument("--sheet", type=Path, help="write a sheet of ten unpicked drawings")
    parser.add_argument("--aside", type=Path, help="the same of 24 that were kept aside")


@torch.no_grad()
def export(args: Namespace) -> None:
    """Writes the weights of a run of `training/sketch.py` and a sheet of drawings."""
    config = run_config(args)
    kind = config["subject"]
    weights = Export(args, sketch.SPEC, run_card(config))
    subject = find_subject(kind, config["data"], config["side"], args.folder, None)
    net = averaged_net(args.folder, subject)
    shown = [subject.shown(np.random.default_rng(seed)) for seed in range(10)]
    metrics = figures(net, subject, cats=kind == "cats")
    if args.l1 is not None:
        beside = figures(averaged_net(args.l1, subject), subject, cats=kind == "cats")
        metrics |= {f"{key}, L1 alone": value for key, value in beside.items()}
    print(json.dumps(metrics, indent=2))
    if args.sheet is not None:
        sheet_of(net, subject, shown[:10], args.sheet)
    if args.aside is not None:
        sheet_of(net, subject, subject.doodles_aside()[:24], args.aside)
    if args.measure_only:
        return
    palette = [asdict(label) for label in subject.labels]
    hyper = {key: config[key] for key in ("width", "side", "code", "drop", "settled")}
    hyper |= {"palette": palette}
    if subject.appearance is not None:
        hyper |= subject.appearance.sizes()
    sketcher = sketch.Sketcher(hyper)
    sketcher.generator.load_state_dict(net.state_dict())
    if sketcher.appearance is not None and subject.appearance is not None:
        sketcher.appearance.load_state_dict(subject.appearance.state_dict())
    weights.write(sketcher, hyper, metrics)
    sheet_of(net, subject, shown[:5], weights.path.with_suffix(".webp"))
