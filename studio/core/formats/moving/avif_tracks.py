"""How often an AVIF's frames are shown: libavif reads and writes it, and Pillow does not tell.

A track that is played on and on says so in its edit list (ISO/IEC 14496-12, section 8.6.6), and how
long it is in its header: as long as all repetitions, or, for ever, as the largest number.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from studio.core.formats.boxes import boxes

_REPEATED = 1  # flag of an edit list
_LENGTH_AT = {b"mvhd": (16, 24), b"tkhd": (20, 28)}
"""Where the headers of the film and of a track have a length: in version 0, and 1."""


@dataclass(frozen=True)
class _Length:
    """A length in ticks of the film: where it stands, and in how many bytes."""

    at: int
    width: int
    ticks: int

    @property
    def is_endless(self) -> bool:
        """Whether it is the largest number."""
        return self.ticks == (1 << 8 * self.width) - 1


def read(file: BinaryIO) -> int:
    """How often the frames of a file are shown; 0: for ever, or not said."""
    file.seek(0)
    data = file.read()
    for _, length, once in _tracks(data):
        if once is not None:
            return 0 if length.is_endless else max(1, -(-length.ticks // once))
    return 0


def with_plays(data: bytes, plays: int) -> bytes:
    """A file that libavif wrote to be shown for ever, to be shown so often; 0: as it is."""
    out = bytearray(data)
    for film, length, once in _tracks(data) if plays else ():
        for each in (film, length):
            out[each.at : each.at + each.width] = (plays * (once or 0)).to_bytes(each.width, "big")
    return bytes(out)


def _tracks(data: bytes) -> Iterator[tuple[_Length, _Length, int | None]]:
    """Of each track the film's length, its own, and that of one time, if it is played again."""
    moov = next(((at, end) for kind, at, end in boxes(data) if kind == b"moov"), (0, 0))
    film: _Length | None = None
    for kind, at, end in boxes(data, *moov):
        if kind == b"mvhd":
            film = _length(data, kind, at)
        inside = {name: (start, stop) for name, start, stop in boxes(data, at, end)}
        if kind != b"trak" or film is None or not inside.keys() >= {b"tkhd", b"edts"}:
            continue
        for name, start, _ in boxes(data, *inside[b"edts"]):
            if name == b"elst":
                version, flags, count = data[start], data[start + 3], data[start + 4 : start + 8]
                once = int.from_bytes(data[start + 8 : start + (16 if version else 12)], "big")
                is_repeated = flags & _REPEATED and once and count == struct.pack(">I", 1)
                length = _length(data, b"tkhd", inside[b"tkhd"][0])
                yield film, length, once if is_repeated else None


def _length(data: bytes, kind: bytes, at: int) -> _Length:
    version = min(1, data[at])
    start, width = at + _LENGTH_AT[kind][version], 8 if version else 4
    return _Length(start, width, int.from_bytes(data[start : start + width], "big"))
