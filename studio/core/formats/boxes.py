"""The boxes that HEIC, AVIF, JPEG 2000 and JPEG XL are made of (ISO/IEC 14496-12, section 4.2)."""

import io
from collections.abc import Iterator
from typing import BinaryIO

from studio.core.words.said import say

_BESIDE = (
    (b"auxC", b"auxid:1", ""), (b"auxC", b"auxiliary:alpha", ""),
    (b"auxC", b"auxid:2", say("a depth map")), (b"auxC", b"auxiliary:depth", say("a depth map")),
    (b"auxC", b"gainmap", say("a gain map")), (b"auxC", b"", say("further pictures")),
    (b"clli", b"", say("light levels of HDR")), (b"mdcv", b"", say("light levels of HDR")),
)  # fmt: skip
"""Kinds of properties, what is in them, and what that is of which nothing comes along."""


_CREDENTIALS = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")


def boxes(data: bytes, start: int = 0, end: int | None = None) -> Iterator[tuple[bytes, int, int]]:
    """Yields the type of each box, and where its content begins and ends.

    Args:
        data: a file, or as much of it as there is.
        start: of the first box.
        end: where to stop; None: at the end of `data`.
    """
    stop = len(data) if end is None else min(end, len(data))
    while start + 8 <= stop:
        size, kind, head = (
            int.from_bytes(data[start : start + 4], "big"),
            data[start + 4 : start + 8],
            8,
        )
        if size == 1:
            size, head = int.from_bytes(data[start + 8 : start + 16], "big"), 16
        elif size == 0:
            size = stop - start
        if size < head:
            return
        yield kind, start + head, min(start + size, stop)
        start += size


def inside(data: bytes, *path: tuple[bytes, int]) -> Iterator[tuple[bytes, int, int]]:
    """The boxes in a box, down a path of them, each with the length of its own head."""
    start, end = 0, len(data)
    for wanted, head in path:
        box = next((b for b in boxes(data, start, end) if b[0] == wanted), None)
        if box is None:
            return
        start, end = box[1] + head, box[2]
    yield from boxes(data, start, end)


def properties(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """The boxes that describe the pictures of a HEIC or AVIF."""
    return inside(data, (b"meta", 4), (b"iprp", 0), (b"ipco", 0))


def has_credentials(file: BinaryIO) -> bool:
    """Whether a file says who made it and how, as C2PA (2.1, annex A) has it.

    Args:
        file: of boxes, open for reading, which may be long.
    """
    end = file.seek(0, io.SEEK_END)
    at = file.seek(0)
    while len(head := file.read(32)) >= 8:
        if head[4:8] == b"jumb" or (head[4:8] == b"uuid" and _CREDENTIALS in head[8:]):
            return True
        size = int.from_bytes(head[8:16] if head[:4] == b"\0\0\0\1" else head[:4], "big")
        if size < 8 or at + size >= end:
            return False
        at = file.seek(at + size)
    return False


def beside(data: bytes) -> list[str]:
    """What a HEIC or AVIF holds beside its picture, in words for people."""
    found: dict[str, None] = {}
    if has_credentials(io.BytesIO(data)):
        found.setdefault(say("content credentials"))
    for kind, at, end in properties(data):
        words = (word for name, mark, word in _BESIDE if name == kind and mark in data[at:end])
        found.setdefault(next(words, ""))
    for kind, at, end in inside(data, (b"meta", 4)):
        if kind == b"iinf" and b"tmap" in data[at:end]:
            found.setdefault(say("a gain map"))
    return [word for word in found if word]
