"""TIFF directories (TIFF 6.0, section 2), of which EXIF blocks are made: bytes that stay bytes.

No value is decoded that need not be. An EXIF block is changed in place; what grows goes to its end.
So all else keeps its bytes and its place, and the pointers inside of maker notes lead where they
did. A tag whose value lies beyond the end costs that tag alone.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

BYTE, ASCII, SHORT, LONG, RATIONAL, UNDEFINED = 1, 2, 3, 4, 5, 7
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_BIG_SIZES = {16: 8, 17: 8, 18: 8}
_WIDTHS = {**_SIZES, 5: 4, 10: 4}  # bytes of a number, of which a rational has two
_LARGEST_VALUE = 16 << 20  # bytes
_LARGEST_TREE = 32 << 20  # bytes; many tags may share the same ones

_MAGIC = {42, 43, 0x4F52, 0x5352, 0x55}
"""Of TIFF and BigTIFF; Olympus and Panasonic have their own for what is a TIFF as well."""

EXIF, GPS, INTEROPERABILITY = 0x8769, 0x8825, 0xA005
"""Tags that lead to a directory."""


@dataclass(frozen=True)
class Value:
    """What a tag has: its TIFF type, and its bytes in the order of the block."""

    kind: int
    data: bytes


Directory = dict[int, "Value | Directory"]
"""Tag to value; a tag that leads to a directory, to that directory."""


@dataclass(frozen=True)
class Entry:
    """A tag as it stands in a directory.

    Attributes:
        kind: TIFF type.
        count: of its values.
        at: where its bytes are.
        size: how many bytes it has.
    """

    kind: int
    count: int
    at: int
    size: int


class Reader:
    """Looks into a block or a TIFF file.

    Args:
        source: the bytes, or a file open for reading, seekable.

    Raises:
        ValueError: it does not begin as a TIFF does.
    """

    def __init__(self, source: bytes | BinaryIO) -> None:
        self._file = BytesIO(source) if isinstance(source, bytes) else source
        self.end = self._file.seek(0, 2)
        self._file.seek(0)
        head = self._file.read(16)
        self.order = {b"II": "<", b"MM": ">"}.get(head[:2], "")
        magic = struct.unpack(f"{self.order}H", head[2:4])[0] if self.order else 0
        self._big, self._room = magic == 43, _LARGEST_TREE
        if magic not in _MAGIC or len(head) < (16 if self._big else 8):
            raise ValueError("no TIFF header")
        where = head[8:16] if self._big else head[4:8]
        self.first = int(struct.unpack(self.order + ("Q" if self._big else "I"), where)[0])

    def table(self, at: int) -> tuple[list[bytes], int]:
        """The entries of a directory as they stand, and the offset of the next directory."""
        word, size = ("Q", 20) if self._big else ("H", 12)
        self._file.seek(at)
        head = self._file.read(struct.calcsize(word))
        if not 0 < at < self.end or len(head) < struct.calcsize(word):
            return [], 0
        (count,) = struct.unpack(self.order + word, head)
        body = self._file.read(min(count, 65535) * size)
        rows = [body[start : start + size] for start in range(0, len(body) - size + 1, size)]
        tail = self._file.read(8 if self._big else 4)
        word = "Q" if self._big else "I"
        whole = len(rows) == count and len(tail) == struct.calcsize(word)
        return rows, struct.unpack(self.order + word, tail)[0] if whole else 0

    def entries(self, at: int) -> dict[int, Entry]:
        """The tags of a directory whose values are there; of one that stands twice, the first."""
        found: dict[int, Entry] = {}
        rows, _ = self.table(at)
        head, word, room = ("HHQ", "Q", 8) if self._big else ("HHI", "I", 4)
        width = 20 if self._big else 12
        start = at + (8 if self._big else 2)
        for number, row in enumerate(rows):
            tag, kind, count = struct.unpack_from(self.order + head, row)
            size = count * (_SIZES | _BIG_SIZES).get(kind, 0)
            where = start + number * width + width - room
            if size > room:
                (where,) = struct.unpack_from(self.order + word, row, width - room)
            if 0 < size <= _LARGEST_VALUE and where + size <= self.end:
                found.setdefault(tag, Entry(kind, count, where, size))
        return found

    def data(self, entry: Entry) -> bytes:
        """The bytes of a tag."""
        self._file.seek(entry.at)
        return self._file.read(entry.size)

    def number(self, entry: Entry | None) -> int | None:
        """The first whole number of a tag; None: it has none."""
        letter = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q", 18: "Q"}.get(entry.kind if entry else 0)
        if entry is None or letter is None:
            return None
        return int(struct.unpack_from(self.order + letter, self.data(entry))[0])

    def below(self, at: int, pointer: int) -> int:
        """Where the directory is that a tag leads to; 0: there is none."""
        return self.number(self.entries(at).get(pointer)) or 0

    def directory(self, at: int, without: frozenset[int] = frozenset()) -> Directory:
        """All that a directory and those below it hold; the values that EXIF can have."""
        found: Directory = {}
        for tag, entry in self.entries(at).items():
            if tag in {EXIF, GPS, INTEROPERABILITY}:
                where = self.number(entry) or 0
                if where and where != at and (below := self._leaves(where, tag, without)):
                    found[tag] = below
            elif tag not in without and entry.kind in _SIZES and entry.size <= self._room:
                self._room -= entry.size
                found[tag] = Value(entry.kind, self.data(entry))
        return found

    def _leaves(self, at: int, pointer: int, without: frozenset[int]) -> Directory:
        """A directory below the first; only EXIF's has one below it in turn."""
        inner = {EXIF, GPS} if pointer == EXIF else {EXIF, GPS, INTEROPERABILITY}
        return self.directory(at, without | inner) if at else {}


