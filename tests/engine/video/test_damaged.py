"""Clips that have lost a part, or change on their way: it is said."""

from pathlib import Path

import av
import pytest

from tests.clips import frames
from tests.conftest import draw_photo
from tests.engine.conftest import Front
from tests.engine.video.test_kept import PLAIN, leave, write

TIMES = tuple(range(0, 60 * 3600, 3600))


@pytest.mark.parametrize("suffix", [".mkv", ".ts"])
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
