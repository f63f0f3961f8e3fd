"""The figures of the enhance tool beside CBM3D, non-local means or bicubic."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch

from studio.bench.painter import make_painter
from studio.bench.photos import photos_in
from studio.bench.report import Report, Table
from studio.core.catalogue import Weights
from studio.core.controls import Settings
from studio.core.errors import StudioError
from studio.core.picture_files import open_picture
from studio.core.progress import Progress, SubProgress
from studio.quality.detail import measure_detail
from studio.quality.features import load_vgg19
from studio.quality.restoration import (
    Figure,
    Floats,
    Model,
    Restore,
    measure_enlarging,
    measure_real,
    measure_restoring,
)

_BEFORE_DETAIL = 0.3  # share of the work, where there is detail to measure


def measure(
    weights: Weights,
    photos: Path | None,
    count: int | None,
    device: str,
    progress: Progress,
    *,
    rivals: bool,
    real: bool,
) -> Iterator[Report]:
    """PSNR and seconds of every task that the weights are for; yields what is found so far.

    Args:
        weights: of the enhance model.
        photos: folder of photos that were not trained on; None: those of scikit-image.
        count: how many of them, the first ones; None: all.
        device: as in a request.
        progress: told before each photo and task.
        rivals: measure CBM3D (package `bm3d`) and non-local means too.
        real: measure the noise of cameras and film instead; CBM3D is then the only rival.

    Raises:
        StudioError: `bm3d` is not installed.
    """
    files = photos_in(photos)[:count]
    pixels = [open_picture(path).pixels.astype(np.float64) for path in files]
    model, report = _model_of(weights, device, progress), Report()
    lively = any(control.name == "detail" for control in weights.controls)
    told = SubProgress(progress, 0.0, _BEFORE_DETAIL if lively else 1.0)
    for figures in _measured(weights, model, pixels, told, rivals=rivals, real=real):
        rows = ((f.task, f.method, f"{f.psnr:.2f}", f"{f.seconds:.2f}", f.photos) for f in figures)
        table = Table(
            weights.id,
            ("task", "method", "PSNR, dB", "time a photo, s", "photos"),
            tuple(tuple(map(str, row)) for row in rows),
        )
        report = Report({"figures": [asdict(figure) for figure in figures]}, (table,))
        yield report
    if not lively:
        return
    told = SubProgress(progress, _BEFORE_DETAIL, 1.0)
    for found in measure_detail(model, pixels, weights.scale, load_vgg19(), told.report):
        rows = ((f"{f.detail:g}", f"{f.psnr:.2f}", f"{f.features:.3f}", f.photos) for f in found)
        table = Table(
            "detail, from true to lively",
            ("detail", "PSNR, dB", "relu3_1", "photos"),
            tuple(tuple(map(str, row)) for row in rows),
        )
        yield report.and_then({"detail": [asdict(figure) for figure in found]}, table)


def _model_of(weights: Weights, device: str, progress: Progress) -> Model:
    painter = make_painter(weights, device, progress)
    known = {control.name for control in weights.controls}

    def model(given: Floats, settings: Settings) -> Floats:
        tensor = torch.from_numpy(given.astype(np.float32)).permute(2, 0, 1)[None]
        told = {name: value for name, value in settings.items() if name in known}
        return painter(tensor, told)[0].permute(1, 2, 0).double().numpy()

    return model


def _measured(
    weights: Weights,
    model: Model,
    photos: Sequence[Floats],
    progress: Progress,
    *,
    rivals: bool,
    real: bool,
) -> Iterator[list[Figure]]:
    if weights.scale > 1:
        return measure_enlarging(model, photos, weights.scale, progress.report)
    of_all = measure_real if real else measure_restoring
    beside = (_cbm3d if real else _rivals) if rivals else (lambda _: {})
    return of_all(model, photos, beside, progress.report)


def _cbm3d(sigma: int) -> dict[str, Restore]:
    """Dabov et al., CBM3D (2007), told the noise in grey levels of 255."""
    try:
        from bm3d import bm3d_rgb  # type: ignore[import-untyped]
    except ImportError:
        raise StudioError(
            "bm3d is not installed", "pip install bm3d, or give --no-rivals"
        ) from None
    return {"CBM3D": lambda given: bm3d_rgb(given, sigma / 255)}


def _rivals(sigma: int) -> dict[str, Restore]:
    """CBM3D, and Buades et al., non-local means (2005), told the noise too."""
    from skimage.restoration import denoise_nl_means

    level = sigma / 255
    return {
        **_cbm3d(sigma),
        "non-local means": lambda given: denoise_nl_means(
            given, patch_size=5, patch_distance=6, h=0.8 * level, sigma=level, channel_axis=2
        ),
    }
