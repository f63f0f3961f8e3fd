"""Netpbm's formats PBM, PGM, PPM and PAM, and PFM, which has floats: up to 32 bits a channel."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, BinaryIO

import numpy as np

from studio.core.formats import pillow
from studio.core.formats.opened import DamagedError, Opened, Samples, Space, strips
from studio.core.formats.tiff_samples import scaled
from studio.core.picture import Text

_GAP = rb"(?:\s+|\s*#[^\n]*\n\s*)+"
BEGINNING = re.compile(rb"P[1-6Ff]\s+(#|\d+\s+[#\d])|P7\s*\n")
"""What tells such a file from others."""
_HEADER = re.compile(rb"P([1-6Ff])" + (_GAP + rb"(\d+)") * 2 + rb"|P7\s*\n")
"""Magic number, width and height; comments may stand between them. PAM has lines with names."""
_WHITE = re.compile(_GAP + rb"([-+.\deE]+)\s")
_COMMENT = re.compile(rb"#[ \t]*([^\n]*)\n")
_END = b"ENDHDR\n"
_HEAD_BYTES = 1 << 16
_PLAIN = {b"1", b"2", b"3", b"4"}
"""Of numbers as text, or of bits: Pillow reads these."""


def read(file: BinaryIO) -> Opened:
    """Reads the header.

    Raises:
        DamagedError: it has none.
    """
    head = file.read(_HEAD_BYTES)
    found = _HEADER.match(head)
    if found is None:
        raise DamagedError("no header")
    if found[1] is None:
        return _pam(file, head)
    size = int(found[2]), int(found[3])
    if found[1] in _PLAIN:
        file.seek(0)
        return replace(pillow.read(file, "PNM"), texts=_comments(head[: found.end()]))
    white = _WHITE.match(head, found.end())
    if white is None:
        raise DamagedError("no header")
    begins, texts = white.end(), _comments(head[: white.end()])
    channels = 3 if found[1] in b"6F" else 1
    if found[1] in b"Ff":
        return _floats(file, begins, size, channels, little=white[1].startswith(b"-"), texts=texts)
    return _whole_numbers(file, begins, (*size, channels), _number(white[1]), texts)


def _pam(file: BinaryIO, head: bytes) -> Opened:
    """PAM: a header of lines, each a name and a value."""
    end = head.find(_END) + len(_END)
    lines = [line.split() for line in head[:end].splitlines()]
    said = {line[0]: line[1] for line in lines if len(line) > 1}
    numbers = (_number(said.get(n, b"")) for n in (b"WIDTH", b"HEIGHT", b"DEPTH", b"MAXVAL"))
    width, height, channels, most = numbers
    if end < len(_END) or not 1 <= channels <= 4:
        raise DamagedError("no header")
    opened = _whole_numbers(file, end, (width, height, channels), most, _comments(head[:end]))
    is_inked = channels == 4 and said.get(b"TUPLTYPE") == b"CMYK"
    return replace(opened, space=Space.CMYK, alpha=False) if is_inked else opened


def _whole_numbers(
    file: BinaryIO, begins: int, size: tuple[int, int, int], most: int, texts: tuple[Text, ...]
) -> Opened:
    """Of width, height and channels, the last of which, of two or four, is transparency."""
    if not 0 < most < 65536:
        raise DamagedError("no header")
    width, height, channels = size
    kind = np.dtype(">u2" if most > 255 else "u1")

    def rows() -> Iterator[Samples]:
        return strips(np.minimum(_array(file, begins, size, kind), most))

    return Opened(
        format="PNM",
        width=width,
        height=height,
        rows=rows,
        decoded=width * height * channels * kind.itemsize,
        space=Space.GREY if channels < 3 else Space.RGB,
        white=float(most),
        alpha=channels in {2, 4},
        bits=8 * kind.itemsize,
        texts=texts,
    )


def _floats(
    file: BinaryIO,
    begins: int,
    size: tuple[int, int],
    channels: int,
    *,
    little: bool,
    texts: tuple[Text, ...],
) -> Opened:
    """Floats, the lowest row first."""
    notes: list[str] = []
    kind = np.dtype("<f4" if little else ">f4")

    def rows() -> Iterator[Samples]:
        whole = _array(file, begins, (*size, channels), kind)[::-1]
        return strips(scaled(whole.astype(np.float32), notes))

    return Opened(
        format="PNM",
        width=size[0],
        height=size[1],
        rows=rows,
        decoded=size[0] * size[1] * channels * 8,
        space=Space.GREY if channels == 1 else Space.RGB,
        white=1.0,
        bits=32,
        texts=texts,
        notes=notes,
    )


def _array(file: BinaryIO, begins: int, size: tuple[int, int, int], kind: Any) -> Samples:
    width, height, channels = size
    file.seek(begins)
    needed = width * height * channels * kind.itemsize
    data = file.read(needed)
    if len(data) < needed:
        raise DamagedError("cut short")
    return np.frombuffer(data, kind).reshape(height, width, channels)


def _comments(head: bytes) -> tuple[Text, ...]:
    """The lines of a header that are comments, as one text."""
    lines = _COMMENT.findall(head)
    return (Text("comment", b"\n".join(lines)),) if lines else ()


def _number(text: bytes) -> int:
    return int(text) if text.isdigit() else 0
