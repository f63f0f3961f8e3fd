"""A picture in memory: its pixels, its transparency, and what its file said about it."""

import struct
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from studio.core.words.said import say

Floats = NDArray[np.float32]
_CHUNKS = {
    "pHYs": say("the shape of its pixels, which are not square"),
    "tIME": say("the time of its last change"),
    "mDCV": say("the light levels of HDR"),
    "cLLI": say("the light levels of HDR"),
    "caBX": say("content credentials"),
    "sRGB": "",
    "gAMA": "",
    "cHRM": "",
    "sBIT": "",
}
"""Kinds of PNG chunks that hold no text, in words; empty: nothing is lost without it."""


@dataclass(frozen=True)
class Text:
    """A text beside a picture, as its file has it.

    Attributes:
        kind: of the PNG chunk, such as ``iTXt``, or another one that goes along; ``comment``: a
            comment of JPEG or GIF.
        data: what the chunk holds (W3C PNG, section 11.3.3), keyword included; or the comment.
    """

    kind: str
    data: bytes

    @property
    def keyword(self) -> str:
        """What the text is about; ``Comment``, or the kind of chunk, if nothing else is said."""
        if self.kind == "comment":
            return "Comment"
        if self.kind not in {"tEXt", "zTXt", "iTXt"}:
            return self.kind
        return self.data.partition(b"\x00")[0].decode("latin-1")

    def turned(self) -> "Text":
        """What it says of a picture turned on its side: the shape of a pixel is another one."""
        if self.kind != "pHYs":
            return self
        return replace(self, data=self.data[4:8] + self.data[:4] + self.data[8:])

    @property
    def what(self) -> str:
        """What it is, for people."""
        known = self.kind in {"comment", "tEXt", "zTXt", "iTXt"}
        if known:
            return say("the text '{keyword}'", keyword=self.keyword)
        return _CHUNKS.get(self.kind, say("what its chunk {kind} says", kind=self.kind))


def pixel_shape(across: float, down: float) -> tuple[Text, ...]:
    """What says that pixels are not square, for so many of them fit into one length each way."""
    if not (across > 0 and down > 0) or abs(across - down) < 1e-3 * across:
        return ()
    whole = 1 if float(across).is_integer() and float(down).is_integer() else 1000
    counts = (min(round(count * whole), (1 << 31) - 1) for count in (across, down))
    return (Text("pHYs", struct.pack(">IIB", *counts, 0)),)


@dataclass(frozen=True)
class Metadata:
    """What a file said about its picture. The neutral value is that of a picture drawn by code.

    Attributes:
        icc: ICC profile of the RGB pixels, byte for byte as it was; None: sRGB is meant.
        exif: EXIF from its TIFF header on (no six-byte ``Exif`` prefix), orientation 1; or None.
        xmp: XMP packet (UTF-8 XML), orientation 1, without a request of ours; or None.
        dpi: horizontal and vertical resolution in pixels an inch; None: not said.
        bits: of a channel of the source, 8 to 64; no format that is written has more than 16.
        format: ``JPEG``, ``PNG``, ``WEBP``, ``TIFF``, ``AVIF``, ``HEIC``, ``BMP``, ``GIF`` or
            ``RAW``; empty: it came from no file.
        photoshop: image resources of Photoshop, in which IPTC texts are; or None.
        texts: of PNG, and comments.
        cicp: where no profile says what the colours are: primaries and transfer by the numbers of
            ITU-T H.273, such as (12, 13) for Display P3; None: the profile counts, or sRGB.
        notes: what a person should know of how the file was opened.
        lossless: a WebP that has every pixel as it was.
    """

    icc: bytes | None = None
    exif: bytes | None = None
    xmp: bytes | None = None
    dpi: tuple[float, float] | None = None
    bits: int = 8
    format: str = ""
    photoshop: bytes | None = None
    texts: tuple[Text, ...] = ()
    cicp: tuple[int, int] | None = None
    notes: tuple[str, ...] = ()
    lossless: bool = False


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture, upright and read-only.

    Attributes:
        pixels: (H, W, 3) float32, RGB, [0, 1], in the file's own RGB encoding (``metadata.icc``).
        alpha: (H, W) float32, [0, 1], 1 is opaque, not multiplied into ``pixels``; None: opaque.
        metadata: what the file said.

    Raises:
        ValueError: an array has another shape or type.
    """

    pixels: Floats
    alpha: Floats | None = None
    metadata: Metadata = Metadata()

    def __post_init__(self) -> None:
        """Checks the arrays and keeps read-only views of them."""
        if self.pixels.ndim != 3 or self.pixels.shape[2] != 3 or 0 in self.pixels.shape:
            raise ValueError(f"pixels must be (H, W, 3), not {self.pixels.shape}")
        if self.alpha is not None and self.alpha.shape != self.pixels.shape[:2]:
            raise ValueError(f"alpha must be {self.pixels.shape[:2]}, not {self.alpha.shape}")
        for name in ("pixels", "alpha"):
            array: Floats | None = getattr(self, name)
            if array is not None:
                if array.dtype != np.float32:
                    raise ValueError(f"{name} must be float32, not {array.dtype}")
                view = array.view()
                view.flags.writeable = False
                object.__setattr__(self, name, view)

    @property
    def width(self) -> int:
        """Width in px."""
        return self.pixels.shape[1]

    @property
    def height(self) -> int:
        """Height in px."""
        return self.pixels.shape[0]

    def with_pixels(self, pixels: Floats) -> "Picture":
        """This picture with other pixels, and with its own alpha and metadata.

        Args:
            pixels: (H', W', 3) float32, RGB, [0, 1]; of another size, such as after an
                enlargement, the alpha is resized to it.
        """
        alpha = self.alpha
        if alpha is not None and alpha.shape != pixels.shape[:2]:
            alpha = _resized(alpha, (pixels.shape[1], pixels.shape[0]))
        return Picture(pixels, alpha, self.metadata)

    def given_up(self) -> Floats:
        """Its pixels, to be written over by who alone has it: that saves a copy of a large one."""
        pixels = self.pixels.view()
        pixels.flags.writeable = True
        return pixels

    def reduced(self, longest: int) -> "Picture":
        """A smaller copy for previews (Lanczos); this very picture if it is small enough.

        Args:
            longest: longest side of the copy in px, at least 1.
        """
        scale = longest / max(self.width, self.height)
        if scale >= 1:
            return self
        size = (max(1, round(self.width * scale)), max(1, round(self.height * scale)))
        pixels = np.empty((size[1], size[0], 3), np.float32)
        for channel in range(3):
            pixels[..., channel] = _resized(self.pixels[..., channel], size)
        alpha = None if self.alpha is None else _resized(self.alpha, size)
        return Picture(pixels, alpha, self.metadata)


def _resized(channel: Floats, size: tuple[int, int]) -> Floats:
    """Resizes one channel.

    Args:
        channel: (H, W) float32, [0, 1].
        size: width and height of the result in px.

    Returns:
        float32, [0, 1]: what Lanczos throws beyond the range is cut off.
    """
    from PIL import Image

    image = Image.fromarray(np.ascontiguousarray(channel))
    resized = image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    return np.clip(np.asarray(resized, dtype=np.float32), 0, 1)
