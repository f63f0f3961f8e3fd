"""Sound that a container cannot hold as it is: it is heard all the same, and it is said."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from tests.conftest import draw_photo
from tests.engine.conftest import Front
from tests.engine.video.test_kept import leave

RATE, TONE, LATE = 44_100, 440, 0.2  # Hz; seconds by which the sound comes after the picture


def film(path: Path, codec: str) -> Path:
    """Half a second of pictures and a tone."""
    with av.open(str(path), "w") as file:
        stream = file.add_stream("mjpeg", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuvj420p"
        tone = file.add_stream(codec, rate=RATE, layout="stereo")
        tone.codec_context.bit_rate = 128_000
        for number in range(15):
            frame = av.VideoFrame.from_ndarray(draw_photo(64, 48, number), format="rgb24")
            frame = frame.reformat(format="yuvj420p")
            frame.pts, frame.time_base = number, Fraction(1, 25)
            file.mux(stream.encode(frame))
        wave = np.sin(np.arange(RATE // 2) * 2 * np.pi * TONE / RATE) * 8000
        both = np.repeat(wave.astype(np.int16), 2)[None]
        audio = av.AudioFrame.from_ndarray(both, format="s16", layout="stereo")
        audio.sample_rate, audio.pts = RATE, round(LATE * RATE)
        audio.time_base = Fraction(1, RATE)
        for each in (*tone.encode(audio), *tone.encode(None)):
            file.mux(each)
        file.mux(stream.encode(None))
    return path


def heard(path: Path) -> tuple[str, float, float, float]:
    """Codec of the sound, when it begins and how long it is in seconds, and its pitch in Hz."""
    with av.open(str(path)) as file:
        stream = file.streams.audio[0]
        parts = [*file.decode(stream)]
    samples = np.concatenate([part.to_ndarray().astype(np.float64)[0] for part in parts])
    if not parts[0].format.is_planar:
        samples = samples[::2]
    rate = parts[0].sample_rate
    loud = np.flatnonzero(np.abs(samples) > np.abs(samples).max() / 4)
    begin = float(parts[0].pts * parts[0].time_base) + loud[0] / rate
    tone = samples[loud[0] : loud[-1]]
    spectrum = np.abs(np.fft.rfft(tone))
    pitch = spectrum.argmax() * rate / len(tone)
    return stream.codec_context.name, begin, len(tone) / rate, pitch


@pytest.mark.parametrize(
    ("name", "codec", "output", "now"),
    [
        ("in.wmv", "wmav2", "out.mp4", "aac"),
        ("in.wmv", "wmav2", "out.mkv", "aac"),
        ("in.mov", "pcm_s16le", "out.webm", "opus"),
        ("in.mov", "pcm_s24le", "out.mp4", "aac"),
        ("in.mkv", "pcm_s16le", "out.m4v", "aac"),
        ("in.mkv", "flac", "out.mov", "aac"),
    ],
)
def test_that_sound_that_does_not_fit_or_is_not_played_is_coded_anew(
    name: str, codec: str, output: str, now: str, front: Front, tmp_path: Path
) -> None:
    source = film(tmp_path / name, codec)
    said = leave(front, source, tmp_path / output)
    assert f"the sound ({codec}) does not fit; it is coded anew as " in "; ".join(said)
    kind, begin, length, pitch = heard(tmp_path / output)
    before = heard(source)
    assert (before[0], kind) == (codec, now)
    assert begin == pytest.approx(before[1], abs=0.05)
    assert length == pytest.approx(before[2], abs=0.05)
    assert pitch == pytest.approx(TONE, abs=8)


@pytest.mark.parametrize(
    ("codec", "output"), [("pcm_s24le", "out.mov"), ("pcm_s16le", "out.mkv"), ("flac", "out.mp4")]
)
def test_that_sound_that_fits_stays_as_it_is(
    codec: str, output: str, front: Front, tmp_path: Path
) -> None:
    source = film(tmp_path / "in.mkv", codec)
    assert not any("sound" in each for each in leave(front, source, tmp_path / output))
    assert heard(tmp_path / output)[0] == codec
