"""A window's side of the engine in its child process."""

import os
import queue
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from PIL import Image

from studio.core.events import (
    TERMINAL,
    Event,
)  # fmt: skip
from studio.core.handle import Handle
from studio.core.requests import Batch, Request
from studio.engine.jobs.process import ProcessEngine
from tests.conftest import draw_photo

_LONG = 300  # seconds: a busy machine takes some to start a process


class Window:
    """A stand-in that collects events."""

    def __init__(self, patience: float = 10, rest: float = 60) -> None:
        self.events: queue.Queue[Event] = queue.Queue()
        self.engine = ProcessEngine(patience, rest)

    def submit(self, request: Request) -> Handle:
        return self.engine.submit(request, self.events.put)

    def run(self, request: Request) -> list[Event]:
        return self.until_end(self.submit(request))

    def until(self, kind: type | tuple[type, ...]) -> Event:
        while not isinstance(event := self.events.get(timeout=_LONG), kind):
            pass
        return event

    def until_end(self, job: Handle) -> list[Event]:
        seen: list[Event] = []
        while not (seen and isinstance(seen[-1], TERMINAL) and seen[-1].job == job.id):
            seen.append(self.events.get(timeout=_LONG))
        return seen

    def until_all_end(self, jobs: Sequence[Handle]) -> list[Event]:
        seen: list[Event] = []
        left = {job.id for job in jobs}
        while left:
            seen.append(self.events.get(timeout=_LONG))
            if isinstance(seen[-1], TERMINAL):
                left.remove(seen[-1].job)
        return seen

    def kill(self) -> None:
        """Ends the child, as the system does where memory is short."""
        os.kill(self.engine.child_id or 0, signal.SIGKILL)


@pytest.fixture
def window(weights_folder: Path) -> Iterator[Window]:
    window = Window()
    yield window
    window.engine.close()


@pytest.fixture
def impatient(weights_folder: Path) -> Iterator[Window]:
    window = Window(patience=1)
    yield window
    window.engine.close()


@pytest.fixture
def restful(weights_folder: Path) -> Iterator[Window]:
    window = Window(rest=0.3)
    yield window
    window.engine.close()


@pytest.fixture
def large_photo(tmp_path: Path) -> Path:
    path = tmp_path / "large.png"
    Image.fromarray(draw_photo(3000, 2400)).save(path, compress_level=1)
    return path


@pytest.fixture
def batch(tmp_path: Path) -> Batch:
    """Two small photos, and between them one that takes long."""
    folder = tmp_path / "in"
    folder.mkdir()
    for name, width in (("a", 40), ("b", 1200), ("c", 40)):
        photo = Image.fromarray(draw_photo(width, width * 3 // 4))
        photo.save(folder / f"{name}.png", compress_level=1)
    out = str(tmp_path / "out")
    return Batch("style/tiny", str(folder), out, settings={"stroke": 0.1}, tile="16")
