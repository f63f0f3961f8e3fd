"""Places in a photo that its EXIF and XMP name, such as faces: turned as the photo is turned.

Programs measure them in the photo as it is stored (MWG guidelines 2.0, section 5.9; EXIF 3.0,
SubjectArea), before the orientation is applied.
"""

import re
import struct
from collections.abc import Callable

from studio.core.formats.metadata import exif, ifd
from studio.core.formats.metadata.ifd import Editor, Value
from studio.core.formats.metadata.xmp import PREFIX

_WHOLE = rb"<([\w.-]+:%b)\b[^<>]*?(?:/>|>.*?</\1\s*>)"
"""An element, whose prefix is not looked at."""
_AREA, _BOUNDARY, _VERTEX, _DIMENSIONS = (
    re.compile(_WHOLE % name, re.DOTALL)
    for name in (b"(?:ALG|DLY)?Area", b"RegionBoundary", b"li", b"AppliedToDimensions")
)
_IN_PIXELS = re.compile(rb":rbUnit(?:\s*=\s*[\"']|\s*>)\s*pixel")
_NUMBER = re.compile(
    rb"(" + PREFIX + rb"(?:rb)?([xywhXYWH]|Rx)(?:\s*=\s*[\"']|\s*>)\s*)(-?[\d.]+(?:[eE]-?\d+)?)"
)
_RECTANGLE = re.compile(
    rb"(" + PREFIX + rb"Rectangle(?:\s*=\s*[\"']|\s*>)\s*)([\d.]+), *([\d.]+), *([\d.]+), *([\d.]+)"
)
_SUBJECTS = (0x9214, 0xA214)  # SubjectArea, SubjectLocation
_RESOLUTION = (0x011A, 0x011B)  # across, down

_POINTS: dict[int, Callable[[float, float], tuple[float, float]]] = {
    1: lambda x, y: (x, y),
    2: lambda x, y: (1 - x, y),
    3: lambda x, y: (1 - x, 1 - y),
    4: lambda x, y: (x, 1 - y),
    5: lambda x, y: (y, x),
    6: lambda x, y: (1 - y, x),
    7: lambda x, y: (1 - y, 1 - x),
    8: lambda x, y: (y, 1 - x),
}
"""Orientation, and where a point goes; both in [0, 1]."""


def in_xmp(packet: bytes, orientation: int, size: tuple[int, int]) -> bytes:
    """The packet with its regions (MWG's, ACDSee's, IPTC's and Microsoft's) turned.

    Args:
        packet: XMP.
        orientation: that is applied to the photo, 1 to 8.
        size: width and height of the photo when it is turned, in px.
    """
    if orientation == 1:
        return packet
    across, down = _stored(size, orientation)

    def area(found: re.Match[bytes]) -> bytes:
        return _turned(found[0], orientation)

    def boundary(found: re.Match[bytes]) -> bytes:
        unit = (across, down) if _IN_PIXELS.search(found[0]) else (1, 1)
        stretch = across / down if unit == (1, 1) and orientation >= 5 else 1.0

        def place(found: re.Match[bytes]) -> bytes:
            return _turned(found[0], orientation, unit, corner=True, stretch=stretch)

        return _VERTEX.sub(place, found[0]) if _VERTEX.search(found[0]) else place(found)

    def dimensions(found: re.Match[bytes]) -> bytes:
        numbers = _numbers(found[0])
        return _put(found[0], _swapped(numbers) if orientation >= 5 else numbers)

    def rectangle(found: re.Match[bytes]) -> bytes:
        left, top, width, height = (float(found[n]) for n in range(2, 6))
        x, y = _POINTS[orientation](left + width / 2, top + height / 2)
        if orientation >= 5:
            width, height = height, width
        numbers = (x - width / 2, y - height / 2, width, height)
        return found[1] + ", ".join(f"{number:.6g}" for number in numbers).encode()

    packet = _DIMENSIONS.sub(dimensions, _AREA.sub(area, packet))
    return _RECTANGLE.sub(rectangle, _BOUNDARY.sub(boundary, packet))