def built(order: str, first: Directory) -> bytes:
    """A new block.

    Args:
        order: of its bytes, ``<`` or ``>``.
        first: its first directory.
    """
    head = b"II\x2a\x00" if order == "<" else b"MM\x00\x2a"
    return head + struct.pack(order + "I", 8) + _laid_out(order, first, 8)


def _laid_out(order: str, directory: Directory, at: int) -> bytes:
    """A directory, and after it its values and the directories below it, for the offset `at`."""
    table, rest = rows(order, directory, at + 2 + 12 * len(directory) + 4)
    return struct.pack(order + "H", len(table)) + b"".join(table.values()) + bytes(4) + rest


def rows(order: str, directory: Directory, at: int) -> tuple[dict[int, bytes], bytes]:
    """The entries of a directory, sorted by tag, and what of them stands outside, at `at`."""
    table: dict[int, bytes] = {}
    rest = b""
    for tag in sorted(directory):
        value, where = directory[tag], at + len(rest)
        if isinstance(value, Value):
            table[tag], outside = _row(order, tag, value, where)
        else:
            table[tag] = _row(order, tag, Value(LONG, struct.pack(order + "I", where)), 0)[0]
            outside = _laid_out(order, value, where)
        rest += outside + bytes(len(outside) % 2)
    return table, rest


def swapped(directory: Directory) -> Directory:
    """The same numbers in the other order of bytes."""
    return {
        tag: swapped(value) if isinstance(value, dict) else _other_order(value)
        for tag, value in directory.items()
    }


def _other_order(value: Value) -> Value:
    width = _WIDTHS.get(value.kind, 1)
    parts = (value.data[at : at + width][::-1] for at in range(0, len(value.data), width))
    return Value(value.kind, b"".join(parts))


def _row(order: str, tag: int, value: Value, where: int) -> tuple[bytes, bytes]:
    """An entry of a directory, and those bytes of it that stand outside, at `where`."""
    count = len(value.data) // _SIZES[value.kind]
    head = struct.pack(order + "HHI", tag, value.kind, count)
    if len(value.data) <= 4:
        return head + value.data.ljust(4, b"\x00"), b""
    return head + struct.pack(order + "I", where), value.data


