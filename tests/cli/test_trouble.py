"""What goes wrong around a command: names, streams, signals and the program's own mistakes."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from studio.__main__ import main

pytestmark = pytest.mark.usefixtures("weights_folder")
LONG = 300 * "x" + ".png"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("apply", "style/tiny", "photo.png", "b.png", "-o", "taken"), "taken is no folder"),
        (("apply", "style/tiny", "photo.png", "b.png", "-o", "taken/sub"), "is no folder"),
        (("apply", "style/tiny", "photo.png", "-o", LONG), "is too long"),
        (("apply", "style/tiny", "photo.png", "b.png", "-o", LONG), "is too long"),
        (("apply", LONG, "photo.png", "-o", "out.png"), "is too long"),
        (("apply", "style/tiny", "loop", "-o", "out.png"), "loop cannot be read"),
        (("apply", "style/tiny", "photo.png", "-o", "loop/out.png"), "no folder loop"),
        (("generate", "faces/tiny", "-o", LONG), "is too long"),
        (("video", "style/tiny", "photo.png", "-o", "loop"), "videos cannot be saved"),
        (("batch", "style/tiny", "folder", "-o", LONG), "is too long"),
        (("batch", "style/tiny", "folder", "-o", "loop"), "loop"),
        (("demo", "-o", LONG), "is too long"),
        (("apply", "sketch/tiny", "photo.png", "-o", "out.png", "--seed", -1), "is no seed"),
        (("apply", "style/tiny", "photo.png", "-o", "out.png", "--seed", 2**64), "is no seed"),
        (("batch", "style/tiny", "folder", "-o", "out", "--seed", 2**64), "is no seed"),
        (("generate", "faces/tiny", "-o", "out.png", "--seed", 2**64 - 1), "is no seed"),
        (("generate", "faces/tiny", "-o", "out.png", "--count", 2**64), "ask for 1 to"),
    ],
)
def test_that_a_plain_mistake_is_one_line(
    studio, photo: Path, tmp_path: Path, arguments: tuple[object, ...], words: str
) -> None:
    (tmp_path / "b.png").write_bytes(photo.read_bytes())
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a.png").write_bytes(photo.read_bytes())
    (tmp_path / "taken").touch()
    (tmp_path / "loop").symlink_to("loop")
    before = sorted(tmp_path.iterdir())
    done = studio(*arguments)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("studio: error: ")
    assert words in done.stderr
    assert "the studio failed" not in done.stderr
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    "arguments", [("--help",), ("models",), ("apply", "style/tiny", "photo.png", "-o", "-")]
)
def test_that_a_full_disk_behind_stdout_is_one_line(
    photo: Path, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "studio", *arguments],
            cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "the disk is full" in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
@pytest.mark.parametrize("arguments", [("apply", "style/tiny"), ("generate", "faces/tiny")])
def test_that_names_that_are_no_utf8_come_out_as_they_are(
    photo: Path, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    inputs = [photo] if arguments[0] == "apply" else []
    for name, more in ((b"gr\xfc\xdfe.png", []), (b"gr\xfcn.png", ["--json"])):
        done = subprocess.run(
            [sys.executable, "-m", "studio", *arguments, *inputs, "-o", name, *more],
            cwd=tmp_path, capture_output=True, check=False,
            env={**os.environ, "PYTHONIOENCODING": "utf-8:strict"},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        said = done.stdout.removesuffix(b"\n")
        assert (os.fsencode(json.loads(said)["output"]) if more else said) == name
        assert os.fsencode(tmp_path) + b"/" + name in map(os.fsencode, tmp_path.iterdir())


def test_that_a_hangup_that_is_ignored_stays_ignored(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys\n"
        "signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"  # as nohup does
        "import studio.cli.models\n"
        "from studio.core.catalogue import Catalogue\n"
        "def hang_up(self): os.kill(os.getpid(), signal.SIGHUP); return iter(())\n"
        "Catalogue.scan = hang_up\n"
        "from studio.__main__ import main; sys.exit(main(['models']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "no weights found\n"), done.stderr


def test_that_after_a_command_signals_do_what_they_did(studio) -> None:
    before = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)]
    assert studio("models").returncode == 0
    assert [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)] == before


@pytest.mark.parametrize("place", ["studio.engine.apply.open_source", "studio.cli.jobs.Jobs.run"])
def test_that_a_mistake_of_the_programs_own_is_one_line_and_in_the_log(
    photo: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    place: str,
) -> None:
    def mistaken(*_: object) -> None:
        raise ZeroDivisionError("a mistake")

    log = tmp_path / "log" / "studio.log"
    monkeypatch.setattr("studio.core.log.log_path", lambda: log)
    monkeypatch.setattr(place, mistaken)
    assert main(["apply", "style/tiny", str(photo), "-o", str(tmp_path / "out.png")]) == 2
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1
    assert "a mistake" in said[0]
    assert str(log) in said[0]
    assert "Traceback" in log.read_text()
    assert "ZeroDivisionError: a mistake" in log.read_text()


def test_that_a_picture_comes_through_a_pipe_that_has_a_name(photo: Path, tmp_path: Path) -> None:
    program = f"{sys.executable} -m studio"
    line = f"{program} apply style/tiny <(cat photo.png) -o out.png --set strength=0"
    done = subprocess.run(["bash", "-c", line], cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    with Image.open(photo) as before, Image.open(tmp_path / "out.png") as after:
        assert after.tobytes() == before.tobytes()
