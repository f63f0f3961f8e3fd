"""What a codestream says of its pixels before they begin (ISO/IEC 18181-1, annex D)."""

from dataclasses import dataclass

from studio.core.formats import cicp
from studio.core.formats.jpegxl.bits import Bits
from studio.core.formats.jpegxl.profile import read_profile
from studio.core.words.said import say

_RATIOS = ((1, 1), (6, 5), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))
_SIZES = (9, 13, 18, 30)  # bits
_SRGB = (1, 13)
_CUSTOM, _D65, _E, _DCI = 2, 1, 10, 11  # white points
_RGB, _GREY = 0, 1
_WHITES = {_D65: (0.3127, 0.3290), _E: (1 / 3, 1 / 3), _DCI: (0.314, 0.351)}
_PRIMARIES = {(1, _D65): 1, (9, _D65): 9, (11, _D65): 12, (11, _DCI): 11}
"""JPEG XL's numbers of primaries and white point, and those of H.273."""
_ALPHA = 0
_WIDE = (9, 13)  # the primaries of BT.2020 with sRGB's curve
_WIDE_BITS = "000010011110001110100"
"""How a codestream says so: not as usual, no profile, RGB, D65, primaries, no exponent, curve."""


@dataclass(frozen=True)
class Header:
    """What the studio wants to know.

    Attributes:
        width: in px, as stored.
        height: in px, as stored.
        bits: of a channel, of whole numbers.
        orientation: 1 to 8.
        premultiplied: whether colours are multiplied by alpha.
        colours: primaries and transfer, as `Metadata.cicp`.
        icc: the profile that it has, or that says what it says otherwise.
        instead: a codestream of the same pixels in `colours`, where those of this one are beyond
            its decoders; None: they are not.
        notes: as in `Metadata`.
    """

    width: int
    height: int
    bits: int = 8
    orientation: int = 1
    premultiplied: bool = False
    colours: cicp.Cicp | None = None
    icc: bytes | None = None
    instead: bytes | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Colours:
    """Either numbers, or a profile, or one that is still to be read, or nothing that is known."""

    named: cicp.Cicp | None = None
    icc: bytes | None = None
    has_icc: bool = False


def read_size(stream: bytes) -> tuple[int, int]:
    """Width and height in px, as stored."""
    return _size(Bits(stream, 16))


def read_header(stream: bytes) -> Header:
    """Reads all of it.

    Raises:
        DamagedError: it is cut short, or wrong.
    """
    bits = Bits(stream, 16)
    width, height = _size(bits)
    if bits.take(1):  # all is as usual
        return Header(width, height)
    orientation, notes = 1, list[str]()
    if has_more := bits.take(1):
        orientation = 1 + bits.take(3)
        if bits.take(1):
            _size(bits)  # at which it is meant to be shown
        if bits.take(1):
            _skip_preview(bits)
        if bits.take(1):
            notes.append(say("the first frame is taken"))
            _skip_animation(bits)
    place, depth = bits.at, _depth(bits)
    bits.take(1)
    extra = [_extra_channel(bits) for _ in range(bits.u32((0, 0), (1, 0), (2, 4), (1, 12)))]
    is_xyb, begin = bool(bits.take(1)), bits.at
    said = _colours(bits)
    end = bits.at
    if has_more:
        _skip_tones(bits)
    _skip_rest(bits, is_xyb=is_xyb)
    named, icc, instead, before = said.named, said.icc, None, bits.at
    if said.has_icc:
        icc = read_profile(bits)
    if is_xyb and said.named is said.icc is None:  # decoders give linear sRGB, of as few bits
        named, icc = _WIDE, None
        instead = _in_wide(stream, place, (begin, end), (before, bits.at))
        depth = 12 if depth == 8 else depth
    elif named is icc is None:
        notes.append(say("its colours are taken as sRGB"))
    return Header(
        width, height, depth, orientation, any(extra),
        cicp.found(*named, notes) if named else None, icc, instead, tuple(notes),
    )  # fmt: skip


