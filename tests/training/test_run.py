"""What every training promises: it stops when told, keeps its checkpoint, and says what it does."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from training import faces as script
from training.lib.average import averaged_state
from training.lib.run import Run

Train = Callable[..., int]


@pytest.fixture
def train(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Train:
    """Trains on digits as from the command line; returns the exit status."""
    monkeypatch.setenv("ACCELERATE_USE_CPU", "true")

    def run(*arguments: str, steps: int = 3) -> int:
        settings = [f"steps={steps}", "width=8", "log_steps=1", "sample_minutes=9", "pictures=4"]
        own = [part for setting in settings for part in ("--set", setting)]
        folder = ["--folder", str(tmp_path / "run"), "--recipe", "digits"]
        monkeypatch.setattr(sys, "argv", ["faces", *folder, *own, *arguments])
        try:
            script.main()
        except SystemExit as end:
            return int(end.code or 0)
        return 0

    return run


def step_of(run: Path) -> int:
    return json.loads((run / "state" / "progress.json").read_text())["step"]


@pytest.mark.usefixtures("from_a_terminal")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_that_a_training_that_is_stopped_ends_its_step_and_keeps_it(
    train: Train,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    number: signal.Signals,
) -> None:
    log = Run.log

    def stopped_at_two(run: Run, values: dict[str, float]) -> None:
        if run.step == 2:
            signal.raise_signal(number)
        log(run, values)

    monkeypatch.setattr(Run, "log", stopped_at_two)
    handlers = [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)]
    assert train(steps=100) == 128 + number
    assert capsys.readouterr().err == "stopped at step 2; the same command goes on from there\n"
    assert step_of(tmp_path / "run") == 2
    assert [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)] == handlers
    monkeypatch.undo()
    monkeypatch.setenv("ACCELERATE_USE_CPU", "true")
    assert train(steps=4) == 0
    assert "resumed at step 2" in capsys.readouterr().out


@pytest.mark.usefixtures("from_a_terminal")
def test_that_a_second_ctrl_c_does_not_wait(
    train: Train, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def twice(run: Run, values: dict[str, float]) -> None:
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(Run, "log", twice)
    assert train() == 130
    assert capsys.readouterr().err.startswith("interrupted; ")


@pytest.mark.parametrize("left", ["state.new", "state.old"])
def test_that_a_training_killed_between_its_two_renames_goes_on(
    train: Train, tmp_path: Path, capsys: pytest.CaptureFixture[str], left: str
) -> None:
    run = tmp_path / "run"
    assert train(steps=2) == 0
    (run / "state").rename(run / left)
    (run / "state").mkdir()  # as little of one as can be
    assert train(steps=3) == 0
    assert "resumed at step 2" in capsys.readouterr().out
    assert step_of(run) == 3
    assert sorted(path.name for path in run.glob("state*")) == ["state"]


def test_that_what_a_killed_checkpoint_left_is_not_taken_for_one(
    train: Train, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = tmp_path / "run"
    assert train(steps=2) == 0
    shutil.copytree(run / "state", run / "state.new")
    (run / "state.new" / "progress.json").unlink()
    (run / "state.new" / "model.safetensors").write_bytes(b"half")
    assert train(steps=3) == 0
    assert "resumed at step 2" in capsys.readouterr().out
    assert averaged_state(run)["first.weight"].isfinite().all()


def test_that_a_full_disk_costs_one_line_and_the_last_checkpoint_stays(
    train: Train, tmp_path: Path
) -> None:
    run, wide = tmp_path / "run", ("--set", "width=32")
    assert train(*wide, steps=2) == 0
    # A process of its own, for the system refuses it larger files, whichever they are.
    done = subprocess.run(
        [sys.executable, "-c", _FULL, *sys.argv[1:], "--set", "steps=4", "--set",
         "checkpoint_minutes=0"],
        cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    (line,) = done.stderr.splitlines()
    assert "step 4: no checkpoint could be written" in line
    assert "the last one is of step 2" in line
    told = [each for each in done.stdout.splitlines() if "goes on and tries again" in each]
    assert [each.split()[2] for each in told] == ["3:", "4:"]
    assert step_of(run) == 2
    assert sorted(path.name for path in run.glob("state*")) == ["state"]
    assert train(*wide, steps=4) == 0


_FULL = """
import resource, sys
from training.faces import main
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
main()
"""


def test_that_curves_do_not_go_back_after_a_resume(
    train: Train, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert train(steps=2) == 0
    kept = tmp_path / "kept"
    shutil.copytree(tmp_path / "run" / "state", kept)
    assert train(steps=5) == 0
    shutil.rmtree(tmp_path / "run" / "state")
    kept.rename(tmp_path / "run" / "state")  # as if killed before the last checkpoint
    assert train(steps=4) == 0
    events = EventAccumulator(str(tmp_path / "run" / "events"))
    events.Reload()
    assert [each.step for each in events.Scalars("picture")] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("stepz=3", "--set stepz: there is no such setting; did you mean steps?"),
        ("quite_another=3", "known: "),
        ("subject=portraits", "--set subject: there is no such setting"),
        ("width=wide", "--set width: expected `int`, got `str`"),
        ("bf16=1", "--set bf16: expected `bool`"),
    ],
)
def test_that_a_setting_that_cannot_be_is_one_line(
    train: Train, tmp_path: Path, capsys: pytest.CaptureFixture[str], setting: str, said: str
) -> None:
    assert train("--set", setting) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line
    assert not (tmp_path / "run").exists()


def test_that_loading_and_the_first_step_are_told(
    train: Train, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train(steps=1) == 0
    told = [line.split(" ", 1)[1] for line in capsys.readouterr().out.splitlines()]
    assert told[0].endswith("run: loading")
    assert told[1].startswith("loaded in ")
    assert any(line.startswith("step 1 took ") for line in told)
    assert told[-1] == "step 1 was the last one"
