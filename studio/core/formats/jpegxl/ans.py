"""Frequencies and tables of asymmetric numeral systems (ISO/IEC 18181-1, annex C.2)."""

from dataclasses import dataclass

from studio.core.formats.jpegxl.bits import Bits
from studio.core.formats.jpegxl.prefix import read
from studio.core.formats.opened import DamagedError

RANGE, RANGE_BITS = 4096, 12
_LOG_COUNTS = {
    "000": 10, "001": 6, "010": 7, "011": 9, "101": 8, "1001": 4, "1100": 3, "1101": 1,
    "1110": 5, "1111": 2, "10001": 0, "100001": 11, "1000000": 12, "1000001": 13,
}  # fmt: skip
_RUN = 13  # among these


def frequencies(bits: Bits) -> list[int]:
    """How often each symbol comes, of 4096 (C.2.5).

    Raises:
        DamagedError: they are wrong, or cut short.
    """
    if bits.take(1):
        symbols = [bits.told(3) for _ in range(bits.take(1) + 1)]
        found = [0] * (max(symbols) + 1)
        found[symbols[0]] = bits.take(RANGE_BITS) if len(symbols) > 1 else RANGE
        if len(symbols) > 1:
            found[symbols[1]] = RANGE - found[symbols[0]]
        return found
    if bits.take(1):
        count = bits.told(3) + 1
        return [RANGE // count + (n < RANGE % count) for n in range(count)]
    ones = 0
    while ones < 3 and bits.take(1):
        ones += 1
    return _uneven(bits, (1 << ones | bits.take(ones)) - 1)


def _uneven(bits: Bits, precision: int) -> list[int]:
    logs: list[int | None] = []  # None: as before
    size = bits.told(3) + 3
    while len(logs) < size:
        log = read(_LOG_COUNTS, bits)
        logs += [None] * (bits.told(3) + 4) if log == _RUN else [log]
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
            fine = max(0, min(log - 1, precision - ((RANGE_BITS - log + 1) >> 1)))
            found.append((1 << fine | bits.take(fine)) << (log - 1 - fine))
    found[omitted] = RANGE - sum(found)
    return found


@dataclass(frozen=True)
class _Entry:
    """Of a table: from `cut` on another symbol; each with its frequency and offset."""

    cut: int
    left: tuple[int, int, int]
    right: tuple[int, int, int]


def alias_table(found: list[int], size: int) -> list[_Entry]:
    """Which symbols and states the lowest bits of a state stand for (C.2.6)."""
    width, count = RANGE >> size, 1 << size
    if min(found) < 0 or sum(found) != RANGE or len(found) > count:
        raise DamagedError("no frequencies")
    if RANGE in found:
        only = found.index(RANGE)
        whole = [(only, RANGE, width * place) for place in range(count)]
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
