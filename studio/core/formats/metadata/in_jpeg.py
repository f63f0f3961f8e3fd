"""The segments of a JPEG (ITU-T T.81, annex B) that tell of the photo."""

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from studio.core.formats.metadata import extended, photoshop
from studio.core.formats.metadata.exif import PREFIX
from studio.core.picture import Text
from studio.core.words.said import say

_XMP = b"http://ns.adobe.com/xap/1.0/\x00"
_EXTENSION = b"http://ns.adobe.com/xmp/extension/\x00"
_JFIF = b"JFIF\x00"
_PHOTOSHOP = b"Photoshop 3.0\x00"
_SOI, _APP0, _APP1, _APP13, _SOS, _EOI, _COMMENT = 0xD8, 0xE0, 0xE1, 0xED, 0xDA, 0xD9, 0xFE
_APPS = set(range(_APP0, 0xF0))
_BESIDE = {
    b"ICC_PROFILE\x00": "",
    _JFIF: "",
    b"JFXX\x00": "",
    b"Adobe": "",
    b"MPF\x00": say("further pictures"),
    b"urn:iso:std:iso:ts:21496": say("a gain map"),
    b"JP": say("content credentials"),
}
"""How segments begin that are not kept, and what they are; empty: how the file is coded."""
_DUCKY, _ONLY_QUALITY = b"Ducky", 15
"""Of Photoshop's *Save for Web*: its quality, which is that of the old file, and a comment."""
_END = b"\xff\xd9"
_ALONE = {0x01, *range(0xD0, 0xD8)}
_LOSSLESS = {0xC3, 0xC7, 0xCB, 0xCF, 0xF7}  # the last is JPEG-LS
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
MOST = 65533
"""Bytes that one segment holds, its length not counted."""
_LARGEST_EXTENSION = 64 << 20
_GUID, _PIECE = 32, 65400
_BLOCK, _LAST = 16, 10
"""Rows that are coded together; and of all rows one in so many may be missing at the end."""
_TAILS = (b"\xff\xd9", bytes(range(1, 250, 3)) * 4 + b"\xff\xd9")
"""Two ends for a JPEG that has none: what was missing before them would be read from them."""


@dataclass(frozen=True)
class Said:
    """What a JPEG says of its photo; see `Metadata` for what the names mean.

    Attributes:
        beside: what else is in the file, and does not come along, in words.
    """

    exif: bytes | None
    xmp: bytes | None
    photoshop: bytes | None
    comments: tuple[bytes, ...]
    lost_extension: bool
    beside: tuple[str, ...]


def read(file: BinaryIO) -> Said:
    """Reads the segments before the pixels.

    Args:
        file: open for reading, seekable.
    """
    exif, xmp, comments, beside = None, None, list[bytes](), dict[str, None]()
    resources, pieces = b"", dict[bytes, dict[int, bytes]]()
    for marker, content in _segments(file):
        if marker == _APP1 and content.startswith(PREFIX):
            if exif not in {None, content}:
                beside.setdefault(say("a second EXIF"))
            exif = exif or content
        elif marker == _APP1 and content.startswith(_XMP):
            xmp = xmp or content[len(_XMP) :]
        elif marker == _APP1 and content.startswith(_EXTENSION):
            rest = content[len(_EXTENSION) :]
            at = int.from_bytes(rest[_GUID + 4 : _GUID + 8], "big")
            pieces.setdefault(rest[:_GUID], {})[at] = rest[_GUID + 8 :]
        elif marker == _APP13 and content.startswith(_PHOTOSHOP):
            resources += content[len(_PHOTOSHOP) :]
        elif marker == _COMMENT:
            comments.append(content)
        elif marker in _APPS and (what := _named(content)):
            beside.setdefault(what)
    if _is_followed(file):
        beside.setdefault(say("what follows the picture"))
    lost = False
    if xmp and (guid := extended.guid(xmp)):
        whole = extended.merged(xmp, _joined(pieces.get(guid.encode(), {})))
        xmp, lost = whole or extended.without_pointer(xmp), whole is None
    return Said(exif, xmp, photoshop.kept(resources), tuple(comments), lost, tuple(beside))


def unread(file: BinaryIO) -> str:
    """What a JPEG is that cannot be read; empty: it can. The file is at its beginning again."""
    what = ""
    for marker, content in _segments(file):
        if marker in _LOSSLESS:
            what = say("a lossless JPEG")
        elif marker in _FRAMES and content[:1] not in {b"", b"\x08"}:
            what = say("a JPEG of {bits} bits a channel", bits=content[0])
    file.seek(0)
    return what


