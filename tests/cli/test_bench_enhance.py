"""``studio bench enhance`` as a person types it."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.models import enhance
from tests.conftest import draw_photo, write_tiny


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    Image.fromarray(draw_photo(61, 47)).save(folder / "photo.png")
    return folder


@pytest.mark.parametrize("levels", [3, 5])
def test_that_real_noise_is_measured_found_and_told(
    studio, weights_folder: Path, photos: Path, levels: int
) -> None:
    write_tiny(weights_folder, enhance.SPEC, "measured", levels=levels)
    asked = ["bench", "enhance", "--weights", "enhance/measured", "--photos", photos, "--real"]
    done = studio(*asked, "--no-rivals", "--json")
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout.splitlines()[-1])["figures"]
    psnr = {(each["task"], each["method"]): each["psnr"] for each in figures}
    methods = ("damaged", "blind", "told")
    assert set(psnr) == {(task, method) for task in ("camera", "film") for method in methods}
    assert all(15 < value < 40 for value in psnr.values())
    table = studio(*asked, "--no-rivals").stdout
    for (task, method), value in psnr.items():
        rows = [line for line in table.splitlines() if task in line and method in line]
        assert any(f"{value:.2f}" in row for row in rows), table
    again = studio(*asked, "--no-rivals", "--json")
    assert np.allclose(
        [each["psnr"] for each in json.loads(again.stdout.splitlines()[-1])["figures"]],
        list(psnr.values()),
    ), "the seed is fixed"


def test_that_what_detail_gains_and_costs_is_measured(
    studio, weights_folder: Path, photos: Path
) -> None:
    write_tiny(weights_folder, enhance.SPEC, "measured", scale=2, lively=True)
    asked = ["bench", "enhance", "--weights", "enhance/measured", "--photos", photos]
    done = studio(*asked, "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    details = {each["detail"]: each for each in found["detail"]}
    assert list(details) == [0.0, 0.5, 1.0]
    blind = next(each for each in found["figures"] if each["method"] == "blind")
    assert details[0.0]["psnr"] == pytest.approx(blind["psnr"], abs=0.1)
    assert details[0.0]["psnr"] != details[1.0]["psnr"]
    assert all(each["features"] > 0 for each in found["detail"])
    assert f"{details[0.5]['psnr']:.2f}" in studio(*asked).stdout
