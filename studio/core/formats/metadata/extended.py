"""XMP beyond what one segment of a JPEG holds (XMP specification part 3, section 1.1.3.1)."""

import hashlib
import re

from studio.core.formats.metadata.xmp import (
    ATTRIBUTE,
    END,
    NOTE,
    RDF,
    TAG,
    Property,
    declarations,
    inserted,
    properties,
    without,
)

_PADDING = re.compile(rb"(?<!\s)\s++(?=<\?xpacket end)")
_BEGIN = re.compile(rb"<([\w.-]+):RDF[\s>]")
_POINTER = "HasExtendedXMP"
_POINTER_ROOM = 256


def guid(packet: bytes) -> str:
    """Which extension belongs to a packet: an MD5 in hexadecimal digits; empty: none."""
    found = next((f for f in properties(packet) if _is_pointer(f)), None)
    return found.text.strip() if found else ""


def merged(packet: bytes, extension: bytes | None) -> bytes | None:
    """A packet and its extension as one.

    Args:
        packet: which says that it has an extension.
        extension: None: it is not there.

    Returns:
        None: the two do not fit together; or there is no extension.
    """
    if extension is None:
        return None
    parts = _inner(extension)
    own = _BEGIN.search(packet)
    if parts is None or own is None or own[1] != parts[0]:
        return None
    _, around, inner = parts
    tag = TAG.match(packet, own.start())
    if tag is None:
        return None
    here = declarations(ATTRIBUTE.finditer(packet[: tag.end()]))
    if any(here.get(prefix, uri) != uri for prefix, uri in around.items()):
        return None
    missing = "".join(
        f' xmlns:{prefix}="{uri}"' for prefix, uri in around.items() if prefix not in here
    )
    at = own.start() + 1 + len(own[1]) + len(":RDF")
    packet = packet[:at] + missing.encode() + packet[at:]
    return inserted(without_pointer(packet), lambda _rdf, _about: inner)


def without_pointer(packet: bytes) -> bytes:
    """A packet that no longer says that it has an extension."""
    return without(packet, [found for found in properties(packet) if _is_pointer(found)])


def split(packet: bytes, most: int) -> tuple[bytes, bytes] | None:
    """A packet as two, of which the first has all but its largest properties.

    Args:
        packet: a whole one.
        most: bytes that the first may have.

    Returns:
        The first, which points to the second, and the second (empty: all fits); None: it cannot be.
    """
    packet = _PADDING.sub(b"", packet)
    if len(packet) <= most:
        return packet, b""
    moved: list[Property] = []
    left = len(packet) + _POINTER_ROOM
    for found in sorted(properties(packet), key=lambda found: found.start - found.end):
        if left > most:
            moved.append(found)
            left -= found.end - found.start
    if left > most:
        return None
    inner = b"".join(_described(packet, found) for found in moved)
    extension = (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="%b">' % RDF.encode()
        + inner
        + b"</rdf:RDF></x:xmpmeta>"
    )
    digest = hashlib.md5(extension, usedforsecurity=False).hexdigest().upper().encode()

    def point(rdf: bytes, about: bytes) -> bytes:
        return b'<%b:Description %b:about=%b xmlns:xmpNote="%b" xmpNote:%b="%b"/>' % (
            rdf, rdf, about, NOTE.encode(), _POINTER.encode(), digest
        )  # fmt: skip

    main = inserted(without(packet, moved), point)
    return None if main is None or len(main) > most else (main, extension)


def _is_pointer(found: Property) -> bool:
    return (found.namespace, found.name) == (NOTE, _POINTER)


def _inner(packet: bytes) -> tuple[bytes, dict[str, str], bytes] | None:
    """RDF's prefix, the namespaces declared on and above RDF, and what is in it."""
    begin, ends = _BEGIN.search(packet), list(END.finditer(packet))
    tag = TAG.match(packet, begin.start()) if begin else None
    if begin is None or tag is None or not ends:
        return None
    above = declarations(ATTRIBUTE.finditer(packet[: tag.end()]))
    return begin[1], above, packet[tag.end() : ends[-1].start()]


def _described(packet: bytes, found: Property) -> bytes:
    """A property with a description of its own around it."""
    text = packet[found.start : found.end]
    spaces = "".join(
        f' xmlns:{prefix}="{uri}"'
        for prefix, uri in found.declared.items()
        if prefix != "rdf" and f"{prefix}:".encode() in text
    ).encode()
    if found.is_element:
        return b'<rdf:Description rdf:about=""' + spaces + b">" + text + b"</rdf:Description>"
    return b'<rdf:Description rdf:about=""' + spaces + text + b"/>"
