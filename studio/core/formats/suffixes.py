"""Which files are pictures, by their names: known without loading any of the readers."""

from pathlib import Path

SUFFIXES = {
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".jpe": "JPEG",
    ".jfif": "JPEG",
    ".png": "PNG",
    ".webp": "WEBP",
    ".tif": "TIFF",
    ".tiff": "TIFF",
    ".avif": "AVIF",
    ".heic": "HEIC",
    ".heif": "HEIC",
    ".hif": "HEIC",
    ".bmp": "BMP",
    ".gif": "GIF",
}
"""Suffix, in lower case, to the format that is written under it."""

RAW = frozenset(
    {
        ".dng", ".cr2", ".cr3", ".crw", ".nef", ".nrw", ".arw", ".sr2", ".srf", ".raf", ".orf",
        ".rw2", ".rwl", ".raw", ".pef", ".srw", ".3fr", ".fff", ".iiq", ".mef", ".mos", ".mrw",
        ".erf", ".kdc", ".dcr", ".gpr", ".x3f",
    }
)  # fmt: skip
"""Suffixes, in lower case, of what cameras write."""

_LOSSLESS = frozenset(
    {
        ".psd", ".psb", ".tga", ".qoi", ".ico", ".pcx", ".dds", ".ppm", ".pgm", ".pbm", ".pnm",
        ".pam", ".pfm",
    }
)  # fmt: skip
READABLE = (
    frozenset(SUFFIXES) | RAW | _LOSSLESS
    | {".mpo", ".jp2", ".j2k", ".jpx", ".jpf", ".jxl"}
)  # fmt: skip
"""Suffixes, in lower case, of the files that `open_picture` reads."""


def result_suffix(path: Path) -> str:
    """The suffix of a result in its original's own format, or in one as good where it is not ours.

    Args:
        path: of the original.
    """
    suffix = path.suffix.lower()
    if suffix in SUFFIXES:
        return path.suffix
    return ".png" if suffix in _LOSSLESS else ".jpg"
