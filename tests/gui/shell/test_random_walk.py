"""A minute of `random_walk`."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from studio.models._spec import all_specs
from tests.conftest import write_tiny


@pytest.mark.parametrize("seed", [1])
def test_that_a_walk_at_random_loses_nothing_and_leaves_nothing(tmp_path: Path, seed: int) -> None:
    for spec in all_specs().values():
        write_tiny(tmp_path / "weights", spec)
    done = subprocess.run(
        [sys.executable, "-m", "tests.gui.random_walk", "--seconds", "60", "--seed", str(seed)],
        env={**os.environ, "STUDIO_WEIGHTS": str(tmp_path / "weights"), "OMP_NUM_THREADS": "1",
             "QT_QPA_PLATFORM": "offscreen"},
        cwd=Path(__file__).parents[3], capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "nothing was wrong" in done.stdout
