"""Frames of GIF, WebP, APNG and AVIF, read one after another and written as whole ones.

Pillow puts what only changes together to full frames, but for GIF. APNG (PNG, third edition,
section 11.3.3) is written here, so that all that `png` says of a picture is in it.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio.core.formats import avif, gif, pillow, png
from studio.core.formats.metadata.held import Held
from studio.core.formats.moving import avif_tracks
from studio.core.formats.opened import Opened, Space, strips
from studio.core.picture import Picture
from studio.core.requests import SaveOptions
from studio.core.words.said import say

KINDS = frozenset({"GIF", "WEBP", "PNG", "AVIF"})
"""The formats that may move."""


@dataclass(frozen=True)
class Frames:
    """What a moving file says of its frames.

    Attributes:
        count: how many are shown, one after another.
        plays: how often they are; 0: for ever.
        each: reads them: the frame, with alpha, and for how many milliseconds it is shown.
    """

    count: int
    plays: int
    each: Iterator[tuple[Opened, float]]


def read(file: BinaryIO, first: Opened) -> Frames:
    """Finds the frames of a file.

    Args:
        file: open as long as they are read.
        first: its first picture, whose metadata counts for all.
    """
    file.seek(0)
    found: Any = Image.open(file, formats=[first.format])
    start, notes = 0, [*first.notes]
    if first.bits > 8:
        notes.append(pillow.EIGHT_BITS)
    if found.info.get("default_image"):
        start = 1
        notes.append(say("the still picture for programs that know no APNG is left out"))
    plays = avif_tracks.read(file) if first.format == "AVIF" else _plays(found.info, first.format)
    return Frames(found.n_frames - start, plays, _each(found, start, first, notes, file))


def _plays(info: dict[Any, Any], kind: str) -> int:
    """GIF counts the repetitions, and where it says nothing there are none."""
    loop: int | None = info.get("loop")
    if kind != "GIF":
        return loop or 0
    return 1 if loop is None else loop + 1 if loop else 0


def _each(
    found: Any, start: int, first: Opened, notes: list[str], file: BinaryIO
) -> Iterator[tuple[Opened, float]]:
    size = first.width, first.height
    read = gif.read(file, size) if first.format == "GIF" else _by_pillow(found, start)
    for shown, milliseconds in read:
        whole = shown[..., [0, 3]] if first.space is Space.GREY else shown
        opened = replace(
            first, rows=partial(strips, whole), white=255.0, alpha=True, bits=8,
            premultiplied=False, count=1, notes=[*notes],
        )  # fmt: skip
        yield opened, milliseconds


def _by_pillow(found: Any, start: int) -> Iterator[tuple[NDArray[np.uint8], float]]:
    """Frames (H, W, 4), and for how many milliseconds each is shown."""
    for number in range(start, found.n_frames):
        found.seek(number)
        # Pillow would cut 16 bits off, not scale them.
        shown = Image.fromarray(_bytes(np.asarray(found))) if found.mode == "I;16" else found
        yield np.asarray(shown.convert("RGBA")), float(found.info.get("duration", 0))


def _bytes(grey: NDArray[np.uint16]) -> NDArray[np.uint8]:
    return np.rint(grey / 257).astype(np.uint8)


def encode(
    kind: str,
    images: Sequence[Image.Image],
    durations: Sequence[float],
    plays: int,
    first: Picture,
    options: SaveOptions,
    told: Held,
) -> bytes:
    """Writes frames as a file of its own.

    Args:
        kind: one of `KINDS`.
        images: RGB or RGBA, of one size.
        durations: of each, in milliseconds; GIF has hundredths of a second.
        plays: how often; 0: for ever.
        first: the first frame, whose metadata counts for all.
        options: how each is compressed.
        told: what the file says beside its pixels.
    """
    mode = "RGBA" if any(image.mode == "RGBA" for image in images) else "RGB"
    same = [image if image.mode == mode else image.convert(mode) for image in images]
    if kind == "PNG":
        return _apng(same, durations, plays, first, told)
    keywords = pillow.keywords(first, kind, options, told)
    if kind == "GIF":
        durations = [max(1, round(time / 10)) * 10 if time else 0 for time in durations]
        same = [_of_one_bit(image) for image in same] if mode == "RGBA" else same
        if plays != 1:
            keywords["loop"] = max(0, plays - 1)
        if mode == "RGBA":  # else what was painted before would show through
            keywords["disposal"] = 2
    elif kind == "WEBP":
        keywords["loop"] = plays
    else:
        durations = [round(time) for time in durations]
    with pillow.buffer() as out:
        same[0].save(
            out, kind, save_all=True, append_images=same[1:], duration=list(durations), **keywords
        )
        out.seek(0)
        data = out.read()
    if kind == "WEBP" and mode == "RGBA":
        return _with_alpha(data)
    if kind != "AVIF":
        return data
    named = first.metadata.cicp
    return avif_tracks.with_plays(avif.of_colours(data, named) if named else data, plays)


def rounded(kind: str, durations: Sequence[float]) -> bool:
    """Whether a format has other durations than these, in milliseconds, by more than a half."""
    step = 10 if kind == "GIF" else 1
    return any(abs(time - round(time / step) * step) > 0.5 for time in durations)


def _of_one_bit(image: Image.Image) -> Image.Image:
    """With pixels that are there or are not; those that are not have one colour for all."""
    samples = np.array(image)
    seen = samples[..., 3:] >= 128
    return Image.fromarray(np.where(seen, samples | np.array([0, 0, 0, 255], np.uint8), 0))


def _with_alpha(data: bytes) -> bytes:
    """A moving WebP that says so; libwebp does not where only what is disposed of is clear."""
    at = 20  # of the flags: behind the file's header and that of its first chunk
    return data[:at] + bytes([data[at] | 0x10]) + data[at + 1 :] if data[12:16] == b"VP8X" else data


def _apng(
    images: Sequence[Image.Image],
    durations: Sequence[float],
    plays: int,
    first: Picture,
    told: Held,
) -> bytes:
    """Each frame as the chunks that its own PNG would have, numbered and timed."""
    from imagecodecs import png_encode

    width, height = images[0].size
    turn = 0
    out: list[bytes] = []
    for number, (image, milliseconds) in enumerate(zip(images, durations, strict=True)):
        data = bytes(png_encode(np.asarray(image), level=6))
        if number == 0:
            data = png.with_words(data, first.metadata, told)
        place = struct.pack(">5I", turn, width, height, 0, 0)
        frame = [png.chunk(b"fcTL", place + _delay(milliseconds) + bytes(2))]  # not blended
        turn += 1
        before: list[bytes] = []
        for kind, start, end in png.split(data):
            if kind != b"IDAT":
                before.append(data[start:end])
            elif number == 0:
                frame.append(data[start:end])
            else:
                content = struct.pack(">I", turn) + data[start + 8 : end - 4]
                frame.append(png.chunk(b"fdAT", content))
                turn += 1
        if number == 0:
            moves = png.chunk(b"acTL", struct.pack(">2I", len(images), plays))
            out += [png.SIGNATURE, *before[:-1], moves]
        out += frame
    return b"".join((*out, png.chunk(b"IEND", b"")))


def _delay(milliseconds: float) -> bytes:
    """Seconds as a fraction of two 16-bit numbers."""
    seconds = min(milliseconds / 1000, 65535.0)
    finest = max(1, min(1000, int(65535 / seconds))) if seconds else 1
    delay = Fraction(seconds).limit_denominator(finest)
    return struct.pack(">2H", delay.numerator, delay.denominator)
