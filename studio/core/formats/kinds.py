"""Which format a file is, by its first bytes."""

import re

from studio.core.formats import netpbm

HEAD_BYTES = 64
"""How many bytes `kind_of` wants to see."""

_BEGINNINGS = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"8BPS\x00\x01", "PSD"),
    (b"8BPS\x00\x02", "PSD"),
    (b"qoif", "QOI"),
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
    (netpbm.HEADER, "PNM"),
)
_TGA_SUFFIXES = {".tga", ".icb", ".vda", ".vst"}
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