def _named(content: bytes) -> str:
    """What a segment is that is not kept; empty: it only tells how the file is coded."""
    if content.startswith(_DUCKY) and len(content) <= _ONLY_QUALITY:
        return ""
    known = (words for start, words in _BESIDE.items() if content.startswith(start))
    name = content.partition(b"\x00")[0][:20]
    is_word = name.isalnum() and name.isascii()
    return next(known, name.decode("ascii") if is_word else say("unknown data"))


def _is_followed(file: BinaryIO) -> bool:
    """Whether there is more behind the end of a picture that has one; at its pixels."""
    rest = file.read()
    end = rest.rfind(_END)
    return end >= 0 and bool(rest[end + 2 :].strip(b"\x00\r\n \xff"))


def with_segments(data: bytes, segments: list[bytes]) -> bytes:
    """A JPEG with more segments, right after its first one."""
    at = 2
    if data[2:4] == bytes([0xFF, _APP0]):
        at = 4 + int.from_bytes(data[4:6], "big")
    return b"".join((data[:at], *segments, data[at:]))


def density(text: Text) -> bytes | None:
    """What JFIF says of pixels that are not square, as a text of PNG has it; None: it is another.

    Returns:
        Unit and two numbers (ITU-T T.871, section 10.1).
    """
    if text.kind != "pHYs" or len(text.data) != 9:
        return None
    across, down, _ = struct.unpack(">IIB", text.data)
    return struct.pack(">BHH", 0, across, down) if max(across, down) < 1 << 16 else None


def with_density(data: bytes, density: bytes | None) -> bytes:
    """A JPEG that begins with JFIF's segment, and says so there."""
    at = data.find(_JFIF, 0, 11) + len(_JFIF) + 2  # behind the version
    return data if density is None else data[:at] + density + data[at + len(density) :]


def exif_segment(block: bytes) -> bytes:
    """For a block without prefix."""
    return _segment(_APP1, PREFIX + block)


def xmp_segments(packet: bytes) -> list[bytes] | None:
    """The segment of a packet, and those of its extension; None: it cannot be cut up."""
    parts = extended.split(packet, MOST - len(_XMP))
    if parts is None:
        return None
    main, extension = parts
    segments = [_segment(_APP1, _XMP + main)]
    guid = extended.guid(main).encode()
    for at in range(0, len(extension), _PIECE):
        head = _EXTENSION + guid + struct.pack(">II", len(extension), at)
        segments.append(_segment(_APP1, head + extension[at : at + _PIECE]))
    return segments


def photoshop_segments(resources: bytes) -> list[bytes]:
    """Resources in as many segments as they need."""
    step = MOST - len(_PHOTOSHOP)
    pieces = (resources[at : at + step] for at in range(0, len(resources), step))
    return [_segment(_APP13, _PHOTOSHOP + piece) for piece in pieces]


def comment_segment(comment: bytes) -> bytes:
    """For a comment of at most `MOST` bytes."""
    return _segment(_COMMENT, comment)


def ended(data: bytes) -> tuple[bytes, int] | None:
    """A JPEG that breaks off, with an end marker, and how many of its last rows are missing.

    Decoded with two ends of which each would be read as other pixels, the rows are the same both
    times only if they were there.

    Returns:
        None: more than the last rows are missing.
    """
    import numpy as np
    from PIL.JpegImagePlugin import JpegImageFile

    shown = [np.asarray(JpegImageFile(io.BytesIO(data + tail))) for tail in _TAILS]
    height = len(shown[0])
    differs = (shown[0] != shown[1]).reshape(height, -1).any(axis=1)
    missing = height - int(differs.argmax()) if differs.any() else 0
    return (data + _TAILS[0], missing) if missing <= max(_BLOCK, height // _LAST) else None


def _joined(pieces: dict[int, bytes]) -> bytes | None:
    whole = b""
    for at, piece in sorted(pieces.items()):
        if at != len(whole) or len(whole) > _LARGEST_EXTENSION:
            return None
        whole += piece
    return whole or None


def _segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def _segments(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Yields marker and content of each segment before the pixels."""
    file.seek(2)
    while (byte := file.read(1)) == b"\xff":
        while (byte := file.read(1)) == b"\xff":
            pass
        marker = byte[0] if byte else _EOI
        if marker in {_SOS, _EOI}:
            return
        if marker in _ALONE:
            continue
        length = int.from_bytes(file.read(2), "big")
        content = file.read(max(0, length - 2))
        if len(content) < length - 2:
            return
        yield marker, content
