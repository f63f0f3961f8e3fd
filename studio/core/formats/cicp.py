"""Colours that a file names by numbers and not by a profile (ITU-T H.273: nclx, cICP; gAMA)."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from studio.core.words.said import say

Floats = NDArray[np.float32]
Cicp = tuple[int, int]
"""Colour primaries and transfer characteristics."""

_UNKNOWN, _SRGB, _PQ, _HLG = 2, 13, 16, 18
_D65 = (0.3127, 0.3290)
_PRIMARIES: dict[int, tuple[tuple[float, float], ...]] = {
    1: ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06), _D65),
    4: ((0.67, 0.33), (0.21, 0.71), (0.14, 0.08), (0.310, 0.316)),
    5: ((0.64, 0.33), (0.29, 0.60), (0.15, 0.06), _D65),
    6: ((0.63, 0.34), (0.31, 0.595), (0.155, 0.07), _D65),
    7: ((0.63, 0.34), (0.31, 0.595), (0.155, 0.07), _D65),
    9: ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046), _D65),
    11: ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060), (0.314, 0.351)),
    12: ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060), _D65),
    22: ((0.630, 0.340), (0.295, 0.605), (0.155, 0.077), _D65),
}
"""Red, green, blue and white, as x and y of CIE 1931."""
_OF_SRGB = (_D65, *_PRIMARIES[1][:3])

_REFERENCE_WHITE, _HLG_PEAK = 203.0, 1000.0  # cd/m2 (ITU-R BT.2408; BT.2100)
_KNEE = 0.7
_SAMPLES, _MOST_SAMPLES = 1024, 4096


def named(primaries: int, transfer: int) -> Cicp | None:
    """The pair, where it names colours other than sRGB that the studio knows."""
    primaries = 1 if primaries == _UNKNOWN else primaries
    transfer = _SRGB if transfer == _UNKNOWN else transfer
    known = primaries in _PRIMARIES and (transfer in _CURVES or transfer in {_PQ, _HLG})
    return (primaries, transfer) if known and (primaries, transfer) != (1, _SRGB) else None


def found(primaries: int, transfer: int, notes: list[str]) -> Cicp | None:
    """As `named`; what it does not know is said."""
    pair = named(primaries, transfer)
    said = (
        1 if primaries == _UNKNOWN else primaries,
        _SRGB if transfer == _UNKNOWN else transfer,
    )
    if pair is None and said != (1, _SRGB):
        notes.append(
            say(
                "its colours ({primaries} and {transfer} of H.273) are taken as sRGB",
                primaries=primaries,
                transfer=transfer,
            )
        )
    return pair


def is_hdr(cicp: Cicp | None) -> bool:
    """Whether white is not the brightest that there can be."""
    return cicp is not None and cicp[1] in {_PQ, _HLG}


def profile(cicp: Cicp) -> bytes:
    """An ICC profile that says the same; not for HDR."""
    light = _CURVES[cicp[1]](np.linspace(0, 1, _SAMPLES))
    *primaries, white = _PRIMARIES[cicp[0]]
    return _made(white, primaries, light)


def primaries_of(number: int) -> list[tuple[float, float]]:
    """Red, green and blue, as x and y of CIE 1931."""
    return [*_PRIMARIES[number][:3]]


def adobe_rgb() -> bytes:
    """An ICC profile of Adobe RGB (1998)."""
    return _made(
        _D65, [(0.64, 0.33), (0.21, 0.71), (0.15, 0.06)], np.linspace(0, 1, _SAMPLES) ** (563 / 256)
    )


def profile_of(
    white: tuple[float, float],
    primaries: list[tuple[float, float]],
    transfer: int,
    exponent: float = 0.0,
) -> bytes | None:
    """An ICC profile of colours that have no numbers; None: of none that are known, or HDR.

    Args:
        white: x and y of CIE 1931.
        primaries: the same of red, green and blue.
        transfer: by its number.
        exponent: of samples instead, as of light; 0: the number counts.
    """
    ramp = np.linspace(0, 1, _SAMPLES)
    if min(y for _, y in (white, *primaries)) <= 0 or (not exponent and transfer not in _CURVES):
        return None
    return _made(white, primaries, ramp ** (1 / exponent) if exponent else _CURVES[transfer](ramp))


def profile_of_curves(
    light: NDArray[np.float64], chromaticities: tuple[float, ...] | None
) -> bytes | None:
    """An ICC profile of what a TIFF's tables say; None: it is sRGB, as good as.

    Args:
        light: (1 or 3, levels), of red, green and blue, or of all, [0, 1].
        chromaticities: as in `profile_of_gamma`.
    """
    white, *primaries = _pairs(chromaticities) if chromaticities else _OF_SRGB
    if min(y for _, y in (white, *primaries)) <= 0:
        white, *primaries = _OF_SRGB
    levels = light.shape[1]
    places, steps = np.linspace(0, 1, min(levels, _MOST_SAMPLES)), np.linspace(0, 1, levels)
    curves = np.stack([np.interp(places, steps, each) for each in light])
    same = np.allclose((white, *primaries), _OF_SRGB, atol=0.002)
    if same and min(np.abs(curves - usual).max() for usual in (_srgb(places), places**2.2)) < 0.01:
        return None
    return _made(white, primaries, curves[0] if len(curves) == 1 else curves)


def profile_of_gamma(
    exponent: float | None, chromaticities: tuple[float, ...] | None
) -> bytes | None:
    """An ICC profile of what PNG's gAMA and cHRM say; None: it is sRGB, as good as.

    Args:
        exponent: of the file's samples; sRGB's is taken to be about 1 / 2.2; None: not said, and
            sRGB's curve is meant.
        chromaticities: x and y of white, red, green and blue; None: those of sRGB.
    """
    white, *primaries = _pairs(chromaticities) if chromaticities else _OF_SRGB
    same = np.allclose((white, *primaries), _OF_SRGB, atol=0.002)
    if exponent is None:
        return None if same else profile_of(white, primaries, _SRGB)
    if not 0.05 < exponent < 20 or (same and abs(exponent - 1 / 2.2) < 0.01):
        return None
    return profile_of(white, primaries, 0, exponent)


def _pairs(numbers: tuple[float, ...]) -> list[tuple[float, float]]:
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def to_srgb(pixels: Floats, cicp: Cicp) -> Floats:
    """Brings HDR to sRGB: what is no brighter than paper stays, lights are rolled off to white.

    Args:
        pixels: (h, W, 3) float32, [0, 1], in PQ or HLG.
        cicp: says which.

    Returns:
        (h, W, 3) float32, [0, 1].
    """
    light = _pq(pixels) if cicp[1] == _PQ else _hlg(pixels)
    light = np.maximum(light @ _to_bt709(cicp[0]).T, 0) / np.float32(_REFERENCE_WHITE)
    brightest = light.max(axis=2, keepdims=True)
    beyond = np.maximum(brightest - _KNEE, 0) / (1 - _KNEE)
    rolled = np.where(beyond > 0, 1 - (1 - _KNEE) * np.exp(-beyond), brightest)
    light *= np.divide(rolled, brightest, out=np.ones_like(rolled), where=brightest > 0)
    low, high = light * 12.92, 1.055 * np.maximum(light, 1e-9) ** (1 / 2.4) - 0.055
    return np.clip(np.where(light <= 0.0031308, low, high), 0, 1).astype(np.float32)


def _pq(pixels: Floats) -> Floats:
    """Light in cd/m2 (SMPTE ST 2084)."""
    m1, m2, c1, c2, c3 = 0.1593017578125, 78.84375, 0.8359375, 18.8515625, 18.6875
    power = np.clip(pixels, 0, 1) ** np.float32(1 / m2)
    return (10000 * (np.maximum(power - c1, 0) / (c2 - c3 * power)) ** (1 / m1)).astype(np.float32)


def _hlg(pixels: Floats) -> Floats:
    """Light in cd/m2 on a display of 1000 cd/m2 (ITU-R BT.2100)."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    given = np.clip(pixels, 0, 1)
    scene = np.where(given <= 0.5, given**2 / 3, (np.exp((given - c) / a) + b) / 12)
    luminance = scene @ np.array([0.2627, 0.6780, 0.0593])
    return (_HLG_PEAK * scene * np.maximum(luminance, 1e-6)[..., None] ** 0.2).astype(np.float32)


