"""What a file's samples mean, as RGB."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.core.formats import cicp
from studio.core.picture import Picture
from studio.core.words.said import say

_NAMES_CICP = {"PNG", "AVIF", "HEIC"}
_NAMES_NOTHING = {"BMP", "GIF"}
_STRIP = 256  # rows

Converter = Callable[[NDArray[Any], NDArray[np.float32]], None]
"""Takes samples (h, W, C) and fills (h, W, 3) float32, RGB, [0, 1]."""


def profile_space(icc: bytes | None) -> str:
    """The colour space that an ICC profile is for (ICC.1:2022, section 7.2.6).

    Returns:
        Four letters, such as ``"RGB "``, ``"GRAY"``, ``"CMYK"``, ``"Lab "``; empty: no profile, or
        bytes that are none.
    """
    if icc is None or len(icc) < 132 or icc[36:40] != b"acsp":
        return ""
    return icc[16:20].decode("latin-1")


def converter(space: str, white: float, icc: bytes | None) -> Converter:
    """How samples become RGB.

    Grey, CMYK and Lab go to sRGB through their profile; without one (or with one of another colour
    space) grey is repeated, ink is taken as a filter, and Lab is taken under illuminant D50.

    Args:
        space: ``RGB``, ``GRAY``, ``CMYK`` or ``Lab``.
        white: the sample that is fully bright, or fully inked. Not used for Lab.
        icc: the profile that came with the samples.
    """
    if space == "Lab":
        fits = profile_space(icc) == "Lab "
        return _through_profile("Lab", icc if fits and icc else _built_in("LAB"))
    if space != "RGB" and icc is not None and profile_space(icc) == space:
        return _scaled(white, _through_profile(space, icc))
    if space == "CMYK":
        return _scaled(white, _filtered)

    def divide(samples: NDArray[Any], out: NDArray[np.float32]) -> None:
        np.divide(samples, np.float32(white), out=out)

    return divide


def for_format(picture: Picture, kind: str, note: Callable[[str], None]) -> Picture:
    """The picture in colours that a format can name.

    Args:
        picture: to be written.
        kind: its format to be, as in `Metadata.format`.
        note: told what a person should know.
    """
    said = picture.metadata
    if said.cicp and kind not in _NAMES_CICP:
        if cicp.is_hdr(said.cicp):
            note(say("{kind} holds no HDR: the picture is tone-mapped to sRGB", kind=kind))
            pair = said.cicp
            return _converted(picture, lambda strip: cicp.to_srgb(strip, pair))
        said = replace(said, cicp=None, icc=cicp.profile(said.cicp))
        picture = replace(picture, metadata=said)
    if said.icc and kind in _NAMES_NOTHING:
        note(say("{kind} holds no colour profile: the picture is converted to sRGB", kind=kind))
        through = _through_profile("RGB", said.icc)

        def convert(strip: NDArray[np.float32]) -> NDArray[np.float32]:
            samples = np.rint(np.clip(strip, 0, 1) * np.float32(65535)).astype(np.uint16)
            out = np.empty_like(strip)
            through(samples, out)
            return out

        return _converted(picture, convert)
    return picture


def _converted(
    picture: Picture, convert: Callable[[NDArray[np.float32]], NDArray[np.float32]]
) -> Picture:
    """A picture in sRGB, strip by strip, so that memory stays bounded."""
    pixels = np.empty_like(picture.pixels)
    for top in range(0, picture.height, _STRIP):
        pixels[top : top + _STRIP] = convert(picture.pixels[top : top + _STRIP])
    said = replace(picture.metadata, icc=None, cicp=None)
    return Picture(pixels, picture.alpha, said)


def srgb_profile() -> bytes:
    """The sRGB profile of Little CMS."""
    return _built_in("sRGB")


def _built_in(name: str) -> bytes:
    from PIL import ImageCms

    cms: Any = ImageCms  # its stubs leave out what createProfile returns
    profile: bytes = cms.ImageCmsProfile(cms.createProfile(name)).tobytes()
    return profile


def _through_profile(space: str, icc: bytes) -> Converter:
    """Goes to sRGB with Little CMS; samples are 16-bit, or float for Lab."""
    from imagecodecs import cms_transform

    target = srgb_profile()
    name = {"GRAY": "gray", "CMYK": "cmyk", "Lab": "lab", "RGB": "rgb"}[space]

    def transform(samples: NDArray[Any], out: NDArray[np.float32]) -> None:
        given = np.ascontiguousarray(samples[..., 0] if space == "GRAY" else samples)
        rgb = cms_transform(
            given, icc, target, colorspace=name, outcolorspace="rgb", outdtype="float32"
        )
        np.clip(rgb, 0, 1, out=out)

    return transform


def _scaled(white: float, convert: Converter) -> Converter:
    """Brings samples to 16 bits for a `convert` that wants them so."""

    def scale(samples: NDArray[Any], out: NDArray[np.float32]) -> None:
        convert(np.rint(samples * np.float32(65535 / white)).astype(np.uint16), out)

    return scale


def _filtered(samples: NDArray[Any], out: NDArray[np.float32]) -> None:
    """Ink as a filter on white paper: each of R, G, B is (1 - its ink) (1 - black)."""
    light = np.float32(1) - samples / np.float32(65535)
    np.multiply(light[..., :3], light[..., 3:], out=out)
