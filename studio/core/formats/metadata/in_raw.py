"""What a camera's RAW says of its photo, wherever its maker puts it."""

import io
import struct
from dataclasses import dataclass
from typing import BinaryIO

from studio.core.formats.boxes import boxes
from studio.core.formats.metadata import exif, ifd, in_jpeg, photoshop
from studio.core.formats.metadata.ifd import Reader

_CANON = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48")
_XMP = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_FUJI, _FUJI_JPEG = b"FUJIFILMCCD-RAW", 84
_HEAD = 4 << 20  # bytes, in which a CR3 has its words
_LARGEST_JPEG = 64 << 20


@dataclass(frozen=True)
class Said:
    """See `Metadata` for what the names mean."""

    exif: bytes | None = None
    xmp: bytes | None = None
    photoshop: bytes | None = None
    lacks_maker_note: bool = False


def read(file: BinaryIO, preview: bytes | None) -> Said:
    """Reads all that a RAW says.

    Args:
        file: open for reading, seekable.
        preview: the JPEG that is in it, whose EXIF counts where nothing else is found.
    """
    file.seek(0)
    head = file.read(_FUJI_JPEG + 8)
    if head[4:8] == b"ftyp":
        return _of_canon(file)
    if head.startswith(_FUJI):
        at, size = struct.unpack_from(">II", head, _FUJI_JPEG)
        file.seek(at)
        return _of_jpeg(file.read(min(size, _LARGEST_JPEG)))
    try:
        reader = Reader(file)
        entries = reader.entries(reader.first)
        xmp, resources, records = (
            reader.data(entries[tag]) if tag in entries else None
            for tag in (exif.XMP, exif.PHOTOSHOP, exif.IPTC)
        )
    except exif.ERRORS:
        return _of_jpeg(preview)
    block = exif.from_tiff(file, raw=True)
    details = reader.entries(reader.below(reader.first, ifd.EXIF))
    resources = photoshop.with_iptc(photoshop.kept(resources), records)
    return Said(block, xmp, resources, exif.MAKER_NOTE in details)


def _of_jpeg(data: bytes | None) -> Said:
    if not data or not data.startswith(b"\xff\xd8"):
        return Said()
    said = in_jpeg.read(io.BytesIO(data))
    return Said(exif.of_developed(said.exif), said.xmp, said.photoshop)


def _of_canon(file: BinaryIO) -> Said:
    """A CR3 has a block for each of EXIF's directories."""
    file.seek(0)
    data = file.read(_HEAD)
    parts: dict[bytes, bytes] = {}
    for kind, start, end in boxes(data):
        if kind == b"uuid" and data[start : start + 16] == _XMP:
            parts.setdefault(b"XMP", data[start + 16 : end])
        for inner, at, stop in boxes(data, start, end) if kind == b"moov" else ():
            if inner == b"uuid" and data[at : at + 16] == _CANON:
                for name, first, last in boxes(data, at + 16, stop):
                    parts.setdefault(name, data[first:last])
    pieces = ((b"CMT1", 0), (b"CMT2", ifd.EXIF), (b"CMT4", ifd.GPS))
    blocks = {place: parts[name] for name, place in pieces if name in parts}
    return Said(exif.joined(blocks), parts.get(b"XMP"), None, b"CMT3" in parts)
