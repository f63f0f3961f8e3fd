"""What a training script says when its data are not there."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from training import enhance, faces, sketch, style, translate


@pytest.mark.parametrize(
    ("main", "options", "missing"),
    [
        (style.main, (), "photos/sharp"),
        (enhance.main, (), "bsds500/train"),
        (sketch.main, (), "cats/heads_160"),
        (sketch.main, ("--recipe", "facades"), "facades/train"),
        (faces.main, (), "faces/aligned_128"),
        (translate.main, (), "horse2zebra/trainA"),
        (translate.main, ("--recipe", "photo2monet"), "photos/landscapes"),
    ],
)
def test_a_folder_without_the_data_is_named(
    main: Callable[[], None],
    options: tuple[str, ...],
    missing: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("ACCELERATE_USE_CPU", "true")
    data, run = str(tmp_path / "data"), str(tmp_path / "run")
    monkeypatch.setattr(sys, "argv", ["train", "--data", data, "--folder", run, *options])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 2
    last = capsys.readouterr().err.strip().splitlines()[-1]
    assert str(tmp_path / "data" / missing) in last


def test_animals_without_masks_are_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "horse2zebra"
    for name in ("trainA", "trainB", "testA", "testB"):
        (folder / name).mkdir(parents=True)
        Image.new("RGB", (64, 64)).save(folder / name / "1.jpg")
    monkeypatch.setenv("ACCELERATE_USE_CPU", "true")
    run = str(tmp_path / "run")
    monkeypatch.setattr(sys, "argv", ["train", "--data", str(tmp_path), "--folder", run])
    with pytest.raises(SystemExit) as end:
        translate.main()
    assert end.value.code == 2
    assert str(folder / "trainA_masks") in capsys.readouterr().err
