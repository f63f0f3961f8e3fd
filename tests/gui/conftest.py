"""The real window with an engine of paper."""

import os
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import numpy as np
import pytest
import skimage.data
from PIL import Image
from PySide6.QtCore import QRectF
from pytestqt.qtbot import QtBot

from studio.core.catalogue import Catalogue
from studio.core.settings import Preferences
from studio.gui.app import make_application
from studio.gui.shell.commands import Commands
from studio.gui.shell.window import Window
from studio.gui.state.messages import Messages
from studio.gui.state.workspace import Workspace
from studio.reader.decoder import Decoder
from studio.reader.desk import Desk
from studio.reader.reader import Reader
from tests.gui.paper_engine import COLOURS, REDUCED, SKETCH_SIDE, PaperEngine
from tests.gui.paper_weights import (
    CONTROLS,
    DIGITS_CONTROLS,
    ENHANCE_CONTROLS,
    FACES_CONTROLS,
    PALETTE,
    SKETCH_CONTROLS,
    write_header,
)


class Studio:
    """The window and what is behind it, for tests."""

    colours = COLOURS

    def __init__(
        self,
        window: Window,
        workspace: Workspace,
        commands: Commands,
        engine: PaperEngine,
        bot: QtBot,
        decoder: Decoder,
    ) -> None:
        self.window = window
        self.workspace = workspace
        self.commands = commands
        self.engine = engine
        self.bot = bot
        self.decoder = decoder

    def colour(self, x: float = 0.5, y: float = 0.5) -> tuple[int, int, int]:
        """The colour on the screen at a share of what is seen of the picture."""
        canvas = self.window.canvas
        rect = canvas.picture_rect().intersected(QRectF(canvas.rect()))
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

        self.bot.waitUntil(lambda: _holds(check), timeout=20_000)

    def open(self, *paths: Path) -> None:
        """Opens photos and waits for the first one's result."""
        self.workspace.open(list(paths))
        self.wait_for_colour(COLOURS["wave"])
        self.rest()

    def rest(self) -> None:
        """Waits until no preview is wanted."""
        self.bot.waitUntil(self.workspace.previews.is_idle, timeout=20_000)

    def enhance(self, photo: Path) -> None:
        """Opens a photo and turns to the tool "Enhance"."""
        self.open(photo)
        self.window.rail.button("enhance").click()
        self.wait_for_colour(REDUCED)
        self.rest()

    def settle(self) -> None:
        """Waits until what was told from the engine's thread has come."""
        self.bot.wait(0)


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
    write_header(
        folder / "style" / "gallery.safetensors", "Gallery", CONTROLS,
        training={"steps": 4800, "hours": 3.7, "hardware": "2 cores",
                  "data": {"photos": "C", "paintings": "A"}},
        metrics={"style": 0.08, "content": 0.53, "styles": {}},
    )  # fmt: skip
    (folder / "style" / "gallery").mkdir()
    Image.new("RGB", (192, 192), "blue").save(folder / "style" / "gallery" / "wave.webp")
    return folder


@pytest.fixture
def enhance(weights: Path) -> None:
    """Two more such files in that folder: one for parts, one for twice the size."""
    for name, scale in (("photo", 1), ("upscale2x", 2)):
        file = weights / "enhance" / f"{name}.safetensors"
        write_header(file, name.title(), ENHANCE_CONTROLS, local=True, scale=scale)


@pytest.fixture
def sketch(weights: Path) -> None:
    """Two more such files: one to draw lines for, one to draw labels for."""
    for name, palette in (("cats", []), ("facades", PALETTE)):
        write_header(
            weights / "sketch" / f"{name}.safetensors", name.title(), SKETCH_CONTROLS,
            hyperparameters={"side": SKETCH_SIDE, "palette": palette},
        )  # fmt: skip


@pytest.fixture
def faces(weights: Path) -> None:
    """Two more such files, which generate; the first is the larger one."""
    for name, side, latent, controls in (
        ("portraits", 128, 12, FACES_CONTROLS), ("digits", 8, 5, DIGITS_CONTROLS)
    ):  # fmt: skip
        write_header(
            weights / "faces" / f"{name}.safetensors", name.title(), controls,
            hyperparameters={"side": side, "padding": " " * side}, latent=latent,
            training={"subject": name},
        )  # fmt: skip


@pytest.fixture
def large_photo(tmp_path: Path) -> Path:
    """A photo that is larger than its preview: 2400 x 1600 px, red."""
    path = tmp_path / "large.png"
    Image.new("RGB", (2400, 1600), (200, 0, 0)).save(path, compress_level=1)
    return path


@pytest.fixture
def studio(
    qtbot: QtBot, weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Studio]:
    """The window, painted and with its weights read; closed and searched for threads afterwards."""
    monkeypatch.setenv("STUDIO_CONFIG", str(tmp_path / "config"))
    (tmp_path / "xdg").mkdir()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    pictures = f'XDG_PICTURES_DIR="{tmp_path}"\n'  # where a doodle is saved, if nobody says where
    (tmp_path / "xdg" / "user-dirs.dirs").write_text(pictures)
    with opened(qtbot, weights) as found:
        yield found


@contextmanager
def opened(qtbot: QtBot, weights: Path) -> Generator[Studio]:
    """The window, as the fixture `studio` has it; of several, each ends before the next begins."""
    threads = set(threading.enumerate())
    engines: list[PaperEngine] = []

    def make_engine() -> PaperEngine:
        engines.append(PaperEngine())
        return engines[-1]

    messages = Messages()
    window = Window(messages)
    window.choose_palette("dark")
    with qtbot.waitSignal(window.painted):
        window.show()
    window.furnish()
    decoder = Decoder()
    workspace = Workspace(
        messages,
        Preferences(palette="dark"),
        make_engine,
        lambda: Catalogue([weights]),
        lambda: Reader(lambda hear: Desk(hear, decoder)),
        window,
    )
    workspace.in_styles.wait_ms(3_600_000)  # idle time comes where it is tested
    commands = Commands(window, workspace)
    qtbot.waitUntil(lambda: bool(workspace.toolbox), timeout=20_000)
    yield Studio(window, workspace, commands, engines[0], qtbot, decoder)
    workspace.saves.cancel_all()
    commands.batch.runner.cancel()
    qtbot.waitUntil(lambda: not workspace.saves.running)  # else closing would ask
    qtbot.waitUntil(lambda: not commands.batch.runner.under_way)
    window.close()
    window.deleteLater()
    left = [t.name for t in threading.enumerate() if t not in threads and t.is_alive()]
    assert not left, f"threads left: {left}"


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Files and folders that the system's own programs were asked to show."""
    shown: list[Path] = []

    def show(path: Path) -> bool:
        shown.append(path)
        return True

    monkeypatch.setattr("studio.gui.state.messages.open_path", show)
    return shown


@pytest.fixture(autouse=True)
def _no_qt_warnings(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a test on any warning of Qt."""
    log = request.getfixturevalue("qtlog")
    yield
    # The offscreen platform has no window manager, for sizes and menus; that is no fault of ours.
    lacks = "This plugin does not support "
    found = [r.message for r in log.records if not r.message.startswith(lacks)]
    assert not found, found
