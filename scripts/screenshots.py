"""Pictures of the real window, driven by the mouse, with the weights that ship.

    python scripts/screenshots.py            docs/window.webp, which the README shows
    python scripts/screenshots.py FOLDER     every tool, dark and light, in every size: to look at

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
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SIZES = ((1280, 800, 1), (960, 600, 1), (1920, 1200, 2))  # (width, height) in px, and the scale
PALETTES = ("dark", "light")
PATIENCE_S = 180
DISPLAY = ":97"


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


def take(folder: Path, palette: str, scale: int, tools: str) -> None:
    """Opens a window in a process of its own, and takes its pictures."""
    with tempfile.TemporaryDirectory() as home:
        environment = os.environ | {
            "DISPLAY": DISPLAY, "QT_QPA_PLATFORM": "xcb", "QT_SCALE_FACTOR": str(scale),
            "STUDIO_CONFIG": home, "PYTHONPATH": str(ROOT),
        }  # fmt: skip
        told = [sys.executable, __file__, str(folder), "--inside", palette, "--tools", tools]
        subprocess.run(told, env=environment, check=True, timeout=10 * PATIENCE_S)


def photos(folder: Path) -> list[Path]:
    """Photos that scikit-image ships."""
    import skimage.data
    from PIL import Image

    pictures = {"cat.jpg": skimage.data.chelsea, "astronaut.png": skimage.data.astronaut}
    for name, load in pictures.items():
        Image.fromarray(load()).save(folder / name)
    return [folder / name for name in pictures]


def inside(folder: Path, palette: str, tools: list[str]) -> None:
    """Drives the window, and grabs the whole screen for each tool."""
    from PySide6.QtCore import QPoint, Qt
    from PySide6.QtTest import QTest

    from studio.core.settings import load_preferences, save_preferences
    from studio.gui import app as studio_app
    from studio.gui.shell.commands import Commands
    from studio.gui.state.messages import Messages
    from studio.gui.state.workspace import Workspace

    def wait(holds: Callable[[], object]) -> None:
        end = time.monotonic() + PATIENCE_S
        while not holds():
            QTest.qWait(50)
            if time.monotonic() > end:
                sys.exit("the window has not come so far in time")
        QTest.qWait(700)

    def grab(name: str) -> None:
        image = app.primaryScreen().grabWindow(0).toImage()
        image.save(str(folder / f"{name}.png"))

    def draw() -> None:
        paper = commands.sketch.page.paper
        ears = ((0.25, 0.5), (0.3, 0.2), (0.42, 0.35), (0.58, 0.35), (0.7, 0.2), (0.75, 0.5))
        places = (*ears, (0.68, 0.72), (0.5, 0.8), (0.32, 0.72), (0.25, 0.5))
        spots = [QPoint(round(x * paper.width()), round(y * paper.height())) for x, y in places]
        QTest.mousePress(paper, Qt.MouseButton.LeftButton, pos=spots[0])
        for spot in spots:
            QTest.mouseMove(paper, spot)
        QTest.mouseRelease(paper, Qt.MouseButton.LeftButton, pos=spots[-1])
        wait(lambda: not commands.sketch.live.busy and commands.sketch.board.up_to_date)

    app = studio_app.make_application()
    save_preferences(load_preferences().__class__(palette=palette))
    messages = Messages()
    with tempfile.TemporaryDirectory() as home:
        window = studio_app.open_window([str(path) for path in photos(Path(home))], messages)
        wait(lambda: window.findChildren(Commands))
        workspace, commands = window.findChild(Workspace), window.findChild(Commands)
        wait(lambda: not workspace.screen.shown.after.isNull())
        wait(workspace.previews.is_idle)
        for tool in tools:
            QTest.mouseClick(window.rail.button(tool), Qt.MouseButton.LeftButton)
            if tool == "sketch":
                draw()
            elif tool == "faces":
                wait(lambda: not commands.faces.requests.busy)
            else:
                wait(workspace.previews.is_idle)
            grab(tool)
        window.panel.folder_wanted.emit()
        wait(lambda: window.page is not None)
        grab("folder")
        window.close()


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, help="for all pictures")
    parser.add_argument("--tools", default="enhance,translate,sketch,faces,style")
    parser.add_argument("--inside", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.inside:
        inside(args.folder, args.inside, args.tools.split(","))
        return
    if args.folder is None:
        from PIL import Image

        with tempfile.TemporaryDirectory() as folder, screen(1280, 800):
            take(Path(folder), "dark", 1, "style")
            Image.open(Path(folder) / "style.png").save(ROOT / "docs/window.webp", quality=90)
        return
    for width, height, scale in SIZES:
        for palette in PALETTES:
            folder = args.folder / f"{width}x{height}-{100 * scale}-{palette}"
            folder.mkdir(parents=True, exist_ok=True)
            with screen(width, height):
                take(folder, palette, scale, args.tools)
            print(folder)


if __name__ == "__main__":
    main()
