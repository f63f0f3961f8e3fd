"""Photoshop's image resources, which hold the texts of IPTC (IIM 4.2) in JPEG, TIFF and PNG."""

import struct
from collections.abc import Iterator
from typing import BinaryIO

_IPTC = 0x0404
_UNTRUE = {0x0409, 0x040C, 0x0422, 0x0423, 0x0424, 0x040F}
"""Thumbnails, and what stands in a place of its own: EXIF, XMP, the colour profile."""
_LAYERED, _LAYERS = b"Adobe Photoshop Document Data Block\x00", {b"Layr", b"Lr16", b"Lr32"}


def kept(block: bytes | None) -> bytes | None:
    """The resources that hold for a result; the same bytes of each."""
    return b"".join(raw for kind, raw, _ in _resources(block) if kind not in _UNTRUE) or None


def without_iptc(block: bytes | None) -> bytes | None:
    """The other resources."""
    return b"".join(raw for kind, raw, _ in _resources(block) if kind != _IPTC) or None


def iptc(block: bytes | None) -> bytes | None:
    """The records of IPTC in some resources."""
    return next((data for kind, _, data in _resources(block) if kind == _IPTC), None)


def with_iptc(block: bytes | None, records: bytes | None) -> bytes | None:
    """Resources with records that stood beside them; those inside win."""
    if not records or iptc(block):
        return block
    head = b"8BIM" + struct.pack(">H", _IPTC) + b"\x00\x00" + struct.pack(">I", len(records))
    return head + records + bytes(len(records) % 2) + (block or b"")


def by_number(block: bytes | None) -> dict[int, bytes]:
    """The data of each resource."""
    return {kind: data for kind, _, data in _resources(block)}


def has_layers(file: BinaryIO, at: int, end: int) -> bool:
    """Whether there are layers in the tag of a TIFF that Photoshop keeps them in.

    Its blocks are in the file's own order of bytes, their names too ("Adobe Photoshop TIFF
    Technical Notes", 2002).

    Args:
        file: the TIFF.
        at: where the tag's bytes begin, which may be very many.
        end: behind the last of them.
    """
    at += len(_LAYERED)
    while at + 14 <= end:
        file.seek(at)
        head = file.read(14)
        order = {b"8BIM": ">", b"MIB8": "<"}.get(head[:4])
        if order is None or len(head) < 14:
            return False
        name, size, count = struct.unpack(order + "4x4sIh", head)
        if size and count and (name if order == ">" else name[::-1]) in _LAYERS:
            return True
        at += 12 + (size + 3) // 4 * 4
    return False


def _resources(block: bytes | None) -> Iterator[tuple[int, bytes, bytes]]:
    """Yields number, all bytes, and the data of each resource, up to the first broken one."""
    at, whole = 0, block or b""
    while whole[at : at + 4] in {b"8BIM", b"PHUT", b"DCSR", b"AgHg", b"MeSa"}:
        if at + 12 > len(whole):
            return
        (kind, letters) = struct.unpack_from(">HB", whole, at + 4)
        start = at + 6 + (letters + 2) // 2 * 2
        if start + 4 > len(whole):
            return
        (size,) = struct.unpack_from(">I", whole, start)
        end = start + 4 + size
        if end > len(whole):
            return
        after = end + size % 2
        yield kind, whole[at:after].ljust(after - at, b"\x00"), whole[start + 4 : end]
        at = after
