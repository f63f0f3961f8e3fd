"""The figures of the sketch tool: how live it is, in the window itself, offscreen."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator

from studio.bench.report import Report, Table
from studio.core.catalogue import Weights
from studio.core.errors import StudioError
from studio.core.progress import Progress

_NAMES = {  # what a figure is, and its unit
    "moves": ("moves of the pen", ""),
    "pictures": ("pictures that followed", ""),
    "side": ("side of a picture", "px"),
    "median_ms": ("from a move to its picture, median", "ms"),
    "p95_ms": ("95 % within", "ms"),
    "longest_block_ms": ("the window held up for at most", "ms"),
}


def measure(weights: Weights, progress: Progress) -> Iterator[Report]:
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
    rows = tuple((what, str(figures[name]), unit) for name, (what, unit) in _NAMES.items())
    title = f"{weights.id}: a recorded drawing"
    yield Report(figures, (Table(title, ("figure", "value", "unit"), rows),))
