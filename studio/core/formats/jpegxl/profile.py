"""ICC profiles as JPEG XL packs them (ISO/IEC 18181-1, annex E.4)."""

import struct
from itertools import count

from studio.core.formats.jpegxl.bits import Bits
from studio.core.formats.jpegxl.codes import Decoder
from studio.core.formats.opened import DamagedError

_CONTEXTS = 41
_LARGEST = 4 << 20  # bytes
_HEAD = 128
_NAMES = (
    b"cprt", b"wtpt", b"bkpt", b"rXYZ", b"gXYZ", b"bXYZ", b"kXYZ", b"rTRC", b"gTRC", b"bTRC",
    b"kTRC", b"chad", b"desc", b"chrm", b"dmnd", b"dmdd", b"lumi",
)  # fmt: skip
_OF_20_BYTES = {b"rXYZ", b"gXYZ", b"bXYZ", b"kXYZ", b"wtpt", b"bkpt", b"lumi"}
_TYPES = (b"XYZ ", b"desc", b"text", b"mluc", b"para", b"curv", b"sf32", b"gbd ")
_MAKERS = {b"A": b"APPL", b"M": b"MSFT", b"SG": b"SGI ", b"SU": b"SUNW"}


def read_profile(bits: Bits) -> bytes:
    """Reads a profile, byte for byte as it was.

    Raises:
        DamagedError: it is wrong, cut short, or larger than any.
    """
    size = bits.u64()
    if size > _LARGEST:
        raise DamagedError("a profile of no such size")
    decoder, packed = Decoder(bits, _CONTEXTS), bytearray()
    for place in range(size):
        context = 0 if place <= _HEAD else 1 + _near(packed[-1]) + 8 * _far(packed[-2])
        value = decoder.next(context)
        if value > 255:
            raise DamagedError("no byte")
        packed.append(value)
    decoder.end()
    try:
        return _Unpacking(bytes(packed)).profile()
    except (IndexError, struct.error) as error:
        raise DamagedError("a profile that is cut short") from error


def _letter(byte: int) -> int | None:
    if chr(byte).isascii() and chr(byte).isalpha():
        return 0
    return 1 if byte in b"0123456789.," else None


def _near(byte: int) -> int:
    """The kind of the byte before."""
    known = _letter(byte)
    if known is not None:
        return known
    return 2 + byte if byte < 2 else 4 if byte < 16 else 6 if byte == 255 else 5 + 2 * (byte <= 240)


def _far(byte: int) -> int:
    """The kind of the byte before that."""
    known = _letter(byte)
    return known if known is not None else 2 if byte < 16 else 3 if byte > 240 else 4


class _Stream:
    """Bytes that are taken one after another."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    @property
    def is_empty(self) -> bool:
        return self._at >= len(self._data)

    def take(self, size: int) -> bytes:
        found = self._data[self._at : self._at + size]
        if len(found) < size:
            raise IndexError
        self._at += size
        return found

    def number(self) -> int:
        """Seven bits a byte, the lowest first."""
        value = 0
        for shift in count(0, 7):
            (byte,) = self.take(1)
            value |= (byte & 127) << shift
            if byte < 128:
                return value
        raise IndexError

    def rest(self) -> bytes:
        return self.take(len(self._data) - self._at)


class _Unpacking:
    """Commands, and the bytes that they work on."""

    def __init__(self, packed: bytes) -> None:
        whole = _Stream(packed)
        self._size, commands = whole.number(), whole.number()
        self._commands = _Stream(whole.take(commands))
        self._bytes = _Stream(whole.rest())
        self._out = bytearray()

    def profile(self) -> bytes:
        """The whole.

        Raises:
            DamagedError: a command is not known, or it becomes another size than is said.
            IndexError: it ends too soon.
        """
        self._head()
        if not self._commands.is_empty:
            self._tags()
        while not self._commands.is_empty:
            self._content(self._commands.take(1)[0])
            if len(self._out) > self._size:
                break
        if len(self._out) != self._size:
            raise DamagedError("a profile of another size")
        return bytes(self._out)

    def _head(self) -> None:
        """The first 128 bytes, as differences from what they mostly are."""
        usual = bytearray(_HEAD)
        usual[:4], usual[8], usual[12:24] = struct.pack(">I", self._size), 4, b"mntrRGB XYZ "
        usual[36:40], usual[70:72], usual[73], usual[78:80] = b"acsp", b"\xf6\xd6", 1, b"\xd3\x2d"
        out = self._out
        for place in range(min(_HEAD, self._size)):
            if place == 8:
                usual[80:84] = out[4:8]
            if place in {41, 42}:
                maker = _MAKERS.get(bytes(out[40:place]), b"")
                usual[place:44] = maker[place - 40 :] or usual[place:44]
            out.append((self._bytes.take(1)[0] + usual[place]) & 255)

    def _tags(self) -> None:
        """The table of what there is."""
        tags = self._commands.number() - 1
        if tags < 0:
            return
        out = self._out
        out += struct.pack(">I", tags)
        start, size = _HEAD + 12 * tags, 0
        while not self._commands.is_empty:
            (command,) = self._commands.take(1)
            kind = command & 63
            if kind == 0:
                return
            names = {1: lambda: self._bytes.take(4), 2: lambda: b"rTRC", 3: lambda: b"rXYZ"}
            name = names[kind]() if kind in names else _NAMES[kind - 4]
            start = self._commands.number() if command & 64 else start + size
            size = 20 if name in _OF_20_BYTES else size
            size = self._commands.number() if command & 128 else size
            out += name + struct.pack(">2I", start, size)
            if kind in {2, 3}:
                apart = size if kind == 3 else 0
                for n, letter in ((1, b"g"), (2, b"b")):
                    out += letter + name[1:] + struct.pack(">2I", start + n * apart, size)

    def _content(self, command: int) -> None:
        """What is in them."""
        commands = self._commands
        if command == 1:
            self._out += self._bytes.take(commands.number())
        elif command in {2, 3}:
            self._out += _woven(self._bytes.take(commands.number()), 2 * command - 2)
        elif command == 4:
            self._predicted()
        elif command == 10:
            self._out += b"XYZ \x00\x00\x00\x00" + self._bytes.take(12)
        elif 16 <= command < 16 + len(_TYPES):
            self._out += _TYPES[command - 16] + bytes(4)
        else:
            raise DamagedError("no such command")

    def _predicted(self) -> None:
        """Numbers as differences from what those before them lead to expect."""
        (flags,) = self._commands.take(1)
        width, order = (flags & 3) + 1, flags >> 2 & 3
        stride = self._commands.number() if flags & 16 else width
        amount = self._commands.number()
        out = self._out
        if width == 3 or order == 3 or not width <= stride or 4 * stride >= len(out):
            raise DamagedError("nothing to go by")
        data, start = _woven(self._bytes.take(amount), width), len(out)
        for place, byte in enumerate(data):
            first = start + place - place % width
            one, two, three = (
                int.from_bytes(out[first - n * stride : first - n * stride + width], "big")
                for n in (1, 2, 3)
            )
            expected = (one, 2 * one - two, 3 * one - 3 * two + three)[order]
            shift = 8 * (width - 1 - place % width)
            out.append((byte + (expected >> shift)) & 255)


def _woven(data: bytes, width: int) -> bytes:
    """Bytes of each of `width` places behind one another, put side by side."""
    rows = -(-len(data) // width)
    return bytes(data[n] for start in range(rows) for n in range(start, len(data), rows))
