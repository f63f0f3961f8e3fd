"""What the pixels of a picture lose in a format, in words for people."""

from collections.abc import Iterator

import numpy as np

from studio.core.picture import Metadata, Picture
from studio.core.requests import SaveOptions
from studio.core.words.said import say

_BITS = {"PNG": 16, "TIFF": 16, "AVIF": 10, "HEIC": 10}
OPAQUE = frozenset({"JPEG", "BMP"})
"""Formats that hold no transparency."""


def keeps_all(said: Metadata, options: SaveOptions) -> bool:
    """Whether a WebP has every pixel as it is: as it is asked for, else as the original has."""
    if options.lossless is None:
        return said.lossless and options.quality == SaveOptions.quality
    return options.lossless


def losses(picture: Picture, kind: str, options: SaveOptions) -> Iterator[str]:
    """What should be said.

    Args:
        picture: with as many bits as its source has.
        kind: a format that the studio writes, as in `Metadata.format`.
        options: how it is written.
    """
    said, alpha = picture.metadata, picture.alpha
    if alpha is not None and kind in OPAQUE and bool(np.min(alpha) < 1):
        yield say("{kind} holds no transparency: the picture is laid on white", kind=kind)
    if alpha is not None and kind == "GIF" and bool(np.any((alpha > 0) & (alpha < 1))):
        yield say("GIF holds no half-transparency: each pixel is opaque or not there")
    bits = _BITS.get(kind, 8)
    if said.bits > bits and said.format != "RAW":  # which is developed, not kept
        yield say(
            "of the original's {bits} bits a channel {kind} holds {kept}",
            bits=said.bits,
            kind=kind,
            kept=bits,
        )
    if kind == "WEBP" and said.lossless and not keeps_all(said, options):
        yield say(
            "the original is a lossless WebP; the result, of quality {quality}, is none",
            quality=options.quality,
        )
