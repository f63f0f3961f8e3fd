"""What the numbers of a TIFF mean: palettes, negatives, Lab, and numbers of science."""

from collections.abc import Iterator
from typing import Any, BinaryIO

import numpy as np

from studio.core.formats.opened import Samples, strip_rows
from studio.core.words.said import say

_ORIENTATION = 274
_READ_AT_ONCE = 8 << 20  # bytes of pieces that are unfolded together
MINISWHITE, CIELAB, ICCLAB = 0, 8, 9
"""Photometric interpretations of the tag of that name."""


def comes_by_bands(page: Any) -> bool:
    """Whether the strips or tiles of a page of tifffile hold all samples of rows from the top."""
    whole = page.is_contiguous and (page.fillorder, page.predictor) != (1, 1)
    odd = page.is_subsampled or page.is_ndpi or page.imagedepth != 1
    return int(page.planarconfig) != 2 and not (whole or odd)


def bands(page: Any) -> Iterator[Samples]:
    """The rows of such a page, as they come out of its strips or tiles.

    Yields:
        (h, W, samples), from the top: about a megapixel, or as high as the page's own pieces.
    """
    width, height = page.imagewidth, page.imagelength
    step = strip_rows(width)
    if page.is_contiguous:
        file, size = page.parent.filehandle, width * page.samplesperpixel
        for top in range(0, height, step):
            count = min(step, height - top)
            file.seek(page.dataoffsets[0] + top * size * page.dtype.itemsize)
            kind = page.parent.byteorder + page.dtype.char
            yield file.read_array(kind, count * size).reshape(count, width, -1)
        return
    own = page.tilelength if page.is_tiled else page.rowsperstrip
    step = max(1, step // own) * own
    band = np.empty(0)
    for piece, (_, _, top, left, _), _ in page.segments(buffersize=_READ_AT_ONCE):
        if top % step == 0 and left == 0:
            if top:
                yield band
            shape = (min(step, height - top), width, page.samplesperpixel)
            band = np.full(shape, page.nodata, page.dtype)
        if piece is not None:
            place = band[top % step : top % step + own, left : left + piece.shape[2]]
            place[...] = piece[0, : len(place), : place.shape[1]]
    yield band


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
