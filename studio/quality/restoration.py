"""The figures that say how well a network restores: one definition for training and the bench."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from statistics import fmean

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio.core.controls import Settings
from studio.quality.photo_noise import (
    camera_noise,
    colour_blotches,
    film_grain,
    measure_noise,
)

Floats = NDArray[np.floating]
Restore = Callable[[Floats], Floats]
Model = Callable[[Floats, Settings], Floats]

NOISE = (15, 25, 50)  # standard deviations in grey levels of 255
QUALITY = (10, 20)  # of JPEG
_SMALL_QUALITY, _SMALL_NOISE = (30, 60), 8.0  # of photos that are enlarged
REAL = ("camera", "film")  # where noise comes from
SIGMAS = (8, 15, 25, 40)  # that rivals are told of a real photo's noise, grey levels of 255
_SHARES = (0.6, 0.8, 1.0, 1.25, 1.6)  # of the noise, that the model is told
_UNDAMAGED: Settings = {
    "noise": 0.0, "colour-noise": 0.0, "grain-size": 1.0, "jpeg": 100.0, "sharpness": 0.0,
}  # fmt: skip


@dataclass(frozen=True)
class Figure:
    """How one method does at one task.

    Attributes:
        task: such as ``noise 25``, ``film``.
        method: ``damaged``, ``told``, ``blind``, ``bicubic``, or a rival's name.
        psnr: mean over the photos, dB, of results rounded to 8 bits.
        seconds: mean for a photo.
        photos: how many it is the mean of.
    """

    task: str
    method: str
    psnr: float
    seconds: float
    photos: int


@dataclass(frozen=True)
class _Case:
    """One photo's task: what is given, what should come out, and by which methods."""

    task: str
    given: Floats
    wanted: Floats
    methods: dict[str, Restore]


def measure_restoring(
    model: Model,
    photos: Sequence[Floats],
    rivals: Callable[[int], dict[str, Restore]] = lambda _: {},
    tell: Callable[[float, str], None] = lambda *_: None,
) -> Iterator[list[Figure]]:
    """Measures noise, JPEG and clean photos; yields the figures so far after each.

    The noise is Gaussian with a fixed seed for each photo and level, and is not clipped.

    Args:
        model: what is given and settings (none: blind) to the result; told levels that it does
            not know, it leaves out.
        photos: each (H, W, 3) in [0, 1], not trained on.
        rivals: other methods for a noise level.
        tell: receives the fraction done and what comes next.
    """

    def told(**levels: float) -> Restore:
        return lambda given: model(given, {**_UNDAMAGED, **levels})

    def blind(given: Floats) -> Floats:
        return model(given, {})

    def cases() -> Iterable[_Case]:
        for index, photo in enumerate(photos):
            for sigma in NOISE:
                random = np.random.default_rng((index, sigma))
                noisy = photo + random.normal(0, sigma / 255, photo.shape)
                noise = {"noise": float(sigma), "colour-noise": float(sigma)}
                methods = {"told": told(**noise), "blind": blind, **rivals(sigma)}
                yield _Case(f"noise {sigma}", noisy, photo, methods)
            for quality in QUALITY:
                methods = {"told": told(jpeg=float(quality)), "blind": blind}
                yield _Case(f"JPEG {quality}", compressed(photo, quality), photo, methods)
            yield _Case("clean", photo, photo, {"blind": blind})

    return _measure(cases(), len(photos) * (len(NOISE) + len(QUALITY) + 1), tell)


def measure_real(
    model: Model,
    photos: Sequence[Floats],
    rivals: Callable[[int], dict[str, Restore]] = lambda _: {},
    tell: Callable[[float, str], None] = lambda *_: None,
) -> Iterator[list[Figure]]:
    """Measures the noise of cameras and of film, drawn with a fixed seed; see `measure_restoring`.

    *Told* and the rivals are the best of several levels each, chosen for each photo by its PSNR;
    their seconds are those of all of them.
    """

    def told(given: Floats, photo: Floats, quality: int, share: float) -> Restore:
        noise = measure_noise(given - _saved(photo, quality))
        levels = {
            "noise": min(75.0, noise.luma * share), "colour-noise": min(75.0, noise.colour * share),
            "grain-size": noise.size, "jpeg": float(quality),
        }  # fmt: skip
        return lambda given: model(given, {**_UNDAMAGED, **levels})

    def cases() -> Iterable[_Case]:
        for index, photo in enumerate(photos):
            for place, kind in enumerate(REAL):
                given, quality = taken(photo, kind, np.random.default_rng((index, place)))
                methods: dict[str, list[Restore]] = {
                    "told": [told(given, photo, quality, share) for share in _SHARES]
                }
                for sigma in SIGMAS:
                    for name, rival in rivals(sigma).items():
                        methods.setdefault(name, []).append(rival)
                best = {name: _best(each, photo) for name, each in methods.items()}
                yield _Case(kind, given, photo, {"blind": lambda given: model(given, {}), **best})

    return _measure(cases(), len(photos) * len(REAL), tell)


