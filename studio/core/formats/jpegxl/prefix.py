"""Prefix codes: a word of bits for each symbol (RFC 7932, section 3)."""

from collections.abc import Mapping
from itertools import pairwise

from studio.core.formats.jpegxl.bits import Bits
from studio.core.formats.opened import DamagedError

_LENGTHS_IN_ORDER = (1, 2, 3, 4, 0, 5, 17, 6, 16, 7, 8, 9, 10, 11, 12, 13, 14, 15)
_LENGTH_OF_LENGTH = {"00": 0, "01": 3, "10": 4, "110": 2, "1110": 1, "1111": 5}
_SIMPLE = {1: (0,), 2: (1, 1), 3: (1, 2, 2), 4: (2, 2, 2, 2), 5: (1, 2, 3, 3)}
"""How many symbols (5: four, unevenly), and the lengths of their codes."""


def read(code: Mapping[str, int], bits: Bits) -> int:
    """A symbol of a prefix code, the first bit of which comes first."""
    word = ""
    while word not in code:
        word += str(bits.take(1))
        if len(word) > 15:
            raise DamagedError("no such code")
    return code[word]


def prefix_code(bits: Bits, size: int) -> dict[str, int]:
    """Reads a prefix code of an alphabet of some size (RFC 7932, section 3.4 and 3.5)."""
    if size == 1:
        return {"": 0}
    skipped = bits.take(2)
    if skipped == 1:
        count = bits.take(2) + 1
        symbols = [bits.take((size - 1).bit_length()) for _ in range(count)]
        kind = count + bits.take(1) if count == 4 else count
        return _canonical(dict(zip(symbols, _SIMPLE[kind], strict=True)))
    of_lengths: dict[int, int] = {}
    space = 32
    for symbol in _LENGTHS_IN_ORDER[skipped:]:
        if space <= 0:
            break
        if length := read(_LENGTH_OF_LENGTH, bits):
            of_lengths[symbol] = length
            space -= 32 >> length
    return _canonical(_lengths(bits, size, _canonical(of_lengths)))


def _lengths(bits: Bits, size: int, code: dict[str, int]) -> dict[int, int]:
    """Of the codes of each symbol; those that have none are left out."""
    found: dict[int, int] = {}
    at, before, run, repeated, space = 0, 8, 0, 0, 1 << 15
    while at < size and space > 0:
        length = read(code, bits)
        if length < 16:
            run = 0
            if length:
                found[at] = before = length
                space -= 1 << 15 >> length
            at += 1
            continue
        new = before if length == 16 else 0
        run = 0 if new != repeated else run
        repeated, extra = new, length - 14
        more = (run - 2 << extra if run else 0) + bits.take(extra) + 3
        for place in range(at, at + more - run):
            if new:
                found[place] = new
                space -= 1 << 15 >> new
        at, run = at + more - run, more
    if space or at > size:
        raise DamagedError("no code")
    return found


def _canonical(lengths: dict[int, int]) -> dict[str, int]:
    """The codes of symbols, by the lengths of these."""
    order = sorted(lengths, key=lambda symbol: (lengths[symbol], symbol))
    if len(order) <= 1:
        return dict.fromkeys([""], order[0] if order else 0)
    code, words = 0, {f"{0:0{lengths[order[0]]}b}": order[0]}
    for before, symbol in pairwise(order):
        code = (code + 1) << (lengths[symbol] - lengths[before])
        words[f"{code:0{lengths[symbol]}b}"] = symbol
    return words