class Editor:
    """Changes a block in place.

    Args:
        block: from its TIFF header on.

    Raises:
        ValueError: it does not begin as a TIFF does.
    """

    def __init__(self, block: bytes) -> None:
        self._data = bytearray(block)
        self.reader = Reader(block)
        self.order = self.reader.order

    @property
    def block(self) -> bytes:
        """As it is by now."""
        return bytes(self._data)

    def change(self, path: tuple[int, ...], changes: Mapping[int, Value | None]) -> None:
        """Sets tags of a directory; None takes one out, and blackens its bytes.

        Args:
            path: the tags that lead to the directory; empty: the first one.
            changes: tag to value.
        """
        at, pointer = self._find(path)
        if not at:
            added: Directory = {tag: value for tag, value in changes.items() if value is not None}
            if added:
                where = self._append(b"")
                self._append(_laid_out(self.order, added, where))
                link = Value(LONG, struct.pack(self.order + "I", where))
                self.change(path[:-1], {path[-1]: link})
            return
        rows, following = self.reader.table(at)
        present = self.reader.entries(at)
        kept = {struct.unpack_from(self.order + "H", row)[0]: row for row in reversed(rows)}
        for tag, value in changes.items():
            there = present.get(tag)
            if value is None:
                kept.pop(tag, None)
                if there is not None:
                    self._data[there.at : there.at + there.size] = bytes(there.size)
                continue
            fits = there is not None and there.size == len(value.data) > 4
            where = there.at if fits and there is not None else 0
            if len(value.data) > 4 and not where:
                where = self._append(value.data)
            elif where:
                self._data[where : where + len(value.data)] = value.data
            kept[tag] = _row(self.order, tag, value, where)[0]
        self._put_table(at, pointer, len(rows), [kept[tag] for tag in sorted(kept)], following)
        self.reader = Reader(self.block)

    def end_after_first(self) -> None:
        """Takes out the thumbnail, which would go on showing the picture as it was."""
        rows, following = self.reader.table(self.reader.first)
        if not following:
            return
        entries = self.reader.entries(following)
        start, size = (self.reader.number(entries.get(tag)) or 0 for tag in (0x0201, 0x0202))
        if self._data.startswith(b"\xff\xd8", start) and start + size <= len(self._data):
            self._data[start : start + size] = bytes(size)
            if len(self._data) - start - size < 2:
                del self._data[start:]
        at = self.reader.first + 2 + 12 * len(rows)
        self._data[at : at + 4] = bytes(4)
        self.reader = Reader(self.block)

    def _find(self, path: tuple[int, ...]) -> tuple[int, int]:
        """Where a directory is (0: nowhere), and where the offset stands that says so."""
        at, pointer = self.reader.first, 4
        for tag in path:
            entry = self.reader.entries(at).get(tag)
            at, pointer = self.reader.number(entry) or 0, 0 if entry is None else entry.at
        return (at, pointer) if self.reader.table(at)[0] or not path else (0, 0)

    def _put_table(
        self, at: int, pointer: int, before: int, rows: list[bytes], following: int
    ) -> None:
        table = struct.pack(self.order + "H", len(rows)) + b"".join(rows)
        table += struct.pack(self.order + "I", following)
        if len(rows) > before:
            at = self._append(table)
            self._data[pointer : pointer + 4] = struct.pack(self.order + "I", at)
        else:
            table = table.ljust(2 + 12 * before + 4, b"\x00")
            self._data[at : at + len(table)] = table

    def _append(self, data: bytes) -> int:
        """Puts bytes at the end, which is made even; returns where."""
        self._data += bytes(len(self._data) % 2)
        at = len(self._data)
        self._data += data
        return at
