"""From a weights file one can see how it came to be, and do it again."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from studio.cli.app import run as studio
from studio.core.catalogue import Catalogue
from studio.quality import subjects
from tests.conftest import few_digits, same_state
from training import faces
from training.export import __main__ as export
from training.lib.average import averaged_state
from training.lib.export import history_of

Train = Callable[..., int]
_SHIPPED = Path(__file__).parents[2] / "weights"


@pytest.fixture
def train(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Train:
    """Trains a tiny generator of digits in a folder of runs; returns the exit status."""
    monkeypatch.setenv("ACCELERATE_USE_CPU", "true")
    monkeypatch.setitem(subjects.SUBJECTS, "digits", few_digits)

    def run(name: str, *arguments: str, steps: int | None = None) -> int:
        if steps is not None:
            few = ["width=8", "pictures=4", "log_steps=9", "sample_minutes=9.0", f"steps={steps}"]
            arguments += tuple(part for setting in few for part in ("--set", setting))
        folder = ["--folder", str(tmp_path / name)]
        monkeypatch.setattr("sys.argv", ["faces", *folder, *arguments])
        try:
            faces.main()
        except SystemExit as end:
            return int(end.code or 0)
        return 0

    return run


def exported(run: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = run.parent / "weights"
    words = f"export faces --folder {run} --weights {folder} --name {run.name} --count 40"
    monkeypatch.setattr("sys.argv", words.split())
    export.main()
    return folder / "faces" / f"{run.name}.safetensors"


def test_that_weights_tell_how_they_came_to_be_and_can_be_made_again(
    train: Train, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    assert train("one", "--recipe", "digits", steps=2) == 0
    assert train("one", "--recipe", "digits", steps=3) == 0  # all else is as it was but the end
    assert train("one", "--recipe", "digits", "--set", "rate=0.01", steps=5) == 0
    path = exported(tmp_path / "one", monkeypatch)
    weights = Catalogue([path.parents[1]]).find("faces/one")
    assert weights.title == "Digits"
    assert weights.licence.startswith("grade A: ")
    assert weights.training["command"] == "python -m training.faces --recipe digits"
    history = weights.training["history"]
    assert [each["steps"] for each in history] == [[0, 2], [2, 3], [3, 5]]
    assert [each["config"]["rate"] for each in history] == [5e-4, 5e-4, 0.01]
    for each in history:
        assert {"torch", "numpy", "python"} <= each["versions"].keys()
        assert each["config"]["seed"] == 0
        assert each["recipe"] == "digits"
        assert len(each["commit"].removesuffix("-dirty")) == 40
    assert str(tmp_path) not in json.dumps(dict(weights.training)), "folders are nobody's business"

    assert train("again", "--recipe", str(path)) == 0
    same_state(averaged_state(tmp_path / "one"), averaged_state(tmp_path / "again"))

    assert train("further", "--recipe", "digits", "--start", str(path), steps=6) == 0
    monkeypatch.setenv("STUDIO_WEIGHTS", str(path.parents[1]))
    exported(tmp_path / "further", monkeypatch)
    capsys.readouterr()
    assert studio(["models", "--json"]) == 0
    told = {each["id"]: each for each in json.loads(capsys.readouterr().out)}
    chain = told["faces/further"]["training"]["history"]
    assert [each["steps"] for each in chain] == [[0, 2], [2, 3], [3, 5], [5, 6]]
    assert (chain[3]["start"], chain[3]["start_sha256"]) == ("faces/one", weights.sha256)


def test_that_a_pause_parts_nothing_and_what_was_lost_does_not_count(
    train: Train, tmp_path: Path
) -> None:
    run, kept = tmp_path / "one", tmp_path / "kept"
    assert train("one", "--recipe", "digits", steps=2) == 0
    shutil.copytree(run / "state", kept)
    (run / "state").rename(tmp_path / "lost")
    kept.rename(run / "state")
    lines = (run / "history.jsonl").read_text()
    for _ in range(2):  # begun again and killed at once, twice
        begun = json.loads(lines)
        begun["segment"]["steps"] = [2, 2]
        (run / "history.jsonl").write_text(lines + json.dumps(begun) + "\n")
    (only,) = history_of(run).segments
    assert only.steps == (0, 2)

    beyond = json.loads(lines)
    beyond["segment"]["steps"] = [4, 4]  # the checkpoint that it began from is gone
    (run / "history.jsonl").write_text(lines + json.dumps(beyond) + "\n")
    (only,) = history_of(run).segments
    assert only.steps == (0, 2)


def test_that_old_weights_that_do_not_tell_are_begun_from_and_cannot_be_made_again(
    train: Train, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = _SHIPPED / "faces" / "digits.safetensors"
    if "history" in Catalogue([_SHIPPED]).find("faces/digits").training:
        pytest.skip("they tell by now")
    assert train("one", "--recipe", str(old)) == 2
    assert "does not tell how it was trained" in capsys.readouterr().err
    begun = ("--recipe", "digits", "--start", str(old))
    settings = ("--set", "steps=2001", "--set", "pictures=4", "--set", "sample_minutes=9.0")
    assert train("one", *begun, *settings) == 0
    before, after = history_of(tmp_path / "one").segments
    assert (before.steps, dict(before.config)) == ((0, 2000), {})
    assert (after.steps, after.start) == ((2000, 2001), "faces/digits")
