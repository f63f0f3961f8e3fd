"""JPEG, WebP, BMP and GIF, by Pillow; and TGA, ICO, QOI, PCX, DDS and PBM, which are only read."""

import io
import math
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, BinaryIO

import numpy as np
from PIL import Image, ImageFile

from studio.core.errors import StudioError
from studio.core.formats import cicp, gif
from studio.core.formats.losses import OPAQUE, keeps_all
from studio.core.formats.metadata import exif, in_bmp, in_gif, in_jpeg, in_webp
from studio.core.formats.metadata.held import Held
from studio.core.formats.opened import Opened, Samples, Space, left_out, strip_rows, strips
from studio.core.formats.samples import Alpha, image
from studio.core.picture import Metadata, Picture, Text, pixel_shape
from studio.core.requests import SaveOptions
from studio.core.words.said import say

EIGHT_BITS = say("of frames 8 bits a channel are taken")
_MOVING = {"GIF", "WEBP", "AVIF"}
_LONGEST_SIDE = {"JPEG": 65500, "WEBP": 16383, "GIF": 65535, "AVIF": 65536}
"""In px; what the formats, or their encoders, can hold."""


def read(file: BinaryIO, kind: str, longest: int | None = None) -> Opened:
    """Reads all that a file says beside its pixels; of a moving picture the first frame counts.

    Pillow's classes are called by name and not through `Image.open`: the kind is known, and the
    studio has its own limit for the size of a picture.

    Args:
        file: open for reading, at its beginning.
        kind: a format of this file, as in `Metadata.format`.
        longest: a reduced copy of a JPEG will do, its longest side at least so many px.
    """
    found = _class(kind)(file)
    whole = found.size
    if longest is not None:
        scale = longest / max(whole)
        found.draft(None, (math.ceil(whole[0] * scale), math.ceil(whole[1] * scale)))
    info: dict[Any, Any] = found.info
    alpha = found.has_transparency_data
    grey = found.mode in {"1", "L", "LA", "I;16"}
    space = Space.GREY if grey else Space.CMYK if found.mode == "CMYK" else Space.RGB
    mode = {Space.GREY: "LA" if alpha else "L", Space.CMYK: "CMYK"}.get(
        space, "RGBA" if alpha else "RGB"
    )

    frames = getattr(found, "n_frames", 1) if kind in _MOVING else 1
    notes: list[str] = []

    def rows() -> Iterator[Samples]:
        shown = _loaded(found, file, kind, notes)
        step = strip_rows(shown.width)
        for top in range(0, shown.height, step):
            strip = shown.crop((0, top, shown.width, min(top + step, shown.height)))
            strip = strip if strip.mode == mode else strip.convert(mode)
            samples = np.asarray(strip)
            yield samples if samples.ndim == 3 else samples[..., None]

    opened = Opened(
        format=kind,
        width=found.width,
        height=found.height,
        rows=rows,
        decoded=found.width * found.height * (12 if kind == "WEBP" else 4),  # its canvas is kept
        space=space,
        alpha=alpha,
        icc=info.get("icc_profile"),
        exif=info.get("exif"),
        xmp=info.get("xmp"),
        dpi=exif.checked_dpi(info.get("dpi")),
        count=frames,
        notes=notes,
        whole=None if found.size == whole else whole,
    )
    if kind == "JPEG":
        return _as_jpeg(opened, found, file)
    if kind == "BMP":
        return replace(opened, icc=in_bmp.profile(file))
    if kind == "ICO" and (count := len(info["sizes"])) > 1:
        notes.append(say("the largest of {count} pictures in it is taken", count=count))
    if kind == "GIF":
        beside = in_gif.read(file)
        notes.extend(left_out([say("content credentials")] if beside.has_credentials else []))
        texts = tuple(Text("comment", comment) for comment in beside.comments)
        opened = replace(opened, icc=beside.icc, xmp=beside.xmp, texts=texts)
        return opened if alpha or gif.covers(file, found.size) else _on_nothing(opened, file)
    if kind == "WEBP":
        told = in_webp.read(file)
        notes.extend(left_out(told.beside))
        return replace(opened, lossless=told.lossless)
    return opened


def _on_nothing(opened: Opened, file: BinaryIO) -> Opened:
    """A GIF whose first frame is smaller than the picture, around which Pillow paints a colour."""

    def rows() -> Iterator[Samples]:
        shown, _ = next(gif.read(file, (opened.width, opened.height)))
        yield from strips(shown[..., [0, 3]] if opened.space is Space.GREY else shown)

    return replace(opened, rows=rows, alpha=True)


def _as_jpeg(opened: Opened, found: ImageFile.ImageFile, file: BinaryIO) -> Opened:
    """With what the segments say: Pillow would make a resolution up, and knows not all of them."""
    said, info = in_jpeg.read(file), found.info
    if said.lost_extension:
        opened.notes.append(say("a part of its XMP is not in the file"))
    opened.notes.extend(left_out(said.beside))
    unit = {1: 1.0, 2: 2.54}.get(info.get("jfif_unit", 0))
    density = info.get("jfif_density")
    dots = None if unit is None or density is None else (density[0] * unit, density[1] * unit)
    shape = pixel_shape(*density) if density and not info.get("jfif_unit") else ()
    is_adobe = opened.space is Space.RGB and not opened.icc and exif.is_adobe_rgb(said.exif)
    return replace(
        opened,
        icc=cicp.adobe_rgb() if is_adobe else opened.icc,
        exif=said.exif,
        xmp=said.xmp,
        dpi=exif.checked_dpi(dots),
        photoshop=said.photoshop,
        texts=(*shape, *(Text("comment", comment) for comment in said.comments)),
    )


