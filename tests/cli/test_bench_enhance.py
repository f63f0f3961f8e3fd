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
