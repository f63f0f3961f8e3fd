"""The figures that say how well photos are repaired: one definition for training and the bench."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.nets.vgg19 import VGG19
from studio.quality.features import features_of
from studio.quality.missing import KINDS, draw_missing
from studio.quality.restoration import psnr

Floats = NDArray[np.floating]
Holes = NDArray[np.bool_]
Repair = Callable[[Floats, Holes], Floats]
Find = Callable[[Floats], Holes]

_LAYER = "relu3_1"
_NEAR = 2  # px, that found damage may be off


@dataclass(frozen=True)
class Figure:
    """How one method repairs one kind of damage, told where it is.

    Attributes:
        kind: of `missing.KINDS`.
        method: ``model``, or a rival's name.
        psnr: mean over the photos, dB, of what is in the holes, rounded to 8 bits.
        features: mean over the photos of the distance in VGG-19's relu3_1 to the true photo, as a
            share of the damaged photo's.
        seconds: mean for a photo.
        photos: how many it is the mean of.
    """

    kind: str
    method: str
    psnr: float
    features: float
    seconds: float
    photos: int


@dataclass(frozen=True)
class Finding:
    """How damage is found.

    Attributes:
        kind: of `missing.KINDS`; ``none`` for photos as they are.
        score: F-score of the pixels, each counted as right within 2 px; 1 for ``none``.
        marked: share of the photo that is marked.
        photos: how many it is the mean of.
    """

    kind: str
    score: float
    marked: float
    photos: int


def measure_repairing(
    methods: dict[str, Repair],
    photos: Sequence[Floats],
    vgg: VGG19,
    tell: Callable[[float, str], None] = lambda *_: None,
) -> Iterator[list[Figure]]:
    """Measures all kinds of damage, each drawn with a fixed seed; yields the figures so far.

    Args:
        methods: each takes what is given (H, W, 3) in [0, 1] and its holes (H, W).
        photos: each (H, W, 3) in [0, 1], not trained on.
        vgg: with its weights.
        tell: receives the fraction done and what comes next.
    """
    found: dict[tuple[str, str], list[tuple[float, float, float]]] = {}
    for index, photo in enumerate(photos):
        for place, kind in enumerate(KINDS):
            tell((index + place / len(KINDS)) / len(photos), kind)
            missing = draw_missing(photo, kind, np.random.default_rng((index, place)))
            wanted = features_of(vgg, photo, _LAYER)
            scale = float(np.square(features_of(vgg, missing.given, _LAYER) - wanted).mean())
            for method, repair in methods.items():
                started = time.perf_counter()
                repaired = repair(missing.given, missing.holes)
                seconds = time.perf_counter() - started
                repaired = np.rint(repaired.clip(0, 1) * 255) / 255
                off = float(np.square(features_of(vgg, repaired, _LAYER) - wanted).mean()) / scale
                in_holes = psnr(repaired[missing.holes], photo[missing.holes])
                found.setdefault((kind, method), []).append((in_holes, off, seconds))
        yield [
            Figure(kind, method, *_means(each), len(each)) for (kind, method), each in found.items()
        ]


def measure_finding(
    find: Find,
    photos: Sequence[Floats],
    tell: Callable[[float, str], None] = lambda *_: None,
) -> Iterator[list[Finding]]:
    """Measures what is found of the same damage, and in the photos as they are."""
    found: dict[str, list[tuple[float, float]]] = {}
    for index, photo in enumerate(photos):
        tell(index / len(photos), "finding")
        marked = find(photo)
        found.setdefault("none", []).append((1.0, float(marked.mean())))
        for place, kind in enumerate(KINDS):
            missing = draw_missing(photo, kind, np.random.default_rng((index, place)))
            marked = find(missing.given)
            score = f_score(marked, missing.holes)
            found.setdefault(kind, []).append((score, float(marked.mean())))
        yield [
            Finding(kind, fmean(s for s, _ in each), fmean(m for _, m in each), len(each))
            for kind, each in found.items()
        ]


def _means(rows: Sequence[tuple[float, float, float]]) -> tuple[float, float, float]:
    first, second, third = (fmean(column) for column in zip(*rows, strict=True))
    return first, second, third


def f_score(marked: Holes, true: Holes) -> float:
    """Of pixels (H, W) that are marked: harmonic mean of precision and recall, within 2 px."""
    if not marked.any() or not true.any():
        return float(marked.any() == true.any())
    precision = (marked & _near(true)).sum() / marked.sum()
    recall = (true & _near(marked)).sum() / true.sum()
    return float(2 * precision * recall / max(1e-9, precision + recall))


def _near(where: Holes) -> Holes:
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * _NEAR + 1, 2 * _NEAR + 1))
    return cv2.dilate(where.astype(np.uint8), disc) > 0


def rivals() -> dict[str, Repair]:
    """OpenCV's Telea (2004) and Navier-Stokes (Bertalmio 2001), scikit-image's biharmonic."""
    from skimage.restoration import inpaint_biharmonic

    def opencv(how: int) -> Repair:
        def repair(given: Floats, holes: Holes) -> Floats:
            bits = np.rint(given * 255).astype(np.uint8)
            return np.asarray(cv2.inpaint(bits, holes.astype(np.uint8), 3, how), np.float64) / 255

        return repair

    return {
        "Telea": opencv(cv2.INPAINT_TELEA),
        "Navier-Stokes": opencv(cv2.INPAINT_NS),
        "biharmonic": lambda given, holes: inpaint_biharmonic(given, holes, channel_axis=2),
    }
