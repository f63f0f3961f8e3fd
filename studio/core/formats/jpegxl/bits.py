"""The bits of a codestream, lowest first (ISO/IEC 18181-1, annex B)."""

from studio.core.formats.opened import DamagedError


class Bits:
    """Reads from `at`, which counts bits, on.

    Args:
        data: a codestream.
        at: where to begin.
    """

    def __init__(self, data: bytes, at: int = 0) -> None:
        self._data, self.at = data, at

    def peek(self, count: int) -> int:
        """So many bits, 0 beyond the end, which stay."""
        first, shift = divmod(self.at, 8)
        window = self._data[first : first + (shift + count + 7) // 8]
        return (int.from_bytes(window, "little") >> shift) & ((1 << count) - 1)

    def take(self, count: int) -> int:
        """So many bits.

        Raises:
            DamagedError: there are no more.
        """
        found = self.peek(count)
        self.at += count
        if self.at > 8 * len(self._data):
            raise DamagedError("cut short")
        return found

    def u32(self, *choices: tuple[int, int]) -> int:
        """One of four kinds of number: something, and so many bits beyond it."""
        base, count = choices[self.take(2)]
        return base + self.take(count)

    def u64(self) -> int:
        """A number of up to 64 bits."""
        kind = self.take(2)
        if kind < 3:
            return (0, 1, 17)[kind] + self.take(4 * kind)
        value, shift = self.take(12), 12
        while self.take(1):
            count = 4 if shift == 60 else 8
            value |= self.take(count) << shift
            shift += count
            if shift >= 64:
                break
        return value

    def enum(self) -> int:
        """Of an enumeration."""
        return self.u32((0, 0), (1, 0), (2, 4), (18, 6))

    def told(self, size: int) -> int:
        """0, or a number that is told with its own length, itself of so many bits."""
        if not self.take(1):
            return 0
        count = self.take(size)
        return 1 << count | self.take(count)
