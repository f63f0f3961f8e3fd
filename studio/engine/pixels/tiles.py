"""Runs a net with a finite receptive field over overlapping tiles: exactly as over the whole."""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor
from torch.nn import functional as F

from studio.core.progress import Progress


def run_in_tiles(
    run: Callable[[Tensor], Tensor],
    inputs: Tensor,
    padded: tuple[int, int],
    side: int,
    halo: int,
    like: Tensor,
    progress: Progress,
) -> Iterator[tuple[int, int, Tensor]]:
    """Runs each tile with as much around it as its result depends on.

    Args:
        run: the net, (1, 3, h, w) to (1, 3, s h, s w).
        inputs: (1, 3, H, W), any strides.
        padded: (height, width) that the net would see of the whole picture; what is beyond the
            picture replicates its last row and column.
        side: of a tile's own part in px; a multiple of what the net needs.
        halo: px around it, a multiple of the same.
        like: tells dtype and device.
        progress: told and asked at every tile.

    Yields:
        Top and left of a tile in px of the input, and its own part of the result (1, 3, ., .).
    """
    corners = [(y, x) for y in range(0, padded[0], side) for x in range(0, padded[1], side)]
    for index, (top, left) in enumerate(corners):
        progress.report(index / len(corners), "painting")
        y = _Span(top, side, halo, padded[0])
        x = _Span(left, side, halo, padded[1])
        result = run(_cut(inputs, y, x).to(like))
        scale = result.shape[2] // (y.stop - y.start)
        yield top, left, result[:, :, y.own(scale), x.own(scale)]


class _Span:
    """A tile along one axis: where it starts and stops, and which part of it is its own."""

    def __init__(self, first: int, side: int, halo: int, length: int) -> None:
        self.start, self.stop = max(0, first - halo), min(length, first + side + halo)
        self._first, self._last = first - self.start, min(length, first + side) - self.start

    def own(self, scale: int) -> slice:
        """The tile's own part of its result."""
        return slice(self._first * scale, self._last * scale)


def _cut(inputs: Tensor, y: _Span, x: _Span) -> Tensor:
    """A part of the padded picture."""
    height, width = inputs.shape[2:]
    part = inputs[:, :, min(y.start, height - 1) : y.stop, min(x.start, width - 1) : x.stop]
    below, right = y.stop - y.start - part.shape[2], x.stop - x.start - part.shape[3]
    if below or right:
        part = F.pad(part, (0, right, 0, below), mode="replicate")
    return part.contiguous(memory_format=torch.contiguous_format)
