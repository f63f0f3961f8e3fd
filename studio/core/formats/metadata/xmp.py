"""XMP packets (ISO 16684-1) as text: properties are found in it, taken out and put in.

All else keeps its bytes: nothing is parsed into a tree and written anew, for no two programs write
the same packet in the same way. Our own record of how a picture was made is a property of a
namespace of its own, and so displaces nothing.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape, unescape
from typing import Any
from xml.parsers import expat

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
NOTE = "http://ns.adobe.com/xmp/note/"
_OURS, _REQUEST = "urn:studio:1.0/", "request"
_OPENING, _CLOSING = b"<studio:request>", b"</studio:request>"
_TIFF = "http://ns.adobe.com/tiff/1.0/"
_WELL_KNOWN = {"rdf": RDF, "xmpNote": NOTE, "tiff": _TIFF}
"""What prefixes mean where a packet forgets to say so."""

_EXIF = "http://ns.adobe.com/exif/1.0/"
_SIZES = {
    (_TIFF, "ImageWidth"): 0, (_TIFF, "ImageLength"): 1,
    (_EXIF, "PixelXDimension"): 0, (_EXIF, "PixelYDimension"): 1,
}  # fmt: skip
"""Properties that tell of the picture's size: 0 its width, 1 its height, in px."""

_NUMBER = re.compile(rb"(?<=[\"'>\s])\d+(?=\s*[\"'<])")
TAG = re.compile(rb"<(?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+>")
# A run of spaces or a word may be a megabyte: only its beginning is tried, not each of its bytes.
PREFIX = rb"(?<![\w.-])[\w.-]+:"
ATTRIBUTE = re.compile(rb"(?<!\s)\s++([\w.-]+):([\w.-]+)\s*=\s*(\"[^\"]*\"|'[^']*')")
END = re.compile(rb"</([\w.-]+):RDF\s*>")
_ABOUT = re.compile(PREFIX + rb"about\s*=\s*(\"[^\"]*\"|'[^']*')")
_EMPTY = (
    b"<?xpacket begin='\xef\xbb\xbf' id='W5M0MpCehiHzreSzNTczkc9d'?>"
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="%s">'
    b"</rdf:RDF></x:xmpmeta><?xpacket end='w'?>"
) % RDF.encode()

_UNTRUE: dict[str, tuple[str, ...]] = {
    "http://ns.google.com/photos/1.0/camera/": ("MotionPhoto", "MicroVideo"),
    "http://ns.google.com/photos/1.0/container/": ("",),
    "http://ns.google.com/photos/dd/1.0/device/": ("",),
    "http://ns.oplus.com/photos/1.0/camera/": ("MotionPhoto", "OLivePhoto", "VideoLength"),
    "http://ns.adobe.com/hdr-gain-map/1.0/": ("",),
    "http://ns.apple.com/pixeldatainfo/1.0/": ("AuxiliaryImage",),
    "http://ns.apple.com/HDRGainMap/1.0/": ("",),
    "http://ns.adobe.com/xap/1.0/": ("Thumbnails",),
}
"""Namespace, and how those properties' names begin that tell of a film, a gain map or a thumbnail:
none of these comes along, or would be true of the result."""


