"""Fills what is missing in photos, coarse to fine, by one net at all scales."""

from collections.abc import Callable, Iterator, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from studio.nets.restorer import Restorer

_STEP = 4  # from one scale to the next
_THICK = 2  # px of the next scale from all that is known, from which on that is filled first
_SMALLEST = 8  # px, of the shorter side of the coarsest scale
_PULLS = 6  # scales of the first guess

Refine = Callable[[Tensor, Tensor], Tensor]


class Inpainter(nn.Module):
    """A restorer that is told where photos are missing.

    A first guess is made of means of what is known, from fine to coarse: partial convolutions (Liu
    et al., "Image Inpainting for Irregular Holes", 2018, eq. 1) that have nothing to learn. Where a
    hole is wide the guess is what the net itself makes of a copy of a quarter of the size, and so
    on: large holes are filled coarse to fine. The restorer then puts right what is guessed.

    Args:
        widths, blocks: see `Restorer`.
    """

    def __init__(self, widths: Sequence[int], blocks: Sequence[int]) -> None:
        super().__init__()
        self.restorer = Restorer(widths, blocks, 4, gated=True)

    @property
    def multiple(self) -> int:
        """Both sides of a photo that `refine` is given must be multiples of this."""
        return self.restorer.multiple

    def forward(
        self,
        photos: Tensor,
        holes: Tensor,
        refine: Refine | None = None,
        *,
        in_place: bool = False,
    ) -> Tensor:
        """Fills holes; what is known stays to the bit.

        Args:
            photos: (N, 3, H, W) RGB in [0, 1]; what is in the holes is not looked at.
            holes: (N, 1, H, W), 1 where the photo is missing and 0 elsewhere.
            refine: see `refine`; it may write into the guess.
            in_place: the guess is written into the photos.

        Returns:
            (N, 3, H, W), not clamped.
        """
        refine = refine or self.refine
        return refine(self._guess(photos, holes, refine, photos if in_place else None), holes)

    def refine(self, guess: Tensor, holes: Tensor) -> Tensor:
        """Puts right what was guessed in holes; see `forward`. Any size."""
        height, width = guess.shape[2:]
        extra = (0, -width % self.multiple, 0, -height % self.multiple)
        padded, planes = (F.pad(each, extra, mode="replicate") for each in (guess, holes))
        filled = self.restorer(padded, F.pixel_unshuffle(planes, 2))[:, :, :height, :width]
        return torch.where(holes > 0, filled.to(guess), guess)

    def _guess(self, photos: Tensor, holes: Tensor, refine: Refine, out: Tensor | None) -> Tensor:
        coarse = wide = None
        if min(photos.shape[2:]) >= _STEP * _SMALLEST:
            small, small_holes = reduced(photos, holes)
            wide = wide_parts(small_holes)
            coarse = self(small, small_holes, refine) if wide.any() else None
        guess = pulled_and_pushed(photos, holes, out=out)
        if coarse is None or wide is None:
            return guess
        height, width = photos.shape[2:]
        within = F.interpolate(wide, scale_factor=_STEP)[:, :, :height, :width] * holes
        for channel, plane in _planes(coarse):
            large = F.interpolate(plane, scale_factor=_STEP, mode="bicubic")
            large = large[:, :, :height, :width].to(guess)
            guess[:, channel].add_(large.sub_(guess[:, channel]).mul_(within))
        return guess


def _planes(pictures: Tensor) -> Iterator[tuple[slice, Tensor]]:
    """Each channel (N, 1, H, W) alone, so that little is made of a large photo at a time."""
    for channel in range(pictures.shape[1]):
        one = slice(channel, channel + 1)
        yield one, pictures[:, one]


def reduced(photos: Tensor, holes: Tensor) -> tuple[Tensor, Tensor]:
    """A copy of a quarter of the size, of what is known; holes are where that is less than half."""
    share = 1 - F.avg_pool2d(holes, _STEP, ceil_mode=True)
    means = [
        F.avg_pool2d(_without(each, holes), _STEP, ceil_mode=True) for _, each in _planes(photos)
    ]
    return torch.cat(means, 1) / share.clamp(min=1e-3), (share < 0.5).to(holes)


def _without(photos: Tensor, holes: Tensor, out: Tensor | None = None) -> Tensor:
    """Photos that are black where they are missing."""
    return torch.addcmul(photos, photos, holes, value=-1, out=out)


def wide_parts(holes: Tensor) -> Tensor:
    """Where holes (N, 1, H, W) are wide, with their edges: 1, else 0."""
    return _spread(-_spread(-holes, _THICK), 2 * _THICK)


def _spread(plane: Tensor, by: int) -> Tensor:
    """The maximum over a square that reaches `by` px to each side."""
    return F.max_pool2d(plane, 2 * by + 1, 1, by)


def pulled_and_pushed(
    photos: Tensor, holes: Tensor, scales: int = _PULLS, out: Tensor | None = None
) -> Tensor:
    """Holes filled with means of what is known around: Gortler et al., "The Lumigraph" (1996).

    Args:
        photos: (N, 3, H, W).
        holes: (N, 1, H, W).
        scales: how often to halve; what then is still unknown becomes mid-grey.
        out: what the result is written into, such as the photos; None: new.
    """
    filled = _without(photos, holes, out)
    if scales == 0 or min(photos.shape[2:]) < 2:
        return filled.add_(0.5 * holes)
    share = 1 - F.avg_pool2d(holes, 2, ceil_mode=True)
    mean = F.avg_pool2d(filled, 2, ceil_mode=True).div_(share.clamp(min=1e-3))
    coarse = pulled_and_pushed(mean, (1 - 4 * share).clamp(min=0), scales - 1)
    del mean
    height, width = photos.shape[2:]
    for channel, plane in _planes(coarse):
        large = F.interpolate(plane, scale_factor=2, mode="bilinear")[:, :, :height, :width]
        filled[:, channel].add_(large.mul_(holes))
    return filled
