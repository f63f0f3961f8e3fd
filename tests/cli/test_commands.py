"""The command line as a person types it: a new process each, its streams and exit status."""

import json
import os
import pty
import signal
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.__main__ import main
from studio.cli import COMMANDS
from studio.models import repair
from tests.conftest import draw_photo, write_tiny


def pixels(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


def studio(
    *arguments: object, folder: Path, stdin: bytes | None = None
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "studio", *map(str, arguments)],
        cwd=folder, input=stdin, capture_output=True, timeout=120, check=False,
    )  # fmt: skip


@pytest.mark.usefixtures("weights_folder")
class TestApply:
    def test_that_a_photo_becomes_a_painting(self, photo: Path, tmp_path: Path) -> None:
        done = studio("apply", "style/tiny", photo, "-o", "out.jpg", "--json", folder=tmp_path)
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout.splitlines()[-1])
        assert told["output"] == "out.jpg"
        assert told["weights"] == "style/tiny"
        assert told["size"] == [96, 64]
        assert told["device"]
        assert told["seconds"] > 0
        assert pixels(tmp_path / "out.jpg").shape == (64, 96, 3)

    def test_that_controls_are_set(self, photo: Path, tmp_path: Path) -> None:
        done = studio(
            "apply", "style/tiny", photo, "-o", "out.png", "--set", "strength=0", folder=tmp_path
        )
        assert done.returncode == 0, done.stderr
        assert np.array_equal(pixels(tmp_path / "out.png"), pixels(photo))

    @pytest.mark.parametrize("given", [(), ("--quality", "92"), ("--lossless",)])
    def test_that_a_lossless_webp_stays_so_where_no_quality_is_asked_for(
        self, given: tuple[str, ...], photo: Path, tmp_path: Path
    ) -> None:
        with Image.open(photo) as image:
            image.save(tmp_path / "a.webp", lossless=True)
        run = ("apply", "style/tiny", "a.webp", "-o", "b.webp", "--set", "strength=0", *given)
        done = studio(*run, folder=tmp_path)
        assert done.returncode == 0, done.stderr
        is_same = np.array_equal(pixels(tmp_path / "b.webp"), pixels(photo))
        assert is_same == ("--quality" not in given)
        assert (b"lossless" in done.stderr) == ("--quality" in given)

    def test_that_a_doodle_becomes_a_picture(self, tmp_path: Path) -> None:
        sheet = Image.new("L", (300, 200), 255)
        sheet.paste(0, (140, 50, 150, 150))
        sheet.save(tmp_path / "doodle.png")
        for name, seed in (("a.png", 1), ("b.png", 1), ("c.png", 2)):
            done = studio(
                "apply", "sketch/tiny", "doodle.png", "-o", name, "--seed", seed, folder=tmp_path
            )
            assert done.returncode == 0, done.stderr
        assert pixels(tmp_path / "a.png").shape == (64, 64, 3)
        assert np.array_equal(pixels(tmp_path / "a.png"), pixels(tmp_path / "b.png"))
        assert not np.array_equal(pixels(tmp_path / "a.png"), pixels(tmp_path / "c.png"))

    def test_that_dashes_mean_stdin_and_stdout(self, photo: Path, tmp_path: Path) -> None:
        done = studio(
            "apply", "style/tiny", "-", "-o", "-", "--format", "webp",
            folder=tmp_path, stdin=photo.read_bytes(),
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        picture = Image.open(BytesIO(done.stdout))
        assert picture.format == "WEBP"
        assert picture.size == (96, 64)
        empty = studio("apply", "style/tiny", "-", "-o", "-", folder=tmp_path, stdin=b"")
        assert empty.returncode == 2
        assert b"nothing came in by stdin" in empty.stderr
        text = studio("apply", "style/tiny", "-", "-o", "-", folder=tmp_path, stdin=b"some words")
        assert text.stderr.startswith(b"studio: error: stdin is not a picture")

    def test_that_several_photos_go_into_a_folder_and_a_bad_one_is_named(
        self, photo: Path, tmp_path: Path
    ) -> None:
        (tmp_path / "broken.png").write_bytes(photo.read_bytes()[:200])
        Image.fromarray(draw_photo(40, 40)).save(tmp_path / "größe.jpg")
        done = studio(
            "apply", "style/tiny", photo, "broken.png", "größe.jpg", "-o", "results",
            folder=tmp_path,
        )  # fmt: skip
        assert done.returncode == 1
        assert "broken.png" in done.stderr.decode()
        assert {p.name for p in (tmp_path / "results").iterdir()} == {"photo.png", "größe.jpg"}

    def test_that_what_is_to_be_known_of_one_of_several_photos_names_it(
        self, weights_folder: Path, photo: Path, tmp_path: Path
    ) -> None:
        write_tiny(weights_folder, repair.SPEC, "tiny-repair")
        Image.fromarray(draw_photo(40, 40)).save(tmp_path / "b.png")
        command = ("apply", "enhance/tiny-repair", "--set", "threshold=0.01", "-o")
        said = "100% of the photo was taken for damage"
        one = studio(*command, "one.png", photo, folder=tmp_path)
        assert f"note: {said}" in one.stderr.decode()
        both = studio(*command, "results", photo, "b.png", folder=tmp_path)
        assert f"note: {photo}: {said}" in both.stderr.decode()
        assert f"note: b.png: {said}" in both.stderr.decode()

    def test_that_a_result_can_be_replayed(self, photo: Path, tmp_path: Path) -> None:
        studio(
            "apply", "style/tiny", photo, "-o", "a.png", "--set", "style=dots",
            "--set", "strength=0.7", folder=tmp_path,
        )  # fmt: skip
        done = studio("replay", "a.png", photo, "-o", "b.png", folder=tmp_path)
        assert done.returncode == 0, done.stderr
        assert np.array_equal(pixels(tmp_path / "a.png"), pixels(tmp_path / "b.png"))

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (["style/none", "photo.png", "-o", "out.png"], "style/none"),
            (["style/tiny", "missing.png", "-o", "out.png"], "missing.png"),
            (["style/tiny", "photo.png", "-o", "out.xyz"], "xyz"),
            (["style/tiny", "photo.png", "-o", "photo.png", "--overwrite"], "original"),
            (["style/tiny", "photo.png", "-o", "no/such/out.png"], "folder"),
            (["style/tiny", "photo.png", "-o", "out.png", "--set", "strength"], "NAME=VALUE"),
            (["style/tiny", "photo.png", "-o", "out.png", "--set", "speed=2"], "speed"),
            (["style/tiny", "photo.png", "-o", "out.png", "--set", "style=monet"], "monet"),
            (["style/tiny", "photo.png", "-o", "out.png", "--colour"], "--colour"),
            (["style/tiny", "photo.png"], "--output"),
            (["photo.png", "photo.png", "-o", "out.png"], "no weights file"),
        ],
    )
    def test_that_what_cannot_be_met_is_said_in_one_line(
        self, photo: Path, tmp_path: Path, arguments: list[str], words: str
    ) -> None:
        before = photo.read_bytes()
        done = studio("apply", *arguments, folder=tmp_path)
        assert done.returncode == 2
        lines = done.stderr.decode().splitlines()
        assert len(lines) == 1
        assert lines[0].startswith("studio: error: ")
        assert words in lines[0]
        assert sorted(p.name for p in tmp_path.iterdir()) == ["photo.png", "weights"]
        assert photo.read_bytes() == before

    @pytest.mark.usefixtures("from_a_terminal")
    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
    def test_that_ended_early_it_leaves_nothing_half_written(
        self, tmp_path: Path, number: signal.Signals
    ) -> None:
        Image.fromarray(draw_photo(2500, 2000)).save(tmp_path / "in.png", compress_level=1)
        ours, theirs = pty.openpty()  # a terminal, so that progress is shown
        running = subprocess.Popen(
            [sys.executable, "-m", "studio", "apply", "style/tiny", "in.png", "-o", "out.png",
             "--set", "stroke=0.1", "--tile", "16"],
            cwd=tmp_path, stderr=theirs,
        )  # fmt: skip
        said = b""
        while b"painting" not in said:
            said += os.read(ours, 1000)
        running.send_signal(number)
        if number == signal.SIGHUP:
            os.close(ours)  # the terminal is gone
        running.wait(timeout=60)
        os.close(theirs)
        assert running.returncode == 128 + number, said
        if number != signal.SIGHUP:
            said += os.read(ours, 100_000)
            os.close(ours)
            assert b"studio: error: interrupted" in said
        assert b"Traceback" not in said
        assert {p.name for p in tmp_path.iterdir()} == {"in.png", "weights"}