def _loaded(
    found: ImageFile.ImageFile, file: BinaryIO, kind: str, notes: list[str]
) -> ImageFile.ImageFile:
    """The picture with its pixels; of a JPEG without an end marker too."""
    try:
        found.load()
    except OSError:
        if kind != "JPEG":
            raise
        file.seek(0)
        ended = in_jpeg.ended(file.read())
        if ended is None:
            raise
        whole, missing = ended
        if missing:
            lacks = say(
                "the file lacks its end, and pixels in its last {count} rows", count=missing
            )
            notes.append(lacks)
        else:
            notes.append(say("the file lacks its end, but no pixels"))
        found = _class(kind)(io.BytesIO(whole))
        found.load()
    return found


def encode(picture: Picture, kind: str, options: SaveOptions, told: Held) -> bytes:
    """Writes 8 bits a channel. JPEG and BMP have no alpha: the picture is laid on white.

    Args:
        picture: what to write.
        kind: ``JPEG``, ``WEBP``, ``BMP`` or ``GIF``.
        options: quality; and lossless.
        told: what it says beside its pixels.

    Raises:
        StudioError: the format cannot hold a picture so large.
    """
    check_sides(picture, kind)
    flat = image(picture, Alpha.ON_WHITE if kind in OPAQUE else Alpha.KEPT)
    with buffer() as out:
        flat.save(out, kind, **keywords(picture, kind, options, told))
        out.seek(0)
        data = out.read()
    if kind == "JPEG":
        data = in_jpeg.with_segments(data, _segments(told))
        for text in told.texts:
            data = in_jpeg.with_density(data, in_jpeg.density(text))
    return data


def check_sides(picture: Picture, kind: str) -> None:
    """Raises a StudioError for a picture that is larger than its format can hold."""
    longest = _LONGEST_SIDE.get(kind)
    if longest is not None and max(picture.width, picture.height) > longest:
        raise StudioError(
            say(
                "{kind} holds at most {longest} pixels a side, and this picture is {width} x"
                " {height}",
                kind=kind,
                longest=longest,
                width=picture.width,
                height=picture.height,
            ),
            "choose PNG or TIFF",
        )


def _segments(told: Held) -> list[bytes]:
    found: list[bytes] = []
    if told.exif:
        found.append(in_jpeg.exif_segment(told.exif))
    if told.xmp:
        found += in_jpeg.xmp_segments(told.xmp) or []
    if told.photoshop:
        found += in_jpeg.photoshop_segments(told.photoshop)
    comments = [text.data for text in told.texts if text.kind == "comment"]
    return found + [in_jpeg.comment_segment(comment) for comment in comments]


def buffer() -> BinaryIO:
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
    elif kind == "TGA":
        from PIL.TgaImagePlugin import TgaImageFile as Found
    elif kind == "ICO":
        from PIL.IcoImagePlugin import IcoImageFile as Found
    elif kind == "QOI":
        from PIL.QoiImagePlugin import QoiImageFile as Found
    elif kind == "PCX":
        from PIL.PcxImagePlugin import PcxImageFile as Found
    elif kind == "DDS":
        from PIL.DdsImagePlugin import DdsImageFile as Found
    elif kind == "PNM":
        from PIL.PpmImagePlugin import PpmImageFile as Found
    else:
        from PIL.BmpImagePlugin import BmpImageFile as Found
    return Found


class AsItIs(Image.Exif):
    """EXIF of which Pillow's AVIF encoder, which would write it anew, takes the bytes.

    Args:
        block: without prefix, upright.
    """

    def __init__(self, block: bytes) -> None:
        super().__init__()
        self._block = block

    def __bool__(self) -> bool:
        return True

    def tobytes(self, offset: int = 8) -> bytes:  # noqa: ARG002
        """The block, as it is."""
        return exif.PREFIX + self._block


def keywords(picture: Picture, kind: str, options: SaveOptions, told: Held) -> dict[str, Any]:
    """What Pillow's encoder is told: quality, and what the original said of itself."""
    said = picture.metadata
    if kind == "BMP":
        return {"dpi": said.dpi or (0, 0)}  # else Pillow would make 96 up
    if kind == "GIF":
        return {"comment": told.texts[0].data} if told.texts else {}
    found: dict[str, Any] = {"quality": options.quality}
    if told.exif and kind != "JPEG":
        found["exif"] = AsItIs(told.exif) if kind == "AVIF" else told.exif
    if told.xmp and kind != "JPEG":
        found["xmp"] = told.xmp
    if said.icc:
        found["icc_profile"] = said.icc
    return found | _quality(kind, options, said)


def _quality(kind: str, options: SaveOptions, said: Metadata) -> dict[str, Any]:
    full_colour, dpi = options.quality >= 90 or options.lossless, said.dpi
    if kind == "JPEG":
        # JPEG's own resolution is in whole dots; EXIF, where there is one, has it exactly.
        known = {"dpi": (max(1, round(dpi[0])), max(1, round(dpi[1])))} if dpi else {}
        return known | {"subsampling": 0 if full_colour else 2}
    if kind == "WEBP":
        exact = keeps_all(said, options)
        return {"lossless": exact, "exact": exact, "method": 4}
    keywords: dict[str, Any] = {"subsampling": "4:4:4" if full_colour else "4:2:0"}
    return keywords | ({"quality": 100} if options.lossless else {})
