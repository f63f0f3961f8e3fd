"""TIFF (revision 6.0, with Adobe's supplements) read by tifffile: 8 and 16 bits a channel."""

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import Any, BinaryIO

import numpy as np
from PIL import Image, UnidentifiedImageError

from studio.core.errors import StudioError
from studio.core.formats.metadata import exif, in_tiff, photoshop
from studio.core.formats.opened import DamagedError, Opened, Samples, Space, left_out, strips
from studio.core.formats.tiff_samples import (
    CIELAB,
    ICCLAB,
    MINISWHITE,
    bands,
    comes_by_bands,
    eight_bits,
    from_ycbcr,
    meant,
    scaled,
)
from studio.core.picture import Text, pixel_shape
from studio.core.words.said import say

_PALETTE, _CMYK, _YCBCR = 3, 5, 6  # besides those of `tiff_samples`
_SPACES = {
    MINISWHITE: Space.GREY,
    1: Space.GREY,
    2: Space.RGB,
    _PALETTE: Space.RGB,
    _CMYK: Space.CMYK,
    _YCBCR: Space.RGB,
    CIELAB: Space.LAB,
    ICCLAB: Space.LAB,
}
_JPEG_KINDS = {6, 7, 34892, 33007}
_ASSOCIATED, _UNASSOCIATED = 1, 2
_SUBFILE, _OLD_SUBFILE, _REDUCED_OR_MASK, _OLD_REDUCED = 254, 255, 1 | 4, 2
_MOST_PAGES = 10_000
_CREDENTIALS = 0xCD41
_SIZELESS = {1, 2, 3, 4, 5, 8, 32773, 32946, 34925, 34926, 50000}
"""Compressions of nothing but bytes, which tifffile unfolds to as many as a tile has."""
_STREAMS = ("JPEG", "JPEG2000", "PNG", "WEBP")
_SLACK = 4


def read(file: BinaryIO) -> Opened:
    """Reads all that the first page of a TIFF says beside its pixels.

    Raises:
        DamagedError: the file is cut short.
        StudioError: the samples are of a kind that the studio does not read.
    """
    from tifffile import TiffFile

    page, pages = _photo(TiffFile(file))
    return replace(_opened(file, page), count=pages)


def read_pages(file: BinaryIO) -> list[Callable[[], Opened]]:
    """What reads the header, as `read` does, of each page that is a picture in full size.

    Args:
        file: open as long as they are called.
    """
    from tifffile import TiffFile

    file.seek(0)
    pages = _whole_pages(TiffFile(file))
    return [partial(_opened, file, page, alone=page is not pages[0]) for page in pages]