def _to_bt709(primaries: int) -> Floats:
    """The matrix from linear light of some primaries to that of BT.709, both under D65."""
    return (np.linalg.inv(_to_xyz(1)) @ _to_xyz(primaries)).astype(np.float32)


def _to_xyz(primaries: int) -> NDArray[np.float64]:
    columns = [(x / y, 1.0, (1 - x - y) / y) for x, y in _PRIMARIES[primaries]]
    rgb, white = np.array(columns[:3]).T, np.array(columns[3])
    return rgb * np.linalg.solve(rgb, white)


def _made(
    white: tuple[float, float], primaries: list[tuple[float, float]], light: NDArray[np.float64]
) -> bytes:
    from imagecodecs import cms_profile

    flat = tuple(value for pair in primaries for value in pair)
    curve = np.rint(light * 65535).astype(np.uint16)
    made = cms_profile("rgb", whitepoint=white, primaries=flat, transferfunction=curve)
    return made[:24] + _NO_DATE + made[36:]


_NO_DATE = bytes([7, 208, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0])
"""1 January 2000: the same picture gives the same bytes on any day."""


def _bt709(value: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(value < 0.081, value / 4.5, ((value + 0.099) / 1.099) ** (1 / 0.45))


def _smpte240m(value: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(value < 0.0913, value / 4, ((value + 0.1115) / 1.1115) ** (1 / 0.45))


def _srgb(value: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


_CURVES: dict[int, Callable[[NDArray[np.float64]], NDArray[np.float64]]] = {
    1: _bt709,
    4: lambda value: value**2.2,
    5: lambda value: value**2.8,
    6: _bt709,
    7: _smpte240m,
    8: lambda value: value,
    11: _bt709,
    12: _bt709,
    _SRGB: _srgb,
    14: _bt709,
    15: _bt709,
    17: lambda value: value**2.6,
}
"""Transfer characteristics to what turns a sample into light, both [0, 1]."""
