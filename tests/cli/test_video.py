"""`studio video` as a person types it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.clips import frames, write_clip

pytestmark = pytest.mark.usefixtures("weights_folder")


def test_that_a_video_becomes_a_moving_painting(studio, tmp_path: Path) -> None:
    write_clip(tmp_path / "in.mp4", times=(0, 3000, 9000))
    done = studio("video", "style/tiny", "in.mp4", "-o", "out.mp4", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert (told["output"], told["weights"], told["size"]) == ("out.mp4", "style/tiny", [64, 48])
    assert [f.pts for f in frames(tmp_path / "out.mp4")] == [0, 3000, 9000]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("style/tiny", "none.mp4", "-o", "out.mp4"), "there is no file none.mp4"),
        (("style/tiny", "in.mp4", "-o", "out.gif"), "videos cannot be saved as '.gif'"),
        (("style/tiny", "in.mp4", "-o", "in.mp4"), "in.mp4 is an original"),
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