def in_exif(block: bytes, orientation: int, size: tuple[int, int]) -> bytes:
    """The block with the place of the subject turned, and the resolution across and down.

    Args:
        block: without prefix.
        orientation: that is applied to the photo, 1 to 8.
        size: width and height of the photo when it is turned, in px.
    """
    if orientation == 1:
        return block
    try:
        editor = Editor(block)
        main = editor.reader.entries(editor.reader.first)
        resolution = [
            Value(main[tag].kind, editor.reader.data(main[tag]))
            for tag in _RESOLUTION
            if tag in main
        ]
        entries = editor.reader.entries(editor.reader.below(editor.reader.first, ifd.EXIF))
        found = {tag: editor.reader.data(entries[tag]) for tag in _SUBJECTS if tag in entries}
    except exif.ERRORS:
        return block
    width, height = _stored(size, orientation)
    for tag, data in found.items():
        if entries[tag].kind != ifd.SHORT or len(data) not in {4, 6, 8}:
            continue
        numbers = list(struct.unpack(f"{editor.order}{len(data) // 2}H", data))
        x, y = _POINTS[orientation](numbers[0] / width, numbers[1] / height)
        numbers[:2] = (max(0, round(x * size[0])), max(0, round(y * size[1])))
        if orientation >= 5 and len(numbers) == 4:
            numbers[2:] = numbers[3], numbers[2]
        turned = Value(ifd.SHORT, struct.pack(f"{editor.order}{len(numbers)}H", *numbers))
        editor.change((ifd.EXIF,), {tag: turned})
    if orientation >= 5 and len(resolution) == 2:
        editor.change((), dict(zip(_RESOLUTION, resolution[::-1], strict=True)))
    return editor.block


def _stored(size: tuple[int, int], orientation: int) -> tuple[int, int]:
    """Width and height before they are turned; the same turns them back."""
    return (size[1], size[0]) if orientation >= 5 else size


def _turned(
    text: bytes,
    orientation: int,
    unit: tuple[int, int] = (1, 1),
    *,
    corner: bool = False,
    stretch: float = 1.0,
) -> bytes:
    """A text with the place that its numbers tell turned; as it is where they tell none.

    Args:
        text: with x and y, and with w and h, a radius, or neither.
        orientation: that is applied to the photo, 1 to 8.
        unit: what the photo as stored has across and down.
        corner: x and y are of the upper left corner, and not of the middle.
        stretch: what a radius is multiplied by.
    """
    numbers = _numbers(text)
    if not numbers.keys() >= {b"x", b"y"}:
        return text
    width, height = (numbers.get(name, 0.0) if corner else 0.0 for name in (b"w", b"h"))
    x, y = _POINTS[orientation](
        (numbers[b"x"] + width / 2) / unit[0], (numbers[b"y"] + height / 2) / unit[1]
    )
    if orientation >= 5:
        numbers, width, height = _swapped(numbers), height, width
    across, down = _stored(unit, orientation)
    numbers |= {b"x": x * across - width / 2, b"y": y * down - height / 2}
    if b"rx" in numbers:
        numbers[b"rx"] *= stretch
    return _put(text, numbers)


def _numbers(text: bytes) -> dict[bytes, float]:
    """What it says, by names in small letters."""
    try:
        return {name.lower(): float(number) for _, name, number in _NUMBER.findall(text)}
    except ValueError:
        return {}


def _swapped(numbers: dict[bytes, float]) -> dict[bytes, float]:
    turned = {b"w": b"h", b"h": b"w"}
    return {turned.get(name, name): number for name, number in numbers.items()}


def _put(text: bytes, numbers: dict[bytes, float]) -> bytes:
    """The text with other numbers; those that are not given stay."""

    def number(found: re.Match[bytes]) -> bytes:
        new = numbers.get(found[2].lower())
        return found[0] if new is None else found[1] + f"{new:.6g}".encode()

    return _NUMBER.sub(number, text)
