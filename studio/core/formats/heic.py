"""HEIC (ISO/IEC 23008-12), by pillow-heif: 8 bits a channel, and 10 for a 16-bit picture."""

import io
from collections.abc import Iterator
from typing import Any, BinaryIO

import numpy as np

from studio.core.errors import StudioError
from studio.core.formats import cicp
from studio.core.formats.boxes import beside, properties
from studio.core.formats.metadata import exif
from studio.core.formats.metadata.held import Held
from studio.core.formats.opened import Opened, Samples, Space, left_out, strips
from studio.core.formats.samples import array
from studio.core.picture import Picture
from studio.core.requests import SaveOptions
from studio.core.words.said import say

_DEEP = 10  # bits a channel that are written


def read(file: BinaryIO) -> Opened:
    """Reads all that a HEIC says beside its pixels; what it itself says of turning libheif does."""
    library = _library()
    heif: Any = library.open_heif(file, convert_hdr_to_8bit=False, hdr_to_16bit=False)
    colours, _, depth = str(heif.mode).partition(";")
    info: dict[str, Any] = heif.info
    file.seek(0)
    data = file.read()
    is_turned = any(kind in {b"irot", b"imir"} for kind, _, _ in properties(data))
    said = exif.orientation(info.get("exif"))

    notes = (
        [] if len(heif) == 1 else [say("one of {count} pictures in it is taken", count=len(heif))]
    )
    notes += left_out(beside(data))
    named: dict[str, int] = info.get("nclx_profile") or {}

    def rows() -> Iterator[Samples]:
        return strips(np.asarray(heif))

    return Opened(
        format="HEIC",
        width=heif.size[0],
        height=heif.size[1],
        rows=rows,
        decoded=heif.size[0] * heif.size[1] * 4 * (2 if depth else 1),
        space=Space.GREY if colours[0] == "L" else Space.RGB,
        white=float((1 << int(depth or 8)) - 1),
        alpha=bool(heif.has_alpha),
        premultiplied=bool(heif.premultiplied_alpha),
        bits=int(depth or 8),
        icc=info.get("icc_profile"),
        exif=info.get("exif"),
        xmp=info.get("xmp"),
        orientation=1 if is_turned or said else None,  # as in an AVIF
        turned=said if is_turned else None,
        notes=notes,
        cicp=cicp.found(
            named.get("color_primaries", 2), named.get("transfer_characteristics", 2), notes
        ),
    )


def encode(picture: Picture, options: SaveOptions, told: Held) -> bytes:
    """Writes RGB or RGBA, its colours at half their resolution, as telephones ask for (4:2:0).

    Raises:
        StudioError: this build of pillow-heif has no encoder.
    """
    library = _library()
    said = picture.metadata
    if not library.libheif_info()["HEIF"]:
        raise StudioError("HEIC cannot be written on this system", "choose AVIF or WebP")
    depth = _DEEP if said.bits > 8 else 8
    whole = array(picture, (1 << depth) - 1)
    mode = ("RGB" if whole.shape[2] == 3 else "RGBA") + (f";{_DEEP}" if depth == _DEEP else "")
    image: Any = library.from_bytes(mode, (picture.width, picture.height), whole.data)
    if said.icc:
        image.info["icc_profile"], image.info["icc_profile_type"] = said.icc, "prof"
    out = io.BytesIO()
    quality: dict[str, Any] = {"quality": options.quality, "chroma": 420}
    if said.cicp:
        quality |= {
            "save_nclx_profile": True,
            "color_primaries": said.cicp[0],
            "transfer_characteristics": said.cicp[1],
        }
    if options.lossless:
        quality |= {"quality": -1, "chroma": 444, "matrix_coefficients": 0}
    image.save(out, exif=exif.PREFIX + told.exif if told.exif else None, xmp=told.xmp, **quality)
    return out.getvalue()


def _library() -> Any:
    """pillow-heif, whose functions have no full types."""
    import pillow_heif

    return pillow_heif
