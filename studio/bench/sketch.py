"""The figures of the sketch tool: how live it is, in the window itself, offscreen."""

import json
import os
import subprocess
import sys
import tempfile

from studio.bench.report import Report, Table
from studio.core.catalogue import Weights
from studio.core.errors import StudioError
from studio.core.progress import Progress


def measure(weights: Weights, progress: Progress) -> Report:
    """How long a new picture takes after a move of the pen; see `studio.bench.live`.

    Raises:
        StudioError: the window could not be measured.
    """
    progress.report(0.0, "drawing")
    # A process of its own: the command line has no part in the window, nor the other way round.
    # Stopped, it leaves its temporary files in a folder of ours.
    with tempfile.TemporaryDirectory(prefix="studio-bench-") as folder:
        done = subprocess.run(
            [sys.executable, "-m", "studio.bench.live", "--json", "--weights", weights.id],
            capture_output=True, text=True, check=False, env={**os.environ, "TMPDIR": folder},
        )  # fmt: skip
    if done.returncode:
        said = done.stderr.strip().rpartition("\n")[2].removeprefix("studio: error: ")
        raise StudioError(said or "the window could not be measured")
    figures = json.loads(done.stdout)
    rows = tuple((name, str(value)) for name, value in figures.items())
    return Report(figures, (Table("A recorded drawing", ("figure", "value"), rows),))
