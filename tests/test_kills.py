"""What a kill -9 leaves, whenever it comes."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest


def kill(kind: str, folder: Path) -> int:
    """See `tests/kills.py`; returns the number that it prints at its end."""
    folder.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "tests.kills", kind, str(folder)],
        capture_output=True, text=True, check=False, cwd=Path(__file__).parents[1],
        env={**os.environ, "ACCELERATE_USE_CPU": "true", "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    found = re.search(r"^(?:steps|frames) (\d+)$", done.stdout, re.MULTILINE)
    assert found, done.stdout
    return int(found[1])


def test_that_a_training_killed_twenty_times_goes_on_and_its_checkpoint_is_whole(
    tmp_path: Path,
) -> None:
    assert kill("training", tmp_path / "run") > 0


@pytest.mark.usefixtures("weights_folder")
def test_that_of_a_video_killed_twenty_times_no_half_has_its_name(tmp_path: Path) -> None:
    assert kill("video", tmp_path / "clips") == 120
