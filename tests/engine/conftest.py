"""The front that the engine's tests ask and listen through."""

import queue
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from studio.core.catalogue import Catalogue
from studio.core.events import TERMINAL, BatchFinished, Event, Failed
from studio.core.handle import Handle
from studio.core.requests import Batch, Request
from studio.engine.jobs.engine import Engine
from tests.conftest import draw_photo


class Front:
    """Submits and waits; may answer an event the moment it is told."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.events: queue.Queue[Event] = queue.Queue()
        self.at: Callable[[Event], None] = lambda _: None
        self.engine = Engine(catalogue)

    def run(self, request: Request) -> list[Event]:
        self.submit(request)
        return self.until(TERMINAL)

    def submit(self, request: Request) -> Handle:
        return self.engine.submit(request, self._tell)

    def until(self, kind: type | tuple[type, ...]) -> list[Event]:
        seen = [self.events.get(timeout=120)]
        while not isinstance(seen[-1], kind):
            seen.append(self.events.get(timeout=120))
        return seen

    def _tell(self, event: Event) -> None:
        self.at(event)
        self.events.put(event)


@pytest.fixture
def front(catalogue: Catalogue) -> Iterator[Front]:
    front = Front(catalogue)
    yield front
    front.engine.close()


JOURNAL = ".studio-batch.jsonl"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Five photos, two of them in subfolders, and what is no photo."""
    folder = tmp_path / "in"
    for index, name in enumerate(
        ("a.png", "b.jpg", "c.WEBP", "sub/d.png", "sub/deep/größe 1.jpg"), start=1
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(draw_photo(40 + index, 30, index)).save(folder / name)
    (folder / ".hidden.png").write_bytes((folder / "a.png").read_bytes())
    (folder / "notes.txt").write_text("no picture")
    (folder / "sub" / "Thumbs.db").write_bytes(b"no picture")
    return folder


@pytest.fixture
def batch(folder: Path, tmp_path: Path) -> Batch:
    return Batch("style/tiny", str(folder), str(tmp_path / "out"))


def files(folder: Path) -> dict[str, bytes]:
    """Every file of a folder but the journal, by its name."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != JOURNAL
    }


def ended(events: list[Event]) -> BatchFinished:
    assert isinstance(events[-1], BatchFinished), events[-1]
    return events[-1]


def refused(events: list[Event]) -> Failed:
    assert isinstance(events[-1], Failed), events[-1]
    return events[-1]
