"""What of a photo is to be repaired: by what was found in it, and by a person's own mask."""

from typing import cast

import torch
from torch import Tensor
from torch.nn import functional as F

from studio.core.controls import Settings
from studio.models._found_mask import laid_over

_SURER = 12.0  # times the threshold's odds, of what is sure enough to vouch for what lies around it
_USUAL = 0.0129  # share of a photo that is damaged: what scores best with vouchers
_SHARES = (0.005, 0.05)  # within which that of a photo is taken to be
_CELL = 8  # px, side of the squares in which that is counted
_AROUND = 8  # squares that it vouches for to each side
_SPECK = 8  # px; less in three times three squares needs no voucher
_GREY, _BLACK, _FEW = 0.025, 0.1, 0.03  # of a mask: off mid-grey, off black; share of mid-grey


def threshold_of(share: float) -> float:
    """How likely damage must be in a photo of which so much is damaged: as likely as not then.

    What might be a speck is one among hundreds, and a leaf where there are no others: Saerens et
    al., "Adjusting the Outputs of a Classifier to New a Priori Probabilities", 2002, eq. 2.4.
    """
    share = min(max(share, _SHARES[0]), _SHARES[1])
    by = share / (1 - share) * (1 - _USUAL) / _USUAL  # as odds
    return 1 / (1 + by)


def mark(found: Tensor | None, mask: Tensor | None, settings: Settings) -> Tensor:
    """Where to fill in: what was found, with a person's own mask laid over it.

    Edges are soft, so that what is filled in does not end abruptly; see `Finder.mark`.
    """
    marks = torch.zeros(())
    if found is not None:
        damaged = _vouched(found, cast("float", settings["threshold"]))
        marks = _soft(_wider(damaged, cast("float", settings["margin"])))
    if mask is None:
        return marks
    marks = laid_over(marks, _hardened(mask))
    return torch.where(marks < 2 * _GREY, 0, marks)


def _vouched(found: Tensor, threshold: float) -> Tensor:
    """What is likelier damaged than not: 1, else 0. Larger marks need a sure one near them.

    An eye or a lamp is a little like damage; real damage is somewhere nothing else. A threshold
    lower than any photo is given is a person's, who wants more to be found.
    """
    surer = max(1.0, _SURER * min(1.0, threshold / threshold_of(_SHARES[1])))
    odds = surer * threshold / (1 - threshold)
    damaged = (found > threshold).to(found)
    sure = F.max_pool2d((found > odds / (1 + odds)).to(found), _CELL, ceil_mode=True)
    sure = F.max_pool2d(sure, 2 * _AROUND + 1, 1, _AROUND)
    count = F.avg_pool2d(damaged, _CELL, ceil_mode=True, divisor_override=1)
    count = F.avg_pool2d(count, 3, 1, 1, divisor_override=1)
    kept = ((sure > 0) | (count < _SPECK)).to(found)
    height, width = found.shape[2:]
    return damaged.mul_(F.interpolate(kept, scale_factor=_CELL)[:, :, :height, :width])


def _hardened(mask: Tensor) -> Tensor:
    """A person's mask, white all over what it covers in part: half repaired, damage is seen still.

    Where there is next to no mid-grey, grey is the smooth edge of what is white on black.
    """
    is_drawn = float(((mask - 0.5).abs() <= _GREY).float().mean()) < _FEW
    return torch.where(mask > (_BLACK if is_drawn else 0.5 + _GREY), 1, mask)


def _wider(marks: Tensor, margin: float) -> Tensor:
    """Marks of 0 and 1, wider by so many px to all sides."""
    by = round(margin)
    rows = F.max_pool2d(marks, (2 * by + 1, 1), 1, (by, 0))
    return F.max_pool2d(rows, (1, 2 * by + 1), 1, (0, by))


def _soft(marks: Tensor) -> Tensor:
    """Marks of 0 and 1 with a fringe of 1 px around them."""
    return torch.maximum(marks, F.avg_pool2d(F.max_pool2d(marks, 3, 1, 1), 3, 1, 1))