def _in_wide(
    stream: bytes, depth: int, colours: tuple[int, int], profile: tuple[int, int]
) -> bytes:
    """The codestream with other colours than its own, for which it needs no profile.

    Args:
        stream: whose pixels are stored as light (XYB), of which decoders make any colours.
        depth: bit at which it tells how many bits a channel has.
        colours: bits at which it begins, and ends, to tell of its colours.
        profile: bits at which its profile begins and ends.
    """
    begin, end = colours
    whole = int.from_bytes(stream[: (profile[1] + 7) // 8], "little")
    if not whole >> depth & 7:  # integers of 8 bits: of 12
        whole |= 4 << depth
    rest = (whole >> end) & ((1 << (profile[0] - end)) - 1)
    size = begin + len(_WIDE_BITS) + profile[0] - end
    made = whole & ((1 << begin) - 1) | int(_WIDE_BITS[::-1], 2) << begin
    made |= rest << (begin + len(_WIDE_BITS))
    return made.to_bytes((size + 7) // 8, "little") + stream[(profile[1] + 7) // 8 :]


def _colours(bits: Bits) -> _Colours:
    """What it says of its colours; the profile comes later."""
    if bits.take(1):
        return _Colours(_SRGB)
    has_icc, space = bits.take(1), bits.enum()
    if has_icc:
        return _Colours(has_icc=True)
    if space not in {_RGB, _GREY}:
        bits.enum()  # how to render
        return _Colours()
    white = bits.enum()
    white_xy = _xy(bits) if white == _CUSTOM else _WHITES[white]
    primaries = bits.enum() if space == _RGB else 1
    custom = [_xy(bits) for _ in range(3)] if primaries == _CUSTOM else None
    exponent = bits.take(24) / 1e7 if bits.take(1) else 0.0
    transfer = 0 if exponent else bits.enum()
    bits.enum()
    number = _PRIMARIES.get((primaries, white))
    if number is not None and not exponent:
        return _Colours((number, transfer))
    near = custom or cicp.primaries_of(_PRIMARIES.get((primaries, _D65), 1))
    return _Colours(icc=cicp.profile_of(white_xy, near, transfer, exponent))


def _xy(bits: Bits) -> tuple[float, float]:
    kinds = ((0, 19), (524288, 19), (1048576, 20), (2097152, 21))
    x, y = (bits.u32(*kinds) for _ in range(2))
    return _signed(x) / 1e6, _signed(y) / 1e6


def _signed(value: int) -> int:
    return -(value + 1) // 2 if value & 1 else value // 2


def _extra_channel(bits: Bits) -> bool:
    """Whether it is alpha that the colours are multiplied by."""
    if bits.take(1):  # alpha as usual
        return False
    kind = bits.enum()
    _depth(bits)
    bits.u32((0, 0), (3, 0), (4, 0), (1, 3))
    bits.take(8 * bits.u32((0, 0), (0, 4), (16, 5), (48, 10)))  # its name
    if kind == _ALPHA:
        return bool(bits.take(1))
    if kind == 2:  # a spot colour
        bits.take(4 * 16)
    elif kind == 5:  # of a pattern of filters
        bits.u32((1, 0), (0, 2), (3, 4), (19, 8))
    return False


def _depth(bits: Bits) -> int:
    """How many bits a channel has."""
    if not bits.take(1):
        return bits.u32((8, 0), (10, 0), (12, 0), (1, 6))
    found = bits.u32((32, 0), (16, 0), (24, 0), (1, 6))  # of floating-point numbers
    bits.take(4)
    return found


def _skip_preview(bits: Bits) -> None:
    kinds = ((16, 0), (32, 0), (1, 5), (33, 9)) if bits.take(1) else (
        (1, 6), (65, 8), (321, 10), (1345, 12)
    )  # fmt: skip
    bits.u32(*kinds)
    if not bits.take(3):
        bits.u32(*kinds)


def _skip_animation(bits: Bits) -> None:
    bits.u32((100, 0), (1000, 0), (1, 10), (1, 30))
    bits.u32((1, 0), (1001, 0), (1, 8), (1, 10))
    bits.u32((0, 0), (0, 3), (0, 16), (0, 32))
    bits.take(1)


def _skip_tones(bits: Bits) -> None:
    if not bits.take(1):
        bits.take(16 + 16 + 1 + 16)


def _skip_rest(bits: Bits, *, is_xyb: bool) -> None:
    """Extensions, and how samples become light and are enlarged."""
    known = bits.u64()
    bits.take(sum(bits.u64() for number in range(64) if known >> number & 1))
    if bits.take(1):
        return
    if is_xyb and not bits.take(1):
        bits.take(16 * 16)
    weights = bits.take(3)
    bits.take(16 * sum(count for place, count in enumerate((15, 55, 210)) if weights >> place & 1))


def _size(bits: Bits) -> tuple[int, int]:
    small = bool(bits.take(1))
    height = _side(bits, small)
    ratio = bits.take(3)
    wide, high = _RATIOS[ratio - 1]
    return height * wide // high if ratio else _side(bits, small), height


def _side(bits: Bits, small: bool) -> int:
    return 8 * (bits.take(5) + 1) if small else 1 + bits.take(_SIZES[bits.take(2)])
