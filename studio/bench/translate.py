"""The figures of the translate tool: speed, and how well parts make up the whole."""

from collections.abc import Iterator

from studio.bench.painter import make_painter
from studio.bench.photos import at_512
from studio.bench.report import Report
from studio.bench.speed import measure_speed
from studio.core.catalogue import Weights
from studio.core.progress import Progress, SubProgress
from studio.core.samples import sample_photos
from studio.quality.restoration import psnr

_PART = "128"  # px; several on each side of a sample photo


def measure(weights: Weights, device: str, progress: Progress) -> Iterator[Report]:
    """Seconds and peak memory, and PSNR of a photo in parts."""
    part = SubProgress(progress, 0, 0.9)
    report = yield from measure_speed(Report(), [weights], device, part)
    yield measure_tiling(report, weights, device, SubProgress(progress, 0.9, 1.0))


def measure_tiling(before: Report, weights: Weights, device: str, progress: Progress) -> Report:
    """PSNR in dB of a sample photo in parts of 128 px against the same photo whole.

    Args:
        before: what was found before.
        weights: of any model that takes a picture.
        device: as in a request.
        progress: told before each.
    """
    photo = at_512(sample_photos()[0])
    progress.report(0.0, "painting a photo whole")
    whole = make_painter(weights, device, progress, tile="off")(photo, {})
    progress.report(0.5, "painting it in parts")
    parts = make_painter(weights, device, progress, tile=_PART)(photo, {})
    found = psnr(whole.double().numpy(), parts.double().numpy())
    note = f"{weights.id} in parts of {_PART} px as whole: {found:.1f} dB"
    return before.and_then({"psnr_of_parts": found}, note=note)
