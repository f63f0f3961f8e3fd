"""Places in a photo that its EXIF and XMP name, such as faces: turned as the photo is turned.

Programs measure them in the photo as it is stored (MWG guidelines 2.0, section 5.9; EXIF 3.0,
SubjectArea), before the orientation is applied.
"""

import re
import struct
from collections.abc import Callable
from typing import TypeVar

from studio.core.formats.metadata import exif, ifd
from studio.core.formats.metadata.ifd import Editor, Value

_AREA = re.compile(rb"<([\w.-]+):Area\b(?:[^>]*/>|.*?</\1:Area>)", re.DOTALL)
_DIMENSIONS = re.compile(
    rb"<([\w.-]+):AppliedToDimensions\b(?:[^>]*/>|.*?</\1:AppliedToDimensions>)", re.DOTALL
)
_NUMBER = re.compile(rb"([\w.-]+:([xywh])(?:\s*=\s*[\"']|\s*>)\s*)(-?[\d.]+(?:[eE]-?\d+)?)")
_RECTANGLE = re.compile(
    rb"([\w.-]+:Rectangle(?:\s*=\s*[\"']|\s*>)\s*)([\d.]+), *([\d.]+), *([\d.]+), *([\d.]+)"
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


def in_xmp(packet: bytes, orientation: int) -> bytes:
    """The packet with its regions (MWG's, and Microsoft's) turned.

    Args:
        packet: XMP.
        orientation: that is applied to the photo, 1 to 8.
    """
    if orientation == 1:
        return packet

    def area(found: re.Match[bytes]) -> bytes:
        numbers = {name: float(text) for _, name, text in _NUMBER.findall(found[0])}
        if not numbers.keys() >= {b"x", b"y"}:
            return found[0]
        x, y = _POINTS[orientation](numbers[b"x"], numbers[b"y"])
        turned = {**numbers, b"x": x, b"y": y}
        return _put(found[0], _swapped(turned) if orientation >= 5 else turned)

    def dimensions(found: re.Match[bytes]) -> bytes:
        texts = {name: text for _, name, text in _NUMBER.findall(found[0])}
        turned = _swapped(texts) if orientation >= 5 else texts
        return _NUMBER.sub(lambda number: number[1] + turned[number[2]], found[0])

    def rectangle(found: re.Match[bytes]) -> bytes:
        left, top, width, height = (float(found[n]) for n in range(2, 6))
        x, y = _POINTS[orientation](left + width / 2, top + height / 2)
        if orientation >= 5:
            width, height = height, width
        numbers = (x - width / 2, y - height / 2, width, height)
        return found[1] + ", ".join(f"{number:.6g}" for number in numbers).encode()

    packet = _DIMENSIONS.sub(dimensions, _AREA.sub(area, packet))
    return _RECTANGLE.sub(rectangle, packet)


def in_exif(block: bytes, orientation: int, size: tuple[int, int]) -> bytes:
    """The block with the place of the subject turned, and the resolution across and down.

    Args:
        block: without prefix.
        orientation: that is applied to the photo, 1 to 8.
        size: width and height of the photo as stored, in px.
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
    width, height = size
    for tag, data in found.items():
        if entries[tag].kind != ifd.SHORT or len(data) not in {4, 6, 8}:
            continue
        numbers = list(struct.unpack(f"{editor.order}{len(data) // 2}H", data))
        x, y = _POINTS[orientation](numbers[0] / width, numbers[1] / height)
        sides = (height, width) if orientation >= 5 else (width, height)
        numbers[:2] = (max(0, round(x * sides[0])), max(0, round(y * sides[1])))
        if orientation >= 5 and len(numbers) == 4:
            numbers[2:] = numbers[3], numbers[2]
        turned = Value(ifd.SHORT, struct.pack(f"{editor.order}{len(numbers)}H", *numbers))
        editor.change((ifd.EXIF,), {tag: turned})
    if orientation >= 5 and len(resolution) == 2:
        editor.change((), dict(zip(_RESOLUTION, resolution[::-1], strict=True)))
    return editor.block


_Number = TypeVar("_Number", bytes, float)


def _swapped(numbers: dict[bytes, _Number]) -> dict[bytes, _Number]:
    turned = {b"w": b"h", b"h": b"w"}
    return {turned.get(name, name): number for name, number in numbers.items()}


def _put(text: bytes, numbers: dict[bytes, float]) -> bytes:
    return _NUMBER.sub(lambda found: found[1] + f"{numbers[found[2]]:.6g}".encode(), text)
