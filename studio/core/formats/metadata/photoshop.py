"""Photoshop's image resources, which hold the texts of IPTC (IIM 4.2) in JPEG, TIFF and PNG."""

import struct
from collections.abc import Iterator

_IPTC = 0x0404
_UNTRUE = {0x0409, 0x040C, 0x0422, 0x0423, 0x0424, 0x040F}
"""Thumbnails, and what stands in a place of its own: EXIF, XMP, the colour profile."""


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
