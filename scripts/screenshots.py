"""Pictures of the real window, driven by the mouse, with the weights that ship.

    python scripts/screenshots.py            docs/window.webp, which the README shows
    python scripts/screenshots.py FOLDER     every tool, page and dialog, dark and light, in every
                                             size and language: to look at

Needs Xvfb and openbox (Debian: apt-get install xvfb openbox).
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDialog

ROOT = Path(__file__).resolve().parents[1]
SIZES = ((1280, 800, 1), (960, 600, 1), (1920, 1200, 2))  # (width, height) in px, and the scale
PALETTES = ("dark", "light")
LANGUAGES = ("en", "de", "es")
PATIENCE_S = 180
DISPLAY = ":97"
_SAMPLES_MS = 3000  # in which small pictures come, by and by


@contextmanager
def screen(width: int, height: int) -> Iterator[None]:
    """A screen with a window manager."""
    xvfb = ["Xvfb", DISPLAY, "-screen", "0", f"{width}x{height}x24"]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(xvfb, stdout=quiet, stderr=quiet) as display:
        time.sleep(1)  # Xvfb does not say when it is there
        environment = os.environ | {"DISPLAY": DISPLAY}
        with subprocess.Popen(["openbox"], env=environment, stdout=quiet, stderr=quiet) as manager:
            try:
                yield
            finally:
                manager.terminate()
                display.terminate()


def take(folder: Path, palette: str, language: str, scale: int, tools: str) -> None:
    """Opens a window in a process of its own, and takes its pictures."""
    with tempfile.TemporaryDirectory() as home:
        environment = os.environ | {
            "DISPLAY": DISPLAY, "QT_QPA_PLATFORM": "xcb", "QT_SCALE_FACTOR": str(scale),
            "STUDIO_CONFIG": home, "PYTHONPATH": str(ROOT),
        }  # fmt: skip
        told = [sys.executable, __file__, str(folder), "--inside", palette]
        told += ["--language", language, "--tools", tools]
        subprocess.run(told, env=environment, check=True, timeout=10 * PATIENCE_S)


def photos(folder: Path) -> list[Path]:
    """Photos that scikit-image ships."""
    import skimage.data
    from PIL import Image

    pictures = {"cat.jpg": skimage.data.chelsea, "astronaut.png": skimage.data.astronaut}
    for name, load in pictures.items():
        Image.fromarray(load()).save(folder / name)
    return [folder / name for name in pictures]


class Session:
    """A window that is driven, and whose whole screen is grabbed.

    Args:
        folder: for the pictures.
        palette, language: of the window.
    """

    def __init__(self, folder: Path, palette: str, language: str) -> None:
        from studio.core.settings import Preferences, save_preferences
        from studio.gui import app as studio_app
        from studio.gui.shell.commands import Commands
        from studio.gui.state.messages import Messages
        from studio.gui.state.workspace import Workspace

        self._folder = folder
        save_preferences(Preferences(palette=palette, language=language))
        self._app = studio_app.make_application()
        self.window = studio_app.open_window([], Messages())
        self.wait(lambda: self.window.findChildren(Commands))
        self.workspace: Workspace = self.window.findChild(Workspace)
        self.commands: Commands = self.window.findChild(Commands)
        self.wait(lambda: self.window.rail.models)

    def wait(self, holds: Callable[[], object], after_ms: int = 700) -> None:
        """Waits until something holds, and for what follows of it."""
        from PySide6.QtTest import QTest

        end = time.monotonic() + PATIENCE_S
        while not holds():
            QTest.qWait(50)
            if time.monotonic() > end:
                sys.exit("the window has not come so far in time")
        QTest.qWait(after_ms)

    def grab(self, name: str) -> None:
        """Keeps what is on the screen."""
        image = self._app.primaryScreen().grabWindow(0).toImage()
        image.save(str(self._folder / f"{name}.png"))

    def turn(self, tool: str) -> None:
        """Turns to a tool, and grabs it once its picture is there."""
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        QTest.mouseClick(self.window.rail.button(tool), Qt.MouseButton.LeftButton)
        if tool == "sketch":
            self._draw()
        elif tool == "faces":
            self.wait(lambda: not self.commands.faces.requests.busy)
        else:
            self.wait(self.workspace.previews.is_idle)
        self.grab(tool)

    def dialog(self, name: str) -> "QDialog":
        """Opens the dialog of an action, and grabs it."""
        from PySide6.QtWidgets import QDialog

        def found() -> list[QDialog]:
            return [each for each in self.window.findChildren(QDialog) if each.isVisible()]

        getattr(self.window.actions_, name).trigger()
        self.wait(found)
        self.grab(name)
        return found()[0]

    def save(self) -> None:
        """Saves the photo, and grabs the list of jobs."""
        from studio.gui.widgets.save_dialog import SaveDialog

        asking = self.dialog("save")
        if isinstance(asking, SaveDialog):
            asking.save.click()
        self.wait(lambda: not self.workspace.saves.running)
        jobs = self.commands.jobs.list
        self.window.status.jobs.click()
        self.wait(jobs.isVisible)
        self.grab("jobs")
        jobs.hide()
        self.workspace.messages.dismiss()

    def shows_models(self) -> bool:
        """Says whether the page of the models is there with all of its pictures."""
        from PySide6.QtCore import Qt

        from studio.gui.models.page import ModelsPage

        page = self.window.findChild(ModelsPage)
        if page is None or not page.card.picture.isVisible():
            return False
        lines = [page.list.item(row) for row in range(page.list.count())]
        return all(line.data(Qt.ItemDataRole.DecorationRole) for line in lines)

    def _draw(self) -> None:
        from PySide6.QtCore import QPoint, Qt
        from PySide6.QtTest import QTest

        sketch = self.commands.sketch
        paper = sketch.page.paper
        ears = ((0.25, 0.5), (0.3, 0.2), (0.42, 0.35), (0.58, 0.35), (0.7, 0.2), (0.75, 0.5))
        places = (*ears, (0.68, 0.72), (0.5, 0.8), (0.32, 0.72), (0.25, 0.5))
        spots = [QPoint(round(x * paper.width()), round(y * paper.height())) for x, y in places]
        QTest.mousePress(paper, Qt.MouseButton.LeftButton, pos=spots[0])
        for spot in spots:
            QTest.mouseMove(paper, spot)
        QTest.mouseRelease(paper, Qt.MouseButton.LeftButton, pos=spots[-1])
        self.wait(lambda: not sketch.live.busy and sketch.board.up_to_date)


def inside(folder: Path, palette: str, language: str, tools: list[str]) -> None:
    """Drives the window, and grabs the whole screen for each tool; for several all else, too."""
    session = Session(folder, palette, language)
    window, workspace = session.window, session.workspace
    session.wait(lambda: True, _SAMPLES_MS)
    session.grab("start")
    with tempfile.TemporaryDirectory() as home:
        workspace.open(photos(Path(home)))
        session.wait(lambda: not workspace.screen.shown.after.isNull())
        session.wait(workspace.previews.is_idle)
        for tool in tools:
            session.turn(tool)
        if len(tools) > 1:
            session.save()
            for action in ("settings", "shortcuts"):
                session.dialog(action).reject()
            window.panel.folder_wanted.emit()
            session.wait(lambda: window.page is not None)
            session.grab("folder")
            window.actions_.models.trigger()
            session.wait(session.shows_models)
            session.grab("models")
        window.close()


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, help="for all pictures")
    parser.add_argument("--tools", default="enhance,translate,sketch,faces,style")
    parser.add_argument("--language", help="such as de; all of LANGUAGES where it is not given")
    parser.add_argument("--inside", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.inside:
        inside(args.folder, args.inside, args.language, args.tools.split(","))
        return
    if args.folder is None:
        from PIL import Image

        with tempfile.TemporaryDirectory() as folder, screen(1280, 800):
            take(Path(folder), "dark", "en", 1, "style")
            Image.open(Path(folder) / "style.png").save(ROOT / "docs/window.webp", quality=90)
        return
    languages = [args.language] if args.language else LANGUAGES
    for (width, height, scale), palette, language in product(SIZES, PALETTES, languages):
        folder = args.folder / f"{width}x{height}-{100 * scale}-{palette}-{language}"
        folder.mkdir(parents=True, exist_ok=True)
        with screen(width, height):
            take(folder, palette, language, scale, args.tools)
        print(folder)


if __name__ == "__main__":
    main()
