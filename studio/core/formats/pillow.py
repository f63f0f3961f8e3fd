"""JPEG, WebP, AVIF, BMP and GIF, by Pillow."""

import io
import os
import sys
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

import numpy as np
from PIL import ImageFile

from studio.core.errors import StudioError
from studio.core.formats import exif
from studio.core.formats.opened import Opened, Samples, Space, strip_rows
from studio.core.formats.samples import Alpha, image
from studio.core.picture import Picture
from studio.core.requests import SaveOptions

_JPEG_BLOCK = 65533
"""Bytes that one segment of a JPEG holds."""
_XMP_HEADER = 29
_LONGEST_SIDE = {"JPEG": 65500, "WEBP": 16383, "GIF": 65535, "AVIF": 65536}
"""In px; what the formats, or their encoders, can hold."""


def read(file: BinaryIO, kind: str) -> Opened:
    """Reads all that a file says beside its pixels; of a moving picture the first frame counts.

    Pillow's classes are called by name and not through `Image.open`: the kind is known, and the
    studio has its own limit for the size of a picture.

    Args:
        file: open for reading, at its beginning.
        kind: ``JPEG``, ``WEBP``, ``AVIF``, ``BMP`` or ``GIF``.
    """
    found = _class(kind)(file)
    info: dict[Any, Any] = found.info
    alpha = found.has_transparency_data
    grey = found.mode in {"1", "L", "LA", "I;16"}
    space = Space.GREY if grey else Space.CMYK if found.mode == "CMYK" else Space.RGB
    mode = {Space.GREY: "LA" if alpha else "L", Space.CMYK: "CMYK"}.get(
        space, "RGBA" if alpha else "RGB"
    )

    def rows() -> Iterator[Samples]:
        found.load()
        step = strip_rows(found.width)
        for top in range(0, found.height, step):
            strip = found.crop((0, top, found.width, min(top + step, found.height)))
            strip = strip if strip.mode == mode else strip.convert(mode)
            samples = np.asarray(strip)
            yield samples if samples.ndim == 3 else samples[..., None]

    xmp = info.get("xmp")
    return Opened(
        format=kind,
        width=found.width,
        height=found.height,
        rows=rows,
        decoded=found.width * found.height * (12 if kind == "WEBP" else 4),  # its canvas is kept
        space=space,
        alpha=alpha,
        icc=info.get("icc_profile"),
        exif=info.get("exif"),
        xmp=xmp.encode("utf-8") if isinstance(xmp, str) else xmp,
        dpi=exif.checked_dpi(info.get("dpi")),
    )


def encode(picture: Picture, kind: str, options: SaveOptions, request_json: str) -> bytes:
    """Writes 8 bits a channel. JPEG and BMP have no alpha: the picture is laid on white.

    Args:
        picture: what to write.
        kind: ``JPEG``, ``WEBP``, ``AVIF``, ``BMP`` or ``GIF``.
        options: quality; and lossless, which AVIF does to within 3 of 255 levels.
        request_json: kept in EXIF; BMP and GIF have no room for it.

    Raises:
        StudioError: the format cannot hold a picture so large.
    """
    longest = _LONGEST_SIDE.get(kind)
    if longest is not None and max(picture.width, picture.height) > longest:
        raise StudioError(
            f"{kind} holds at most {longest} pixels a side,"
            f" and this picture is {picture.width} x {picture.height}",
            "choose PNG or TIFF",
        )
    flat = image(picture, Alpha.ON_WHITE if kind in {"JPEG", "BMP"} else Alpha.KEPT)
    with _buffer() as out:
        flat.save(out, kind, **_keywords(picture, kind, options, request_json))
        out.seek(0)
        return out.read()


def _buffer() -> BinaryIO:
    """A file in memory, and a real one where that can be.

    Only into a real file does Pillow encode a JPEG without keeping Python's other threads waiting.
    """
    if sys.platform == "linux":
        return os.fdopen(os.memfd_create("picture"), "w+b")
    return io.BytesIO()


def _class(kind: str) -> Callable[[BinaryIO], ImageFile.ImageFile]:
    """The class with which Pillow reads a format."""
    if kind == "JPEG":
        from PIL.JpegImagePlugin import JpegImageFile as Found
    elif kind == "WEBP":
        from PIL.WebPImagePlugin import WebPImageFile as Found
    elif kind == "AVIF":
        from PIL.AvifImagePlugin import AvifImageFile as Found
    elif kind == "GIF":
        from PIL.GifImagePlugin import GifImageFile as Found
    else:
        from PIL.BmpImagePlugin import BmpImageFile as Found
    return Found


def _keywords(
    picture: Picture, kind: str, options: SaveOptions, request_json: str
) -> dict[str, Any]:
    """What Pillow's encoder is told: quality, and what the original said of itself."""
    said = picture.metadata
    if kind in {"BMP", "GIF"}:
        return {"dpi": said.dpi} if said.dpi and kind == "BMP" else {}
    block = exif.built(
        said.exif,
        size=(picture.width, picture.height),
        dpi=None if kind == "JPEG" and not said.exif else said.dpi,
        request_json=request_json,
        most=_JPEG_BLOCK if kind == "JPEG" else None,
    )
    keywords: dict[str, Any] = {"quality": options.quality}
    if block:
        keywords["exif"] = exif.PREFIX + block
    if said.icc:
        keywords["icc_profile"] = said.icc
    if said.xmp and (kind != "JPEG" or len(said.xmp) <= _JPEG_BLOCK - _XMP_HEADER):
        keywords["xmp"] = said.xmp
    return keywords | _quality(kind, options, said.dpi)


def _quality(kind: str, options: SaveOptions, dpi: tuple[float, float] | None) -> dict[str, Any]:
    full_colour = options.quality >= 90 or options.lossless
    if kind == "JPEG":
        # JPEG's own resolution is in whole dots; EXIF, where there is one, has it exactly.
        known = {"dpi": (max(1, round(dpi[0])), max(1, round(dpi[1])))} if dpi else {}
        return known | {"subsampling": 0 if full_colour else 2}
    if kind == "WEBP":
        return {"lossless": options.lossless, "exact": options.lossless, "method": 4}
    keywords: dict[str, Any] = {"subsampling": "4:4:4" if full_colour else "4:2:0"}
    return keywords | ({"quality": 100} if options.lossless else {})