def _opened(file: BinaryIO, page: Any, *, alone: bool = False) -> Opened:
    """The header of a page; `alone`: what the first directory says is not about it."""
    if page.dtype is None:
        raise _unknown(say("it says nothing of its samples"))
    size = page.parent.filehandle.size
    spans = zip(page.dataoffsets, page.databytecounts, strict=False)
    if any(offset + count > size for offset, count in spans):
        raise DamagedError("cut short")
    if page.dtype.kind not in "ubif":
        raise _unknown(say("its samples are {kind}", kind=page.dtype))
    photometric = int(page.photometric)
    _refuse_streams_of_other_sizes(file, page)
    space = _SPACES.get(photometric)
    ycbcr = photometric == _YCBCR and int(page.compression) not in _JPEG_KINDS
    if space is None or (ycbcr and (page.bitspersample, page.samplesperpixel) != (8, 3)):
        raise _unknown(say("its colours are of kind {kind}", kind=photometric))
    plain = _is_plain(page)
    white = float((1 << page.bitspersample) - 1) if plain else 1.0
    colours = 1 if photometric == _PALETTE else space.channels
    extra = [int(kind) for kind in page.extrasamples]
    alpha = extra[:1] in ([_ASSOCIATED], [_UNASSOCIATED]) and photometric != _PALETTE
    if page.samplesperpixel < colours:
        raise _unknown(say("it has too few channels"))
    palette = eight_bits(page.colormap) if photometric == _PALETTE else None
    notes: list[str] = []

    def rows() -> Iterator[Samples]:
        if plain and not ycbcr and comes_by_bands(page):
            found = bands(page)
        else:
            whole: Samples = from_ycbcr(file, page) if ycbcr else page.asarray()
            if not ycbcr and int(page.planarconfig) == 2 and whole.ndim == 3:
                whole = np.moveaxis(whole, 0, -1)
            found = strips(whole if plain else scaled(whole, notes))
        for strip in found:
            yield meant(strip[..., : colours + alpha], photometric, white, palette)

    words = in_tiff.words(file, page.offset)
    if page.samplesperpixel > colours + alpha:
        more = page.samplesperpixel - colours - alpha
        notes.append(
            say("channels beside colours and transparency ({more}) are left out", more=more)
        )
    tags: Any = page.tags
    tag = tags.get(exif.LAYERS)
    if tag and photoshop.has_layers(file, tag.valueoffset, tag.valueoffset + tag.count):
        notes += left_out([say("its layers")])
    if _CREDENTIALS in tags:
        notes += left_out([say("content credentials")])
    description = words.get(exif.DESCRIPTION, b"")
    # A bare shape, as tifffile writes it, tells of the coding alone, and goes as that does.
    if exif.tells_of_a_stack(description) and not description.startswith(b"{"):
        notes.append(say("what its description says of a stack of pictures is left out"))
    orientation = tags.valueof(274)
    return Opened(
        format="TIFF",
        width=page.imagewidth,
        height=page.imagelength,
        rows=rows,
        decoded=page.nbytes * (1 if plain else 4)
        + _segment_pixels(page) * page.samplesperpixel * page.dtype.itemsize,
        space=space,
        white=255.0 if palette is not None else white,
        alpha=alpha,
        premultiplied=alpha and extra[0] == _ASSOCIATED,
        bits=max(8, page.bitspersample),
        icc=words.get(exif.ICC) or in_tiff.profile(page, notes),
        exif=exif.from_tiff(file, page=page.offset, alone=alone),
        xmp=words.get(exif.XMP),
        dpi=_dpi(tags),
        orientation=orientation if orientation in range(1, 9) else None,
        photoshop=photoshop.with_iptc(
            photoshop.kept(words.get(exif.PHOTOSHOP)), words.get(exif.IPTC)
        ),
        texts=_shape(tags),
        notes=notes,
    )


def _photo(tiff: Any) -> tuple[Any, int]:
    """The first page that is a picture in full size, and how many of these there are."""
    pages = _whole_pages(tiff)
    if pages:
        return pages[0], len(pages)
    first = tiff.pages.first
    below = [page for page in first.pages or () if _is_whole(page)]
    return max(below, key=lambda page: page.imagewidth * page.imagelength, default=first), 1


def _whole_pages(tiff: Any) -> list[Any]:
    return [page for page in islice(tiff.pages, _MOST_PAGES) if _is_whole(page)]


def _is_whole(page: Any) -> bool:
    """Whether a page is no thumbnail of another one, and no mask."""
    kind = page.tags.valueof(_SUBFILE, 0)
    return not (kind & _REDUCED_OR_MASK) and page.tags.valueof(_OLD_SUBFILE, 1) != _OLD_REDUCED


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
            raise _unknown(
                say("its compression is of kind {kind}", kind=int(page.compression))
            ) from None
        except Image.DecompressionBombError:  # more px than Pillow would decode
            width = height = 1 << 14
        if width * height > most:
            raise DamagedError(f"{width} x {height} in a tile")


def _is_plain(page: Any) -> bool:
    """Whether the samples are whole numbers of 1 to 16 bits."""
    return page.dtype.kind in "ub" and page.bitspersample <= 16


def _dpi(tags: Any) -> tuple[float, float] | None:
    unit = int(tags.valueof(296, 2))
    found = [tags.valueof(tag) for tag in (282, 283)]
    if unit not in {2, 3} or any(not isinstance(v, tuple) or not v[1] for v in found):
        return None
    scale = 2.54 if unit == 3 else 1.0
    x, y = (scale * value[0] / value[1] for value in found)
    return exif.checked_dpi((x, y))


def _shape(tags: Any) -> tuple[Text, ...]:
    """What its resolution says where it has no unit."""
    found = [tags.valueof(tag) for tag in (282, 283)]
    if int(tags.valueof(296, 2)) != 1 or any(not isinstance(v, tuple) or not v[1] for v in found):
        return ()
    across, down = (value[0] / value[1] for value in found)
    return pixel_shape(across, down)


def _unknown(why: str) -> StudioError:
    return StudioError(
        say("this kind of TIFF cannot be read: {why}", why=why),
        "save it as an 8- or 16-bit RGB TIFF",
    )
