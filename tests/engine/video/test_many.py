"""Sixty clips drawn by lot through a run that leaves the frames alone: nothing else differs."""

from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import pytest
from av.stream import Disposition

from tests.clips import frames
from tests.engine.conftest import Front
from tests.engine.video.test_kept import Track, leave, seconds, write
from tests.engine.video.test_video import sound, tell_apart

_ENCODED = {  # what each container may hold: encoder, pixels
    ".mp4": [("libx264", "yuv420p"), ("libx264", "yuv444p"), ("libx265", "yuv420p")],
    ".mov": [("libx264", "yuv420p"), ("mjpeg", "yuvj420p"), ("png", "rgb24")],
    ".mkv": [("libx264", "yuv420p10le"), ("ffv1", "yuv420p"), ("libx265", "yuv420p")],
    ".ts": [("libx264", "yuv420p"), ("libx265", "yuv420p")],
    ".avi": [("ffv1", "yuv420p"), ("mjpeg", "yuvj444p")],
}
_FINE = {"libx264": {"crf": "4"}, "libx265": {"crf": "4"}, "mjpeg": {"b": "8M"}}
_EXPLAINED = ("RGB", "8 are kept", "even sides", "of BT.601")
_FLAGS = (Disposition.default, Disposition.comment)


@dataclass(frozen=True)
class Case:
    """A clip to be written, and the suffix that it is written again under."""

    suffix: str
    codec: str
    pixels: str
    size: tuple[int, int]
    times: tuple[int, ...]
    tracks: tuple[Track, ...]
    output: str


def draw(number: int) -> Case:
    """The case of a number."""
    random = np.random.default_rng((21, number))
    suffix = list(_ENCODED)[number % len(_ENCODED)]
    codec, pixels = _ENCODED[suffix][random.integers(len(_ENCODED[suffix]))]
    steps = random.choice([3600, 1800, 7200], 8) if suffix == ".mkv" else np.full(8, 3600)
    first = int(random.choice([0, 90_000])) if suffix in {".ts", ".mkv"} else 0
    odd = codec == "mjpeg" and pixels == "yuvj444p"
    languages = random.choice(["eng", "fra", "jpn"], random.integers(3))
    tracks = tuple(Track(str(each), "", _FLAGS[n]) for n, each in enumerate(languages))
    return Case(
        suffix, codec, pixels, (49, 33) if odd else (64, 48),
        tuple(int(each) for each in first + np.cumsum(steps) - steps[0]), tracks,
        str(random.choice([".mp4", ".mov", ".mkv"] if tracks else [".mp4", ".mkv", ".webm"])),
    )  # fmt: skip


@pytest.mark.parametrize("number", range(60))
def test_that_only_what_was_said_differs(front: Front, tmp_path: Path, number: int) -> None:
    case = draw(number)
    source = write(
        tmp_path / f"in{case.suffix}", case.codec, case.pixels, size=case.size,
        times=case.times, tracks=case.tracks, options=_FINE.get(case.codec),
    )  # fmt: skip
    output = tmp_path / f"out{case.output}"
    said = leave(front, source, output)
    assert [each for each in said if not any(words in each for words in _EXPLAINED)] == []
    before, after = seconds(source), seconds(output)
    gaps = np.subtract(after, before)
    assert np.abs(gaps - gaps[0]).max() < 0.002
    begun = min([before[0], *(float(at) for at, _ in sound(source)[:1])] if case.tracks else before)
    assert after[0] == pytest.approx(before[0] - max(0, begun), abs=0.03)
    pairs = list(zip(sound(source), sound(output), strict=True)) if case.tracks else []
    for (_, was), (_, data) in pairs:
        assert was.endswith(data)
    one, other = (frames(path)[-1].to_ndarray(format="rgb24") for path in (source, output))
    height, width = (side // 8 * 8 for side in case.size[::-1])
    assert tell_apart(one[:height, :width], other[:height, :width]) < 2.5
    with av.open(str(source)) as was, av.open(str(output)) as file:
        told = [stream.language for stream in was.streams.audio]
        if case.output != ".mov":
            assert [stream.language or "und" for stream in file.streams.audio] == [
                language or "und" for language in told
            ]
        assert len(file.streams.audio) == len(case.tracks)