def taken(photo: Floats, kind: str, random: np.random.Generator) -> tuple[Floats, int]:
    """A photo as a camera takes it or as film holds it, in 8 bits, and its JPEG quality.

    Args:
        photo: (H, W, 3) in [0, 1].
        kind: one of `REAL`.
        random: the source of randomness.
    """
    if kind == "camera":
        noise = camera_noise(photo, random.uniform(8, 30), random)
        if random.random() < 0.5:
            noise = noise + colour_blotches(photo.shape, random.uniform(2, 8), random)
    else:
        noise = film_grain(photo, random.uniform(8, 35), random)
    quality = int(random.integers(70, 98)) if random.random() < 0.5 else 100
    return _saved(photo + noise, quality), quality


def _saved(photo: Floats, quality: int) -> Floats:
    return compressed(photo, quality) if quality < 100 else np.rint(photo.clip(0, 1) * 255) / 255


def _best(methods: Sequence[Restore], wanted: Floats) -> Restore:
    def restore(given: Floats) -> Floats:
        return max((method(given) for method in methods), key=lambda found: psnr(found, wanted))

    return restore


def measure_enlarging(
    model: Model,
    photos: Sequence[Floats],
    scale: int,
    tell: Callable[[float, str], None] = lambda *_: None,
) -> Iterator[list[Figure]]:
    """Measures photos that were made smaller, as PSNR of luma; see `measure_restoring`.

    Bicubic alone is what the field measures; small old photos were then saved as JPEG, or taken by
    a camera, too, with a fixed seed.
    """
    size = f"{scale} times the size"

    def cases() -> Iterable[_Case]:
        for index, photo in enumerate(photos):
            wanted = trimmed(photo, scale)
            methods: dict[str, Restore] = {
                "bicubic": lambda given: luma(resized(given, scale)),
                "blind": lambda given: luma(model(given, {})),
            }
            both = {**methods, "told": lambda given: luma(model(given, _UNDAMAGED))}
            small = resized(wanted, 1 / scale)
            yield _Case(size, small, luma(wanted), both)
            for quality in _SMALL_QUALITY:
                given = compressed(small, quality)
                yield _Case(f"{size}, JPEG {quality}", given, luma(wanted), methods)
            noise = camera_noise(small, _SMALL_NOISE, np.random.default_rng((index, scale)))
            yield _Case(f"{size}, camera", _saved(small + noise, 85), luma(wanted), methods)

    return _measure(cases(), len(photos) * (2 + len(_SMALL_QUALITY)), tell)


def _measure(
    cases: Iterable[_Case], count: int, tell: Callable[[float, str], None]
) -> Iterator[list[Figure]]:
    found: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for index, case in enumerate(cases):
        tell(index / count, case.task)
        if case.given.shape == case.wanted.shape and case.given is not case.wanted:
            damaged = (psnr(case.given, case.wanted), 0.0)
            found.setdefault((case.task, "damaged"), []).append(damaged)
        for method, restore in case.methods.items():
            started = time.perf_counter()
            restored = restore(case.given)
            seconds = time.perf_counter() - started
            rounded = np.rint(restored.clip(0, 1) * 255) / 255
            measured = (psnr(rounded, case.wanted), seconds)
            found.setdefault((case.task, method), []).append(measured)
        yield [
            Figure(task, method, fmean(p for p, _ in each), fmean(s for _, s in each), len(each))
            for (task, method), each in found.items()
        ]


def psnr(one: Floats, other: Floats) -> float:
    """Decibels; 100 for equal pictures."""
    return float(-10 * np.log10(max(np.square(one - other).mean(), 1e-10)))


def trimmed(photo: Floats, scale: int) -> Floats:
    """A photo (H, W, 3) without the last rows and columns that a `scale`th of it cannot hold."""
    return photo[: photo.shape[0] // scale * scale, : photo.shape[1] // scale * scale]


def luma(photo: Floats) -> Floats:
    """Y of ITU-R BT.601 in [16, 235] / 255, as enlargement is measured in the field."""
    return (16 + photo @ np.array([65.481, 128.553, 24.966])) / 255


def compressed(photo: Floats, quality: int) -> Floats:
    """A photo (H, W, 3) in [0, 1] after JPEG, its colours at half size as is usual; float64."""
    file = BytesIO()
    _to_image(photo).save(file, "JPEG", quality=quality)
    with Image.open(file) as image:
        return np.asarray(image.convert("RGB"), np.float64) / 255


def resized(photo: Floats, factor: float) -> Floats:
    """A photo (H, W, 3) in [0, 1] `factor` times as large, bicubic, in 8 bits; float64."""
    image = _to_image(photo)
    size = (round(image.width * factor), round(image.height * factor))
    return np.asarray(image.resize(size, Image.Resampling.BICUBIC), np.float64) / 255


def _to_image(photo: Floats) -> Image.Image:
    return Image.fromarray(np.rint(photo.clip(0, 1) * 255).astype(np.uint8))
