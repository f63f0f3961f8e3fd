"""Languages of tracks: ISO 639-2 has two codes for some, and QuickTime's files know one of them."""

_OF_QUICKTIME = {
    "bod": "tib", "cym": "wel", "cze": "ces", "deu": "ger", "ell": "gre",
    "eus": "baq", "fas": "per", "fre": "fra", "hye": "arm", "isl": "ice", "kat": "geo",
    "mkd": "mac", "msa": "may", "mya": "bur", "nld": "dut", "rum": "ron", "slo": "slk",
    "sqi": "alb", "swe": "sve", "zho": "chi",
}  # fmt: skip
"""Codes, and those under which FFmpeg's writer of MOV knows the same language; the others are their
own. ``sve`` is FFmpeg's own word for Swedish."""


def written(code: str, suffix: str) -> str:
    """The code of a language as a container has it.

    Args:
        code: three letters.
        suffix: of the file, with its dot.
    """
    if suffix.lower() == ".mov":
        return _OF_QUICKTIME.get(code, code)
    return "swe" if code == "sve" else code


def is_same(one: str, other: str) -> bool:
    """Whether two codes mean one language."""
    return written(one, ".mov") == written(other, ".mov")
