"""What an export writes, where, and what it leaves alone."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from studio.core.catalogue import Catalogue
from studio.quality import subjects
from tests.conftest import few_digits
from training import faces as script
from training.export import __main__ as door
from training.export import faces as export_faces
from training.lib.recipe import find_recipe

Export = Callable[..., int]


@pytest.fixture
def export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Export:
    """Exports a short run on digits, ``3-digits``; returns the exit status."""
    monkeypatch.setenv("ACCELERATE_USE_CPU", "true")
    monkeypatch.setenv("STUDIO_WEIGHTS", str(tmp_path / "own"))
    monkeypatch.setitem(subjects.SUBJECTS, "digits", few_digits)
    run = tmp_path / "runs" / "3-digits"
    few = {"steps": 1, "width": 8, "sample_minutes": 0.0}
    script.train(script.Config(Path(), run, **{**find_recipe("digits").segments[-1], **few}))

    def main(*arguments: str) -> int:
        folder = ["--folder", str(run), "--count", "40"]
        monkeypatch.setattr("sys.argv", ["export", "faces", *folder, *arguments])
        try:
            door.main()
        except SystemExit as end:
            return int(end.code or 0)
        return 0

    return main


def test_that_weights_of_a_known_name_are_replaced_only_when_asked_before_any_measuring(
    export: Export, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    with monkeypatch.context() as patched:
        patched.setattr(export_faces, "RealFaces", None)  # nothing can be measured
        assert export() == 2
    line = capsys.readouterr().err.strip()
    assert line == "there are weights faces/digits already; choose another --name, or --overwrite"
    assert not (tmp_path / "own").exists()

    assert export("--name", "mine") == 0
    first = (tmp_path / "own" / "faces" / "mine.safetensors").stat()
    assert export("--name", "mine") == 2
    assert "mine.safetensors exists already; choose another --name" in capsys.readouterr().err
    assert (tmp_path / "own" / "faces" / "mine.safetensors").stat() == first
    assert export("--name", "mine", "--overwrite") == 0
    assert export("--name", "../mine") == 2
    assert export("--weights", str(tmp_path / "elsewhere")) == 0
    assert (tmp_path / "elsewhere" / "faces" / "digits.safetensors").exists()


def test_that_title_and_licence_are_what_was_said(export: Export) -> None:
    said = ("--name", "mine", "--title", "My digits", "--licence", "grade A: my own hand")
    assert export(*said) == 0
    weights = Catalogue().find("faces/mine")
    assert (weights.title, weights.licence) == ("My digits", "grade A: my own hand")


@pytest.fixture
def in_no_repository(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "none"))


@pytest.mark.usefixtures("in_no_repository")
def test_that_scripts_in_no_repository_train_and_export_as_well(export: Export) -> None:
    assert export("--name", "mine") == 0
    assert Catalogue().find("faces/mine").training["commit"] == ""


def test_that_a_folder_without_a_run_is_named(
    export: Export, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(tmp_path / "runs" / "3-digits" / "state")
    assert export("--name", "mine") == 2
    assert "there is no checkpoint in" in capsys.readouterr().err


def test_that_weights_put_flat_into_the_folder_are_listed_and_the_folder_is_told(
    export: Export, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from studio.cli.app import run as studio

    assert export("--weights", str(tmp_path / "elsewhere"), "--name", "mine") == 0
    capsys.readouterr()
    assert studio(["models", "--where"]) == 0
    own = Path(capsys.readouterr().out.strip())
    assert own == tmp_path / "own"
    own.mkdir()
    shutil.copy(tmp_path / "elsewhere" / "faces" / "mine.safetensors", own)
    assert studio(["models"]) == 0
    assert "faces/mine" in capsys.readouterr().out
    assert Catalogue().find("faces/mine").path == own / "mine.safetensors"
