"""Clips by lot: container, codec, clock, tracks, colours and what is said beside them."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.stream import Disposition

from tests.clips import TICKS
from tests.conftest import draw_photo

STEP = 3600  # ticks
COUNT = 8  # frames
ENCODED = {  # what each container may hold: encoder, pixels
    ".mp4": [("libx264", "yuv420p"), ("libx264", "yuv444p"), ("libx265", "yuv420p")],
    ".mov": [("libx264", "yuv422p"), ("mjpeg", "yuvj420p"), ("png", "rgb24")],
    ".mkv": [("libx264", "yuv420p10le"), ("ffv1", "yuv420p"), ("libx265", "yuv420p")],
    ".ts": [("libx264", "yuv420p"), ("libx265", "yuv420p")],
    ".avi": [("ffv1", "yuv420p"), ("mjpeg", "yuvj444p")],
}
_FINE = {"libx264": {"crf": "4"}, "libx265": {"crf": "4"}, "mjpeg": {"b": "8M"}}
_FLAGS = (Disposition.default, Disposition.comment)
_TITLED = {".mp4", ".mov", ".mkv"}


@dataclass(frozen=True)
class Case:
    """A clip to be written, and the suffix that it is written again under.

    Attributes:
        times: when its frames are shown, in ticks; the last one stays for a step.
        rotation: in degrees.
        aspect: width of a pixel, divided by its height.
        colours: primaries, transfer and matrix.
        sounds: languages and titles of its sound.
        late: seconds by which the sound begins after the clock's zero.
        chapters, font: whether it has some.
    """

    suffix: str
    codec: str
    pixels: str
    size: tuple[int, int]
    times: tuple[int, ...]
    rotation: int
    aspect: Fraction | None
    colours: tuple[int, int, int] | None
    sounds: tuple[tuple[str, str], ...]
    late: float
    chapters: bool
    font: bool
    output: str


def drawn(number: int) -> Case:
    """The case of a number, 0 to 59: each container and codec into each container."""
    random = np.random.default_rng((21, number))
    suffix = list(ENCODED)[number % len(ENCODED)]
    codec, pixels = ENCODED[suffix][number // 5 % len(ENCODED[suffix])]
    steps = random.choice([STEP, STEP // 2, 2 * STEP], COUNT - 1)
    if suffix not in {".mkv", ".mp4", ".mov"}:
        steps[:] = STEP
    first = int(random.choice([0, TICKS])) if suffix in {".ts", ".mkv"} else 0
    is_titled, is_plain = suffix in _TITLED, pixels == "yuv420p"
    languages = random.choice(["eng", "fra", "jpn"], random.integers(3))
    return Case(
        suffix, codec, pixels, (49, 33) if pixels == "yuvj444p" else (64, 48),
        tuple(first + int(sum(steps[:n])) for n in range(COUNT)),
        int(random.choice([0, 90, 180])) if suffix in {".mp4", ".mov"} else 0,
        Fraction(4, 3) if codec != "ffv1" and suffix != ".avi" and random.random() < 0.4 else None,
        ((1, 1, 1), (9, 14, 9), (5, 6, 5))[random.integers(3)] if is_plain else None,
        tuple((str(each), f"Ton {n}" if is_titled else "") for n, each in enumerate(languages)),
        float(random.choice([0, 0.1])) if suffix != ".avi" else 0.0,
        bool(is_titled and random.random() < 0.4),
        bool(suffix == ".mkv" and random.random() < 0.5),
        (".mp4", ".mkv", ".mov", ".webm")[number // 15],
    )  # fmt: skip


def write(case: Case, path: Path) -> Path:
    """Makes the clip."""
    with av.open(str(path), "w") as file:
        if case.suffix in _TITLED:
            file.metadata.update(title="Urlaub à la mer", artist="Jörg")
        stream = file.add_stream(case.codec, rate=25, options=_FINE.get(case.codec, {}))
        (stream.width, stream.height), stream.pix_fmt = case.size, case.pixels
        context = stream.codec_context
        context.time_base = stream.time_base = Fraction(1, TICKS)
        if case.colours:
            context.color_primaries, context.color_trc, context.colorspace = case.colours
            context.color_range = 1
        if case.aspect:
            context.sample_aspect_ratio = case.aspect
        if case.rotation:
            stream.set_display_rotation(case.rotation)
        tones = [file.add_stream("aac", rate=48_000, layout="mono") for _ in case.sounds]
        for tone, flag, (language, title) in zip(tones, _FLAGS, case.sounds, strict=False):
            tone.metadata.update({"language": language} | ({"title": title} if title else {}))
            tone.disposition = flag
        if case.font:
            file.add_attachment("letters.ttf", "font/ttf", b"letters")
        if case.chapters:
            at = case.times[0] * 1000 // TICKS
            parts = [(at, at + 100, "Anfang"), (at + 100, at + 300, "Ende é")]
            file.set_chapters(
                [
                    {"id": n, "start": start, "end": end, "time_base": Fraction(1, 1000),
                     "metadata": {"title": title}}
                    for n, (start, end, title) in enumerate(parts)
                ]
            )  # fmt: skip
        wide = draw_photo(case.size[0] + 2 * COUNT, case.size[1]) // 3 + 80
        for number, pts in enumerate(case.times):
            part = np.ascontiguousarray(wide[:, 2 * number : 2 * number + case.size[0]])
            frame = av.VideoFrame.from_ndarray(part, format="rgb24").reformat(format=case.pixels)
            frame.pts, frame.time_base, frame.duration = pts, Fraction(1, TICKS), STEP
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
        start = round((case.times[0] / TICKS + case.late) * 48_000)
        for number, tone in enumerate(tones):
            wave = np.sin(np.arange(12 * 1024) * (0.03 + 0.01 * number)).astype(np.float32)
            for at in range(0, len(wave), 1024):
                audio = av.AudioFrame.from_ndarray(wave[None, at : at + 1024], "fltp", "mono")
                audio.sample_rate, audio.pts = 48_000, start + at
                file.mux(tone.encode(audio))
            file.mux(tone.encode(None))
    return path


def meant(case: Case) -> list[str]:
    """What has to be said, and nothing else."""
    notes: list[str] = []
    if case.pixels == "rgb24":
        notes.append("the clip is RGB; it is written as luma and chroma of BT.601")
    finer = {"yuv444p": "4:4:4", "yuvj444p": "4:4:4", "rgb24": "4:4:4", "yuv422p": "4:2:2"}
    if case.pixels in finer:
        which = finer[case.pixels]
        notes.append(f"the clip's colours ({which}) are written at half their resolution (4:2:0)")
    if case.pixels.endswith("10le") and case.output == ".webm":
        notes.append("the clip has 10 bits a channel; 8 are kept")
    if case.size[0] % 2 and case.output != ".webm":
        notes.append("players ask for even sides: the edge's px are repeated once")
    if case.aspect and case.output == ".webm":
        notes.append("the clip's pixels are not square; in a WebM they are made so")
    if case.font and case.output != ".mkv":
        notes.append("the attachment letters.ttf cannot be kept in the new file")
    if case.output == ".webm":
        notes += ["the sound (aac) does not fit; it is coded anew as Opus"] * len(case.sounds)
    said_so = case.suffix in {".mp4", ".mkv"}  # the others had no place for it
    if len(case.sounds) > 1 and said_so and case.output in {".mov", ".webm"}:
        notes.append("the mark 'comment' of its sound cannot be kept in the new file")
    return notes
