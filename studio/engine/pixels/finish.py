"""Blends photo and result after the net, some rows at a time."""

import torch
from torch import Tensor
from torch.nn import functional as F

from studio.core.controls import Settings
from studio.core.files.quiet import QUIET
from studio.core.picture import Picture
from studio.core.values.mask_pictures import check_proportions
from studio.engine.job import ApplyJob

_ROWS = 256
_CONTEXT = 4  # rows around a part that enlarging it looks at


def to_tensor(picture: Picture) -> Tensor:
    """A view (1, 3, H, W) of a picture's pixels, which are read-only: never written to."""
    with QUIET:  # torch warns that the array is not writable
        return torch.from_numpy(picture.pixels).permute(2, 0, 1)[None]


def finish(
    job: ApplyJob,
    photo: Tensor,
    result: Tensor,
    mask: Tensor | None,
    settings: Settings,
    corner: tuple[int, int] = (0, 0),
) -> Tensor:
    """Settles and blends in place; see `blend`."""
    return blend(job, photo, job.spec.settle(result, settings), mask, settings, corner)


def blend(
    job: ApplyJob,
    photo: Tensor,
    result: Tensor,
    mask: Tensor | None,
    settings: Settings,
    corner: tuple[int, int],
) -> Tensor:
    """Blends in place.

    Args:
        job: says how.
        photo: (1, 3, H, W): the picture, a reduced copy or a part of it.
        result: (1, C, s H, s W), what the net made of it, settled.
        mask: from `open_mask`.
        settings: complete, and those of a reduced copy where `photo` is one.
        corner: left and top of `photo` in what it is a part of, at its scale.

    Returns:
        The first three channels of `result`, now blended.
    """
    scale = job.weights.scale
    mask = part_of(mask, corner, scale, result)
    for top in range(0, photo.shape[2], _ROWS):
        bottom = min(top + _ROWS, photo.shape[2])
        rows = slice(top * scale, bottom * scale)
        result[:, :3, rows] = job.spec.finish(
            _enlarged(photo, top, bottom, scale),
            result[:, :, rows],
            None if mask is None else mask[:, :, rows],
            settings,
        )
    return result[:, :3]


def part_of(
    mask: Tensor | None, corner: tuple[int, int], scale: int, like: Tensor
) -> Tensor | None:
    """The part of a mask (1, 1, H, W) that lies where `like` (1, C, h, w) does; see `finish`."""
    if mask is None:
        return None
    left, above = corner[0] * scale, corner[1] * scale
    return mask[:, :, above : above + like.shape[2], left : left + like.shape[3]]


def _enlarged(photo: Tensor, top: int, bottom: int, scale: int) -> Tensor:
    """Rows of the photo at the size of the result."""
    if scale == 1:
        return photo[:, :, top:bottom]
    first = max(0, top - _CONTEXT)
    part = photo[:, :, first : bottom + _CONTEXT]
    part = F.interpolate(part, scale_factor=scale, mode="bicubic").clamp_(0, 1)
    return part[:, :, (top - first) * scale : (bottom - first) * scale]


def open_mask(job: ApplyJob, full_size: tuple[int, int]) -> Tensor | None:
    """The mask at the size of the whole result, (1, 1, s H, s W) in [0, 1]; None: everywhere.

    Args:
        job: has the mask.
        full_size: (width, height) of the picture.

    Raises:
        StudioError: the mask cannot be read, or has other proportions.
    """
    if job.mask is None:
        return None
    check_proportions(job.mask, full_size)
    scale = job.weights.scale
    grey = to_tensor(job.mask)[:, :1]  # its channels are alike
    size = (full_size[1] * scale, full_size[0] * scale)
    if size == tuple(grey.shape[2:]):
        return grey
    return F.interpolate(grey, size, mode="bilinear", antialias=True).clamp_(0, 1)
