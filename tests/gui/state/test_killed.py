"""Whenever the window is killed, all but the last two seconds is there again."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests.gui.paper_engine import SKETCH_SIDE
from tests.gui.paper_weights import CONTROLS, SKETCH_CONTROLS, write_header

KILLS = int(os.environ.get("STUDIO_TEST_KILLS", "4"))
_AT_ONCE = 4
_LOST_S = 2.0
_LONGEST_S = 6.0

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="windows are forked")


class Nursery:
    """Makes windows in processes of their own."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.gui.mortal_window"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
            cwd=Path(__file__).parents[3], env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        )  # fmt: skip
        self._read()

    def window(self, *words: object) -> int:
        """Starts one; returns its process."""
        assert self._process.stdin is not None
        print(*words, file=self._process.stdin, flush=True)
        return int(self._read())

    def close(self) -> None:
        self._process.communicate(timeout=10)

    def _read(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()


@pytest.fixture
def nursery() -> Iterator[Nursery]:
    found = Nursery()
    yield found
    found.close()


def make_folder(folder: Path) -> Path:
    """What a window needs."""
    write_header(folder / "weights" / "style" / "gallery.safetensors", "Gallery", CONTROLS)
    write_header(
        folder / "weights" / "sketch" / "cats.safetensors", "Cats", SKETCH_CONTROLS,
        hyperparameters={"side": SKETCH_SIDE, "palette": []},
    )  # fmt: skip
    for number in range(5):
        Image.new("RGB", (64, 48), (40 * number, 90, 90)).save(folder / f"{number}.png")
    return folder


def until(holds: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


def logged(folder: Path) -> list[tuple[float, str]]:
    log = folder / "log"
    lines = log.read_text().split("\n")[:-1] if log.exists() else []
    return [tuple(json.loads(line)) for line in lines]


@pytest.mark.parametrize("first", range(0, KILLS, _AT_ONCE))
def test_that_all_but_two_seconds_is_there_after_a_kill_at_any_moment(
    nursery: Nursery, tmp_path: Path, first: int
) -> None:
    chance = random.Random()  # noqa: S311 - no secret
    count = min(_AT_ONCE, KILLS - first)
    folders = [make_folder(tmp_path / str(number)) for number in range(count)]
    pids = [nursery.window("work", chance.randrange(1 << 30), each) for each in folders]
    for folder in folders:
        until(lambda folder=folder: bool(logged(folder)))
    begun = time.monotonic()
    moments = sorted(begun + chance.uniform(_LOST_S, _LONGEST_S) for _ in folders)
    killed: list[float] = []
    for pid, moment in zip(pids, moments, strict=True):
        time.sleep(max(0.0, moment - time.monotonic()))
        killed.append(time.monotonic())
        os.kill(pid, signal.SIGKILL)
    for folder in folders:
        nursery.window("look", folder)
    for folder, moment in zip(folders, killed, strict=True):
        until((folder / "seen").exists)
        until(lambda folder=folder: bool((folder / "seen").read_text()))
        states = logged(folder)
        old = max(n for n, (when, _) in enumerate(states) if when <= moment - _LOST_S)
        seen = (folder / "seen").read_text()
        newest = max((n for n, (_, each) in enumerate(states) if each == seen), default=-1)
        lost = [moment - when for when, _ in states[newest + 1 : newest + 2]]
        print(f"killed after {moment - begun:.2f} s: the last {sum(lost):.2f} s are lost")
        assert newest >= old, (seen, states[old:])
