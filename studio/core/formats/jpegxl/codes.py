"""Numbers as JPEG XL packs them: by prefix codes, or by asymmetric numeral systems (annex C)."""

from dataclasses import dataclass

from studio.core.formats.jpegxl.ans import RANGE, RANGE_BITS, alias_table, frequencies
from studio.core.formats.jpegxl.bits import Bits
from studio.core.formats.jpegxl.prefix import prefix_code, read
from studio.core.formats.opened import DamagedError

_FINAL = 0x130000  # state of a decoder that has come to its end
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
            sizes = [bits.told(4) + 1 for _ in range(count)]
            self._prefixes = [prefix_code(bits, each) for each in sizes]
        else:
            self._tables = [alias_table(frequencies(bits), size) for _ in range(count)]
            self._entry_bits = RANGE_BITS - size
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
            return read(self._prefixes[cluster], self._bits)
        place = self._state & (RANGE - 1)
        entry = self._tables[cluster][place >> self._entry_bits]
        within = place & ((1 << self._entry_bits) - 1)
        symbol, frequency, offset = entry.right if within >= entry.cut else entry.left
        self._state = frequency * (self._state >> RANGE_BITS) + offset + within
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
