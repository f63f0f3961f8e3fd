"""Clips that have lost a part, or change on their way: it is said."""

from fractions import Fraction
from pathlib import Path

import av
import pytest

from tests.clips import TICKS, frames, write_clip
from tests.conftest import draw_photo
from tests.engine.conftest import Front
from tests.engine.video.test_kept import PLAIN, leave, write

TIMES = tuple(range(0, 60 * 3600, 3600))


@pytest.mark.parametrize("suffix", [".mkv", ".ts", ".flv"])
def test_that_frames_that_a_damaged_file_has_lost_are_said(
    front: Front, tmp_path: Path, suffix: str
) -> None:
    source = write(tmp_path / f"in{suffix}", times=TIMES, tracks=PLAIN, options={"g": "10"})
    assert leave(front, source, tmp_path / "whole.mkv") == []
    data = bytearray(source.read_bytes())
    start, end = len(data) * 4 // 10, len(data) * 6 // 10
    data[start:end] = bytes(end - start)
    source.write_bytes(data)
    said = leave(front, source, tmp_path / "out.mkv")
    assert len(frames(tmp_path / "out.mkv")) < len(TIMES)
    assert [note.split(" from ")[0] for note in said] == ["the file is damaged: its frames"]


def test_that_frames_of_another_size_are_said_to_be_scaled(front: Front, tmp_path: Path) -> None:
    parts: list[bytes] = []
    for size in ((64, 48), (96, 72)):
        path = tmp_path / f"{size[0]}.ts"
        with av.open(str(path), "w") as file:
            stream = file.add_stream("mpeg2video", rate=25)
            stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
            for _ in range(6):
                file.mux(stream.encode(av.VideoFrame.from_ndarray(draw_photo(*size), "rgb24")))
            file.mux(stream.encode(None))
        parts.append(path.read_bytes())
    source = tmp_path / "in.ts"
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
