"""Raw profiles: how ImageMagick put EXIF, IPTC and XMP into PNG texts before PNG had a place."""

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from studio.core.formats.metadata import photoshop
from studio.core.formats.metadata.exif import PREFIX

_HEAD = b"Raw profile type "
KEYWORDS = frozenset(
    _HEAD + kind for kind in (b"exif", b"APP1", b"iptc", b"8bim", b"xmp", b"icc", b"icm")
)
"""Of the texts that hold profiles."""
_XMP_HEAD = b"http://ns.adobe.com/xap/1.0/\x00"
_PHOTOSHOP_HEAD = b"Photoshop 3.0\x00"
_LINE = 36  # bytes
_PROFILE = re.compile(rb"\n?[^\n]*\n *\d+\n([0-9a-fA-F\s]*)")
"""A name, a length, and hexadecimal digits, on lines of their own."""


@dataclass(frozen=True)
class Profiles:
    """What was found; see `Metadata` for what the names mean."""

    exif: bytes | None
    xmp: bytes | None
    photoshop: bytes | None
    icc: bytes | None


def found(texts: Mapping[bytes, bytes]) -> Profiles:
    """Reads the profiles among texts: keyword to text."""
    kinds = {keyword.removeprefix(_HEAD): keyword for keyword in texts if keyword in KEYWORDS}
    profiles = {kind: _unpacked(texts[keyword]) for kind, keyword in kinds.items()}
    first = profiles.get(b"APP1")
    app1_is_xmp = bool(first and first.startswith(_XMP_HEAD))
    resources = profiles.get(b"8bim") or profiles.get(b"iptc") or b""
    resources = resources.removeprefix(_PHOTOSHOP_HEAD)
    if resources.startswith(b"\x1c"):
        resources = photoshop.with_iptc(None, resources)
    exif = profiles.get(b"exif") or (None if app1_is_xmp else first)
    return Profiles(
        exif=exif if exif and exif.startswith((PREFIX, b"II", b"MM")) else None,
        xmp=profiles.get(b"xmp") or (first or b"").partition(_XMP_HEAD)[2] or None,
        photoshop=photoshop.kept(resources),
        icc=profiles.get(b"icc") or profiles.get(b"icm"),
    )


def written(resources: bytes) -> bytes:
    """The content of a zTXt chunk that holds image resources of Photoshop."""
    lines = (resources[at : at + _LINE].hex() for at in range(0, len(resources), _LINE))
    text = f"\niptc\n{len(resources):8}\n" + "\n".join(lines) + "\n"
    return _HEAD + b"iptc\x00\x00" + zlib.compress(text.encode("ascii"))


def is_whole(keyword: bytes, text: bytes) -> bool:
    """Whether a text is no profile, or one that can be read."""
    return keyword not in KEYWORDS or _unpacked(text) is not None


def _unpacked(text: bytes) -> bytes | None:
    """The bytes of a profile."""
    whole = _PROFILE.fullmatch(text)
    try:
        return bytes.fromhex(whole[1].decode("ascii")) or None if whole else None
    except ValueError:
        return None
