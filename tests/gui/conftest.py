"""The real window with an engine of paper: it answers from a thread, as the real one does."""

import itertools
import json
import os
import queue
import struct
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import numpy as np
import pytest
import skimage.data
from PIL import Image
from pytestqt.qtbot import QtBot

from studio.core.catalogue import Catalogue, controls_to_json
from studio.core.controls import Choice, Control, Mask, Option, Slider, Switch
from studio.core.events import (
    Cancelled,
    Event,
    Failed,
    Finished,
    Previewed,
    Progressed,
    Queued,
    Started,
)
from studio.core.requests import Apply, JobId
from studio.core.settings import Preferences
from studio.gui.app import make_application
from studio.gui.commands import Commands
from studio.gui.previews import DRAFT_SIDE
from studio.gui.session import Session
from studio.gui.window import Window

CONTROLS: tuple[Control, ...] = (
    Choice(
        "style", "Style", "The painting.",
        (Option("wave", "The Great Wave, Hokusai"), Option("night", "The Starry Night, Van Gogh"),
         Option("scream", "The Scream, Munch")),
        "wave", blends=True,
    ),
    Slider("strength", "Strength", "How much.", 0.0, 1.0, 1.0, after_net=True),
    Switch("keep-colours", "Keep colours", "The photo's own.", after_net=True),
    Slider("stroke", "Stroke size", "How large.", 0.25, 4.0, 1.0, unit="×", step=0.05),
    Mask("mask", "Mask", "White is painted."),
)  # fmt: skip
# The colour of each style's result at full strength, RGB.
COLOURS = {"wave": (0, 0, 255), "night": (255, 255, 0), "scream": (255, 0, 0)}


