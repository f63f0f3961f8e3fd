"""PNG (W3C Recommendation, third edition): pixels by libpng, the chunks beside them by us.

Pillow has no 16-bit RGB and imagecodecs has no metadata; so imagecodecs codes the pixels, and the
few chunks of metadata are read, and put in after the header, here.
"""

import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from studio.core.formats import cicp
from studio.core.formats.metadata import exif, raw_profiles
from studio.core.formats.metadata.held import Held
from studio.core.formats.opened import DamagedError, Opened, Samples, Space, left_out, strips
from studio.core.formats.samples import array
from studio.core.picture import Metadata, Picture, Text
from studio.core.words.said import say

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_IMAGE_CHUNKS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}
"""All that libpng gets to see: of the others it would complain on the terminal."""
_TEXT_CHUNKS = {b"tEXt", b"zTXt", b"iTXt"}
_OF_ITS_OWN = {b"pHYs", b"eXIf"}
"""Chunks that hold for changed pixels and have a place of their own."""
_PASSED = {
    *_IMAGE_CHUNKS, *_OF_ITS_OWN, b"iCCP", b"cICP", b"sRGB", b"gAMA", b"cHRM", b"bKGD", b"hIST",
    b"acTL", b"fcTL", b"fdAT", b"iDOT",
}  # fmt: skip
"""Chunks of which nothing need be said: they are looked at, or tell how a file is coded."""
_OF_SRGB = (b"sRGB", b"gAMA", b"cHRM")
"""What a PNG in sRGB says of it, and others who are in it need not say."""
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
    known: dict[bytes, bytes] = {}
    texts: list[Text] = []
    image, notes, room = [SIGNATURE], list[str](), _LARGEST_TEXT
    for kind, start, end in split(data):
        content = data[start + 8 : end - 4]
        if kind in _IMAGE_CHUNKS:
            image.append(data[start:end])
        if kind in _TEXT_CHUNKS:
            found = _text(kind, content, room) if _is_known(content) else {}
            if found and all(map(raw_profiles.is_whole, found, found.values())):
                room -= sum(map(len, found.values()))
                known.update(found)
            else:
                texts.append(Text(kind.decode("ascii"), content))
        elif _goes_along(kind, content):
            texts.append(Text(kind.decode("ascii"), content))
        elif kind != b"IDAT":
            chunks.setdefault(kind, content)
    if len(chunks.get(b"IHDR", b"")) != 13:
        raise DamagedError("no header")
    if b"IEND" not in chunks:
        image += _missing(data)
        notes.append(say("the file lacks its end, but no pixels"))
    frames = int.from_bytes(chunks.get(b"acTL", b"")[:4], "big")
    width, height, depth, colours = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
    profiles = raw_profiles.found(known)
    notes += left_out(
        sorted({Text(kind.decode("latin-1"), b"").what for kind in chunks.keys() - _PASSED})
    )
    if profiles.exif and exif.body(chunks.get(b"eXIf")) not in {None, exif.body(profiles.exif)}:
        notes += left_out([say("a second EXIF")])
    named = _named(chunks.get(b"cICP"), notes)
    icc = _profile(chunks.get(b"iCCP")) or profiles.icc
    if icc is None and b"iCCP" in chunks:
        notes.append(say("its colour profile is broken, and left out"))
    icc = None if named else icc or _profile_of_gamma(chunks)  # section 4.3: in this order
    if not icc and not named:
        texts += [Text(kind.decode(), chunks[kind]) for kind in _OF_SRGB if kind in chunks]

    def rows() -> Iterator[Samples]:
        from imagecodecs import png_decode

        return strips(png_decode(b"".join(image)))

    request = known.get(_REQUEST)
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
        icc=icc,
        cicp=named,
        exif=chunks.get(b"eXIf") or profiles.exif,
        xmp=known.get(_XMP) or profiles.xmp,
        dpi=_dpi(chunks.get(b"pHYs")),
        request=None if request is None else request.decode("utf-8", "replace"),
        photoshop=profiles.photoshop,
        texts=tuple(texts),
        count=max(1, frames),
        notes=notes,
    )


def encode(picture: Picture, told: Held) -> bytes:
    """Writes 16 bits a channel where the picture's source had them, and 8 otherwise."""
    from imagecodecs import PNG, png_encode

    pixels = array(picture, 65535 if picture.metadata.bits > 8 else 255)
    # Runs alone are looked for, since a photo's rows hardly repeat: a fifth of the time of the
    # usual search for all that repeats, for a file that is rather smaller.
    data = png_encode(pixels, level=6, strategy=PNG.STRATEGY.RLE)
    return with_words(bytes(data), picture.metadata, told)


def with_words(data: bytes, said: Metadata, told: Held) -> bytes:
    """An encoded PNG with what it says beside its pixels, after its header."""
    extra: list[bytes] = []
    if said.icc:
        extra.append(chunk(b"iCCP", b"ICC profile\x00\x00" + zlib.compress(said.icc)))
    if said.cicp:
        extra.append(chunk(b"cICP", bytes([*said.cicp, 0, 1])))
    if said.dpi:
        x, y = (round(value / _INCH) for value in said.dpi)
        extra.append(chunk(b"pHYs", struct.pack(">IIB", x, y, 1)))
    if told.exif:
        extra.append(chunk(b"eXIf", told.exif))
    if told.xmp:
        extra.append(chunk(b"iTXt", _XMP + b"\x00\x00\x00\x00\x00" + told.xmp))
    if told.photoshop:
        extra.append(chunk(b"zTXt", raw_profiles.written(told.photoshop)))
    extra += [_text_chunk(text) for text in told.texts if _is_true(text, data)]
    if told.request:
        extra.append(_any_text(_REQUEST, told.request))
    after_header = len(SIGNATURE) + 12 + 13
    return b"".join((data[:after_header], *extra, data[after_header:]))