_ENCODINGS = (
    (b"\xff\xfe\0\0", "utf-32-le"), (b"\0\0\xfe\xff", "utf-32-be"),
    (b"<\0\0\0", "utf-32-le"), (b"\0\0\0<", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"),
    (b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"),
)  # fmt: skip
"""How a packet begins, and what it is then written in (part 1, section 7.3.2)."""
_DECLARED = re.compile(r"""(<\?xml[^>]*?encoding\s*=\s*["'])[\w-]+""")


def in_utf8(packet: bytes | None) -> bytes | None:
    """The same packet in UTF-8, the only encoding that all formats allow."""
    for begin, encoding in _ENCODINGS:
        if packet and packet.startswith(begin):
            width = 4 if "32" in encoding else 2
            text = packet[: len(packet) // width * width].decode(encoding, "replace")
            return _DECLARED.sub(r"\1UTF-8", text.lstrip("\ufeff"), count=1).encode()
    return packet


@dataclass(frozen=True)
class Property:
    """A property of the described thing.

    Attributes:
        namespace: its URI.
        name: without prefix.
        start: of its element, or of its attribute with the space before it, in bytes.
        end: after it.
        text: what it says, if it is plain text.
        declared: the namespaces that hold where it stands, prefix to URI.
        is_element: it is no attribute.
    """

    namespace: str
    name: str
    start: int
    end: int
    text: str
    declared: dict[str, str]
    is_element: bool


def properties(packet: bytes) -> list[Property]:
    """The properties of a packet, from its beginning; none of one that is no XML."""
    if b"<!DOCTYPE" in packet or b"<!ENTITY" in packet:
        return []  # XMP has none, and entities can be made to grow without end
    scan = _Scan(packet)
    parser: Any = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, _: scan.start(name, parser.CurrentByteIndex)
    parser.EndElementHandler = lambda _: scan.stop(parser.CurrentByteIndex)
    parser.CharacterDataHandler = scan.texts.append
    try:
        parser.Parse(packet, True)
    except expat.ExpatError:
        if not scan.complete:  # what follows the packet, such as zeros, is no obstacle
            return []
    return scan.found


class _Scan:
    """Follows the elements of a packet down to the properties: RDF, Description, property."""

    def __init__(self, packet: bytes) -> None:
        self.found: list[Property] = []
        self.texts: list[str] = []
        self.complete = False
        self._packet = packet
        self._open: list[tuple[str, str, int, dict[str, str]]] = []

    def start(self, name: str, at: int) -> None:
        tag = TAG.match(self._packet, at)
        text = tag[0] if tag else b""
        declared = self._open[-1][3] if self._open else _WELL_KNOWN
        attributes = list(ATTRIBUTE.finditer(text))
        if new := declarations(attributes):
            declared = declared | new
        prefix, _, local = name.rpartition(":")
        self._open.append((declared.get(prefix, prefix), local, at, declared))
        self.texts.clear()
        if self._is_description():
            for found in attributes:
                uri = declared.get(found[1].decode(), found[1].decode())
                if found[1] not in {b"xmlns", b"xml"} and uri != RDF:
                    value = _unescaped(found[3][1:-1])
                    start, end = at + found.start(), at + found.end()
                    self.found.append(
                        Property(uri, found[2].decode(), start, end, value, declared, False)
                    )

    def stop(self, at: int) -> None:
        uri, local, start, declared = self._open.pop()
        if self._is_description():
            if self._packet[at : at + 2] == b"</":
                end = self._packet.find(b">", at) + 1
            else:
                tag = TAG.match(self._packet, at)
                end = tag.end() if tag else at
            text = "".join(self.texts)
            self.found.append(Property(uri, local, start, end, text, declared, True))
        self.complete = self.complete or not self._open

    def _is_description(self) -> bool:
        """Whether the innermost element describes, and stands right below RDF."""
        names = [(uri, local) for uri, local, _, _ in self._open[-2:]]
        return names == [(RDF, "RDF"), (RDF, "Description")]


def without(packet: bytes, taken: Iterable[Property]) -> bytes:
    """The packet without some of its properties."""
    for found in sorted(taken, key=lambda found: found.start, reverse=True):
        packet = packet[: found.start] + packet[found.end :]
    return packet


def inserted(packet: bytes, description: Callable[[bytes, bytes], bytes]) -> bytes | None:
    """The packet with a further description of the same thing.

    Args:
        packet: to put it into.
        description: makes it, of RDF's prefix and of the ``about`` with its quotes.

    Returns:
        None: it is no packet into which anything can be put.
    """
    ends = list(END.finditer(packet))
    if not ends:
        return None
    about = _ABOUT.search(packet)
    at = ends[-1].start()
    return packet[:at] + description(ends[-1][1], about[1] if about else b'""') + packet[at:]


def orientation(packet: bytes | None) -> int | None:
    """What ``tiff:Orientation`` says, 1 to 8; or None."""
    texts = (found.text.strip() for found in _orientations(packet))
    return next((int(text) for text in texts if re.fullmatch("[1-8]", text)), None)


def upright(packet: bytes | None) -> bytes | None:
    """The packet with ``tiff:Orientation`` 1 where it has one."""
    return _with_numbers(packet or b"", _orientations(packet), lambda _: 1) or None


def sized(packet: bytes | None, size: tuple[int, int]) -> bytes | None:
    """The packet with another width and height, in px, where it says any."""
    if not packet or not any(name.encode() in packet for _, name in _SIZES):
        return packet
    named = [found for found in properties(packet) if (found.namespace, found.name) in _SIZES]
    return _with_numbers(packet, named, lambda found: size[_SIZES[found.namespace, found.name]])


def _with_numbers(
    packet: bytes, changed: list[Property], number: Callable[[Property], int]
) -> bytes:
    """The packet with other numbers in some of its properties."""
    for found in reversed(changed):
        said = packet[found.start : found.end]
        packet = (
            packet[: found.start]
            + _NUMBER.sub(b"%d" % number(found), said, 1)
            + packet[found.end :]
        )
    return packet


def _orientations(packet: bytes | None) -> list[Property]:
    if not packet or b"Orientation" not in packet:
        return []
    named = (found for found in properties(packet) if found.name == "Orientation")
    return [found for found in named if found.namespace == _TIFF]


def true_of_the_picture(packet: bytes) -> tuple[bytes, bool]:
    """Takes out the marks of what does not come along; says whether there were any."""
    marks = [
        found
        for found in properties(packet)
        if found.name.startswith(_UNTRUE.get(found.namespace, "\0"))
    ]
    return without(packet, marks), bool(marks)


def with_request(packet: bytes | None, request_json: str) -> bytes | None:
    """The packet, or a new one, with the request that made the picture.

    Returns:
        None: it is no packet into which anything can be put.
    """
    text = re.sub("[\ufffe\uffff]", lambda found: f"\\u{ord(found[0]):04x}", request_json)

    def describe(rdf: bytes, about: bytes) -> bytes:
        head, tail = _around(rdf, about)
        return head + escape(text, quote=False).encode("utf-8", "backslashreplace") + tail

    return inserted(packet or _EMPTY, describe)


def take_request(packet: bytes | None) -> tuple[bytes | None, str | None]:
    """Takes the request out; the packet is then, byte for byte, as it was before it was put in."""
    if not packet or _OURS.encode() not in packet:
        return packet, None
    ours = [f for f in properties(packet) if (f.namespace, f.name) == (_OURS, _REQUEST)]
    if not ours:
        return packet, None
    about = _ABOUT.search(packet)
    start, end = ours[0].start, ours[0].end
    for rdf in {found[1] for found in END.finditer(packet)}:
        head, tail = _around(rdf, about[1] if about else b'""')
        first = start - head.index(_OPENING)
        if packet[first : first + len(head)] == head:
            last = end + len(tail) - len(_CLOSING)
            packet = packet[:first] + packet[last:]
            break
    else:
        packet = without(packet, ours)
    return (None if packet == _EMPTY else packet), ours[0].text


def _around(rdf: bytes, about: bytes) -> tuple[bytes, bytes]:
    """What stands before a request, and what after it."""
    head = b'<%b:Description %b:about=%b xmlns:studio="%b">' % (rdf, rdf, about, _OURS.encode())
    return head + _OPENING, _CLOSING + b"</%b:Description>" % rdf


def declarations(attributes: Iterable[re.Match[bytes]]) -> dict[str, str]:
    """Prefix to URI, of those attributes that say so."""
    return {
        found[2].decode(): found[3][1:-1].decode("utf-8", "replace")
        for found in attributes
        if found[1] == b"xmlns"
    }


def _unescaped(text: bytes) -> str:
    return unescape(text.decode("utf-8", "replace"))
