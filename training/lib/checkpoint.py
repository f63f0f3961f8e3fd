"""A run's checkpoint on disk: whenever a run is killed, one whole checkpoint is there.

A new one is written to ``state.new`` and is whole when its progress, which is written last, is
there. Then it takes the place of ``state``, which waits in ``state.old`` until that is done.
"""

import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from studio.core.catalogue import read_weights
from studio.core.errors import StudioError
from studio.core.files.disk import write_whole

_PROGRESS = "progress.json"


@dataclass(frozen=True)
class Progress:
    """How far a run is: steps, hours, and what it computes with, for people."""

    step: int
    hours: float
    hardware: str


def find_checkpoint(run: Path) -> Path | None:
    """The folder of a run's whole checkpoint; None where there is none yet."""
    places = (run / name for name in ("state", "state.new", "state.old"))
    return next((place for place in places if (place / _PROGRESS).is_file()), None)


def settle(run: Path) -> Path | None:
    """Puts a run's whole checkpoint into its place, and removes what a killed run has left."""
    found, state = find_checkpoint(run), run / "state"
    if found is not None and found != state:
        shutil.rmtree(state, ignore_errors=True)  # it is not whole
        found.rename(state)
    for name in ("state.new", "state.old"):
        shutil.rmtree(run / name, ignore_errors=True)
    return None if found is None else state


def new_checkpoint(run: Path) -> Path:
    """Where a run's next checkpoint is written before `publish`."""
    return run / "state.new"


def publish(run: Path, progress: Progress) -> None:
    """Puts what was written to `new_checkpoint` in the place of the checkpoint before.

    Raises:
        OSError, StudioError: the system refuses; the one before is still there.
    """
    fresh, state, old = new_checkpoint(run), run / "state", run / "state.old"
    data = json.dumps(asdict(progress)).encode()
    write_whole(fresh / _PROGRESS, data, overwrite=True)
    if old.exists():
        shutil.rmtree(old)
    if state.exists():
        state.rename(old)
    fresh.rename(state)
    shutil.rmtree(old, ignore_errors=True)


def give_up(run: Path) -> None:
    """Removes what there is of a checkpoint that could not be written."""
    shutil.rmtree(new_checkpoint(run), ignore_errors=True)


def read_progress(checkpoint: Path) -> Progress:
    """How far the run was."""
    return Progress(**json.loads((checkpoint / _PROGRESS).read_text(encoding="utf-8")))


def progress_so_far(run: Path, start: Path | None) -> Progress:
    """How far a run is; one that has not begun is as far as the weights that it begins from."""
    found = find_checkpoint(run)
    if found is not None:
        return read_progress(found)
    trained = {} if start is None else read_weights(start).training
    return Progress(trained.get("steps", 0), trained.get("hours", 0.0), "")


def checkpoint_of(run: Path) -> Path:
    """The folder of a run's whole checkpoint.

    Raises:
        StudioError: there is none.
    """
    found = find_checkpoint(run)
    if found is None:
        raise StudioError(f"there is no checkpoint in {run}", "name the folder of a run")
    return found
