"""AVIF (AV1 in ISO/IEC 23008-12): what Pillow does not tell, and pictures of 10 bits a channel.

Pillow reads and writes 8 bits; imagecodecs has more, but knows nothing beside the pixels. So a deep
picture is written as Pillow's file of a small one, with what imagecodecs made of the pixels in it.
"""

import struct
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, BinaryIO

import numpy as np
from PIL import Image

from studio.core.formats import cicp, pillow
from studio.core.formats.boxes import beside, boxes, inside, properties
from studio.core.formats.metadata import exif
from studio.core.formats.metadata.held import Held
from studio.core.formats.opened import Opened, Samples, left_out, strips
from studio.core.formats.samples import array, image
from studio.core.picture import Picture
from studio.core.requests import SaveOptions

_OF_PIXELS = {b"ispe", b"pixi", b"av1C"}
_SMALL = (16, 16)  # px
_DEEP = 10  # bits a channel that are written
_SPEED = 6  # Pillow's own


def read(file: BinaryIO) -> Opened:
    """As `pillow.read`, with all bits, and EXIF as it is in the file: Pillow writes it anew."""
    from PIL import _avif

    opened = pillow.read(file, "AVIF")
    library: Any = _avif
    file.seek(0)
    data = file.read()
    opened.notes.extend(left_out(beside(data)))
    block, turn = library.AvifDecoder(data, "auto", 1).get_info()[4:6]
    opened = replace(
        opened,
        exif=block,
        # Its own one counts, and then no other one: MIAF (ISO/IEC 23000-22) says so.
        orientation=turn if turn != 1 or exif.orientation(block) else None,
        cicp=_cicp(data, opened.notes),
    )
    bits = _bits(data)
    if bits > 8 and opened.count > 1:
        opened.notes.append(pillow.EIGHT_BITS)
    if bits == 8 or opened.count > 1:
        return opened
    channels = 4 if opened.alpha else 3

    def rows() -> Iterator[Samples]:
        from imagecodecs import avif_decode

        whole = avif_decode(data)
        if whole.ndim == 2:
            whole = np.repeat(whole[..., None], 3, 2)
        return strips(whole if whole.shape[2] == channels else _with_colours(whole, channels))

    deep = (opened.width * opened.height) * 8
    return replace(opened, rows=rows, bits=bits, white=float((1 << bits) - 1), decoded=deep)


def _with_colours(grey: Samples, channels: int) -> Samples:
    """Grey (and alpha) as RGB (and alpha)."""
    colours = np.repeat(grey[..., :1], 3, 2)
    return colours if channels == 3 else np.concatenate((colours, grey[..., -1:]), axis=2)


def _cicp(data: bytes, notes: list[str]) -> cicp.Cicp | None:
    """What the first colour box says; None: sRGB, or nothing."""
    for kind, at, stop in properties(data):
        if kind == b"colr" and data[at : at + 4] == b"nclx" and stop - at >= 8:
            primaries, transfer = struct.unpack_from(">2H", data, at + 4)
            return cicp.found(primaries, transfer, notes)
    return None


def _bits(data: bytes) -> int:
    """Bits a channel, 8 to 12, of the first picture (AV1 in ISOBMFF, section 2.3.3)."""
    for kind, at, stop in properties(data):
        if kind == b"av1C" and stop - at >= 4:
            return (12 if data[at + 2] & 0x20 else 10) if data[at + 2] & 0x40 else 8
    return 8


def encode(picture: Picture, options: SaveOptions, told: Held) -> bytes:
    """Writes 10 bits a channel where the picture's source had more than 8, and 8 otherwise.

    Raises:
        StudioError: the format cannot hold a picture so large.
    """
    pillow.check_sides(picture, "AVIF")
    said = picture.metadata
    is_deep = said.bits > 8
    mode = "RGB" if picture.alpha is None else "RGBA"
    shown = Image.new(mode, _SMALL) if is_deep else image(picture)
    with pillow.buffer() as out:
        shown.save(out, "AVIF", **pillow.keywords(picture, "AVIF", options, told))
        out.seek(0)
        data = out.read()
    if is_deep:
        data = _with_pixels(data, _ten_bits(picture, options))
    return of_colours(data, said.cicp) if said.cicp else data


def _ten_bits(picture: Picture, options: SaveOptions) -> bytes:
    from imagecodecs import avif_encode

    quality = 100 if options.lossless else options.quality
    return bytes(
        avif_encode(
            array(picture, (1 << _DEEP) - 1), level=quality, speed=_SPEED, bitspersample=_DEEP,
            pixelformat="444" if quality >= 90 else "420",
        )
    )  # fmt: skip


def _with_pixels(small: bytes, deep: bytes) -> bytes:
    """A file that says what one does, and shows what another one does; both by libavif.

    Raises:
        ValueError: they are not as libavif writes them.
    """
    out = bytearray(small)
    places, theirs = (list(_of_pixels(data)) for data in (small, deep))
    for (kind, at, stop), (other, begin, end) in zip(places, theirs, strict=True):
        if (kind, stop - at) != (other, end - begin):
            raise ValueError(f"{kind} beside {other}")
        out[at:stop] = deep[begin:end]
    wanted = _items(small)
    for item, (_, begin, size) in _items(deep).items():
        struct.pack_into(">2I", out, wanted[item][0], len(out) + 8, size)
        out += struct.pack(">I4s", 8 + size, b"mdat") + deep[begin : begin + size]
    return bytes(out)


def _of_pixels(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """The boxes that tell of the pixels' number and coding, the matrix of luma and chroma too."""
    for kind, at, stop in properties(data):
        if kind in _OF_PIXELS or data[at - 4 : at + 4] == b"colrnclx":
            yield kind, at, stop


def _items(data: bytes) -> dict[int, tuple[int, int, int]]:
    """Of each item where the file says what follows: where its data begin, and how many they are.

    Raises:
        ValueError: not in the one of the many ways to say it that libavif chooses.
    """
    for kind, at, _ in inside(data, (b"meta", 4)):
        if kind == b"iloc":
            head, count = struct.unpack_from(">6sH", data, at)
            places = [at + 8 + 14 * number for number in range(count)]
            items = [struct.unpack_from(">3H2I", data, place) for place in places]
            if head != b"\x00\x00\x00\x00\x44\x00" or any(item[1:3] != (0, 1) for item in items):
                break
            return {
                item[0]: (place + 6, item[3], item[4])
                for place, item in zip(places, items, strict=True)
            }
    raise ValueError("no items")


def of_colours(data: bytes, named: cicp.Cicp) -> bytes:
    """A file whose colour boxes, of pictures and tracks, say something else of the same pixels."""
    out = bytearray(data)
    for kind, start, end in boxes(data):
        at = -1 if kind == b"mdat" else data.find(b"colrnclx", start, end)
        while at >= 0:
            struct.pack_into(">2H", out, at + 8, *named)
            at = data.find(b"colrnclx", at + 12, end)
    return bytes(out)
