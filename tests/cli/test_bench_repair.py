"""``studio bench repair`` as a person types it."""

import json
from pathlib import Path

from PIL import Image

from tests.conftest import draw_photo


def test_that_each_kind_of_damage_is_repaired_by_all_and_found(
    studio, weights_folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "photos").mkdir()
    Image.fromarray(draw_photo(121, 97)).save(tmp_path / "photos" / "photo.png")
    asked = ("bench", "repair", "--weights", "enhance/tiny-repair", "--photos", tmp_path / "photos")
    done = studio(*asked, "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    kinds = {"scratches", "dust", "blots", "text"}
    methods = ("model", "Telea", "Navier-Stokes", "biharmonic")
    figures = {(each["kind"], each["method"]): each for each in found["repairing"]}
    assert set(figures) == {(kind, method) for kind in kinds for method in methods}
    assert all(15 < each["psnr"] < 70 for each in figures.values())
    assert all(0 <= each["features"] < 1.5 for each in figures.values())
    assert {each["kind"] for each in found["finding"]} == kinds | {"none"}
