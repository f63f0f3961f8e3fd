"""PSD and PSB (Adobe Photoshop File Formats Specification): the flattened picture."""

import struct
from collections.abc import Iterator
from typing import Any, BinaryIO

import numpy as np

from studio.core.errors import StudioError
from studio.core.formats.metadata import exif, photoshop
from studio.core.formats.opened import DamagedError, Opened, Samples, Space, left_out, strips
from studio.core.words.said import say

_INDEXED, _RGB, _CMYK, _LAB = 2, 3, 4, 9
_SPACES = {
    1: Space.GREY,
    _INDEXED: Space.RGB,
    _RGB: Space.RGB,
    _CMYK: Space.CMYK,
    8: Space.GREY,
    _LAB: Space.LAB,
}
_RESOLUTION, _ICC, _EXIF, _XMP = 1005, 1039, 1058, 1060
_RAW, _PACKED = 0, 1


def read(file: BinaryIO) -> Opened:
    """Reads all that a file says beside its pixels.

    Raises:
        DamagedError: it is cut short.
        StudioError: its samples are of a kind that the studio does not read.
    """
    version, channels, height, width, depth, mode = struct.unpack(">4xH6xHIIHH", _take(file, 26))
    space = _SPACES.get(mode)
    if space is None or depth not in {8, 16}:
        raise StudioError(
            say(
                "this kind of PSD cannot be read (mode {mode}, {depth} bits)",
                mode=mode,
                depth=depth,
            ),
            "save it with 8 or 16 bits in RGB, and compatible with other programs",
        )
    palette = np.frombuffer(_section(file, ">I"), np.uint8)
    resources = _section(file, ">I")
    layers = _begun(file, ">I" if version == 1 else ">Q")
    inked = 1 if mode == _INDEXED else space.channels
    count = _layers(layers, version)
    alpha = channels > inked and count < 0  # which says what the first channel beyond colours is
    if channels < inked or (mode == _INDEXED and len(palette) != 768):
        raise DamagedError("too few channels")
    start, more = file.tell(), channels - inked - alpha

    def rows() -> Iterator[Samples]:
        file.seek(start)
        planes = _planes(file, (channels, height, width), depth, version)
        whole = np.moveaxis(planes[: inked + alpha], 0, -1)
        for strip in strips(whole):
            yield _meant(strip, mode, palette)

    said = photoshop.by_number(resources)
    notes = left_out([say("its layers")] if count else [])
    if more:
        notes.append(
            say("channels beside colours and transparency ({more}) are left out", more=more)
        )
    return Opened(
        format="PSD",
        width=width,
        height=height,
        rows=rows,
        decoded=2 * width * height * channels * depth // 8,
        space=space,
        white=255.0 if depth == 8 else 65535.0,
        alpha=alpha,
        bits=depth,
        icc=said.get(_ICC),
        exif=said.get(_EXIF),
        xmp=said.get(_XMP),
        dpi=_dpi(said.get(_RESOLUTION)),
        photoshop=photoshop.kept(resources),
        notes=notes,
    )


def _take(file: BinaryIO, count: int) -> bytes:
    data = file.read(count)
    if len(data) < count:
        raise DamagedError("cut short")
    return data


def _section(file: BinaryIO, length: str) -> bytes:
    (count,) = struct.unpack(length, _take(file, struct.calcsize(length)))
    return _take(file, count)


def _begun(file: BinaryIO, length: str) -> bytes:
    """The first bytes of a section that may be large, and is passed over."""
    (count,) = struct.unpack(length, _take(file, struct.calcsize(length)))
    start = file.tell()
    found = file.read(min(count, 16))
    file.seek(start + count)
    return found


def _layers(section: bytes, version: int) -> int:
    """How many layers there are, below 0 if the first channel beyond colours is transparency."""
    at = 4 if version == 1 else 8
    return struct.unpack_from(">h", section, at)[0] if len(section) >= at + 2 else 0


def _planes(file: BinaryIO, shape: tuple[int, int, int], depth: int, version: int) -> Samples:
    """The channels of the flattened picture, (C, H, W)."""
    from imagecodecs import packbits_decode

    kind: Any = np.dtype(">u2" if depth == 16 else "u1")
    (packing,) = struct.unpack(">H", _take(file, 2))
    if packing not in {_RAW, _PACKED}:
        raise DamagedError(f"compression {packing}")
    if packing == _PACKED:
        file.seek(shape[0] * shape[1] * (2 if version == 1 else 4), 1)
    data = file.read()
    needed = int(np.prod(shape, dtype=np.int64)) * kind.itemsize
    if packing == _PACKED:
        data = packbits_decode(data, out=needed)
    if len(data) < needed:
        raise DamagedError("cut short")
    return np.frombuffer(data, kind, needed // kind.itemsize).reshape(shape)


def _meant(samples: Samples, mode: int, palette: Samples) -> Samples:
    """Looks colours up, turns ink the right way round, and gives Lab its true units."""
    if mode == _INDEXED:
        return np.moveaxis(palette.reshape(3, 256), 0, -1)[samples[..., 0]]
    if mode == _CMYK:
        ink = samples.copy()
        ink[..., :4] = np.iinfo(samples.dtype).max - samples[..., :4]
        return ink
    if mode == _RGB and samples.shape[2] == 4:
        return _off_white(samples)
    if mode == _LAB:
        lab = samples.astype(np.float32)
        white = np.iinfo(samples.dtype).max
        lab[..., 0] *= 100 / white
        lab[..., 1:3] = lab[..., 1:3] / np.float32(1 if white == 255 else 256) - 128
        return lab
    return samples


def _off_white(samples: Samples) -> Samples:
    """Colours as they were before Photoshop laid them, by their transparency, on white."""
    white = np.float32(np.iinfo(samples.dtype).max)
    out = samples.astype(np.float32)
    alpha = out[..., 3:] / white
    bare = out[..., :3] - white * (1 - alpha)
    np.divide(bare, alpha, out=out[..., :3], where=alpha > 0)
    np.clip(out, 0, white, out=out)
    return out


def _dpi(resource: bytes | None) -> tuple[float, float] | None:
    if resource is None or len(resource) < 16:
        return None
    x, y = struct.unpack(">I4xI", resource[:12])
    return exif.checked_dpi((x / 65536, y / 65536))
