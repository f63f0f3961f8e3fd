"""Runs a net one layer at a time over strips of rows, exactly as if the picture were whole.

A net with instance normalisation cannot be run tile by tile: each tile would be normalised by its
own statistics (Chen et al., "Towards Ultra-Resolution Neural Style Transfer via Thumbnail Instance
Normalization", 2022, show what comes of it). Here every layer sees the whole picture before the
next one starts, so that the statistics are the whole picture's. What a layer leaves is kept in
half precision; at full resolution it is not kept at all but computed a second time when needed.
"""

from collections.abc import Iterator
from typing import Protocol

import torch
from torch import Tensor
from torch.nn import functional as F

from studio.core.progress import Progress
from studio.nets.layer import Step

_EPSILON = 1e-5  # that of torch.nn.functional.instance_norm


class Rows(Protocol):
    """A plane of activations that can be read a few rows at a time."""

    height: int
    width: int

    def read(self, start: int, stop: int) -> Tensor:
        """Rows [start, stop) as (1, C, stop - start, width) in the net's own precision."""
        ...


class Photo:
    """The picture itself, its last column and row repeated up to the padded size."""

    def __init__(self, pixels: Tensor, height: int, width: int, like: Tensor) -> None:
        self._pixels = pixels
        self._like = like
        self.height, self.width = height, width

    def read(self, start: int, stop: int) -> Tensor:
        """See `Rows`."""
        strip = self._pixels[:, :, start : min(stop, self._pixels.shape[2])].to(self._like)
        below = stop - start - strip.shape[2]
        return F.pad(strip, (0, self.width - strip.shape[3], 0, below), mode="replicate")


class Kept:
    """Activations held in half precision on the processor's side."""

    def __init__(self, channels: int, height: int, width: int, like: Tensor) -> None:
        self.data = torch.empty((1, channels, height, width), dtype=torch.float16)
        self._like = like
        self.height, self.width = height, width

    def read(self, start: int, stop: int) -> Tensor:
        """See `Rows`."""
        return self.data[:, :, start:stop].to(self._like)

    def write(self, start: int, strip: Tensor) -> None:
        """Stores rows from `start` on."""
        self.data[:, :, start : start + strip.shape[2]] = strip


class Computed:
    """Activations of a layer whose statistics are known, computed anew at each reading."""

    def __init__(self, step: Step, source: Rows, scale: Tensor, shift: Tensor) -> None:
        self._step, self._source, self._scale, self._shift = step, source, scale, shift
        self.height, self.width = output_size(step, source)

    def read(self, start: int, stop: int) -> Tensor:
        """See `Rows`."""
        strip = convolve_rows(self._step, self._source, start, stop)
        return self._step.layer.activate(strip.mul_(self._scale).add_(self._shift))


class Statistics:
    """Mean and variance a channel, gathered strip by strip (Chan et al. 1983) in double precision."""

    def __init__(self) -> None:
        self._count = 0
        self._mean = self._spread = torch.zeros(())

    def add(self, strip: Tensor) -> None:
        """Takes in (1, C, h, W)."""
        flat = strip[0].flatten(1).float()
        count = flat.shape[1]
        mean = flat.mean(1).double().cpu()
        squares = torch.linalg.vector_norm(flat, dim=1).double().cpu().square()
        spread = squares - count * mean.square()  # ten times as fast as torch.var_mean
        if self._count == 0:
            self._mean, self._spread = mean, spread
        else:
            total = self._count + count
            delta = mean - self._mean
            self._mean = self._mean + delta * (count / total)
            self._spread += spread + delta.square() * (self._count * count / total)
        self._count += count

    def affine(self, scale: Tensor, shift: Tensor) -> tuple[Tensor, Tensor]:
        """Normalisation, scale and shift (1, C) as one factor and one offset (1, C, 1, 1)."""
        factor = scale.double().cpu() * torch.rsqrt(self._spread / self._count + _EPSILON)
        offset = shift.double().cpu() - self._mean * factor
        return factor.to(scale)[..., None, None], offset.to(shift)[..., None, None]


