"""What goes wrong around a command: names, streams, signals and the program's own mistakes."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from PIL import Image

from studio.__main__ import main
from studio.core.files.leftovers import named_after
from tests.clips import write_clip

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


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds a process so")
def test_that_a_person_says_how_much_memory_a_command_takes(photo: Path, tmp_path: Path) -> None:
    Image.new("L", (7000, 7000)).save(tmp_path / "large.png")
    done = subprocess.run(
        [sys.executable, "-m", "studio", "apply", "style/tiny", "large.png", str(photo),
         "-o", "results/", "--memory", "1"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "large.png needs about" in done.stderr
    assert "allow the studio more, or make it smaller" in done.stderr
    assert done.stdout == "results/photo.png\n"


def test_that_after_a_command_signals_do_what_they_did(studio) -> None:
    before = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)]
    assert studio("models").returncode == 0
    assert [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)] == before


@pytest.mark.parametrize(
    "place", ["studio.engine.light.apply.open_picture", "studio.cli.jobs.Jobs.run"]
)
def test_that_a_mistake_of_the_programs_own_is_one_line_and_in_the_log(
    photo: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    place: str,
) -> None:
    def mistaken(*_: object, **_named: object) -> None:
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


@pytest.mark.parametrize("error", [MemoryError(), ImportError("libtorch.so: failed to map")])
def test_that_too_little_memory_to_begin_with_is_no_mistake_of_the_programs(
    studio, photo: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*_: object, **_named: object) -> None:
        raise error

    monkeypatch.setattr("studio.cli.jobs.Jobs.run", fail)
    done = studio("apply", "style/tiny", photo, "-o", "out.png")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "memory" in done.stderr
    assert "report" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("apply",), "`studio apply --help`"),
        (("apply", "style/tiny", "photo.png"), "`studio apply --help`"),
        (("batch", "style/tiny", "--nope"), "`studio batch --help`"),
        (("bench", "style", "--nope"), "`studio bench style --help`"),
        (("paint",), "`studio --help`"),
        (("apply", "style/tiny", "photo.png", "b.png", "-o", "q.png"), "several pictures"),
        (("apply", "style/tiny", "clip.mp4", "-o", "q.mp4"), "studio video style/tiny clip.mp4"),
        (("video", "style/tiny", "photo.png", "-o", "q.mp4"), "`studio apply`"),
        (("batch", "style/tiny", "folder", "-o", "mistyped", "--resume"), "no batch was begun"),
        (("apply", "faces", "photo.png", "-o", "out.png"), "choose one of faces/tiny"),
        (("apply", "style/", "photo.png", "-o", "out.png"), "no weights"),
    ],
)
def test_that_a_slip_is_answered_with_what_was_meant(
    studio, photo: Path, tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    (tmp_path / "b.png").write_bytes(photo.read_bytes())
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a.png").write_bytes(photo.read_bytes())
    write_clip(tmp_path / "clip.mp4", times=(0, 3600))
    before = sorted(tmp_path.iterdir())
    done = studio(*arguments)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert words in done.stderr
    assert sorted(tmp_path.iterdir()) == before


def test_that_a_tool_stands_for_its_weights_where_it_has_one_set(
    studio, photo: Path, weights_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    several = studio("apply", "style", photo, "-o", "out.png")
    assert several.returncode == 2
    assert "choose one of style/tiny" in several.stderr
    assert "style/gallery" in several.stderr
    monkeypatch.setattr("studio.core.catalogue.weights_folders", lambda: [weights_folder])
    done = studio("apply", "translate", photo, "-o", "out.png", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["weights"] == "translate/tiny"


@pytest.mark.parametrize(
    "arguments",
    [
        ("apply", "style/tiny", "missing.png", "-o", "out.png"),
        ("apply", "style/tiny", "photo.png", "-o", "photo.png"),
        ("apply", "style/tiny", "photo.png", "-o", "out.xyz"),
        ("apply", "style/tiny", "photo.png", "-o", "no/out.png"),
        ("apply", "style/tiny", "clip.mp4", "-o", "out.mp4"),
        ("video", "style/tiny", "missing.mp4", "-o", "out.mp4"),
        ("video", "style/tiny", "clip.mp4", "-o", "out.xyz"),
        ("video", "style/tiny", "clip.mp4", "-o", "no/out.mp4"),
        ("generate", "faces/tiny", "-o", "no/out.png"),
        ("batch", "style/tiny", "missing", "-o", "out"),
        ("batch", "style/tiny", "folder", "-o", "folder"),
    ],
)
def test_that_names_are_checked_before_the_engine_is_loaded(
    photo: Path, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "clip.mp4").touch()
    code = (
        "import sys\n"
        "from studio.__main__ import main\n"
        "status = main(sys.argv[1:])\n"
        "sys.exit(9 if 'torch' in sys.modules else status)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2, done.stderr


def test_that_what_a_killed_command_left_goes_with_the_next_one(
    studio, photo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    child = os.posix_spawn("/bin/true", ["true"], {})
    os.waitpid(child, 0)
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    (temporary / f"{named_after(child)}abc").mkdir()
    done = studio("apply", "style/tiny", photo, "-o", "out.png")
    assert done.returncode == 0, done.stderr
    assert not list(temporary.iterdir())
