"""Of a clip, everything but its frames' look: clocks, tracks, colours and what is said of them."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from av.stream import Disposition
from PIL import Image

from studio.core.events import Finished, Noticed
from studio.core.requests import Video
from tests.clips import TICKS, frames, write_clip
from tests.conftest import draw_photo
from tests.engine.conftest import Front
from tests.engine.video.test_video import sound, tell_apart


def leave(front: Front, source: Path, output: Path) -> list[str]:
    """Writes a clip as it is; returns what was said of it."""
    request = Video("style/tiny", str(source), str(output), settings={"strength": 0.0}, damping=0.0)
    events = front.run(request)
    assert isinstance(events[-1], Finished), events[-1]
    return [event.message for event in events if isinstance(event, Noticed)]


def seconds(path: Path) -> list[float]:
    """When the frames of a clip are shown."""
    return [float(frame.pts * frame.time_base) for frame in frames(path)]


def video(path: Path) -> Any:
    """The stream of moving pictures, as the file describes it."""
    with av.open(str(path)) as file:
        stream = file.streams.video[0]
        first = next(file.decode(stream))
        return stream.codec_context, first, float(file.duration or 0) / av.time_base


@dataclass(frozen=True)
class Track:
    """A track of sound: its language, title and flags."""

    language: str
    title: str
    flags: Disposition


def write(
    path: Path,
    codec: str = "libx264",
    format_: str = "yuv420p",
    *,
    size: tuple[int, int] = (64, 48),
    options: dict[str, str] | None = None,
    metadata: dict[str, str] | None = None,
    times: tuple[int, ...] = tuple(range(0, 8 * 3600, 3600)),
    tracks: tuple[Track, ...] = (),
    colours: tuple[int, int, int, int] | None = None,
    muxing: dict[str, str] | None = None,
) -> Path:
    """A clip of a drawn photo that moves; times in ticks of 1/90000 s."""
    with av.open(str(path), "w", options=muxing or {}) as file:
        file.metadata.update(metadata or {})
        stream = file.add_stream(codec, rate=25, options=options or {})
        stream.width, stream.height, stream.pix_fmt = *size, format_
        stream.codec_context.time_base = stream.time_base = Fraction(1, TICKS)
        if colours is not None:
            context = stream.codec_context
            context.color_primaries, context.color_trc, context.colorspace = colours[:3]
            context.color_range = colours[3]
        sounds = [file.add_stream("aac", rate=48_000, layout="mono") for _ in tracks]
        for track, tone in zip(tracks, sounds, strict=True):
            tone.metadata.update(language=track.language, title=track.title)
            tone.disposition = track.flags
        wide = draw_photo(size[0] + 2 * len(times), size[1]) // 3 + 80
        for number, pts in enumerate(times):
            part = np.ascontiguousarray(wide[:, 2 * number : 2 * number + size[0]])
            frame = av.VideoFrame.from_ndarray(part, format="rgb24").reformat(format=format_)
            frame.pts, frame.time_base = pts, Fraction(1, TICKS)
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
        for number, tone in enumerate(sounds):
            wave = np.sin(np.arange(12 * 1024) * (0.03 + 0.01 * number)).astype(np.float32)
            for first in range(0, len(wave), 1024):
                audio = av.AudioFrame.from_ndarray(
                    wave[None, first : first + 1024], format="fltp", layout="mono"
                )
                audio.sample_rate, audio.pts = 48_000, first
                file.mux(tone.encode(audio))
            file.mux(tone.encode(None))
    return path


HALVED = "the clip's colours (4:4:4) are written at half their resolution (4:2:0)"
WRAPS = 2**33 / TICKS  # seconds after which the clock of a .ts begins anew
PLAIN = (Track("deu", "Ton", Disposition.default),)


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
@pytest.mark.parametrize("first", [2, 40_000, WRAPS - 1.7])
def test_that_a_clock_that_does_not_begin_at_0_is_set(
    front: Front, tmp_path: Path, suffix: str, first: float
) -> None:
    offset = {"output_ts_offset": str(first)}
    source = write(tmp_path / "tv.ts", tracks=PLAIN, muxing=offset)
    before = seconds(source)
    assert before[0] < -0.1 if first > 95_000 else before[0] > 1
    output = tmp_path / f"out{suffix}"
    assert leave(front, source, output) == []
    after = seconds(output)
    gaps = np.subtract(after, before)
    assert np.abs(gaps - gaps[0]).max() < 0.002
    assert after[0] < 0.1
    with av.open(str(source)) as one, av.open(str(output)) as other:
        apart = [
            float(f.streams.audio[0].start_time * f.streams.audio[0].time_base) - at[0]
            for f, at in ((one, before), (other, after))
        ]
    assert apart[0] == pytest.approx(apart[1], abs=0.03)  # AAC is wound up by 0.02 s
    for (_, was), (_, data) in zip(sound(source), sound(output), strict=True):
        assert was.endswith(data), "but for the header that each packet has in a .ts"


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_that_recordings_that_were_joined_come_out_whole(
    front: Front, tmp_path: Path, suffix: str
) -> None:
    one = write(tmp_path / "one.ts", tracks=PLAIN)
    source = tmp_path / "joined.ts"
    source.write_bytes(one.read_bytes() * 2)
    output = tmp_path / f"out{suffix}"
    leave(front, source, output)
    times = seconds(output)
    assert len(times) == 2 * len(frames(one))
    steps = np.diff(times)
    assert steps.min() > 0
    assert steps.max() < 0.2
    assert len(sound(output)) == 2 * len(sound(one))


def test_that_a_time_that_is_given_twice_is_no_trouble(front: Front, tmp_path: Path) -> None:
    source = tmp_path / "twice.mkv"
    with av.open(str(source), "w") as file:
        stream = file.add_stream("mjpeg", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuvj420p"
        packets = []
        for number in range(7):
            picture = av.VideoFrame.from_ndarray(draw_photo(64, 48, number), format="rgb24")
            frame = picture.reformat(format="yuvj420p")
            frame.pts, frame.time_base = number, Fraction(1, 25)
            packets += stream.encode(frame)
        packets += stream.encode(None)
        for packet, at in zip(packets, (0, 40, 80, 80, 120, 160, 200), strict=True):
            packet.pts = packet.dts = at
            packet.time_base, packet.duration = Fraction(1, 1000), 40
            file.mux(packet)
    leave(front, source, tmp_path / "out.mp4")
    assert seconds(tmp_path / "out.mp4") == [0, 0.04, 0.08, 0.081, 0.12, 0.16, 0.2]


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".mkv"])
def test_that_the_last_frame_stays_as_long_as_it_did(
    front: Front, tmp_path: Path, suffix: str
) -> None:
    source = tmp_path / "slides.mkv"
    with av.open(str(source), "w") as file:
        stream = file.add_stream("mjpeg", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuvj420p"
        for at, length in ((0, 2000), (2000, 3000)):
            frame = av.VideoFrame.from_ndarray(draw_photo(64, 48, at), format="rgb24")
            frame = frame.reformat(format="yuvj420p")
            frame.pts, frame.time_base = at * 25 // 1000, Fraction(1, 25)
            for packet in stream.encode(frame):
                packet.pts = packet.dts = at
                packet.time_base, packet.duration = Fraction(1, 1000), length
                file.mux(packet)
    output = tmp_path / f"out{suffix}"
    leave(front, source, output)
    assert video(output)[2] == pytest.approx(5, abs=0.05)


@pytest.mark.parametrize("suffix", [".mp4", ".webm"])
def test_that_rgb_becomes_luma_and_chroma_with_a_matrix(
    front: Front, tmp_path: Path, suffix: str
) -> None:
    source = write(tmp_path / "screen.mkv", "libx264rgb", "rgb24", options={"crf": "4"})
    output = tmp_path / f"out{suffix}"
    said = leave(front, source, output)
    assert "the clip is RGB; it is written as luma and chroma of BT.601" in said
    context, first, _ = video(output)
    assert context.pix_fmt == "yuv420p"
    assert (first.colorspace, first.color_range) == (6, 1)
    before = frames(source)[0].to_ndarray(format="rgb24")
    assert tell_apart(before, first.to_ndarray(format="rgb24", src_colorspace=5)) < 2


@pytest.mark.parametrize("matrix", [1, 4, 5, 6, 7, 9])
def test_that_every_matrix_is_honoured(front: Front, tmp_path: Path, matrix: int) -> None:
    source = write(
        tmp_path / "in.mkv", format_="yuv444p", options={"crf": "4"}, colours=(1, 1, matrix, 1)
    )
    seen: list[Any] = []
    front.at = lambda event: seen.append(event) if hasattr(event, "pixels") else None
    assert leave(front, source, tmp_path / "out.mkv") == [HALVED]
    before, (_, after, _) = frames(source)[0], video(tmp_path / "out.mkv")
    assert after.colorspace == matrix
    luma = [np.asarray(f.reformat(format="gray").to_ndarray(), float) for f in (before, after)]
    assert np.abs(luma[0] - luma[1]).mean() < 2.5
    scaler = {1: 1, 4: 4, 5: 5, 6: 5, 7: 7, 9: 9}[matrix]
    right = before.to_ndarray(format="rgb24", src_colorspace=scaler)
    assert tell_apart(seen[0].pixels[..., :3], right) < 1.5


def test_that_odd_sides_become_even_ones_and_it_is_said(front: Front, tmp_path: Path) -> None:
    source = write(tmp_path / "in.avi", "mjpeg", "yuvj444p", size=(33, 25))
    said = leave(front, source, tmp_path / "out.mp4")
    assert any("even sides" in each for each in said)
    context, first, _ = video(tmp_path / "out.mp4")
    assert (first.width, first.height) == (34, 26)
    assert context.pix_fmt in {"yuv420p", "yuvj420p"}
    assert leave(front, source, tmp_path / "out.webm") == [HALVED]
    assert video(tmp_path / "out.webm")[1].width == 33


def test_that_interlaced_frames_lose_their_combs(front: Front, tmp_path: Path) -> None:
    source = tmp_path / "in.mp4"
    black, white = np.zeros((24, 64, 3), np.uint8), np.full((24, 64, 3), 255, np.uint8)
    with av.open(str(source), "w") as file:
        stream = file.add_stream(
            "libx264", rate=25, options={"x264-params": "tff=1:interlaced=1", "crf": "4"}
        )
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for number in range(8):
            picture = np.empty((48, 64, 3), np.uint8)
            picture[0::2] = np.roll(black + (np.arange(64) < 32)[:, None] * white, 8 * number, 1)
            picture[1::2] = np.roll(picture[0::2], 8, 1)  # the next moment
            file.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        file.mux(stream.encode(None))
    assert frames(source)[0].interlaced_frame
    assert "the clip is interlaced; it is written deinterlaced" in leave(
        front, source, tmp_path / "out.mp4"
    )
    before, after = frames(source), frames(tmp_path / "out.mp4")
    assert len(after) == len(before)
    assert not after[3].interlaced_frame

    def combs(frame: av.VideoFrame) -> float:
        rows = frame.reformat(format="gray").to_ndarray().astype(float)
        return float(np.abs(rows[1:-1] - (rows[:-2] + rows[2:]) / 2).mean())

    assert combs(after[3]) < 0.2 * combs(before[3])
    assert seconds(tmp_path / "out.mp4") == pytest.approx(seconds(source), abs=0.002)


def test_that_a_second_video_stream_is_said_and_a_cover_stays(front: Front, tmp_path: Path) -> None:
    Image.fromarray(draw_photo(32, 32)).save(tmp_path / "cover.jpg")
    source = tmp_path / "in.mp4"
    plain = write_clip(tmp_path / "plain.mp4")
    with (
        av.open(str(plain)) as one, av.open(str(tmp_path / "cover.jpg")) as cover,
        av.open(str(source), "w") as file,
    ):  # fmt: skip
        copies = [file.add_stream_from_template(one.streams.video[0]) for _ in range(2)]
        picture = file.add_stream_from_template(cover.streams.video[0])
        picture.disposition = Disposition.attached_pic
        for packet in cover.demux(video=0):
            if packet.size:
                packet.stream = picture
                file.mux(packet)
        for copy in copies:
            one.seek(0)
            for packet in one.demux(video=0):
                if packet.size:
                    packet.stream = copy
                    file.mux(packet)
    said = leave(front, source, tmp_path / "out.mp4")
    assert said == ["only the first of 2 video streams is kept"]
    with av.open(str(tmp_path / "out.mp4")) as file:
        kinds = [bool(s.disposition & Disposition.attached_pic) for s in file.streams.video]
        assert kinds == [False, True]
        shown = next(file.decode(file.streams.video[1])).to_ndarray(format="rgb24")
    with Image.open(tmp_path / "cover.jpg") as image:
        assert tell_apart(shown, np.asarray(image.convert("RGB"))) < 3
