"""What the control `detail` of an enhancer gains, and what it costs."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np

from studio.nets.vgg19 import VGG19
from studio.quality.features import features_of
from studio.quality.restoration import Floats, Model, luma, psnr, resized, trimmed

DETAIL = (0.0, 0.5, 1.0)
_LAYER = "relu3_1"


@dataclass(frozen=True)
class Figure:
    """How photos come out that were made smaller, at one setting.

    Attributes:
        detail: from true (0) to lively (1).
        psnr: mean of luma's over the photos, dB: how true.
        features: mean distance in VGG-19's relu3_1 to the true photo, as a share of that of the
            bicubic enlargement: how alike to the eye.
        photos: how many these are the means of.
    """

    detail: float
    psnr: float
    features: float
    photos: int


def measure_detail(
    model: Model,
    photos: Sequence[Floats],
    scale: int,
    vgg: VGG19,
    tell: Callable[[float, str], None] = lambda *_: None,
) -> Iterator[list[Figure]]:
    """Measures bicubic reductions, enlarged; yields the figures so far after each photo.

    Args:
        model: what is given and settings to the result.
        photos: each (H, W, 3) in [0, 1], not trained on.
        scale: how many times as large results are.
        vgg: with its weights.
        tell: receives the fraction done and what comes next.
    """
    found: dict[float, list[tuple[float, float]]] = {detail: [] for detail in DETAIL}
    for index, photo in enumerate(photos):
        tell(index / len(photos), "detail")
        wanted = trimmed(photo, scale)
        small, seen = resized(wanted, 1 / scale), features_of(vgg, wanted, _LAYER)
        usual = np.square(features_of(vgg, resized(small, scale), _LAYER) - seen).mean()
        for detail, rows in found.items():
            made = np.rint(model(small, {"detail": detail}).clip(0, 1) * 255) / 255
            off = np.square(features_of(vgg, made, _LAYER) - seen).mean()
            rows.append((psnr(luma(made), luma(wanted)), float(off / usual)))
        yield [
            Figure(detail, fmean(p for p, _ in rows), fmean(f for _, f in rows), len(rows))
            for detail, rows in found.items()
        ]