class PaperEngine:
    """Answers a preview with one colour, and keeps what it was asked.

    Attributes:
        requests: every request but drafts, in order.
        drafts: the requests for a small preview that comes first.
        seconds: that a run is said to have taken.
        cancelled: every job that it was asked to cancel.
        go: while it is clear, a job that was started does not end.
        fail: the message of a failure for every job, if any.
        ran: requests that were carried out to the end.
    """

    def __init__(self, on_event: Callable[[Event], None]) -> None:
        self._on_event = on_event
        self._ids = itertools.count(1)
        self._waiting: queue.Queue[tuple[JobId, Apply] | None] = queue.Queue()
        self.requests: list[Apply] = []
        self.drafts: list[Apply] = []
        self.cancelled: list[JobId] = []
        self.seconds = 0.1
        self.ran: list[Apply] = []
        self.go = threading.Event()
        self.go.set()
        self.fail = ""
        self.closed = False
        self._thread = threading.Thread(target=self._work, name="paper-engine")
        self._thread.start()

    def submit(self, request: Apply) -> JobId:
        job = JobId(next(self._ids))
        draft = request.preview_side == DRAFT_SIDE
        (self.drafts if draft else self.requests).append(request)
        self._on_event(Queued(job))
        self._waiting.put((job, request))
        return job

    def cancel(self, job: JobId) -> None:
        self.cancelled.append(job)

    def close(self) -> None:
        self.closed = True
        self.go.set()
        self._waiting.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (item := self._waiting.get()) is not None:
            job, request = item
            self._on_event(Started(job, "cpu"))
            self._on_event(Progressed(job, 0.5, 3.0, "painting"))
            while not self.go.wait(0.01) and job not in self.cancelled:
                pass
            self._on_event(self._end(job, request))

    def _end(self, job: JobId, request: Apply) -> Event:
        if job in self.cancelled or self.closed:
            return Cancelled(job)
        if self.fail:
            return Failed(job, self.fail, "try another photo")
        with Image.open(request.source) as image:
            size = image.size
        if request.preview_side != DRAFT_SIDE:
            self.ran.append(request)
        if not request.output:
            style = str(request.settings["style"]).partition(":")[0]
            pixels = np.full((size[1] // 2, size[0] // 2, 4), 255, np.uint8)
            share = float(request.settings["strength"])
            pixels[..., :3] = [round(share * value) for value in COLOURS[style]]
            self._on_event(Previewed(job, pixels, size, ran_net=True))
        return Finished(job, request.output, request.weights, "cpu", self.seconds, size)


class Studio:
    """The window and what is behind it, for tests."""

    colours = COLOURS

    def __init__(self, window: Window, session: Session, engine: PaperEngine, bot: QtBot) -> None:
        self.window = window
        self.session = session
        self.engine = engine
        self.bot = bot

    def colour(self, x: float = 0.5, y: float = 0.5) -> tuple[int, int, int]:
        """The colour on the screen at a share of the picture's width and height."""
        canvas = self.window.canvas
        rect = canvas.picture_rect()
        spot = rect.topLeft().toPoint()
        grabbed = canvas.grab().toImage()
        ratio = grabbed.devicePixelRatio()
        at = (spot.x() + x * rect.width(), spot.y() + y * rect.height())
        colour = grabbed.pixelColor(round(at[0] * ratio), round(at[1] * ratio))
        return colour.red(), colour.green(), colour.blue()

    def wait_for_colour(self, wanted: tuple[int, int, int], x: float = 0.5) -> None:
        """Waits until the picture has a colour."""

        def check() -> None:
            assert np.abs(np.subtract(self.colour(x, 0.25), wanted)).max() <= 2

        self.bot.waitUntil(lambda: _holds(check), timeout=5000)

    def open(self, *paths: Path) -> None:
        """Opens photos and waits for the first one's result."""
        self.session.open(list(paths))
        self.wait_for_colour(COLOURS["wave"])
        self.rest()

    def rest(self) -> None:
        """Waits until no preview is wanted."""
        self.bot.waitUntil(lambda: self.session.previews.wishes.job is None, timeout=5000)


def _holds(check: Callable[[], None]) -> bool:
    try:
        check()
    except AssertionError:
        return False
    return True


@pytest.fixture(scope="session")
def qapp() -> object:
    return make_application()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "cat.png"
    Image.fromarray(skimage.data.chelsea()).save(path)
    return path


@pytest.fixture
def other_photo(tmp_path: Path) -> Path:
    path = tmp_path / "coffee.jpg"
    Image.fromarray(skimage.data.coffee()).save(path)
    return path


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    """A folder with one weights file that has a header and no tensor."""
    folder = tmp_path / "weights"
    (folder / "style" / "gallery").mkdir(parents=True)
    metadata = {
        "studio.model": "style", "studio.title": "Gallery", "studio.licence": "",
        "studio.controls": controls_to_json(CONTROLS), "studio.hyperparameters": "{}",
        "studio.training": "{}", "studio.metrics": "{}",
    }  # fmt: skip
    header = json.dumps({"__metadata__": metadata}).encode()
    file = folder / "style" / "gallery.safetensors"
    file.write_bytes(struct.pack("<Q", len(header)) + header)
    Image.new("RGB", (192, 192), "blue").save(folder / "style" / "gallery" / "wave.webp")
    return folder


@pytest.fixture
def studio(
    qtbot: QtBot, weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Studio]:
    """The window, painted and with its weights read; closed and searched for threads afterwards."""
    monkeypatch.setenv("STUDIO_CONFIG", str(tmp_path / "config"))
    threads = set(threading.enumerate())
    engines: list[PaperEngine] = []

    def make_engine(on_event: Callable[[Event], None]) -> PaperEngine:
        engines.append(PaperEngine(on_event))
        return engines[-1]

    window = Window()
    window.choose_palette("dark")
    with qtbot.waitSignal(window.painted):
        window.show()
    window.dress()
    session = Session(
        window, Preferences(palette="dark"), make_engine, lambda: Catalogue([weights])
    )
    Commands(window, session)
    qtbot.waitUntil(lambda: bool(session.toolbox), timeout=5000)
    yield Studio(window, session, engines[0], qtbot)
    session.saves.cancel_all()
    qtbot.waitUntil(lambda: not session.saves.running)  # else closing would ask
    window.close()
    window.deleteLater()
    left = [t.name for t in threading.enumerate() if t not in threads and t.is_alive()]
    assert not left, f"threads left: {left}"


@pytest.fixture(autouse=True)
def _no_qt_warnings(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a test on any warning of Qt."""
    log = request.getfixturevalue("qtlog")
    yield
    # The offscreen platform has no window manager to tell of sizes; that is no fault of ours.
    found = [r.message for r in log.records if "propagateSizeHints" not in r.message]
    assert not found, found
