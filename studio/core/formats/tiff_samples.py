"""What the numbers of a TIFF mean: palettes, negatives, Lab, and numbers of science."""

from typing import Any, BinaryIO

import numpy as np

from studio.core.formats.opened import Samples
from studio.core.words.said import say

_ORIENTATION = 274
MINISWHITE, CIELAB, ICCLAB = 0, 8, 9
"""Photometric interpretations of the tag of that name."""


def scaled(samples: Samples, notes: list[str]) -> Samples:
    """Numbers of science and of light, as float32, [0, 1]; floats that are so already stay."""
    real = np.isfinite(samples)
    if not real.all():
        samples = np.where(real, samples, 0)
    low, high = min(0.0, float(samples.min())), float(samples.max())
    if samples.dtype.kind == "f" and low == 0 and high <= 1:
        return samples
    notes.append(
        say(
            "its numbers, {low:.6g} to {high:.6g}, are scaled to the range of a picture",
            low=low,
            high=high,
        )
    )
    return ((samples - np.float64(low)) / ((high - low) or 1.0)).astype(np.float32)


def from_ycbcr(file: BinaryIO, page: Any) -> Samples:
    """RGB of a page of brightness and colours, by the page's own coefficients, as libtiff has it.

    Args:
        file: which holds the page.
        page: of tifffile; 8 bits a channel.

    Returns:
        (H, W, 3) uint8, as stored: it is not turned.
    """
    from imagecodecs import tiff_decode

    file.seek(0)
    data = bytearray(file.read())
    tiff, turn = page.parent, page.tags.get(_ORIENTATION)
    order = "little" if tiff.byteorder == "<" else "big"
    at, size = (8, 8) if tiff.is_bigtiff else (4, 4)
    data[at : at + size] = page.offset.to_bytes(size, order)  # this page is the first one
    if turn is not None:
        data[turn.valueoffset : turn.valueoffset + 2] = (1).to_bytes(2, order)
    whole: Samples = tiff_decode(data, asrgb=True)
    return whole[..., :3]


def eight_bits(palette: Samples) -> Samples:
    """A palette's colours: the upper halves of its 16 bits, which all of its writers agree on.

    All but those who wrote 8 bits in the first place.
    """
    return palette >> 8 if palette.max() > 255 else palette


def meant(samples: Samples, photometric: int, white: float, palette: Samples | None) -> Samples:
    """Looks colours up, turns negatives round, and gives Lab its true units."""
    if palette is not None:
        return np.moveaxis(palette, 0, -1)[samples[..., 0].astype(np.intp)]
    if photometric == MINISWHITE:
        light = samples.astype(np.float32)
        light[..., 0] = white - light[..., 0]
        return light
    if photometric in {CIELAB, ICCLAB}:
        return _lab(samples, photometric, white)
    return samples


def _lab(samples: Samples, photometric: int, white: float) -> Samples:
    """L in [0, 100], a and b about [-128, 128); alpha, if any, stays as it is."""
    lab = samples.astype(np.float32)
    lab[..., 0] *= 100 / white
    step = np.float32(1 if white <= 255 else 256)
    if photometric == CIELAB:
        signed = np.int8 if white <= 255 else np.int16
        lab[..., 1:3] = samples[..., 1:3].astype(signed) / step
    else:
        lab[..., 1:3] = lab[..., 1:3] / step - 128
    return lab
