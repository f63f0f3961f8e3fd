"""`studio video` as a person types it."""

import json
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest

from studio.core.video.clip import probe
from tests.clips import frames, write_clip

pytestmark = pytest.mark.usefixtures("weights_folder")


def test_that_a_video_becomes_a_moving_painting(studio, tmp_path: Path) -> None:
    write_clip(tmp_path / "in.mp4", times=(0, 3000, 9000))
    done = studio("video", "style/tiny", "in.mp4", "-o", "out.mp4", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert (told["output"], told["weights"], told["size"]) == ("out.mp4", "style/tiny", [64, 48])
    assert [f.pts for f in frames(tmp_path / "out.mp4")] == [0, 3000, 9000]


def test_that_a_part_of_a_video_is_done_with_its_sound_and_its_file_says_which(
    studio, tmp_path: Path
) -> None:
    write_clip(tmp_path / "in.mp4", times=tuple(range(0, 36_000, 3600)), sound=True)
    part = ("--from", "0.1", "--to", "0.3", "--damping", "0", "--set", "strength=0")
    done = studio("video", "style/tiny", "in.mp4", "-o", "out.mp4", *part)
    assert done.returncode == 0, done.stderr
    shown, whole = frames(tmp_path / "out.mp4"), frames(tmp_path / "in.mp4")
    # What is shown at 0.1 s has begun at 0.08 s.
    assert [f.pts for f in shown] == [0, 1800, 5400, 9000, 12_600, 16_200]
    pairs = [(a.to_ndarray(format="gray"), b.to_ndarray(format="gray"))
             for a, b in zip(shown, whole[2:8], strict=True)]  # fmt: skip
    assert all(abs(a.astype(int) - b).mean() < 3 for a, b in pairs)
    with av.open(str(tmp_path / "in.mp4")) as old, av.open(str(tmp_path / "out.mp4")) as new:
        heard = [
            bytes(p) for p in old.demux(audio=0) if p.size and 0.1 <= p.pts * p.time_base < 0.3
        ]
        kept = [p for p in new.demux(audio=0) if p.size]
        assert [bytes(packet) for packet in kept] == heard
        assert 0 <= kept[0].pts * kept[0].time_base < 0.03
        record = json.loads(new.metadata["comment"])
    assert (record["begin"], record["end"]) == (0.1, 0.3)
    assert 0.17 < probe(tmp_path / "out.mp4").seconds < 0.25


@pytest.mark.parametrize(("side", "size"), [(120, (120, 214)), (3000, (240, 428))])
def test_that_a_video_becomes_smaller_turned_as_it_is(
    studio, tmp_path: Path, side: int, size: tuple[int, int]
) -> None:
    source = write_clip(tmp_path / "in.mp4", times=(0, 3000), size=(428, 240), rotation=90)
    done = studio(
        "video", "style/tiny", "in.mp4", "-o", "out.mp4", "--json", "--side", side,
        "--damping", "0", "--set", "strength=0",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["size"] == list(size)
    made = probe(tmp_path / "out.mp4")
    assert made.size == size[::-1], "it is stored as before"
    assert made.orientation == probe(source).orientation
    # Below 720 px players take BT.601 for what says nothing: it is said where the size changed.
    assert made.colours.matrix == (6 if side == 120 else probe(source).colours.matrix)
    old, new = (frames(each)[1].to_image() for each in (source, tmp_path / "out.mp4"))
    small = old.resize(new.size)
    assert np.abs(np.asarray(small, int) - np.asarray(new, int)).mean() < 4


@pytest.mark.parametrize(("codec", "written"), [("auto", "h264"), ("hevc", "hevc")])
def test_that_a_video_is_compressed_as_is_asked_for(
    studio, tmp_path: Path, codec: str, written: str
) -> None:
    write_clip(tmp_path / "in.mp4", times=(0, 3000), size=(128, 96))
    done = studio("video", "style/tiny", "in.mp4", "-o", "out.mp4", "--codec", codec)
    assert done.returncode == 0, done.stderr
    with av.open(str(tmp_path / "out.mp4")) as made:
        assert made.streams.video[0].codec_context.name == written
    assert len(frames(tmp_path / "out.mp4")) == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("style/tiny", "in.mp4", "-o", "out.mp4", "--from", "3"), "in.mp4 is 0.1 s long"),
        (("style/tiny", "in.mp4", "-o", "out.mp4", "--from", "1", "--to", "1"), "has no length"),
        (("style/tiny", "none.mp4", "-o", "out.mp4"), "there is no file none.mp4"),
        (("style/tiny", "in.mp4", "-o", "out.gif"), "videos cannot be saved as '.gif'"),
        (("style/tiny", "in.mp4", "-o", "in.mp4"), "in.mp4 is an original"),
        (
            ("style/tiny", "in.mp4", "-o", "out.webm", "--codec", "hevc"),
            ".webm holds no HEVC (out.webm); choose .mp4, .mov or .mkv",
        ),
        (("style/tiny", "in.mp4", "-o", "out.mp4", "--set", "nonsense=1"), "nonsense"),
    ],
)
def test_that_trouble_is_one_line(
    studio, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    write_clip(tmp_path / "in.mp4", times=(0, 3000))
    done = studio("video", *arguments)
    assert done.returncode == 2
    lines = done.stderr.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("studio: error: ")
    assert said in lines[0]
    assert [p.name for p in tmp_path.iterdir() if p.is_file()] == ["in.mp4"]


@pytest.mark.parametrize("count", [12, 200])  # trouble at the end of the file, or in the middle
def test_that_a_full_disk_leaves_no_file(tmp_path: Path, count: int) -> None:
    write_clip(tmp_path / "in.mp4", times=tuple(range(0, count * 3000, 3000)))
    # A process of its own, for the system refuses it files of more than 4 kB, whichever they are.
    done = subprocess.run(
        [sys.executable, "-c", _FULL], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "out.mp4 was not written (File too large)" in done.stderr
    assert [p.name for p in tmp_path.iterdir() if p.is_file()] == ["in.mp4"]


_FULL = """
import resource, sys
from studio.cli.app import run
resource.setrlimit(resource.RLIMIT_FSIZE, (4_000, resource.RLIM_INFINITY))
sys.exit(run(["video", "style/tiny", "in.mp4", "-o", "out.mp4", "--quality", "100"]))
"""
