"""A picture file between its header and its pixels, and how the pixels become a `Picture`."""

import enum
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.core.errors import StudioError
from studio.core.formats import colour
from studio.core.formats.canvas import canvas, divide_by_alpha
from studio.core.formats.metadata import exif, places, xmp
from studio.core.memory import refuse_beyond_memory
from studio.core.picture import Metadata, Picture, Text
from studio.core.words.said import say

Samples = NDArray[Any]
_Floats = NDArray[np.float32]

_STRIP_PIXELS = 1 << 20
_BYTES = 16  # of a pixel of a `Picture`, with alpha
_MOST_BYTES = 32  # that a decoder may hold for a pixel: four channels of 64 bits
_SPARE_BYTES = 64 << 20  # that it may hold besides: a large tile of a small picture


class DamagedError(Exception):
    """A file whose beginning is right and whose rest is not."""


class Space(enum.Enum):
    """What the samples of a file mean. The value is the number of channels but for alpha."""

    RGB = "RGB"
    GREY = "GRAY"
    CMYK = "CMYK"
    LAB = "Lab"

    @property
    def channels(self) -> int:
        """How many samples a pixel has, alpha not counted."""
        return {Space.GREY: 1, Space.CMYK: 4}.get(self, 3)


@dataclass(frozen=True)
class Opened:
    """A file whose header has been read and whose pixels have not.

    Attributes:
        format: as in `Metadata`.
        width: in px, as stored, before `orientation`.
        height: in px, as stored.
        rows: decodes; yields strips of the picture from the top, each (h, W, channels) with alpha
            as the last channel, any integer or float type; Lab is L in [0, 100], a and b as float.
        decoded: bytes that the decoder holds when it yields them.
        space: what the channels mean.
        white: the value of a sample that is fully bright (or inked, or opaque).
        alpha: whether there is an alpha channel.
        premultiplied: whether the colours are multiplied by alpha.
        bits: 8 to 64, as in `Metadata`.
        icc: embedded profile, of whatever colour space.
        exif: EXIF, with or without its six-byte ``Exif`` prefix.
        xmp: XMP packet.
        dpi: pixels an inch, as the format itself says; None: look into the EXIF.
        orientation: EXIF orientation, 1 to 8, still to be applied; None: look into EXIF and XMP.
        turned: orientation that the decoder applies itself; None: it applies none.
        request: the request that a format keeps elsewhere than in XMP.
        photoshop, texts, cicp, lossless: as in `Metadata`.
        count: how many pages or frames the file has that can be read; of several the first is
            taken, and it is said.
        notes: as in `Metadata`; decoding may add to them.
        whole: (width, height), as stored, of what this is a reduced copy of; None: it is none.
    """

    format: str
    width: int
    height: int
    rows: Callable[[], Iterator[Samples]]
    decoded: int
    space: Space = Space.RGB
    white: float = 255.0
    alpha: bool = False
    premultiplied: bool = False
    bits: int = 8
    icc: bytes | None = None
    exif: bytes | None = None
    xmp: bytes | None = None
    dpi: tuple[float, float] | None = None
    orientation: int | None = None
    turned: int | None = None
    request: str | None = None
    photoshop: bytes | None = None
    texts: tuple[Text, ...] = ()
    cicp: tuple[int, int] | None = None
    count: int = 1
    notes: list[str] = field(default_factory=list[str])
    whole: tuple[int, int] | None = None
    lossless: bool = False

    @property
    def turn(self) -> int:
        """EXIF orientation, 1 to 8."""
        return self.orientation or exif.orientation(self.exif) or xmp.orientation(self.packet) or 1

    @property
    def packet(self) -> bytes | None:
        """The XMP packet in UTF-8."""
        return xmp.in_utf8(self.xmp)

    @property
    def upright_size(self) -> tuple[int, int]:
        """(width, height) in px of the whole, turned."""
        width, height = self.whole or (self.width, self.height)
        return (height, width) if self.turn >= 5 else (width, height)

    @property
    def rgb_profile(self) -> bytes | None:
        """The profile of the RGB that it becomes; None: sRGB is meant, or told otherwise."""
        is_kept = self.space in {Space.RGB, Space.GREY}
        return self.icc if is_kept and colour.profile_space(self.icc) == "RGB " else None

    def check(self, limit: float, beside: int, name: str) -> None:
        """Refuses what is too large, before anything is decoded.

        Args:
            limit: in megapixels (millions of px).
            beside: bytes a pixel that will be needed besides the picture.
            name: of the file, for people.

        Raises:
            StudioError: it is larger, holds far more than its size in px tells, or needs more
                memory than is left.
            DamagedError: it has no pixel.
        """
        check_size(self.width, self.height, limit, name)
        pixels = self.width * self.height
        if self.decoded > _MOST_BYTES * pixels + _SPARE_BYTES:
            raise StudioError(
                say(
                    "{name} would take {size:.0f} MB for {width} x {height} pixels",
                    name=name,
                    size=self.decoded / 1e6,
                    width=self.width,
                    height=self.height,
                ),
                "save it again as an RGB picture",
            )
        refuse_beyond_memory(_BYTES * pixels + max(self.decoded, beside * pixels), name)

    def to_picture(self) -> Picture:
        """Decodes the pixels.

        Raises:
            DamagedError: rows or channels are not as the header says; or an error of the decoder.
        """
        size = self.height, self.width
        pixels, view = canvas(*size, 3, self.turn)
        alpha, alpha_view = canvas(*size, 1, self.turn) if self.alpha else (None, None)
        convert = self._converter()
        for here, strip in self._strips():
            convert(strip, view[here], None if alpha_view is None else alpha_view[here])
        return Picture(pixels, None if alpha is None else alpha[..., 0], self._metadata())

    def to_levels(self, check: Callable[[], None] = lambda: None) -> NDArray[np.uint8]:
        """Decodes the pixels in the levels of a screen, which take a quarter of the memory.

        Args:
            check: asked at every strip; what it raises gives the work up.

        Returns:
            (H, W, 3 or 4) uint8: RGB in the encoding of `rgb_profile`, and alpha where there is.

        Raises:
            DamagedError: as `to_picture`.
        """
        levels, view = canvas(self.height, self.width, 3 + self.alpha, self.turn, np.uint8)
        is_plain = self.space is Space.RGB and self.white == 255 and not self.premultiplied
        convert = self._converter()
        for here, strip in self._strips():
            check()
            if is_plain and strip.dtype == np.uint8:
                view[here] = strip
                continue
            floats = np.empty(view[here].shape, np.float32)
            rgb = np.empty((*strip.shape[:2], 3), np.float32)
            convert(strip, rgb, floats[..., 3:] if self.alpha else None)
            floats[..., :3] = rgb
            view[here] = np.rint(np.clip(floats, 0, 1, out=floats) * 255)
        return levels

    def _strips(self) -> Iterator[tuple[slice, Samples]]:
        """The strips, each with the rows that it is."""
        top = 0
        for strip in self.rows():
            if strip.shape[2] != self.space.channels + self.alpha:
                raise DamagedError(f"{strip.shape[2]} channels")
            here = slice(top, top + len(strip))
            yield here, strip
            top = here.stop
        if top != self.height:
            raise DamagedError(f"{top} of {self.height} rows")

    def _converter(self) -> Callable[[Samples, _Floats, _Floats | None], None]:
        """Fills RGB (h, W, 3) and alpha (h, W, 1) with what samples mean."""
        convert = colour.converter(self.space.value, self.white, self.icc)

        def fill(strip: Samples, rgb: _Floats, alpha: _Floats | None) -> None:
            convert(strip[..., : self.space.channels], rgb)
            if alpha is not None:
                np.divide(strip[..., -1:], np.float32(self.white), out=alpha)
                if self.premultiplied:
                    divide_by_alpha(rgb, alpha)

        return fill

    def found_request(self) -> str | None:
        """The request that made the picture, wherever it is."""
        return self.request or xmp.take_request(self.packet)[1] or exif.request(self.exif)

    def _metadata(self) -> Metadata:
        packet, size = xmp.take_request(self.packet)[0], self.upright_size
        turn, block = self.turned or self.turn, exif.upright(self.exif)
        dpi, texts = self.dpi or exif.resolution(self.exif), self.texts
        if turn >= 5:
            dpi, texts = dpi and (dpi[1], dpi[0]), tuple(text.turned() for text in texts)
        block = block and places.in_exif(block, turn, size)
        if packet is not None:
            packet, changed = xmp.true_of_the_picture(places.in_xmp(packet, turn, size))
            if changed:
                self.notes.append(say("the film or gain map that came with the photo is left out"))
        if self.count > 1:
            what = say("pages") if self.format == "TIFF" else say("frames")
            first = say("the first of {count} {what} is taken", count=self.count, what=what)
            self.notes.append(first)
        profile, space = self.rgb_profile, colour.profile_space(self.icc)
        if self.icc and profile is None and space != self.space.value:
            other = say("for other colours ({space})", space=space.strip() if space else "")
            what = other if space else say("broken")
            self.notes.append(say("its colour profile is {what}, and left out", what=what))
        return Metadata(
            icc=profile,
            exif=block,
            xmp=xmp.upright(packet),
            dpi=dpi,
            bits=self.bits,
            format=self.format,
            photoshop=self.photoshop,
            texts=texts,
            cicp=None if profile else self.cicp,
            notes=tuple(self.notes),
            lossless=self.lossless,
        )


