"""PNG (W3C Recommendation, third edition): pixels by libpng, the chunks beside them by us.

Pillow has no 16-bit RGB and imagecodecs has no metadata; so imagecodecs codes the pixels, and the
few chunks of metadata are read, and put in after the header, here.
"""

import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from studio.core.formats import exif
from studio.core.formats.opened import DamagedError, Opened, Samples, Space, strips
from studio.core.formats.samples import array
from studio.core.picture import Picture

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_IMAGE_CHUNKS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}
"""All that libpng gets to see: of the others it would complain on the terminal."""
_REQUEST = b"studio.request"
_XMP = b"XML:com.adobe.xmp"
_INCH = 0.0254
_LARGEST_TEXT = 16 << 20
"""In bytes: what a compressed profile, or all texts together, may unfold to."""


def read(file: BinaryIO) -> Opened:
    """Reads all that a PNG says beside its pixels.

    Raises:
        DamagedError: a chunk is cut short or wrong.
    """
    data = file.read()
    chunks: dict[bytes, bytes] = {}
    texts: dict[bytes, bytes] = {}
    image, room = [SIGNATURE], _LARGEST_TEXT
    for kind, start, end in _chunks(data):
        if kind in _IMAGE_CHUNKS:
            image.append(data[start:end])
        if kind in {b"tEXt", b"zTXt", b"iTXt"}:
            found = _text(kind, data[start + 8 : end - 4], room)
            room -= sum(map(len, found.values()))
            texts.update(found)
        elif kind != b"IDAT":
            chunks.setdefault(kind, data[start + 8 : end - 4])
    if len(chunks.get(b"IHDR", b"")) != 13:
        raise DamagedError("no header")
    width, height, depth, colours = struct.unpack(">IIBB", chunks[b"IHDR"][:10])

    def rows() -> Iterator[Samples]:
        from imagecodecs import png_decode

        return strips(png_decode(b"".join(image)))

    request = texts.get(_REQUEST)
    return Opened(
        format="PNG",
        width=width,
        height=height,
        rows=rows,
        decoded=width * height * 4 * (2 if depth == 16 else 1),
        space=Space.GREY if colours in {0, 4} else Space.RGB,
        white=65535.0 if depth == 16 else 255.0,
        alpha=colours in {4, 6} or b"tRNS" in chunks,
        bits=16 if depth == 16 else 8,
        icc=_profile(chunks.get(b"iCCP")),
        exif=chunks.get(b"eXIf"),
        xmp=texts.get(_XMP),
        dpi=_dpi(chunks.get(b"pHYs")),
        request=None if request is None else request.decode("utf-8", "replace"),
    )


def encode(picture: Picture, request_json: str) -> bytes:
    """Writes 16 bits a channel where the picture's source had them, and 8 otherwise."""
    from imagecodecs import png_encode

    data = png_encode(array(picture, 65535 if picture.metadata.bits == 16 else 255), level=6)
    said = picture.metadata
    block = exif.built(said.exif, size=(picture.width, picture.height), dpi=None, request_json="")
    extra: list[bytes] = []
    if said.icc:
        extra.append(_chunk(b"iCCP", b"ICC profile\x00\x00" + zlib.compress(said.icc)))
    if said.dpi:
        x, y = (round(value / _INCH) for value in said.dpi)
        extra.append(_chunk(b"pHYs", struct.pack(">IIB", x, y, 1)))
    if block:
        extra.append(_chunk(b"eXIf", block))
    if said.xmp:
        extra.append(_chunk(b"iTXt", _XMP + b"\x00\x00\x00\x00\x00" + said.xmp))
    if request_json:
        text = request_json.encode("utf-8")
        if request_json.isascii():
            extra.append(_chunk(b"tEXt", _REQUEST + b"\x00" + text))
        else:
            extra.append(_chunk(b"iTXt", _REQUEST + b"\x00\x00\x00\x00\x00" + text))
    after_header = len(SIGNATURE) + 12 + 13
    return b"".join((data[:after_header], *extra, data[after_header:]))


def _chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Yields type, start and end (of length, type, content and checksum) of each chunk.

    Raises:
        DamagedError: the file ends before its end chunk.
    """
    start = len(SIGNATURE)
    while start + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, start)
        end = start + 12 + length
        if end > len(data):
            break
        yield kind, start, end
        if kind == b"IEND":
            return
        start = end
    raise DamagedError("cut short")


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(content, zlib.crc32(kind))
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)


def _text(kind: bytes, content: bytes, most: int) -> dict[bytes, bytes]:
    """Keyword and UTF-8 text of a text chunk; nothing where it is broken, or longer than `most`."""
    keyword, _, rest = content.partition(b"\x00")
    if kind == b"tEXt":
        return {keyword: rest.decode("latin-1").encode("utf-8")}
    if kind == b"zTXt":
        return {keyword: (_unfolded(rest[1:], most) or b"").decode("latin-1").encode("utf-8")}
    parts = rest[2:].split(b"\x00", 2)
    if len(parts) != 3:
        return {}
    text = _unfolded(parts[2], most) if rest[:1] == b"\x01" else parts[2]
    return {} if text is None else {keyword: text}


def _profile(content: bytes | None) -> bytes | None:
    if content is None:
        return None
    return _unfolded(content.partition(b"\x00")[2][1:], _LARGEST_TEXT)


def _dpi(content: bytes | None) -> tuple[float, float] | None:
    if content is None or len(content) != 9 or content[8] != 1:
        return None
    x, y = struct.unpack(">II", content[:8])
    return exif.checked_dpi((x * _INCH, y * _INCH))


def _unfolded(packed: bytes, most: int) -> bytes | None:
    if most <= 0:
        return None
    unfolding = zlib.decompressobj()
    try:
        text = unfolding.decompress(packed, most)
    except zlib.error:
        return None
    return None if unfolding.unconsumed_tail else text
