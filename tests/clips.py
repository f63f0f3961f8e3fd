"""Short clips for the tests of videos."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from tests.conftest import draw_photo

TICKS = 90_000  # a second
UNEVEN = (0, 3000, 9000, 9500, 20_000, 26_000, 33_000, 36_000)


def write_clip(
    path: Path,
    *,
    times: tuple[int, ...] = UNEVEN,
    size: tuple[int, int] = (64, 48),
    rotation: int = 0,
    aspect: Fraction | None = None,
    sound: bool = False,
) -> Path:
    """A clip of a drawn photo that moves to the right by 2 px a frame."""
    wide = draw_photo(size[0] + 2 * len(times), size[1]) // 3 + 80  # colours halved in resolution
    options = {"video_track_timescale": str(TICKS)} if path.suffix == ".mp4" else {}
    with av.open(str(path), "w", options=options) as file:
        stream = file.add_stream("libx264", rate=25, options={"crf": "10"})
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.time_base = stream.codec_context.time_base = Fraction(1, TICKS)
        if aspect is not None:
            stream.codec_context.sample_aspect_ratio = aspect
        if rotation:
            stream.set_display_rotation(rotation)
        tone = file.add_stream("aac", rate=48_000, layout="mono") if sound else None
        for number, pts in enumerate(times):
            part = np.ascontiguousarray(wide[:, 2 * number : 2 * number + size[0]])
            frame = av.VideoFrame.from_ndarray(part, format="rgb24")
            frame.pts, frame.time_base = pts, Fraction(1, TICKS)
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
        if tone is not None:
            wave = np.sin(np.arange(24 * 1024) * 0.05).astype(np.float32)
            for first in range(0, len(wave), 1024):
                piece = wave[None, first : first + 1024]
                audio = av.AudioFrame.from_ndarray(piece, format="fltp", layout="mono")
                audio.sample_rate, audio.pts = 48_000, first
                file.mux(tone.encode(audio))
            file.mux(tone.encode(None))
    return path


def frames(path: Path) -> list[av.VideoFrame]:
    with av.open(str(path)) as file:
        return list(file.decode(video=0))
