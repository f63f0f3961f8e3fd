"""Runs a net with a finite receptive field over overlapping tiles: exactly as over the whole."""

from collections.abc import Callable, Iterator
from itertools import groupby

import torch
from torch import Tensor
from torch.nn import functional as F

from studio.core.progress import Progress


class _Span:
    """A tile along one axis: where it starts and stops, and which part of it is its own."""

    def __init__(self, first: int, side: int, halo: int, length: int) -> None:
        self.first = first
        self.start, self.stop = max(0, first - halo), min(length, first + side + halo)
        self._last = min(length, first + side)

    def own(self, scale: int) -> slice:
        """The tile's own part of its result."""
        return slice((self.first - self.start) * scale, (self._last - self.start) * scale)


_Tile = tuple[_Span, _Span]
"""Its rows and its columns."""


def run_in_tiles(
    run: Callable[[Tensor], Tensor],
    inputs: Tensor,
    padded: tuple[int, int],
    side: int,
    halo: int,
    like: Tensor,
    progress: Progress,
    together: int = 1,
) -> Iterator[tuple[int, int, Tensor]]:
    """Runs each tile with as much around it as its result depends on.

    Args:
        run: the net, (N, 3, h, w) to (N, 3, s h, s w).
        inputs: (1, 3, H, W), any strides.
        padded: (height, width) that the net would see of the whole picture; what is beyond the
            picture replicates its last row and column.
        side: of a tile's own part in px; a multiple of what the net needs.
        halo: px around it, a multiple of the same.
        like: tells dtype and device.
        progress: told and asked at every batch of tiles.
        together: how many tiles of one size are a batch at most: a GPU is not busy with one.

    Yields:
        Top and left of a tile in px of the input, and its own part of the result (1, 3, ., .).
    """
    spans = [
        (_Span(top, side, halo, padded[0]), _Span(left, side, halo, padded[1]))
        for top in range(0, padded[0], side)
        for left in range(0, padded[1], side)
    ]
    alike = groupby(sorted(spans, key=_size) if together > 1 else spans, _size)
    batches = [batch for _, each in alike for batch in _batches([*each], together)]
    for index, batch in enumerate(batches):
        progress.report(index / len(batches), "painting")
        tiles = torch.cat([_cut(inputs, y, x) for y, x in batch])
        results = run(_sent(tiles, like))
        for result, (y, x) in zip(results.split(1), batch, strict=True):
            scale = result.shape[2] // (y.stop - y.start)
            yield y.first, x.first, result[:, :, y.own(scale), x.own(scale)]


def _batches(tiles: list[_Tile], most: int) -> list[list[_Tile]]:
    return [tiles[start : start + most] for start in range(0, len(tiles), most)]


def _sent(tiles: Tensor, like: Tensor) -> Tensor:
    """Tiles on a device; those on their way to a GPU do not keep the processor waiting."""
    if like.is_cuda:
        return tiles.pin_memory().to(like, non_blocking=True)
    return tiles.to(like)


def _cut(inputs: Tensor, y: _Span, x: _Span) -> Tensor:
    """A part of the padded picture."""
    height, width = inputs.shape[2:]
    part = inputs[:, :, min(y.start, height - 1) : y.stop, min(x.start, width - 1) : x.stop]
    below, right = y.stop - y.start - part.shape[2], x.stop - x.start - part.shape[3]
    if below or right:
        part = F.pad(part, (0, right, 0, below), mode="replicate")
    return part.contiguous(memory_format=torch.contiguous_format)


def _size(tile: _Tile) -> tuple[int, int]:
    y, x = tile
    return y.stop - y.start, x.stop - x.start
