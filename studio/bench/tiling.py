"""How much a picture that is painted in parts differs from one that is painted whole."""

from studio.bench.painter import make_painter
from studio.bench.style import at_512, sample_photos
from studio.core.catalogue import Weights
from studio.core.progress import Progress
from studio.quality.restoration import psnr

_PART = "128"  # px; several on each side of a sample photo


def measure_tiling(weights: Weights, device: str, progress: Progress) -> float:
    """PSNR in dB of a sample photo in parts of 128 px against the same photo whole.

    Args:
        weights: of any model that takes a picture.
        device: as in a request.
        progress: told before each.
    """
    photo = at_512(sample_photos()[0])
    progress.report(0.0, "painting a photo whole")
    whole = make_painter(weights, device, progress, tile="off")(photo, {})
    progress.report(0.5, "painting it in parts")
    parts = make_painter(weights, device, progress, tile=_PART)(photo, {})
    return psnr(whole.double().numpy(), parts.double().numpy())