def left_out(what: Sequence[str]) -> list[str]:
    """The note of what came with a photo and does not come along; none where that is nothing."""
    return [say("what came with the photo is left out: {what}", what=what)] if what else []


def check_size(width: int, height: int, limit: float, name: str) -> None:
    """Refuses a picture that is larger than `limit`.

    Args:
        width: in px.
        height: in px.
        limit: in megapixels (millions of px).
        name: of the file, for people.

    Raises:
        StudioError: it is larger; or it has no pixel.
    """
    if width < 1 or height < 1:
        raise DamagedError(f"{width} x {height}")
    megapixels = width * height / 1e6
    if megapixels > limit:
        most = int(megapixels) + 1
        raise StudioError(
            say(
                "{name} has {size:.4g} megapixels ({px}), more than the limit of {limit:g}",
                name=name,
                size=megapixels,
                px=f"{width} x {height}",
                limit=limit,
            ),
            say("set STUDIO_MAX_MEGAPIXELS={most} to allow it, or make it smaller", most=most),
        )


def strips(array: Samples) -> Iterator[Samples]:
    """Cuts (H, W) or (H, W, C) into strips of rows (h, W, C) of about a megapixel, uncopied."""
    whole = array if array.ndim == 3 else array[..., None]
    step = strip_rows(whole.shape[1])
    for top in range(0, len(whole), step):
        yield whole[top : top + step]


def strip_rows(width: int) -> int:
    """How many rows of `width` px make a strip that is worked on at a time."""
    return max(1, _STRIP_PIXELS // width)
