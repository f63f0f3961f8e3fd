"""How live the sketch tool is, measured in the window itself, offscreen."""

import json
import os
import subprocess
import sys
import tempfile
from typing import Any

from studio.core.catalogue import Weights
from studio.core.errors import StudioError


def measure_sketch(weights: Weights) -> dict[str, Any]:
    """The figures that `studio.bench.live` prints.

    Raises:
        StudioError: the window could not be measured.
    """
    # A process of its own: who measures has no part in the window. Stopped, it leaves its
    # temporary files in a folder of ours.
    with tempfile.TemporaryDirectory(prefix="studio-bench-") as folder:
        done = subprocess.run(
            [sys.executable, "-m", "studio.bench.live", "--json", "--weights", weights.id],
            capture_output=True, text=True, check=False, env={**os.environ, "TMPDIR": folder},
        )  # fmt: skip
    if done.returncode:
        said = done.stderr.strip().rpartition("\n")[2].removeprefix("studio: error: ")
        raise StudioError(said or "the window could not be measured")
    return json.loads(done.stdout)
