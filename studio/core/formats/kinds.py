"""Which format a file is, by its first bytes."""

HEAD_BYTES = 64
"""How many bytes `kind_of` wants to see."""

_BEGINNINGS = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"BM", "BMP"),
    (b"FUJIFILMCCD-RAW", "RAW"),
    (b"IIRO", "RAW"),
    (b"IIRS", "RAW"),
    (b"MMOR", "RAW"),
    (b"IIU\x00", "RAW"),
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


def kind_of(head: bytes) -> str | None:
    """The format of a file.

    Args:
        head: its first `HEAD_BYTES` bytes, or all if it has fewer.

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
    return next((kind for start, kind in _BEGINNINGS if head.startswith(start)), None)
