"""Writes `weights/sketch/*.safetensors` and their pictures from a run of `training/sketch.py`.

    python -m training.export_sketch --data ../shared/data --folder runs/4-cats --l1 runs/4-cats-l1

Measures how far what is drawn after the drawings kept aside is from all real photos, beside the
generator of the run `--l1`, which was trained for as many steps with L1 alone.
"""

import argparse
import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torchvision.utils import save_image

from studio.models import sketch
from studio.models._sketch_quality import measure_sketch
from studio.models._weights import save_weights
from studio.nets.pix2pix import UNetGenerator
from training._export import averaged_state, training_record
from training._pairs import SUBJECTS, Subject
from training._script import script
from training.sketch import as_seen

_LICENCES = {
    "cats": "grade C: trained on research photos of cats (Asirra, Oxford pets, web);"
    " check before commercial use",
    "facades": "grade B: trained on the CMP Facade Database; see its terms",
}
_TITLES = {"cats": "Cats", "facades": "Building fronts"}
_GRADES = {"cats": {"cats/heads_160": "C"}, "facades": {"facades": "B"}}


def draw(net: nn.Module, drawings: list[Tensor]) -> list[Tensor]:
    """What a generator makes of drawings (C, S, S), each with its own seed: (3, S, S)."""
    return [
        net(drawing[None], torch.Generator().manual_seed(seed))[0]
        for seed, drawing in enumerate(drawings)
    ]


def averaged_net(run: Path, subject: Subject) -> UNetGenerator:
    """The moving average of a run's last checkpoint."""
    config = json.loads((run / "config.json").read_text(encoding="utf-8"))
    net = UNetGenerator(len(subject.labels) or 1, config["width"], config["code"])
    net.load_state_dict(averaged_state(run))
    return net.requires_grad_(False).eval()


def sheet_of(net: nn.Module, subject: Subject, path: Path, count: int) -> None:
    """Saves drawings above what became of them, ten a row: unpicked, the first `count` seeds."""
    drawings = [subject.doodle(np.random.default_rng(seed)) for seed in range(count)]
    made = draw(net, drawings)
    cells: list[Tensor] = []
    for first in range(0, len(drawings), 10):
        cells += [as_seen(each, subject) for each in drawings[first : first + 10]]
        cells += made[first : first + 10]
    save_image(cells, path, nrow=min(10, len(drawings)), padding=4, pad_value=1.0)


def figures(net: nn.Module, subject: Subject, *, cats: bool) -> dict[str, float]:
    """The figures of what a generator makes of the drawings kept aside."""
    drawings = [pair.drawing for pair in subject.held_out()]
    quality = asdict(measure_sketch(draw(net, drawings), subject.real(), cats=cats))
    return {key: round(value, 4) for key, value in quality.items() if value is not None}


@script
@torch.no_grad()
def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--l1", type=Path, help="run of the generator trained with L1 alone")
    parser.add_argument("--weights", type=Path, default=Path("weights"), help="where to write")
    parser.add_argument("--sheet", type=Path, help="write a sheet of ten unpicked drawings")
    parser.add_argument("--measure-only", action="store_true")
    args = parser.parse_args()

    config = json.loads((args.folder / "config.json").read_text(encoding="utf-8"))
    name, side = config["subject"], config["side"]
    subject = SUBJECTS[name](args.data, side)
    net = averaged_net(args.folder, subject)
    metrics = figures(net, subject, cats=name == "cats")
    if args.l1 is not None:
        beside = figures(averaged_net(args.l1, subject), subject, cats=name == "cats")
        metrics |= {f"{key}, L1 alone": value for key, value in beside.items()}
    print(json.dumps(metrics, indent=2))
    if args.sheet is not None:
        sheet_of(net, subject, args.sheet, 10)
    if args.measure_only:
        return
    palette = [asdict(label) for label in subject.labels]
    hyper = {key: config[key] for key in ("width", "side", "code")} | {"palette": palette}
    sketcher = sketch.Sketcher(hyper)
    sketcher.generator.load_state_dict(net.state_dict())
    path = args.weights / "sketch" / f"{name}.safetensors"
    weights = save_weights(
        path,
        sketcher,
        sketch.SPEC,
        title=_TITLES[name],
        licence=_LICENCES[name],
        hyperparameters=hyper,
        training=training_record(
            args.folder, _GRADES[name], f"accelerate launch training/sketch.py --subject {name}"
        ),
        metrics=metrics,
    )
    sheet_of(net, subject, path.with_suffix(".webp"), 5)
    print(weights.path, weights.size, "bytes")


if __name__ == "__main__":
    main()
