"""Which format a file is, by its first bytes."""

import re
from typing import BinaryIO

from studio.core.formats import netpbm
from studio.core.words.said import say

HEAD_BYTES = 128
"""How many bytes `kind_of` wants to see."""

_BEGINNINGS = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"8BPS\x00\x01", "PSD"),
    (b"8BPS\x00\x02", "PSD"),
    (b"qoif", "QOI"),
    (b"DDS \x7c\x00\x00\x00", "DDS"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "JPEG XL"),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "JPEG 2000"),
    (b"\xff\x4f\xff\x51", "JPEG 2000"),
    (b"FUJIFILMCCD-RAW", "RAW"),
    (b"IIRO", "RAW"),
    (b"IIRS", "RAW"),
    (b"MMOR", "RAW"),
    (b"IIU\x00", "RAW"),
    (b"\x00MRM", "RAW"),
    (b"FOVb", "RAW"),
    (b"II\x1a\x00\x00\x00HEAPCCDR", "RAW"),
    (b"II\x2a\x00", "TIFF"),
    (b"MM\x00\x2a", "TIFF"),
    (b"II\x2b\x00", "TIFF"),
    (b"MM\x00\x2b", "TIFF"),
)
_BRANDS = (
    ("AVIF", {b"avif", b"avis"}),
    ("RAW", {b"crx "}),
    ("HEIC", {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}),
)


_PATTERNS = (
    # Two letters are not enough: what follows has to be right too.
    (re.compile(rb"BM.{12}[\x0c\x10\x28\x34\x38\x40\x6c\x7c]\x00\x00\x00", re.DOTALL), "BMP"),
    (re.compile(rb"\x00\x00\x01\x00[^\x00]\x00.{3}\x00[\x00\x01]\x00", re.DOTALL), "ICO"),
    (
        re.compile(rb"\x0a[\x00\x02-\x05]\x01[\x01\x02\x04\x08].{60}\x00[\x01-\x04]", re.DOTALL),
        "PCX",
    ),
    (netpbm.BEGINNING, "PNM"),
)
_UNREAD = (
    (b"\x76\x2f\x31\x01", say("an OpenEXR picture")),
    (b"#?RADIANCE", say("a Radiance HDR picture")),
    (b"#?RGBE", say("a Radiance HDR picture")),
    (b"II\xbc\x01", say("a JPEG XR picture")),
    (b"gimp xcf", say("a picture of GIMP (XCF)")),
    (b"SIMPLE  =", say("a FITS picture")),
    (b"\x01\xda", say("an SGI picture")),
    (b"%PDF-", say("a PDF")),
    (b"%!PS", say("PostScript")),
    (b"<svg", say("a drawing (SVG)")),
)
_TGA_SUFFIXES = {".tga", ".icb", ".vda", ".vst"}
_TGA_END = b"TRUEVISION-XFILE.\x00"
_TGA = re.compile(rb".[\x00\x01][\x01\x02\x03\x09\x0a\x0b].{13}[\x08\x0f\x10\x18\x20]", re.DOTALL)


def kind_of(head: bytes, suffix: str = "") -> str | None:
    """The format of a file.

    Args:
        head: its first `HEAD_BYTES` bytes, or all if it has fewer.
        suffix: of its name; it counts for TGA alone, which has no mark of its own.

    Returns:
        As in `Metadata.format`; None: no format that the studio reads. Most RAW files are TIFFs by
        their first bytes, and are called so here.
    """
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head[4:8] == b"ftyp":
        end = min(int.from_bytes(head[:4], "big"), len(head))
        brands = {head[at : at + 4] for at in range(8, end, 4)}
        return next((kind for kind, known in _BRANDS if brands & known), None)
    for start, kind in _BEGINNINGS:
        if head.startswith(start):
            return kind
    for pattern, kind in _PATTERNS:
        if pattern.match(head):
            return kind
    return "TGA" if suffix.lower() in _TGA_SUFFIXES and _TGA.match(head) else None


def kind_of_file(file: BinaryIO, suffix: str) -> str | None:
    """As `kind_of`; a TGA under another suffix is known by its end, or by its length.

    Args:
        file: open for reading, seekable; it is at its beginning then.
        suffix: of its name.
    """
    file.seek(0)
    head = file.read(HEAD_BYTES)
    kind = kind_of(head, suffix)
    if kind is None and _TGA.match(head) and unread(head) is None:
        size = file.seek(-min(len(_TGA_END), len(head)), 2) + len(_TGA_END)
        kind = "TGA" if file.read() == _TGA_END or size == _tga_size(head) else None
    file.seek(0)
    return kind


def _tga_size(head: bytes) -> int:
    """Bytes of a TGA that is not packed and has no more than it must; 0: it is another one."""
    if head[2] > 3:
        return 0
    width, height = (int.from_bytes(head[at : at + 2], "little") for at in (12, 14))
    palette = int.from_bytes(head[5:7], "little") * ((head[7] + 7) // 8) if head[1] else 0
    return 18 + head[0] + palette + width * height * ((head[16] + 7) // 8)


def unread(head: bytes) -> str | None:
    """What a picture is that cannot be read, by its first `HEAD_BYTES` bytes; None: not known."""
    return next((what for start, what in _UNREAD if head.startswith(start)), None)
