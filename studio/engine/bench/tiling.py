"""How much a picture that is painted in parts differs from one that is painted whole."""

import torch

from studio.core.catalogue import Weights
from studio.core.picture_files import open_picture
from studio.core.progress import Progress
from studio.engine.bench.painter import make_painter
from studio.engine.bench.style import sample_photos

_PART = "128"  # px; several on each side of a sample photo


def measure_tiling(weights: Weights, device: str, progress: Progress) -> float:
    """PSNR in dB of a sample photo in parts of 128 px against the same photo whole.

    Args:
        weights: of any model that takes a picture.
        device: as in a request.
        progress: told before each.
    """
    pixels = torch.tensor(open_picture(sample_photos()[0]).pixels)
    photo = pixels.permute(2, 0, 1)[None].contiguous()
    made: list[torch.Tensor] = []
    for number, tile in enumerate(("off", _PART)):
        progress.report(number / 2, "painting a photo in parts" if number else "painting a photo")
        made.append(make_painter(weights, device, progress, tile=tile)(photo, {}).double())
    return float(-10 * (made[0] - made[1]).square().mean().log10())