def _is_true(text: Text, data: bytes) -> bool:
    """Whether a text holds for an encoded PNG: of the bits that count, only if all do."""
    channels = 4 if data[25] & 4 else 3
    return text.kind != "sBIT" or text.data == data[24:25] * channels


def _text_chunk(text: Text) -> bytes:
    """A text as it was; a comment of another format under PNG's keyword for it."""
    if text.kind != "comment":
        return chunk(text.kind.encode("ascii"), text.data)
    try:
        words = text.data.decode("utf-8")
    except UnicodeDecodeError:
        words = text.data.decode("latin-1")
    return _any_text(b"Comment", words.rstrip("\x00"))


def _any_text(keyword: bytes, text: str) -> bytes:
    if text.isascii():
        return chunk(b"tEXt", keyword + b"\x00" + text.encode("ascii"))
    return chunk(b"iTXt", keyword + b"\x00\x00\x00\x00\x00" + text.encode("utf-8"))


def _goes_along(kind: bytes, content: bytes) -> bool:
    """Whether a chunk is of those that hold for changed pixels too (section 14.2), or for HDR."""
    if kind in _OF_ITS_OWN:
        return kind == b"pHYs" and content[8:] == b"\x00"  # the shape of a pixel
    return bool(kind[3] & 0x20) or kind in {b"tIME", b"mDCV", b"cLLI", b"sBIT"}


def _is_known(content: bytes) -> bool:
    """Whether a text is one for which there is a place of its own."""
    keyword = content.partition(b"\x00")[0]
    return keyword in {_REQUEST, _XMP} or keyword in raw_profiles.KEYWORDS


def split(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Yields type, start and end (of length, type, content and checksum) of each whole chunk."""
    start = len(SIGNATURE)
    while start + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, start)
        end = start + 12 + length
        if end > len(data):
            return
        yield kind, start, end
        if kind == b"IEND":
            return
        start = end


def _missing(data: bytes) -> list[bytes]:
    """The end that a file lacks, and before it what there is of the pixels that were cut off.

    Whether pixels are lacking too, libpng says.

    Raises:
        DamagedError: it ends before its pixels.
    """
    whole = list(split(data))
    rest = data[whole[-1][2] if whole else 0 :]
    length = int.from_bytes(rest[:4], "big")
    pixels = [chunk(b"IDAT", rest[8 : 8 + length])] if rest[4:8] == b"IDAT" else []
    if not pixels and all(kind != b"IDAT" for kind, _, _ in whole):
        raise DamagedError("cut short")
    return [*pixels, chunk(b"IEND", b"")]


def chunk(kind: bytes, content: bytes) -> bytes:
    """A whole chunk, with its length and checksum."""
    check = zlib.crc32(content, zlib.crc32(kind))
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)


def _text(kind: bytes, content: bytes, most: int) -> dict[bytes, bytes]:
    """Keyword and UTF-8 text of a text chunk; nothing where it is broken, or longer than `most`."""
    keyword, _, rest = content.partition(b"\x00")
    if kind == b"tEXt":
        return {keyword: rest.decode("latin-1").encode("utf-8")}
    if kind == b"zTXt":
        packed = _unfolded(rest[1:], most)
        return {} if packed is None else {keyword: packed.decode("latin-1").encode("utf-8")}
    parts = rest[2:].split(b"\x00", 2)
    if len(parts) != 3:
        return {}
    text = _unfolded(parts[2], most) if rest[:1] == b"\x01" else parts[2]
    return {} if text is None else {keyword: text}


def _profile(content: bytes | None) -> bytes | None:
    if content is None:
        return None
    return _unfolded(content.partition(b"\x00")[2][1:], _LARGEST_TEXT)


def _named(content: bytes | None, notes: list[str]) -> cicp.Cicp | None:
    if not content or len(content) != 4:
        return None
    if content[2:] != b"\x00\x01":
        notes.append(
            say("its colours are taken as RGB of full range, which they are not said to be")
        )
    return cicp.found(content[0], content[1], notes)


def _profile_of_gamma(chunks: dict[bytes, bytes]) -> bytes | None:
    """What gAMA and cHRM say of the colours, where nothing better does (section 4.3)."""
    gamma, chromaticities = chunks.get(b"gAMA", b""), chunks.get(b"cHRM", b"")
    whole = len(chromaticities) == 32
    if not (len(gamma) == 4 or whole) or chunks.keys() & {b"iCCP", b"sRGB", b"cICP"}:
        return None
    points = struct.unpack(">8I", chromaticities) if whole else ()
    exponent = int.from_bytes(gamma, "big") / 1e5 if len(gamma) == 4 else None
    return cicp.profile_of_gamma(exponent, tuple(p / 1e5 for p in points) or None)


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