@pytest.mark.usefixtures("weights_folder")
def test_that_models_lists_controls_and_choices(tmp_path: Path) -> None:
    listed = json.loads(studio("models", "--json", folder=tmp_path).stdout)
    tiny = next(weights for weights in listed if weights["id"] == "style/tiny")
    names = [control["name"] for control in tiny["controls"]]
    assert names == ["style", "strength", "keep-colours", "stroke", "mask"]
    options = tiny["controls"][0]["options"]
    assert [o["title"] for o in options] == ["Waves", "Dots"]
    assert len(tiny["sha256"]) == 64
    text = studio("models", folder=tmp_path).stdout.decode()
    assert "style/tiny" in text
    assert "Waves" in text


def test_that_models_lists_the_colours_to_paint_the_parts_of_a_house_in(tmp_path: Path) -> None:
    lines = studio("models", folder=tmp_path).stdout.decode().splitlines()
    assert any("#0030fe" in line and "Wall" in line for line in lines)


def test_that_the_demo_styles_a_sample_with_the_shipped_weights(tmp_path: Path) -> None:
    for expected in ("studio-demo.png", "studio-demo-2.png"):
        done = studio("demo", folder=tmp_path)
        assert done.returncode == 0, done.stderr
        assert done.stdout.decode().strip() == expected
    assert pixels(tmp_path / "studio-demo.png").std() > 20


def test_that_a_run_opens_no_socket(photo: Path, tmp_path: Path, weights_folder: Path) -> None:
    refuse = (
        "import socket, sys\n"
        "def no(*_): raise RuntimeError('network')\n"
        "socket.socket.connect = socket.getaddrinfo = no\n"
        "from studio.__main__ import main\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", refuse, "apply", "style/tiny", str(photo), "-o", "out.png"],
        cwd=tmp_path, capture_output=True, env={**os.environ}, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out.png").exists()


def test_that_a_command_is_one_though_the_folder_has_a_file_of_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in COMMANDS:
        (tmp_path / name).mkdir()
        assert main([name, "--help"]) == 0
        assert f"Usage: studio {name}" in capsys.readouterr().out


def test_that_an_unknown_command_is_said_and_no_window_opens(tmp_path: Path) -> None:
    done = studio("paint", folder=tmp_path)
    assert done.returncode == 2
    assert "paint" in done.stderr.decode()
    assert len(done.stderr.splitlines()) == 1
