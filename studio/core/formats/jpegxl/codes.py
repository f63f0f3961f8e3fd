"""Numbers as JPEG XL packs them: by prefix codes, or by asymmetric numeral systems (annex C)."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from studio.core.formats.jpegxl.bits import Bits
from studio.core.formats.opened import DamagedError

_RANGE, _RANGE_BITS = 4096, 12
_FINAL = 0x130000  # state of a decoder that has come to its end
_LENGTHS_IN_ORDER = (1, 2, 3, 4, 0, 5, 17, 6, 16, 7, 8, 9, 10, 11, 12, 13, 14, 15)
_LENGTH_OF_LENGTH = {"00": 0, "01": 3, "10": 4, "110": 2, "1110": 1, "1111": 5}
_SIMPLE = {1: (0,), 2: (1, 1), 3: (1, 2, 2), 4: (2, 2, 2, 2), 5: (1, 2, 3, 3)}
"""How many symbols (5: four, unevenly), and the lengths of their codes."""
_LOG_COUNTS = {
    "000": 10, "001": 6, "010": 7, "011": 9, "101": 8, "1001": 4, "1100": 3, "1101": 1,
    "1110": 5, "1111": 2, "10001": 0, "100001": 11, "1000000": 12, "1000001": 13,
}  # fmt: skip
_RUN = 13  # among these
_MOST_CLUSTERS = 256


class Decoder:
    """Reads numbers, each of a context (C.1 to C.3).

    Args:
        bits: at which they begin.
        contexts: how many there are.
        may_copy: what came before; else each list of contexts might bring another one.

    Raises:
        DamagedError: it is wrong, or cut short.
    """

    def __init__(self, bits: Bits, contexts: int, *, may_copy: bool = True) -> None:
        self._bits = bits
        self._least, self._length, self._shortest = 1 << 32, _Whole(0, 0, 0), 0
        if bits.take(1):
            if not may_copy:
                raise DamagedError("no end to it")
            self._least = bits.u32((224, 0), (512, 0), (4096, 0), (8, 15))
            self._shortest = bits.u32((3, 0), (4, 0), (5, 2), (9, 8))
            self._length = _whole(bits, 8)
            contexts += 1
        self._clusters = _clusters(bits, contexts) if contexts > 1 else [0]
        count = max(self._clusters) + 1
        self._is_prefix = bool(bits.take(1))
        size = 15 if self._is_prefix else 5 + bits.take(2)  # bits of a symbol
        self._wholes = [_whole(bits, size) for _ in range(count)]
        if self._is_prefix:
            sizes = [_any(bits, 4) + 1 for _ in range(count)]
            self._prefixes = [_prefix_code(bits, each) for each in sizes]
        else:
            self._tables = [_alias_table(_frequencies(bits), size) for _ in range(count)]
            self._entry_bits = _RANGE_BITS - size
        self._state = _FINAL if self._is_prefix else bits.take(32)
        self._past: list[int] = []
        self._copied, self._from = 0, 0

    def next(self, context: int) -> int:
        """The next number."""
        if not self._copied:
            cluster = self._clusters[context]
            token = self._symbol(cluster)
            if token < self._least:
                self._past.append(self._wholes[cluster].of(token, self._bits))
                return self._past[-1]
            self._copied = self._length.of(token - self._least, self._bits) + self._shortest
            cluster = self._clusters[-1]
            back = self._wholes[cluster].of(self._symbol(cluster), self._bits) + 1
            self._from = len(self._past) - min(back, len(self._past))
        self._copied -= 1
        self._past.append(self._past[self._from] if self._past else 0)
        self._from += 1
        return self._past[-1]

    def end(self) -> None:
        """To be asked at the end.

        Raises:
            DamagedError: it was not right.
        """
        if self._state != _FINAL:
            raise DamagedError("another end")

    def _symbol(self, cluster: int) -> int:
        if self._is_prefix:
            return _read(self._prefixes[cluster], self._bits)
        place = self._state & (_RANGE - 1)
        entry = self._tables[cluster][place >> self._entry_bits]
        within = place & ((1 << self._entry_bits) - 1)
        symbol, frequency, offset = entry.right if within >= entry.cut else entry.left
        self._state = frequency * (self._state >> _RANGE_BITS) + offset + within
        if self._state < 1 << 16:
            self._state = self._state << 16 | self._bits.take(16)
        return symbol


@dataclass(frozen=True)
class _Whole:
    """How a symbol becomes a number: a small one itself, a large one with bits behind it."""

    split: int
    high: int
    low: int

    def of(self, token: int, bits: Bits) -> int:
        first = 1 << self.split
        if token < first:
            return token
        inside = self.high + self.low
        count = self.split - inside + ((token - first) >> inside)
        if count > 32:
            raise DamagedError("too large")
        top = (token >> self.low) & ((1 << self.high) - 1) | 1 << self.high
        lowest = token & ((1 << self.low) - 1)
        return (top << count | bits.take(count)) << self.low | lowest


def _whole(bits: Bits, size: int) -> _Whole:
    split = bits.take(size.bit_length())
    if split == size:
        return _Whole(split, 0, 0)
    high = bits.take(split.bit_length())
    low = bits.take(max(0, split - high).bit_length())
    if high + low > split:
        raise DamagedError("more bits than there are")
    return _Whole(split, high, low)


def _any(bits: Bits, size: int) -> int:
    """0, or a number that is told with its own length, itself of `size` bits."""
    if not bits.take(1):
        return 0
    count = bits.take(size)
    return 1 << count | bits.take(count)


def _clusters(bits: Bits, contexts: int) -> list[int]:
    """Which contexts are treated alike (C.2.2)."""
    if bits.take(1):
        size = bits.take(2)
        return [bits.take(size) for _ in range(contexts)]
    moves = bits.take(1)
    decoder = Decoder(bits, 1, may_copy=contexts > 2)
    found = [decoder.next(0) for _ in range(contexts)]
    decoder.end()
    if max(found) >= _MOST_CLUSTERS:
        raise DamagedError("too many")
    if moves:
        order = list(range(_MOST_CLUSTERS))
        for place, index in enumerate(found):
            found[place] = order.pop(index)
            order.insert(0, found[place])
    return found


def _read(code: Mapping[str, int], bits: Bits) -> int:
    """A symbol of a prefix code, the first bit of which comes first."""
    word = ""
    while word not in code:
        word += str(bits.take(1))
        if len(word) > 15:
            raise DamagedError("no such code")
    return code[word]


def _prefix_code(bits: Bits, size: int) -> dict[str, int]:
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
        if length := _read(_LENGTH_OF_LENGTH, bits):
            of_lengths[symbol] = length
            space -= 32 >> length
    return _canonical(_lengths(bits, size, _canonical(of_lengths)))


def _lengths(bits: Bits, size: int, code: dict[str, int]) -> dict[int, int]:
    """Of the codes of each symbol; those that have none are left out."""
    found: dict[int, int] = {}
    at, before, run, repeated, space = 0, 8, 0, 0, 1 << 15
    while at < size and space > 0:
        length = _read(code, bits)
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


def _frequencies(bits: Bits) -> list[int]:
    """How often each symbol comes, of 4096 (C.2.5)."""
    if bits.take(1):
        symbols = [_any(bits, 3) for _ in range(bits.take(1) + 1)]
        found = [0] * (max(symbols) + 1)
        found[symbols[0]] = bits.take(_RANGE_BITS) if len(symbols) > 1 else _RANGE
        if len(symbols) > 1:
            found[symbols[1]] = _RANGE - found[symbols[0]]
        return found
    if bits.take(1):
        count = _any(bits, 3) + 1
        return [_RANGE // count + (n < _RANGE % count) for n in range(count)]
    ones = 0
    while ones < 3 and bits.take(1):
        ones += 1
    return _uneven(bits, (1 << ones | bits.take(ones)) - 1)


def _uneven(bits: Bits, precision: int) -> list[int]:
    logs: list[int | None] = []  # None: as before
    size = _any(bits, 3) + 3
    while len(logs) < size:
        log = _read(_LOG_COUNTS, bits)
        logs += [None] * (_any(bits, 3) + 4) if log == _RUN else [log]
    most = max((log for log in logs if log is not None), default=-1)
    if most < 0 or len(logs) > size:
        raise DamagedError("no frequencies")
    omitted, found = logs.index(most), list[int]()
    for place, log in enumerate(logs):
        if log is None:
            found.append(found[-1] if found else 0)
        elif place == omitted or log == 0:
            found.append(0)
        else:
            fine = max(0, min(log - 1, precision - ((_RANGE_BITS - log + 1) >> 1)))
            found.append((1 << fine | bits.take(fine)) << (log - 1 - fine))
    found[omitted] = _RANGE - sum(found)
    return found


@dataclass(frozen=True)
class _Entry:
    """Of a table: from `cut` on another symbol; each with its frequency and offset."""

    cut: int
    left: tuple[int, int, int]
    right: tuple[int, int, int]


def _alias_table(found: list[int], size: int) -> list[_Entry]:
    """Which symbols and states the lowest bits of a state stand for (C.2.6)."""
    width, count = _RANGE >> size, 1 << size
    if min(found) < 0 or sum(found) != _RANGE or len(found) > count:
        raise DamagedError("no frequencies")
    if _RANGE in found:
        only = found.index(_RANGE)
        whole = [(only, _RANGE, width * place) for place in range(count)]
        return [_Entry(0, each, each) for each in whole]
    frequencies = found + [0] * (count - len(found))
    cuts = [*frequencies]
    over = [n for n in range(count) if cuts[n] > width]
    under = [n for n in range(count) if cuts[n] < width]
    others = {n: (n, 0) for n in range(count)}
    while over:
        large, small = over.pop(), under.pop()
        cuts[large] -= width - cuts[small]
        others[small] = large, cuts[large] - cuts[small]
        if cuts[large] != width:
            (over if cuts[large] > width else under).append(large)
    return [
        _Entry(
            0 if cuts[n] == width else cuts[n], (n, frequencies[n], 0),
            (others[n][0], frequencies[others[n][0]], others[n][1]),
        )
        for n in range(count)
    ]  # fmt: skip
