"""What a training script says when its data are not there."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from studio.core.errors import StudioError
from tests.conftest import draw_photo
from training import enhance, faces, sketch, style, translate
from training.data.subjects import OWN_PAIRS, OWN_PHOTOS, find_subject


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


def draw_photos(folder: Path, count: int) -> None:
    """Photos that differ, and one that was cut short."""
    folder.mkdir(parents=True)
    for number in range(count):
        photo = draw_photo(96, 96, number)
        photo[20:60, 20 : 60 + 2 * number] = 255 - photo[20:60, 20 : 60 + 2 * number]
        Image.fromarray(photo).save(folder / f"{number}.png")
    (folder / "0.png").write_bytes((folder / "0.png").read_bytes()[:2000])


def test_a_photo_of_ones_own_that_cannot_be_opened_is_named_and_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    draw_photos(tmp_path / "shoes", 12)
    assert find_subject(OWN_PHOTOS, tmp_path / "shoes", 64, tmp_path, None).count
    assert f"left out: {tmp_path / 'shoes' / '0.png'}" in capsys.readouterr().err


def test_a_drawing_of_ones_own_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    for name in ("photos", "drawings"):
        draw_photos(tmp_path / name, 9)
    (tmp_path / "photos" / "0.png").unlink()
    (tmp_path / "drawings" / "3.png").write_text("notes")
    with pytest.raises(StudioError, match=r"drawings.3\.png cannot be opened"):
        find_subject(OWN_PAIRS, tmp_path, 64, tmp_path, None)


def test_photos_of_ones_own_that_are_missing_too_few_or_the_same_are_counted(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "shoes"
    with pytest.raises(StudioError, match=r"no folder .*shoes"):
        find_subject(OWN_PHOTOS, folder, 64, tmp_path, None)
    draw_photos(folder, 4)
    with pytest.raises(StudioError, match="too few photos that differ: 3 of 3"):
        find_subject(OWN_PHOTOS, folder, 64, tmp_path, None)
    for number in range(9):
        Image.fromarray(draw_photo(96, 96, 1)).save(folder / f"{number}.png")
    with pytest.raises(StudioError, match="differ: 1 of 9"):
        find_subject(OWN_PHOTOS, folder, 64, tmp_path, None)
