"""TIFF (revision 6.0, with Adobe's supplements), by tifffile: 8 and 16 bits a channel."""

import io
import struct
from collections.abc import Iterator
from typing import Any, BinaryIO

import numpy as np
from PIL import Image, UnidentifiedImageError

from studio.core.errors import StudioError
from studio.core.formats import exif
from studio.core.formats.opened import DamagedError, Opened, Samples, Space, strips
from studio.core.formats.samples import array
from studio.core.picture import Picture

_MINISWHITE, _PALETTE, _CMYK, _YCBCR, _CIELAB, _ICCLAB = 0, 3, 5, 6, 8, 9
_SPACES = {
    _MINISWHITE: Space.GREY,
    1: Space.GREY,
    2: Space.RGB,
    _PALETTE: Space.RGB,
    _CMYK: Space.CMYK,
    _YCBCR: Space.RGB,
    _CIELAB: Space.LAB,
    _ICCLAB: Space.LAB,
}
_JPEG_KINDS = {6, 7, 34892, 33007}
_ASSOCIATED, _UNASSOCIATED = 1, 2
_SIZELESS = {1, 2, 3, 4, 5, 8, 32773, 32946, 34925, 34926, 50000}
"""Compressions of nothing but bytes, which tifffile unfolds to as many as a tile has."""
_STREAMS = ("JPEG", "JPEG2000", "PNG", "WEBP")
_SLACK = 4
_XMP, _ICC = 700, 34675
_LONG, _ASCII, _BYTE = 4, 2, 1
_CLASSIC_BYTES = 3 << 30
"""A larger picture becomes a BigTIFF, which has no room for EXIF as Pillow writes it."""


def read(file: BinaryIO) -> Opened:
    """Reads all that the first page of a TIFF says beside its pixels.

    Raises:
        DamagedError: the file is cut short.
        StudioError: the samples are of a kind that the studio does not read.
    """
    from tifffile import TiffFile

    tiff = TiffFile(file)
    page: Any = tiff.pages.first
    if page.dtype is None:
        raise _unknown("it says nothing of its samples")
    size = tiff.filehandle.size
    spans = zip(page.dataoffsets, page.databytecounts, strict=False)
    if any(offset + count > size for offset, count in spans):
        raise DamagedError("cut short")
    photometric = int(page.photometric)
    _refuse_streams_of_other_sizes(file, page)
    space = _SPACES.get(photometric)
    if space is None or (photometric == _YCBCR and int(page.compression) not in _JPEG_KINDS):
        raise _unknown(f"its colours are of kind {photometric}")
    white = _white(page)
    colours = 1 if photometric == _PALETTE else space.channels
    extra = [int(kind) for kind in page.extrasamples]
    alpha = extra[:1] in ([_ASSOCIATED], [_UNASSOCIATED]) and photometric != _PALETTE
    if page.samplesperpixel < colours:
        raise _unknown("it has too few channels")
    palette = _eight_bits(page.colormap) if photometric == _PALETTE else None

    def rows() -> Iterator[Samples]:
        whole: Samples = page.asarray()
        if int(page.planarconfig) == 2 and whole.ndim == 3:
            whole = np.moveaxis(whole, 0, -1)
        for strip in strips(whole):
            yield _meant(strip[..., : colours + alpha], photometric, white, palette)

    tags: Any = page.tags
    orientation = tags.valueof(274, 1)
    return Opened(
        format="TIFF",
        width=page.imagewidth,
        height=page.imagelength,
        rows=rows,
        decoded=page.nbytes + _segment_pixels(page) * page.samplesperpixel * page.dtype.itemsize,
        space=space,
        white=255.0 if palette is not None else white,
        alpha=alpha,
        premultiplied=alpha and extra[0] == _ASSOCIATED,
        bits=16 if page.bitspersample > 8 else 8,
        icc=_bytes(tags.valueof(_ICC)),
        exif=exif.from_tiff(file),
        xmp=_bytes(tags.valueof(_XMP)),
        dpi=_dpi(tags),
        orientation=orientation if orientation in range(1, 9) else 1,
    )


def _segment_pixels(page: Any) -> int:
    """Pixels of a tile or strip."""
    if page.is_tiled:
        return int(page.tilewidth * page.tilelength)
    return int(page.imagewidth * min(page.rowsperstrip, page.imagelength))


def _refuse_streams_of_other_sizes(file: BinaryIO, page: Any) -> None:
    """Looks into tiles or strips that are whole pictures of a format with a size of its own.

    Raises:
        DamagedError: one is far larger than the TIFF says.
        StudioError: its format is not known here.
    """
    if int(page.compression) in _SIZELESS:
        return
    most = _SLACK * _segment_pixels(page) * max(1, page.samplesperpixel)
    for offset, count in zip(page.dataoffsets, page.databytecounts, strict=False):
        file.seek(offset)
        try:
            with Image.open(io.BytesIO(file.read(count)), formats=_STREAMS) as stream:
                width, height = stream.size
        except UnidentifiedImageError:
            raise _unknown(f"its compression is of kind {int(page.compression)}") from None
        except Image.DecompressionBombError:  # more px than Pillow would decode
            width = height = 1 << 14
        if width * height > most:
            raise DamagedError(f"{width} x {height} in a tile")


