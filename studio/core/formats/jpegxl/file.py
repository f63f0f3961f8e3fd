"""Opening a JPEG XL; one that was made of a JPEG becomes that again, with all that it said."""

import io
from dataclasses import replace
from typing import BinaryIO

import numpy as np

from studio.core.formats import pillow
from studio.core.formats.boxes import boxes
from studio.core.formats.jpegxl.header import read_header, read_size
from studio.core.formats.opened import (
    DamagedError,
    Opened,
    Samples,
    Space,
    check_size,
    left_out,
    strips,
)
from studio.core.memory import refuse_beyond_memory
from studio.core.words.said import say

CODESTREAM = b"\xff\x0a"
_MOST_BYTES = 16 + 16  # of a decoded pixel, and of one of a `Picture`
_LARGEST_BOX = 16 << 20


def size(file: BinaryIO) -> tuple[int, int]:
    """Width and height in px, as stored, without decoding.

    Raises:
        DamagedError: it has no header.
    """
    return read_size(_parts(file.read())[CODESTREAM])


def read(file: BinaryIO, limit: float) -> Opened:
    """Decodes: only then is it known what the samples are. Of a moving picture, the first frame.

    Args:
        file: open for reading, at its beginning.
        limit: in megapixels; checked before anything is decoded.

    Raises:
        StudioError: it is larger than `limit`, or needs more memory than is left.
        DamagedError: it has no header.
    """
    from imagecodecs import jpegxl_decode

    data = file.read()
    parts = _parts(data)
    width, height = read_size(parts[CODESTREAM])
    check_size(width, height, limit, say("the picture"))
    refuse_beyond_memory(width * height * _MOST_BYTES, say("the picture"))
    block = parts.get(b"Exif", b"")
    exif, xmp = block[4 + int.from_bytes(block[:4], "big") :] or None, parts.get(b"xml ")
    if b"jbrd" in parts and (jpeg := _as_jpeg(data)) is not None:
        return replace(jpeg, format="JPEG XL", exif=exif or jpeg.exif, xmp=xmp or jpeg.xmp)
    said = read_header(parts[CODESTREAM])
    pixels: Samples = jpegxl_decode(said.instead or data, index=0, keeporientation=True)
    channels = 1 if pixels.ndim == 2 else pixels.shape[2]
    white = 1.0 if pixels.dtype.kind == "f" else float((1 << said.bits) - 1)
    return Opened(
        format="JPEG XL",
        width=width,
        height=height,
        decoded=0,  # it is there already
        rows=lambda: strips(np.clip(pixels, 0, white)),
        space=Space.GREY if channels < 3 else Space.RGB,
        white=white,
        alpha=channels in {2, 4},
        premultiplied=said.premultiplied,
        bits=8 * pixels.itemsize if white == 1 else max(8, said.bits),
        icc=said.icc,
        exif=exif,
        xmp=xmp,
        cicp=said.colours,
        orientation=said.orientation,
        notes=[*said.notes, *left_out([say("content credentials")] if b"jumb" in parts else [])],
    )


def _as_jpeg(data: bytes) -> Opened | None:
    """The JPEG that it was made of; None: what was in it has been changed since."""
    from imagecodecs import JpegxlError, jpegxl_decode_jpeg

    try:
        return pillow.read(io.BytesIO(jpegxl_decode_jpeg(data, numthreads=1)), "JPEG")
    except JpegxlError:
        return None


def _parts(data: bytes) -> dict[bytes, bytes]:
    """The boxes of a file; its pixels, which may have none around them, under `CODESTREAM`.

    Raises:
        DamagedError: there are no pixels.
    """
    if data.startswith(CODESTREAM):
        return {CODESTREAM: data}
    parts: dict[bytes, bytes] = {}
    pieces = b""
    for kind, start, end in boxes(data):
        content = data[start:end]
        if kind == b"brob":  # how most encoders put EXIF and XMP
            kind, content = content[:4], _unpacked(content[4:])  # noqa: PLW2901
        if kind == b"jxlp":
            pieces += content[4:]  # behind their numbers
        parts.setdefault(kind, content)
    stream = parts.get(b"jxlc") or pieces
    if not stream.startswith(CODESTREAM):
        raise DamagedError("no header")
    return parts | {CODESTREAM: stream}


def _unpacked(content: bytes) -> bytes:
    from imagecodecs import BrotliError, brotli_decode

    try:
        return bytes(brotli_decode(content, out=_LARGEST_BOX))
    except BrotliError:
        return b""
