"""``studio batch`` as a person types it: a new process each, its streams and exit status."""

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.conftest import draw_photo

pytestmark = pytest.mark.usefixtures("weights_folder")
JOURNAL = ".studio-batch.jsonl"


def studio(*arguments: object, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "studio", *map(str, arguments)],
        cwd=folder, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Three photos, one of them in a subfolder."""
    folder = tmp_path / "photos"
    (folder / "sub").mkdir(parents=True)
    for index, name in enumerate(("a.png", "b.jpg", "sub/c.png")):
        Image.fromarray(draw_photo(48, 32, index)).save(folder / name)
    return folder


def results(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()} - {JOURNAL}


def test_that_a_folder_is_done_and_summed_up(photos: Path, tmp_path: Path) -> None:
    (photos / "notes.txt").write_text("no picture")
    done = studio(
        "batch", "style/tiny", photos, "-o", "out", "--json", "--report", "r.json",
        "--set", "style=dots", "--format", "webp", folder=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    told = json.loads(done.stdout.splitlines()[-1])
    assert told.pop("seconds") > 0
    assert told == {
        "output": "out", "report": "r.json", "found": 3, "done": 3, "done_before": 0,
        "failed": 0, "skipped": 1, "weights": "style/tiny", "then": [], "device": "cpu",
    }  # fmt: skip
    assert results(tmp_path / "out") == {"a.webp", "b.webp", "sub/c.webp"}
    assert json.loads((tmp_path / "r.json").read_text())["request"]["settings"]["style"] == "dots"


def test_that_a_bad_picture_is_named_and_the_status_is_one(photos: Path, tmp_path: Path) -> None:
    (photos / "sub" / "bad.jpg").write_bytes(b"bad")
    (photos / ".hidden.jpg").write_bytes(b"hidden")
    done = studio("batch", "style/tiny", photos, "-o", "out", folder=tmp_path)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("studio: error: sub/bad.jpg: ")
    assert "3 done, 1 failed, of 4 found (1 other" in done.stdout.splitlines()[-1]


def test_that_a_result_can_be_replayed(photos: Path, tmp_path: Path) -> None:
    studio(
        "batch", "style/tiny", photos, "-o", "out", "--no-recursive", "--set", "strength=0.6",
        folder=tmp_path,
    )  # fmt: skip
    assert results(tmp_path / "out") == {"a.png", "b.jpg"}
    done = studio("replay", "out/a.png", photos / "a.png", "-o", "again.png", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    once, again = (np.asarray(Image.open(tmp_path / n)) for n in ("out/a.png", "again.png"))
    assert np.array_equal(once, again)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["style/none", "photos", "-o", "out"], "style/none"),
        (["style/tiny", "photos/a.png", "-o", "out"], "no folder"),
        (["style/tiny", "nowhere", "-o", "out"], "nowhere"),
        (["style/tiny", "photos", "-o", "photos"], "originals"),
        (["style/tiny", "photos"], "--output"),
        (["style/tiny", "photos", "-o", "out", "--format", "doc"], "doc"),
        (["style/tiny", "photos", "-o", "out", "--set", "speed=2"], "speed"),
        (["style/tiny", "photos", "-o", "taken"], "exist already"),
        (["style/tiny", "photos", "-o", "out", "--ray=127.0.0.1:9"], "127.0.0.1:9"),
    ],
)
def test_that_what_cannot_be_met_is_said_in_one_line(
    photos: Path, tmp_path: Path, arguments: list[str], words: str
) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "b.jpg").write_bytes(b"precious")
    done = studio("batch", *arguments, folder=tmp_path)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("studio: error: ")
    assert words in done.stderr
    assert results(tmp_path / "taken") == {"b.jpg"}
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("words", [["--ray"], ["--ray", "auto"], ["--ray", "--overwrite"]])
def test_that_without_ray_a_cluster_is_refused(
    photos: Path, tmp_path: Path, words: list[str]
) -> None:
    code = (
        "import sys; sys.modules['ray'] = None\n"  # as if it were not installed
        "from studio.__main__ import main; sys.exit(main(sys.argv[1:]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "batch", *words, "style/tiny", str(photos), "-o", "out"],
        cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "Ray" in done.stderr
    assert "install" in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("from_a_terminal")
def test_that_ctrl_c_says_how_to_go_on_and_going_on_ends_it(photos: Path, tmp_path: Path) -> None:
    Image.fromarray(draw_photo(2500, 2000)).save(photos / "b2.png", compress_level=1)
    command = [
        sys.executable, "-m", "studio", "batch", "style/tiny", str(photos), "-o", "out",
        "--set", "stroke=0.1", "--tile", "16",
    ]  # fmt: skip
    ours, theirs = pty.openpty()  # a terminal, so that progress is shown
    running = subprocess.Popen(command, cwd=tmp_path, stderr=theirs)
    said = b""
    while b"2 of 4" not in said:
        said += os.read(ours, 1000)
    running.send_signal(signal.SIGINT)
    running.wait(timeout=60)
    os.close(theirs)
    said += os.read(ours, 100_000)
    os.close(ours)
    assert running.returncode == 130, said
    assert b"--resume" in said
    assert b"Traceback" not in said
    assert results(tmp_path / "out") == {"a.png", "b.jpg"}
    (photos / "b2.png").unlink()  # it would take long
    done = studio(*command[3:], "--resume", "--json", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["done"], told["done_before"], told["found"]) == (1, 2, 3)


def test_that_after_kill_nine_it_goes_on(photos: Path, tmp_path: Path) -> None:
    Image.fromarray(draw_photo(2500, 2000)).save(photos / "b2.png", compress_level=1)
    ours, theirs = pty.openpty()
    running = subprocess.Popen(
        [sys.executable, "-m", "studio", "batch", "style/tiny", str(photos), "-o", "out",
         "--set", "stroke=0.1", "--tile", "16"],
        cwd=tmp_path, stderr=theirs,
    )  # fmt: skip
    said = b""
    while b"2 of 4" not in said:
        said += os.read(ours, 1000)
    running.kill()
    running.wait(timeout=60)
    os.close(theirs)
    os.close(ours)
    (photos / "b2.png").unlink()
    same = ["batch", "style/tiny", photos, "-o", "out", "--tile", "16", "--set", "stroke=0.1"]
    refused = studio(*same, folder=tmp_path)
    assert refused.returncode == 2
    assert "--resume" in refused.stderr
    other = studio(*same, "--quality", "50", "--resume", folder=tmp_path)
    assert other.returncode == 2
    assert "quality 92 there, 50 here" in other.stderr
    done = studio(*same, "--resume", "--json", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["done_before"] == 2
    assert results(tmp_path / "out") == {"a.png", "b.jpg", "sub/c.png"}


def test_that_apply_strips_metadata_too(photos: Path, tmp_path: Path) -> None:
    for name, more in (("kept.png", []), ("bare.png", ["--strip-metadata"])):
        studio("apply", "style/tiny", photos / "a.png", "-o", name, *more, folder=tmp_path)
    assert b"studio.request" in (tmp_path / "kept.png").read_bytes()
    assert b"studio.request" not in (tmp_path / "bare.png").read_bytes()