def encode(picture: Picture, request_json: str) -> bytes:
    """Writes RGB or RGBA, 16 bits a channel where the picture's source had them, 8 otherwise."""
    from tifffile import imwrite

    said = picture.metadata
    data = array(picture, 65535 if said.bits == 16 else 255)
    big = data.nbytes > _CLASSIC_BYTES
    block = exif.built(
        said.exif, size=(picture.width, picture.height), dpi=None, request_json=request_json
    )
    texts, below = exif.directories(block)
    tags: list[tuple[int, int, int, Any, bool]] = [(274, 3, 1, 1, True)]
    tags += [(tag, _ASCII, len(text), text, True) for tag, text in texts.items()]
    if said.xmp:
        tags.append((_XMP, _BYTE, len(said.xmp), said.xmp, True))
    out = io.BytesIO()
    imwrite(
        out,
        data,
        bigtiff=big,
        byteorder="<",
        photometric="rgb",
        extrasamples=["unassalpha"] if picture.alpha is not None else None,
        compression="zlib",
        predictor=True,
        resolution=said.dpi,
        resolutionunit="INCH" if said.dpi else None,
        iccprofile=said.icc,
        extratags=tags,
        metadata=None,
        software=False,
    )
    if not big:
        _add_directories(out, below)
    return out.getvalue()


def _add_directories(out: io.BytesIO, below: dict[int, dict[int, Any]]) -> None:
    """Adds the EXIF and GPS directories, which tifffile does not write, to a finished TIFF.

    They go to the end of the file, and after them a new first directory: the old one's entries,
    and a pointer to each of them.

    Args:
        out: the whole file: little-endian, one page, no BigTIFF.
        below: pointer tag to the tags and values of its directory.
    """
    out.seek(4)
    (first,) = struct.unpack("<I", out.read(4))
    out.seek(first)
    (count,) = struct.unpack("<H", out.read(2))
    entries = [out.read(12) for _ in range(count)]
    for pointer, values in below.items():
        end = _even_end(out)
        out.write(exif.tiff_directory(pointer, values, end))
        entries.append(struct.pack("<HHII", pointer, _LONG, 1, end))
    entries.sort(key=lambda entry: entry[1::-1])
    end = _even_end(out)
    out.write(struct.pack("<H", len(entries)) + b"".join(entries) + bytes(4))
    out.seek(4)
    out.write(struct.pack("<I", end))


def _even_end(out: io.BytesIO) -> int:
    """Goes to the end of a file, which is made even: there a directory may begin."""
    if out.seek(0, io.SEEK_END) % 2:
        out.write(b"\x00")
    return out.tell()


def _white(page: Any) -> float:
    """The sample that is fully bright.

    Raises:
        StudioError: the samples are neither whole numbers of 1 to 16 bits nor floats.
    """
    if page.dtype.kind == "f":
        return 1.0
    if page.dtype.kind not in "ub" or page.bitspersample > 16:
        raise _unknown(f"its samples are {page.dtype}")
    return float((1 << page.bitspersample) - 1)


def _eight_bits(palette: Samples) -> Samples:
    """A palette's colours: the upper halves of its 16 bits, which all of its writers agree on.

    All but those who wrote 8 bits in the first place.
    """
    return palette >> 8 if palette.max() > 255 else palette


def _meant(samples: Samples, photometric: int, white: float, palette: Samples | None) -> Samples:
    """Looks colours up, turns negatives round, and gives Lab its true units.

    Raises:
        StudioError: a float is beyond [0, 1].
    """
    if samples.dtype.kind == "f" and not ((samples >= 0) & (samples <= 1)).all():
        raise _unknown("its floating-point samples are beyond 0 to 1")
    if palette is not None:
        return np.moveaxis(palette, 0, -1)[samples[..., 0].astype(np.intp)]
    if photometric == _MINISWHITE:
        light = samples.astype(np.float32)
        light[..., 0] = white - light[..., 0]
        return light
    if photometric in {_CIELAB, _ICCLAB}:
        return _lab(samples, photometric, white)
    return samples


def _lab(samples: Samples, photometric: int, white: float) -> Samples:
    """L in [0, 100], a and b about [-128, 128); alpha, if any, stays as it is."""
    lab = samples.astype(np.float32)
    lab[..., 0] *= 100 / white
    step = np.float32(1 if white <= 255 else 256)
    if photometric == _CIELAB:
        signed = np.int8 if white <= 255 else np.int16
        lab[..., 1:3] = samples[..., 1:3].astype(signed) / step
    else:
        lab[..., 1:3] = lab[..., 1:3] / step - 128
    return lab


def _dpi(tags: Any) -> tuple[float, float] | None:
    unit = int(tags.valueof(296, 2))
    found = [tags.valueof(tag) for tag in (282, 283)]
    if unit not in {2, 3} or any(not isinstance(v, tuple) or not v[1] for v in found):
        return None
    scale = 2.54 if unit == 3 else 1.0
    x, y = (scale * value[0] / value[1] for value in found)
    return exif.checked_dpi((x, y))


def _bytes(value: object) -> bytes | None:
    return value if isinstance(value, bytes) and value else None


def _unknown(why: str) -> StudioError:
    return StudioError(
        f"this kind of TIFF cannot be read: {why}", "save it as an 8- or 16-bit RGB TIFF"
    )
