"""``studio learn``, and Ctrl-C where it keeps what there is."""

import json
import signal
import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.core.picture_files import read_request
from studio.engine.learn import run
from studio.engine.pixels import gradual
from tests.conftest import draw_photo


@pytest.fixture
def painting(tmp_path: Path) -> Path:
    path = tmp_path / "Red Sea.png"
    Image.fromarray(draw_photo(150, 110, 3) // np.array((1, 3, 3), np.uint8)).save(path)
    return path


@pytest.mark.usefixtures("weights_folder")
def test_that_a_style_is_learnt_listed_and_used(
    studio, photo: Path, painting: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "EYE", "style/tiny-optimise")
    monkeypatch.setattr(run, "sample_photos", list)
    learn = ("learn", painting, "--start", "style/tiny", "--photo", photo, "--steps", "2")
    done = studio(*learn)
    assert (done.returncode, done.stdout) == (0, "style/red-sea\n"), done.stderr
    assert "style/red-sea" in studio("models").stdout
    assert studio("apply", "style/red-sea", photo, "-o", "out.png").returncode == 0
    again = studio(*learn)
    assert again.returncode == 2
    assert "exists already" in again.stderr
    told = json.loads(studio(*learn, "-o", "other", "--json").stdout)
    assert (told["weights"], "size" in told) == ("style/other", False), "it is no picture"
    assert studio(*learn, "-o", "other", "--overwrite").stdout == "style/other\n"
    assert "there is no file" in studio("learn", "nothing.png").stderr
    assert "is no name" in studio("learn", painting, "-o", "../up").stderr


@pytest.mark.usefixtures("weights_folder", "from_a_terminal")
def test_that_ctrl_c_keeps_what_is_reached(
    studio, photo: Path, painting: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[object] = []

    def show(_: object, reached: object) -> None:
        shown.append(reached)
        if len(shown) == 5:
            signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)

    monkeypatch.setattr(gradual._Watched, "show", show)
    painted = ("apply", "style/tiny-optimise", photo, "--set", f"painting={painting}")
    done = studio(*painted, "-o", "kept.png")
    assert done.returncode == 0, done.stderr
    assert "keeping what there is" in done.stderr
    assert '"until": 0.' in (read_request(Path("kept.png")) or "")
