"""What a result says beside its pixels: all that the original said and its format can hold."""

from collections.abc import Callable
from dataclasses import dataclass

from studio.core.formats.metadata import exif, in_jpeg, xmp
from studio.core.picture import Metadata, Picture, Text
from studio.core.words.said import say

Note = Callable[[str], None]
"""Told what a person should know."""

_HOLDS = {
    "JPEG": {"exif", "xmp", "photoshop", "comment"},
    "PNG": {"exif", "xmp", "photoshop", "comment", "texts"},
    "TIFF": {"exif", "xmp", "photoshop"},
    "WEBP": {"exif", "xmp"},
    "AVIF": {"exif", "xmp"},
    "HEIC": {"exif", "xmp"},
    "GIF": {"comment"},
    "BMP": set[str](),
}
_WORDS = {"exif": "EXIF", "xmp": "XMP", "photoshop": say("IPTC and Photoshop's resources")}


@dataclass(frozen=True)
class Held:
    """What goes into the file.

    Attributes:
        exif: without prefix, true of the result.
        xmp: in formats other than PNG with the request in it.
        photoshop: image resources.
        texts: as in `Metadata`.
        request: of PNG alone, which has texts for it.
    """

    exif: bytes | None
    xmp: bytes | None
    photoshop: bytes | None
    texts: tuple[Text, ...]
    request: str


NOTHING = Held(None, None, None, (), "")


def nobody(_: str) -> None:
    """A `Note` that tells nobody."""


def held(picture: Picture, kind: str, request_json: str, note: Note) -> Held:
    """What a file of a format says of a picture.

    Args:
        picture: what is written.
        kind: a format that the studio writes, as in `Metadata.format`.
        request_json: how the picture was made; empty: not said.
        note: told what the format cannot hold.
    """
    said, can = picture.metadata, _HOLDS[kind]
    block = exif.updated(
        said.exif,
        size=(picture.width, picture.height),
        dpi=None if _says_dpi(kind, said) else said.dpi,
        has_request=bool(request_json),
    )
    lost = [] if block or not said.exif else [say("a broken EXIF")]
    if block and kind == "JPEG":
        block, lacks = exif.shortened(block, in_jpeg.MOST - len(exif.PREFIX))
        lost += [lacks] if lacks else []
    packet = xmp.sized(said.xmp, (picture.width, picture.height))
    if request_json and kind != "PNG" and "xmp" in can:
        packet = xmp.with_request(packet, request_json)
        if packet is None:  # it was no packet
            packet = xmp.with_request(None, request_json)
            lost.append(say("a broken XMP"))
    if packet and kind == "JPEG" and in_jpeg.xmp_segments(packet) is None:
        packet = xmp.with_request(None, request_json) if request_json else None
        lost.append(say("its XMP"))
    fitting = [(text, _fitting(text, kind)) for text in said.texts]
    texts = tuple(fits for _, fits in fitting if fits)[: 1 if kind == "GIF" else None]
    lost += [word for name, word in _WORDS.items() if name not in can and getattr(said, name)]
    lost += sorted({text.what for text, fits in fitting if fits not in texts} - {""})
    if lost:
        note(
            say(
                "{kind} cannot hold all that the original says; left out: {what}",
                kind=kind,
                what=lost,
            )
        )
    return Held(
        block if "exif" in can else None,
        packet if "xmp" in can else None,
        said.photoshop if "photoshop" in can else None,
        texts,
        request_json if kind == "PNG" else "",
    )


def _says_dpi(kind: str, said: Metadata) -> bool:
    """Whether a format itself says how many pixels an inch there are; JPEG in whole numbers."""
    if kind == "JPEG":
        return not said.exif or said.dpi is None or all(value % 1 == 0 for value in said.dpi)
    return kind in {"PNG", "TIFF", "BMP"}


def _fitting(text: Text, kind: str) -> Text | None:
    """A text as a format can hold it; None: it cannot."""
    if "texts" in _HOLDS[kind] or (kind == "JPEG" and in_jpeg.density(text) is not None):
        return text
    comment = _comment(text) if "comment" in _HOLDS[kind] else None
    return None if kind == "JPEG" and comment and len(comment.data) > in_jpeg.MOST else comment


def _comment(text: Text) -> Text | None:
    """A text as a comment of JPEG or GIF; None: it is about something else."""
    keyword, _, rest = text.data.partition(b"\x00")
    if text.kind == "comment":
        return text
    if text.kind == "tEXt" and keyword == b"Comment":
        return Text("comment", rest.decode("latin-1").encode("utf-8"))
    if text.kind == "iTXt" and keyword == b"Comment" and rest.startswith(b"\x00"):  # not packed
        return Text("comment", rest[2:].split(b"\x00", 2)[-1])
    return None
