"""``studio bench style`` as a person types it."""

import json
from pathlib import Path

import pytest
from PIL import Image

from tests.conftest import draw_photo


@pytest.mark.usefixtures("weights_folder")
def test_that_the_styles_whose_paintings_are_there_are_measured_near_and_from_afar(
    studio, tmp_path: Path
) -> None:
    for folder, name in (("photos", "photo.png"), ("paintings", "waves.jpg")):
        (tmp_path / folder).mkdir()
        Image.fromarray(draw_photo(96, 96, len(name))).save(tmp_path / folder / name)
    done = studio(
        "bench", "style", "--weights", "style/tiny", "--no-speed", "--json",
        "--photos", tmp_path / "photos", "--paintings", tmp_path / "paintings",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])["quality"]["style/tiny"]
    assert list(found) == ["waves"]
    assert list(found["waves"]) == [
        "style", "style_256", "style_128", "palette", "palette_ab", "content",
    ]  # fmt: skip
    assert all(figure > 0 for figure in found["waves"].values())


@pytest.mark.usefixtures("weights_folder")
def test_that_a_folder_without_any_of_the_paintings_is_named(studio, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    done = studio(
        "bench", "style", "--weights", "style/tiny", "--no-speed", "--paintings", tmp_path / "other"
    )
    assert done.returncode == 2
    assert f"{tmp_path / 'other'} has no painting of a style" in " ".join(done.stderr.split())
