"""TIFF written: pixels by tifffile, and what each page says beside them by `in_tiff`."""

import io
from typing import Any

from studio.core.formats.metadata import exif, ifd, in_tiff, photoshop
from studio.core.formats.metadata.held import Held
from studio.core.formats.samples import array
from studio.core.picture import Picture

_CLASSIC_BYTES = 3 << 30
"""A larger picture becomes a BigTIFF, which has no room for EXIF as it is."""
_Tags = list[tuple[int, int, int, Any, bool]]


class TiffPages:
    """A TIFF that grows page by page, each with its own size, bits, colours and words."""

    def __init__(self) -> None:
        self._joined: in_tiff.Joined | None = None

    @property
    def size(self) -> int:
        """Bytes of the file so far."""
        return len(self._joined.data) if self._joined else 0

    @property
    def data(self) -> bytes:
        """The file."""
        return bytes(self._joined.data) if self._joined else b""

    def add(self, picture: Picture, told: Held) -> None:
        """Adds a page."""
        if self._joined is None:
            self._joined = in_tiff.Joined(told.exif)
        page = _page(picture, told, self._joined.order, big=False)
        self._joined.add(page, told.exif)


def encode(picture: Picture, told: Held) -> bytes:
    """Writes RGB or RGBA, 16 bits a channel where the picture's source had them, 8 otherwise."""
    samples = picture.width * picture.height * (3 if picture.alpha is None else 4)
    if samples * (2 if picture.metadata.bits > 8 else 1) > _CLASSIC_BYTES:
        return _page(picture, told, "<", big=True)
    pages = TiffPages()
    pages.add(picture, told)
    return pages.data


def _page(picture: Picture, told: Held, order: str, *, big: bool) -> bytes:
    """A TIFF of one page, but for its EXIF."""
    from tifffile import TiffWriter

    said, out = picture.metadata, io.BytesIO()
    tags: _Tags = [
        (tag, kind, len(content), content, True)
        for tag, kind, content in (
            (exif.XMP, ifd.BYTE, told.xmp),
            (exif.IPTC, ifd.UNDEFINED, photoshop.iptc(told.photoshop)),
            (exif.PHOTOSHOP, ifd.BYTE, photoshop.without_iptc(told.photoshop)),
        )
        if content
    ]
    with TiffWriter(out, bigtiff=big, byteorder=">" if order == ">" else "<") as tiff:
        tiff.write(
            array(picture, 65535 if said.bits > 8 else 255),
            photometric="rgb",
            extrasamples=["unassalpha"] if picture.alpha is not None else None,
            compression="zlib", predictor=True, metadata=None, software=False,
            resolution=said.dpi, resolutionunit="INCH" if said.dpi else None,
            iccprofile=said.icc, extratags=tags,
        )  # fmt: skip
    return out.getvalue()
