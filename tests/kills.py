"""Kills a training or a video twenty times, each at a random moment, and looks what is left.

    python -m tests.kills training FOLDER
    python -m tests.kills video FOLDER

A process of its own, in which torch has computed nothing: only such a one can be forked.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image
from sklearn.datasets import load_digits

from studio.cli.app import run
from tests.clips import frames, write_clip
from training.faces import Config, train
from training.lib.average import averaged_state
from training.lib.checkpoint import find_checkpoint, read_progress
from training.lib.recipe import find_recipe

COUNT = 20
LONGEST = 0.8  # seconds of computing, after which a process is dead at the latest


def killed(work: Callable[[], object], seconds: float) -> bool:
    """Does something in a new process; whether it was killed before its end."""
    child = os.fork()
    if child == 0:
        # Nobody handles this signal: as SIGKILL does, it ends a process wherever it is.
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_PROF, seconds)
        try:
            work()
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def kill_training(folder: Path, moments: np.random.Generator) -> None:
    """Its checkpoint is always whole and never older than it was."""
    few = {"width": 8, "pictures": 8, "steps": 100_000, "log_steps": 1}
    often = {"checkpoint_minutes": 0.0, "sample_minutes": 0.0}
    config = Config(Path(), folder, **{**find_recipe("digits").segments[-1], **few, **often})
    load_digits()  # once for all
    last = 0
    for _ in range(COUNT):
        assert killed(lambda: train(config), moments.uniform(0, LONGEST))
        found = find_checkpoint(folder)
        assert found or not last, "the checkpoint is gone"
        if found:
            step = read_progress(found).step
            assert step >= last, f"step {step} after {last}"
            last = step
            assert int(averaged_state(folder)["first.weight"].isfinite().all())
        for grid in folder.glob("samples/*.jpg"):
            Image.open(grid).load()
        if (folder / "config.json").exists():
            json.loads((folder / "config.json").read_text())
    print("steps", last)


def kill_video(folder: Path, moments: np.random.Generator) -> None:
    """There is no new video, or all of it; in the end there is."""
    source, output = folder / "in.mp4", folder / "out.mp4"
    write_clip(source, times=tuple(range(0, 120 * 3000, 3000)))
    command = ["video", "style/tiny", str(source), "-o", str(output), "--overwrite"]
    ends = 0
    for _ in range(COUNT):
        ends += not killed(lambda: run(command), moments.uniform(0, LONGEST))
        if output.exists():
            assert len(frames(output)) == 120, "half a video has the new video's name"
    assert ends < COUNT
    assert not killed(lambda: run(command), 600)
    print("frames", len(frames(output)))


if __name__ == "__main__":
    kind = {"training": kill_training, "video": kill_video}[sys.argv[1]]
    kind(Path(sys.argv[2]), np.random.default_rng(0))
