"""Clips that have lost a part, or change on their way: it is said."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from tests.clips import TICKS, frames, write_clip
from tests.conftest import draw_photo
from tests.engine.conftest import Front
from tests.engine.video.test_kept import PLAIN, leave, write
from tests.engine.video.test_video import sound

TIMES = tuple(range(0, 60 * 3600, 3600))


def spoil(source: Path) -> None:
    """A fifth of a file, in its middle, gets lost."""
    data = bytearray(source.read_bytes())
    start, end = len(data) * 4 // 10, len(data) * 6 // 10
    data[start:end] = bytes(end - start)
    source.write_bytes(data)


@pytest.mark.parametrize(
    "suffix",
    [".mkv", ".ts", ".flv"],
)
def test_that_frames_that_a_damaged_file_has_lost_are_said(
    front: Front, tmp_path: Path, suffix: str
) -> None:
    source = write(tmp_path / f"in{suffix}", times=TIMES, tracks=PLAIN, options={"g": "10"})
    assert leave(front, source, tmp_path / "whole.mkv") == []
    spoil(source)
    said = leave(front, source, tmp_path / "out.mkv")
    assert len(frames(tmp_path / "out.mkv")) < len(TIMES)
    assert [note.split(" from ")[0] for note in said] == ["the file is damaged: its frames"]


def plain(path: Path, codec: str, count: int, size: tuple[int, int], *, sound: str = "") -> bytes:
    """A clip of 25 frames a second."""
    with av.open(str(path), "w") as file:
        tone = file.add_stream(sound, rate=48_000, layout="mono") if sound else None
        stream = file.add_stream(codec, rate=25, options={"g": "10"})
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        for number in range(count):
            frame = av.VideoFrame.from_ndarray(draw_photo(*size, number), "rgb24")
            file.mux(stream.encode(frame))
            if tone is not None:
                part = av.AudioFrame.from_ndarray(np.zeros((1, 1920), np.int16), "s16", "mono")
                part.sample_rate, part.pts = 48_000, 1920 * number
                file.mux(tone.encode(part))
        file.mux(stream.encode(None))
        if tone is not None:
            file.mux(tone.encode(None))
    return path.read_bytes()


@pytest.mark.parametrize("suffix", [".mpg", ".asf"])
def test_that_a_time_without_frames_and_sound_is_said(
    front: Front, tmp_path: Path, suffix: str
) -> None:
    codec = "mpeg2video" if suffix == ".mpg" else "mpeg4"
    source = tmp_path / f"in{suffix}"
    plain(source, codec, 100, (64, 48), sound="mp2")
    assert leave(front, source, tmp_path / "whole.mkv") == []
    spoil(source)
    said = leave(front, source, tmp_path / "out.mkv")
    assert len(frames(tmp_path / "out.mkv")) < 100
    assert [note.split(" from ")[0] for note in said] == ["the file has neither frames nor sound"]


def test_that_sound_of_which_a_part_is_damaged_is_kept(front: Front, tmp_path: Path) -> None:
    source = tmp_path / "in.ts"
    plain(source, "mpeg2video", 100, (64, 48), sound="aac")
    whole, data = len(sound(source)), bytearray(source.read_bytes())
    at, size = 38_519, len(data) // 5  # what follows is a packet without its head
    data[at : at + size] = bytes(size)
    source.write_bytes(data)
    leave(front, source, tmp_path / "out.mkv")
    assert whole / 2 < len(sound(tmp_path / "out.mkv")) < whole


def test_that_frames_that_an_avi_has_lost_are_counted(front: Front, tmp_path: Path) -> None:
    source = tmp_path / "in.avi"
    plain(source, "mpeg4", 100, (64, 48))
    assert leave(front, source, tmp_path / "whole.mkv") == []
    spoil(source)
    said = leave(front, source, tmp_path / "out.mkv")
    lost = 100 - len(frames(tmp_path / "out.mkv"))
    assert lost > 10
    assert any(note.startswith("the file is damaged: ") for note in said)


def test_that_frames_of_another_size_are_said_to_be_scaled(front: Front, tmp_path: Path) -> None:
    source = tmp_path / "in.ts"
    sizes = ((64, 48), (96, 72))
    parts = [plain(tmp_path / f"{w}.ts", "mpeg2video", 6, (w, h)) for w, h in sizes]
    source.write_bytes(b"".join(parts))
    said = leave(front, source, tmp_path / "out.mp4")
    assert said == ["frames of another size are scaled to that of the first one"]
    assert {(frame.width, frame.height) for frame in frames(tmp_path / "out.mp4")} == {(64, 48)}


def test_that_chapters_of_a_clip_that_begins_late_begin_with_its_frames(
    front: Front, tmp_path: Path
) -> None:
    plain, source = write_clip(tmp_path / "plain.mp4"), tmp_path / "in.mkv"
    with av.open(str(plain)) as one, av.open(str(source), "w") as file:
        copy = file.add_stream_from_template(one.streams.video[0])
        said = {"id": 1, "start": 5100, "end": 5300, "time_base": Fraction(1, 1000)}
        file.set_chapters([{**said, "metadata": {"title": "Zwei"}}])
        for packet in one.demux(video=0):
            if packet.size:
                packet.pts, packet.dts = packet.pts + 5 * TICKS, packet.dts + 5 * TICKS
                packet.stream = copy
                file.mux(packet)
    leave(front, source, tmp_path / "out.mkv")
    with av.open(str(tmp_path / "out.mkv")) as file:
        (chapter,) = file.chapters()
        times = [float(chapter[end] * chapter["time_base"]) for end in ("start", "end")]
    assert times == pytest.approx([0.1, 0.3], abs=0.01)


def test_that_a_film_in_fragments_that_is_cut_short_is_said_to_be(
    front: Front, tmp_path: Path
) -> None:
    source = tmp_path / "in.mp4"
    muxing = {"movflags": "frag_keyframe+empty_moov+default_base_moof"}
    write(source, times=TIMES, tracks=PLAIN, options={"g": "10"}, muxing=muxing)
    assert leave(front, source, tmp_path / "whole.mp4") == []
    data = source.read_bytes()
    source.write_bytes(data[: len(data) * 2 // 3])
    (note,) = leave(front, source, tmp_path / "out.mp4")
    assert "is damaged or cut short" in note
    assert 10 < len(frames(tmp_path / "out.mp4")) < len(TIMES)


def test_that_a_bare_stream_becomes_a_film(front: Front, tmp_path: Path) -> None:
    source = tmp_path / "in.h264"
    plain(source, "libx264", 20, (64, 48))
    assert leave(front, source, tmp_path / "out.mp4") == []
    assert len(frames(tmp_path / "out.mp4")) == 20


def test_that_what_an_mxf_tells_of_itself_is_no_loss(front: Front, tmp_path: Path) -> None:
    source = tmp_path / "in.mxf"
    with av.open(str(source), "w") as file:
        file.metadata["timecode"] = "10:00:00:00"
        stream = file.add_stream("mpeg2video", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for number in range(12):
            file.mux(stream.encode(av.VideoFrame.from_ndarray(draw_photo(64, 48, number), "rgb24")))
        file.mux(stream.encode(None))
    assert leave(front, source, tmp_path / "out.mp4") == []
    with av.open(str(tmp_path / "out.mp4")) as file:
        assert "10:00:00:00" in {each.metadata.get("timecode") for each in file.streams}
