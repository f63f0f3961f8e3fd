"""What a decoder that crashes or hangs costs, and when the reader's process ends."""

from __future__ import annotations

import queue
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest
from PIL import Image

from studio.reader.orders import Done, Drafted, Levels, PhotoWish, Refused, ThumbnailWish, Urgency
from studio.reader.process import Process
from studio.reader.reader import Reader
from tests.reader.bad_decoder import serve_badly

if TYPE_CHECKING:
    from collections.abc import Iterator

    from studio.reader.orders import Told, Wish

_LONG = 90  # seconds: a busy machine takes some to start a process


class Window:
    """Asks a reader, and waits for its answers."""

    def __init__(self) -> None:
        self.reader = Reader(lambda hear: Process(hear, serve_badly))

    def ask(self, wish: Wish, urgency: Urgency = Urgency.AWAITED) -> queue.SimpleQueue[Told]:
        answers: queue.SimpleQueue[Told] = queue.SimpleQueue()
        self.reader.ask(wish, urgency, answers.put)
        return answers


@pytest.fixture
def window() -> Iterator[Window]:
    found = Window()
    yield found
    found.reader.close()


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.png"
    Image.new("RGB", (60, 40), "red").save(path)
    return path


def assert_opened(answer: Told) -> None:
    assert isinstance(answer, Done)
    assert isinstance(answer.found, Levels)
    assert answer.found.pixels.shape == (40, 60, 3)
    assert answer.found.pixels[0, 0].tolist() == [255, 0, 0]


@pytest.mark.parametrize("how", ["crash", "exit", "hang", "grip"])
def test_that_a_decoder_that_crashes_or_hangs_costs_that_photo_alone(
    window: Window, good: Path, tmp_path: Path, how: str
) -> None:
    if how == "grip" and sys.platform == "win32":
        pytest.skip("there is no such call")
    bad = tmp_path / f"{how}.jpg"
    lost, next_one = window.ask(PhotoWish(bad, 100)), window.ask(PhotoWish(good, 100))
    small = window.ask(ThumbnailWish(good, 20), Urgency.SOMETIME)
    refused = lost.get(timeout=_LONG)
    assert isinstance(refused, Refused)
    assert str(bad) in refused.message
    assert "its decoder stopped" in refused.message
    assert refused.hint
    assert_opened(next_one.get(timeout=_LONG))
    assert isinstance(small.get(timeout=_LONG), Done)
    assert_opened(window.ask(PhotoWish(good, 100)).get(timeout=_LONG))


def test_that_a_photo_beside_one_that_crashes_is_opened_all_the_same(
    window: Window, good: Path, tmp_path: Path
) -> None:
    thumbnail = window.ask(ThumbnailWish(tmp_path / "crash.jpg", 20), Urgency.SOMETIME)
    assert_opened(window.ask(PhotoWish(good, 100)).get(timeout=_LONG))
    assert isinstance(thumbnail.get(timeout=_LONG), Refused)


def test_that_what_is_given_up_is_not_answered(window: Window, good: Path, tmp_path: Path) -> None:
    answers: queue.SimpleQueue[Told] = queue.SimpleQueue()
    give_up = window.reader.ask(PhotoWish(tmp_path / "hang.jpg", 100), Urgency.AWAITED, answers.put)
    give_up()
    assert_opened(window.ask(PhotoWish(good, 100)).get(timeout=_LONG))
    assert answers.empty()


def test_that_a_draft_comes_first_through_the_pipe(window: Window, tmp_path: Path) -> None:
    path = tmp_path / "large.jpg"
    Image.new("RGB", (2400, 1600), "blue").save(path)
    answers = window.ask(PhotoWish(path, 1280))
    first, last = answers.get(timeout=_LONG), answers.get(timeout=_LONG)
    assert isinstance(first, Drafted)
    assert first.levels.is_draft
    assert isinstance(last, Done)
    assert isinstance(last.found, Levels)
    assert last.found.pixels.shape == (853, 1280, 3)
    assert last.found.full_size == first.levels.full_size == (2400, 1600)


_MORTAL = """
import time
from studio.reader.process import Process
if __name__ == "__main__":
    process = Process(lambda told: None)
    print(process.id, flush=True)
    time.sleep(600)
"""


def test_that_the_process_ends_with_the_window_however_that_ends(tmp_path: Path) -> None:
    script = tmp_path / "mortal.py"
    script.write_text(_MORTAL)
    window = subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, text=True,
        cwd=Path(__file__).parents[2],
        env={**psutil.Process().environ(), "PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    assert window.stdout is not None
    reader = psutil.Process(int(window.stdout.readline()))
    window.kill()
    window.wait()
    window.stdout.close()
    reader.wait(timeout=_LONG)
