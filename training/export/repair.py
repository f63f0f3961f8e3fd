"""Repair: what is measured, and a photo before and after.

Measures the figures on BSDS500's validation photos, as `studio bench repair` does, without rivals.
"""

from argparse import ArgumentParser, Namespace
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from studio.core.controls import complete
from studio.core.progress import Progress
from studio.models import repair
from studio.quality.features import load_vgg19
from studio.quality.missing import draw_missing
from studio.quality.repair import (
    Floats,
    Holes,
    Repair,
    measure_finding,
    measure_repairing,
)
from training.data.crops import VALIDATION
from training.data.photos import read_photos
from training.lib.average import averaged_state
from training.lib.export import Export, run_card, run_config, sample


def fill(net: repair.Repairer, given: Floats, holes: Holes) -> Floats:
    """A photo (H, W, 3) with its holes (H, W) filled."""
    inputs = torch.cat([_tensor(given), torch.from_numpy(holes)[None, None].float()], 1)
    filled = repair.run(net, inputs, {}, torch.Generator(), Progress())[0, :3]
    return filled.permute(1, 2, 0).double().numpy()


def find(net: repair.Repairer, given: Floats) -> Holes:
    """Where (H, W) a photo (H, W, 3) looks damaged."""
    height, width = given.shape[:2]
    padded = np.pad(given, ((0, -height % 8), (0, -width % 8), (0, 0)), mode="edge")
    found = repair.find(net, _tensor(padded))[:, :, :height, :width]
    settings = complete(repair.SPEC.controls({}), {})
    settings |= repair.SPEC.measure(net, _tensor(given))
    return repair.mark(found, None, settings)[0, 0].numpy() > 0.5


def _tensor(photo: Floats) -> Tensor:
    return torch.from_numpy(photo.astype(np.float32)).permute(2, 0, 1)[None]


def make_picture(net: repair.Repairer, path: Path) -> None:
    """A preview of what the weights do: damaged, and repaired where that is marked."""
    side = 256
    photo = np.asarray(sample("chelsea.png").crop((80, 20, 80 + side, 20 + side)), np.float64) / 255
    damaged = draw_missing(photo, "scratches", np.random.default_rng(4))
    repaired = fill(net, damaged.given, damaged.holes)
    both = np.concatenate([damaged.given, repaired], 1)
    Image.fromarray(np.rint(both.clip(0, 1) * 255).astype(np.uint8)).save(
        path.with_suffix(".webp"), quality=90
    )


def add_arguments(parser: ArgumentParser) -> None:
    """What only this export takes."""
    parser.add_argument("--photos", type=int, help="measure on the first so many only")


@torch.no_grad()
def export(args: Namespace) -> None:
    """Writes the weights of a run of `training/repair.py` and their picture."""
    config = run_config(args)
    weights = Export(args, repair.SPEC, run_card(config), "repair")
    hyper = config["hyperparameters"]
    net = repair.Repairer(hyper)
    net.load_state_dict(averaged_state(args.folder))
    net.requires_grad_(False).eval()
    photos = [
        np.asarray(photo, np.float64) / 255
        for photo in read_photos([config["data"] / VALIDATION])[: args.photos]
    ]

    def repaired(given: Floats, holes: Holes) -> Floats:
        return fill(net, given, holes)

    methods: dict[str, Repair] = {"model": repaired}
    *_, figures = measure_repairing(methods, photos, load_vgg19())
    *_, findings = measure_finding(lambda given: find(net, given), photos)
    for figure in figures:
        print(f"{figure.kind:10} {figure.psnr:.2f} dB  {figure.features:.3f}")
    for found in findings:
        print(f"{found.kind:10} F-score {found.score:.3f}  marked {found.marked:.2%}")
    if args.measure_only:
        return
    metrics = {f"{f.kind}, dB": round(f.psnr, 2) for f in figures}
    metrics |= {f"{f.kind}, relu3_1": round(f.features, 3) for f in figures}
    metrics |= {f"{f.kind}, found": round(f.score, 3) for f in findings}
    metrics |= {f"{f.kind}, marked": round(f.marked, 5) for f in findings}
    weights.write(net, hyper, metrics)
    make_picture(net, weights.path)
