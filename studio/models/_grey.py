"""Whether a photo is a grey one, which stays so: nets would tint it a little; or a toned one."""

import torch
from torch import Tensor
from torch.nn import functional as F

from studio.models._spread import spread

_APART = 1.5 / 255  # difference of channels up to which a photo is grey
_ROWS = 256  # of a large photo that are looked at together
_CELL = 8  # px, side of the squares whose means say how a photo is toned: noise hardly counts
_OFF = 2.4 / 255  # how far nine of ten of a toned photo's are at most from what their luma says
_BENDS = 3  # degree of the curve from luma to a channel


def is_grey(photo: Tensor, missing: Tensor | None = None) -> bool:
    """Whether what is known of a photo has no colours.

    Args:
        photo: (1, 3, H, W) in [0, 1].
        missing: (1, 1, H, W), 1 where it is not known, else 0; None: nowhere.
    """
    for top in range(0, photo.shape[2], _ROWS):
        rows = slice(top, top + _ROWS)
        apart = photo[:, :, rows].amax(1) - photo[:, :, rows].amin(1)
        if missing is not None:
            apart = apart * (1 - missing[:, 0, rows])
        if float(apart.amax()) > _APART:
            return False
    return True


def is_toned(photo: Tensor) -> bool:
    """Whether a photo's colours follow from its luma alone, as those of a print in sepia do.

    Of photos in colour the farthest tenth of means is 4.7 levels of 255 or more from such a curve
    (but of a night sky, 2.5), of prints in sepia with grain, scratches and JPEG at most 2.

    Args:
        photo: (1, 3, H, W) in [0, 1].
    """
    means = torch.cat([_means(part) for part in spread(photo)], 1)
    luma = means.mean(0)
    powers = torch.stack([luma**power for power in range(_BENDS + 1)], 1)
    curves = torch.linalg.lstsq(powers, means.T).solution
    return float((means.T - powers @ curves).abs().quantile(0.9)) < _OFF


def _means(part: Tensor) -> Tensor:
    """Of a part (1, 3, h, w) those of its squares, (3, n)."""
    return F.avg_pool2d(part, min(_CELL, *part.shape[2:]))[0].flatten(1)
