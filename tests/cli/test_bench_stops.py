"""`studio bench` as a person stops it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.usefixtures("weights_folder")

# Python reads it at its start: the process that measures presses Ctrl-C before it has begun.
_PRESSED = """
import os, signal, sys
if "--multiprocessing-fork" in sys.orig_argv:
    os.killpg(0, signal.SIGINT)
"""


def test_that_ctrl_c_ends_a_measurement_with_one_line_and_leaves_no_file(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(_PRESSED)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    path = os.pathsep.join([str(tmp_path), str(Path(__file__).parents[2])])
    done = subprocess.run(
        [sys.executable, "-m", "studio", "bench", "style", "--weights", "style/tiny"],
        capture_output=True, text=True, check=False, start_new_session=True,
        env={**os.environ, "PYTHONPATH": path, "TMPDIR": str(temporary)},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (130, "studio: error: interrupted\n")
    assert done.stdout == ""
    assert list(temporary.iterdir()) == []