def output_size(step: Step, source: Rows) -> tuple[int, int]:
    """Height and width of what a layer makes of a plane."""
    layer = step.layer
    factor = 2 if layer.upsample else 1
    stride = layer.stride
    return -(-source.height * factor // stride), -(-source.width * factor // stride)


def convolve_rows(step: Step, source: Rows, start: int, stop: int) -> Tensor:
    """Rows [start, stop) of a layer's convolution, before normalisation: (1, C, rows, width)."""
    layer = step.layer
    pad = layer.padding
    if layer.upsample:
        first, last = start // 2 - 1, -(-stop // 2) + 1
    else:
        kernel = layer.conv.kernel_size[0]
        first, last = start * layer.stride - pad, (stop - 1) * layer.stride - pad + kernel
    low, high = max(0, first), min(source.height, last)
    strip = source.read(low, high)
    mode = "replicate" if layer.upsample else "reflect"
    strip = F.pad(strip, (pad, pad, low - first, last - high), mode=mode)
    out = layer.convolve(strip)
    if layer.upsample:
        skip = start - 2 * (start // 2)
        out = out[:, :, skip : skip + stop - start]
    return out


def run_in_strips(steps: list[Step], pixels: Tensor, size: tuple[int, int], rows: int,
                  like: Tensor, progress: Progress) -> Iterator[tuple[int, Tensor]]:
    """Runs a net on a picture of any size.

    Args:
        steps: the net; only its last layer may be without normalisation.
        pixels: (1, 3, H, W) in [0, 1]; any strides.
        size: height and width to which the picture is padded for the net, in px.
        rows: height of a strip in px.
        like: a tensor of the precision and on the device that the net runs in.
        progress: told and asked at each strip.

    Yields:
        The first row and the strip (1, 3, h, W'): the result in the net's padded size, in order.
    """
    height, width = size
    costs = [_cost(step, index, len(steps)) for index, step in enumerate(steps)]
    total, done = float(sum(costs)), 0.0
    source: Rows = Photo(pixels, height, width, like)
    skip: Rows | None = None
    for index, step in enumerate(steps[:-1]):
        if step.layer.opens_block:
            skip = source
        assert step.scale is not None and step.shift is not None
        h, w = output_size(step, source)
        full_size = index == len(steps) - 2
        channels = step.layer.conv.out_channels
        strip_rows = _strip_rows(rows, h, height)
        kept = None if full_size else Kept(channels, h, w, like)
        statistics = Statistics()
        for start in range(0, h, strip_rows):
            progress.report(done / total, "painting")
            stop = min(h, start + strip_rows)
            strip = convolve_rows(step, source, start, stop)
            statistics.add(strip)
            if kept is not None:
                kept.write(start, strip)
            done += costs[index] * (stop - start) / h
        factor, offset = statistics.affine(step.scale, step.shift)
        if kept is None:
            source = Computed(step, source, factor, offset)
            continue
        for start in range(0, h, strip_rows):
            progress.check()
            stop = min(h, start + strip_rows)
            strip = step.layer.activate(kept.read(start, stop).mul_(factor).add_(offset))
            if step.layer.closes_block:
                assert skip is not None
                strip += skip.read(start, stop)
            kept.write(start, strip)
        source = kept
        if step.layer.closes_block:
            skip = None  # frees a plane
    last = steps[-1]
    for start in range(0, height, rows):
        progress.report(done / total, "painting")
        stop = min(height, start + rows)
        yield start, last.layer.activate(convolve_rows(last, source, start, stop))
        done += costs[-1] * (stop - start) / height


def _strip_rows(rows: int, height: int, full_height: int) -> int:
    """Rows of a strip in a plane of reduced height: an even number of about the same memory."""
    return max(2, rows * max(1, full_height // (2 * height)) // 2 * 2)


def _cost(step: Step, index: int, count: int) -> float:
    """Work of a layer relative to the others: multiplications a pixel of the padded picture."""
    weights = step.layer.conv.weight.numel()
    depth = {0: 4, 1: 16, count - 3: 4, count - 2: 1, count - 1: 1}.get(index, 16)
    return weights / depth * (2 if index == count - 2 else 1)
