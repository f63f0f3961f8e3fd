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

from studio.core.memory import give_back
from studio.core.progress import Progress, SubProgress
from studio.nets.layer import Normalisation, Step


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
    """Activations of a layer whose statistics, if any, are known, computed at each reading."""

    def __init__(self, step: Step, source: Rows, normalise: Normalisation | None = None) -> None:
        self._step, self._source, self._normalise = step, source, normalise
        self.height, self.width = output_size(step, source.height, source.width)

    def read(self, start: int, stop: int) -> Tensor:
        """See `Rows`."""
        strip = convolve_rows(self._step, self._source, start, stop)
        if self._normalise is not None:
            strip = self._normalise(strip)
        return self._step.layer.activate(strip)


class Statistics:
    """Mean and variance a channel, strip by strip in double precision (Chan et al. 1983).

    Args:
        covariance: of all channels, in the place of the variance of each.
    """

    def __init__(self, *, covariance: bool = False) -> None:
        self._covariance = covariance
        self._count = 0
        self._mean = self._spread = torch.zeros(())

    def add(self, strip: Tensor) -> None:
        """Takes in (1, C, h, W)."""
        flat = strip[0].flatten(1).float()
        count = flat.shape[1]
        mean = flat.mean(1)
        # Centred first, for the squares of a pale picture cancel; far faster than torch.var_mean.
        centred = flat - mean[:, None]
        if self._covariance:
            spread = (centred @ centred.T).double().cpu()
        else:
            spread = torch.linalg.vector_norm(centred, dim=1).double().cpu().square()
        mean = mean.double().cpu()
        if self._count == 0:
            self._mean, self._spread = mean, spread
        else:
            total = self._count + count
            delta = mean - self._mean
            self._mean = self._mean + delta * (count / total)
            apart = torch.outer(delta, delta) if self._covariance else delta.square()
            self._spread += spread + apart * (self._count * count / total)
        self._count += count

    def normalisation(self, step: Step) -> Normalisation:
        """That of a step whose output was taken in."""
        return Normalisation.of(step, self._mean, self._spread / self._count)


def output_size(step: Step, height: int, width: int) -> tuple[int, int]:
    """Height and width of what a layer makes of a plane of (height, width)."""
    factor, stride = 2 if step.layer.upsample else 1, step.layer.stride
    return -(-height * factor // stride), -(-width * factor // stride)


def convolve_rows(step: Step, source: Rows, start: int, stop: int) -> Tensor:
    """Rows [start, stop) of a layer's convolution, before normalisation: (1, C, rows, width)."""
    layer = step.layer
    pad = layer.padding
    if layer.upsample:
        first, last = start // 2 - 1, -(-stop // 2) + 1
    else:
        reach = layer.dilation * (layer.conv.kernel_size[0] - 1) + 1
        first, last = start * layer.stride - pad, (stop - 1) * layer.stride - pad + reach
    low, high = max(0, first), min(source.height, last)
    mode = "replicate" if layer.upsample else "reflect"
    sides = (pad, pad, low - first, last - high)
    out = layer.convolve(F.pad(layer.enter(source.read(low, high), low), sides, mode=mode))
    if layer.upsample:
        extra = start % 2
        out = out[:, :, extra : extra + stop - start]
    return out


def run_in_strips(
    steps: list[Step],
    pixels: Tensor,
    size: tuple[int, int],
    rows: int,
    like: Tensor,
    progress: Progress,
) -> Iterator[tuple[int, Tensor]]:
    """Runs a net on a picture of any size.

    Args:
        steps: the net; what is not normalised is computed anew whenever it is needed.
        pixels: (1, 3, H, W) in [0, 1]; any strides.
        size: height and width to which the picture is padded for the net, in px.
        rows: height of a strip in px.
        like: a tensor of the precision and on the device that the net runs in.
        progress: told and asked at each strip.

    Yields:
        The first row and the strip (1, 3, h, W'): the result in the net's padded size, in order.
    """
    source: Rows = Photo(pixels, *size, like)
    skip: Rows | None = None
    work = _work(steps, size)
    total, done = sum(work), 0.0
    for step, layer_work in zip(steps[:-1], work[:-1], strict=True):
        if step.layer.opens_block:
            skip = source
        part = SubProgress(progress, done / total, (done + layer_work) / total)
        source = _run_layer(step, source, skip, size[0], rows, part)
        if step.layer.closes_block:
            skip = None  # frees a plane
        done += layer_work
    part = SubProgress(progress, done / total, 1.0)
    for start in range(0, size[0], rows):
        part.report(start / size[0], "painting")
        stop = min(size[0], start + rows)
        yield start, steps[-1].layer.activate(convolve_rows(steps[-1], source, start, stop))


def _run_layer(
    step: Step, source: Rows, skip: Rows | None, full_height: int, rows: int, progress: Progress
) -> Rows:
    """A layer's activations: kept in memory, or at full height computed when they are read."""
    if step.affine is None:
        return Computed(step, source)
    height, _ = output_size(step, source.height, source.width)
    # An even number of rows of about the same memory as a strip of the full picture.
    rows = max(2, rows * max(1, full_height // (2 * height)) // 2 * 2)
    kept = None if height == full_height else _place(step, source, skip, rows)
    strips = [(start, min(height, start + rows)) for start in range(0, height, rows)]
    statistics = Statistics(covariance=step.layer.whitens)
    origin: Tensor | None = None
    for start, strip in _convolved(step, source, strips, progress):
        if kept is not None:
            # Half precision has no room for a mean, which normalisation takes away anyway.
            origin = strip.mean((2, 3), keepdim=True) if origin is None else origin
            strip.sub_(origin)
            kept.write(start, strip)
        statistics.add(strip)
    normalise = statistics.normalisation(step)
    if kept is None:
        return Computed(step, source, normalise)
    for start, stop in strips:
        strip = step.layer.activate(normalise(kept.read(start, stop)))
        if step.layer.closes_block and skip is not None:
            strip += skip.read(start, stop)
        kept.write(start, strip)
    give_back()  # what the allocator would keep between pieces of other sizes
    return kept


def _place(step: Step, source: Rows, skip: Rows | None, rows: int) -> Kept:
    """A plane for what a layer leaves: its input's, where that has the size and no other reader."""
    layer = step.layer
    shape = 1, layer.conv.out_channels, *output_size(step, source.height, source.width)
    free = layer.closes_block and source is not skip and layer.padding <= rows
    if free and isinstance(source, Kept) and source.data.shape == shape:
        return source
    return Kept(*shape[1:], source.read(0, 1))


def _convolved(
    step: Step, source: Rows, strips: list[tuple[int, int]], progress: Progress
) -> Iterator[tuple[int, Tensor]]:
    """First row and strip, each once the next one has been computed, which looks at its rows."""
    last: tuple[int, Tensor] | None = None
    for start, stop in strips:
        progress.report(start / strips[-1][1], "painting")
        strip = convolve_rows(step, source, start, stop)
        if last is not None:
            yield last
        last = start, strip
    if last is not None:
        yield last


def _work(steps: list[Step], size: tuple[int, int]) -> list[float]:
    """Multiplications of each layer; one whose output is computed twice counts twice."""
    work: list[float] = []
    plane = size
    for index, step in enumerate(steps):
        plane = output_size(step, *plane)
        twice = 2 if plane == size and index < len(steps) - 1 else 1
        work.append(float(step.layer.conv.weight.numel() * plane[0] * plane[1] * twice))
    return work
