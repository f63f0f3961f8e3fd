"""How fast the window is there, and what its process does without."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from studio.gui.photo.first_photo import FirstPhoto
from studio.reader.desk import Desk
from studio.reader.orders import Urgency, Wish
from studio.reader.reader import GiveUp, Reader, Tell
from tests.clips import write_clip

_EMPTY = """
import sys, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
class Window(QMainWindow):
    def paintEvent(self, event):
        QTimer.singleShot(0, painted)
def painted():
    print(time.process_time(), flush=True)
    app.quit()
app = QApplication([])
window = Window()
window.resize(1280, 800)
window.show()
app.exec()
"""
_STUDIO = """
import time
from studio.gui import app as studio_app
def painted(*_):
    print(time.process_time(), flush=True)
    app.quit()
studio_app.start = painted
app = studio_app.make_application()
window = studio_app.open_window([], studio_app.Messages())
app.exec()
"""
_WHOLE = """
import sys
from PySide6.QtCore import QTimer
from studio.gui import app as studio_app
start = studio_app.start
def started(*args):
    start(*args)
    def look():
        if not window.rail.models and not window.panel.note.text():
            return
        print("torch" in sys.modules, flush=True)
        timer.stop()
        window.close()
    timer.timeout.connect(look)
    timer.start(20)
if __name__ == "__main__":
    studio_app.start = started
    app = studio_app.make_application()
    timer = QTimer()
    window = studio_app.open_window([], studio_app.Messages())
    app.exec()
"""

_OPENED = """
import os, sys
from pathlib import Path
from PySide6.QtCore import QTimer
from studio.core.handle import Handle
from studio.gui import app as studio_app
from studio.gui.state.messages import Messages
class NoEngine:
    def use(self, machine):
        pass
    def submit(self, request, on_event):
        return Handle(1, self)
    def cancel(self, job):
        pass
    def close(self):
        pass
start = studio_app.start
def started(*args):
    workspace = start(*args)
    paths = [Path(path).absolute() for path in sys.argv[1:]]
    def look():
        screen, shown = workspace.screen, workspace.photos.document.shown
        if shown is None or not screen.is_opened(shown):
            return
        if paths:
            workspace.photos.show(paths.pop())
            return
        decoders = {"PIL", "rawpy", "av", "imagecodecs", "pillow_heif", "tifffile", "cv2"}
        print(sorted(decoders & set(sys.modules)), flush=True)
        timer.stop()
        window.close()
    timer.timeout.connect(look)
    timer.start(20)
if __name__ == "__main__":
    studio_app.start = started
    studio_app._make_engine = NoEngine
    app = studio_app.make_application()
    timer = QTimer()
    window = studio_app.open_window(sys.argv[1:], Messages())
    app.exec()
"""

_FIRST = """
import os, sys
from studio.gui import app as studio_app
from studio.gui.photo import first_photo
first_photo._PATIENCE_MS = 60_000  # this machine may be busy
def begin(window, *_):
    picture = window.grab().toImage()
    middle = picture.pixelColor(picture.width() // 2, picture.height() // 2)
    print(middle.name(), window.windowTitle(), flush=True)
    app.quit()
if __name__ == "__main__":
    studio_app.start = begin
    app = studio_app.make_application()
    window = studio_app.open_window(sys.argv[1:], studio_app.Messages())
    app.exec()
    os._exit(0)  # nothing is there yet that would end the threads
"""


def run(code: str, tmp_path: Path, *arguments: str) -> str:
    """Runs a program; returns what it printed."""
    script = tmp_path / "program.py"
    script.write_text(code)
    root = Path(__file__).resolve().parents[3]
    environment = os.environ | {
        "QT_QPA_PLATFORM": "offscreen",
        "STUDIO_CONFIG": str(tmp_path / "config"),
        "PYTHONPATH": str(root),
        # Compiled once, as an installed program is.
        "PYTHONPYCACHEPREFIX": str(tmp_path / "compiled"),
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run(
        [sys.executable, str(script), *arguments],
        env=environment, capture_output=True, text=True, timeout=240, check=True, cwd=tmp_path,
    )  # fmt: skip
    return done.stdout.strip()


def first_paint(code: str, tmp_path: Path) -> float:
    """Seconds of the processor until the first paint, which hardly depend on what else runs."""
    return float(run(code, tmp_path))


def test_that_the_first_paint_takes_little_longer_than_an_empty_window(tmp_path: Path) -> None:
    for code in (_EMPTY, _STUDIO):
        first_paint(code, tmp_path)  # compiled, and in the disk's cache, for both
    pairs = [(first_paint(_EMPTY, tmp_path), first_paint(_STUDIO, tmp_path)) for _ in range(5)]
    empty, studio = (min(each) for each in zip(*pairs, strict=True))
    print(f"first paint: empty {empty:.3f} s, studio {studio:.3f} s, {studio / empty:.2f} times")
    assert studio <= 2.5 * empty


def test_that_the_windows_process_never_imports_torch(tmp_path: Path) -> None:
    printed = run(_WHOLE, tmp_path)
    assert printed == "False"


def test_that_the_windows_process_opens_a_photo_and_a_video_without_any_decoder(
    tmp_path: Path,
) -> None:
    photo = tmp_path / "photo.jpg"
    Image.new("RGB", (2400, 1600), "red").save(photo)
    clip = write_clip(tmp_path / "clip.mp4", size=(160, 120))
    printed = run(_OPENED, tmp_path, str(photo), str(clip))
    assert printed == "[]"


def test_that_a_photo_is_seen_before_the_rest_of_the_window_is_made(tmp_path: Path) -> None:
    photo = tmp_path / "photo.png"
    Image.new("RGB", (600, 400), "#306090").save(photo)
    assert run(_FIRST, tmp_path, str(photo)) == "#306090 photo.png – Studio"


def test_that_the_window_is_made_whatever_it_is_started_with(tmp_path: Path) -> None:
    (tmp_path / "no-photo.jpg").write_bytes(b"no photo")
    for path in (tmp_path / "no-photo.jpg", tmp_path / "missing.png", tmp_path):
        assert run(_FIRST, tmp_path, str(path)).endswith(" Studio")


def test_that_a_photo_that_takes_its_time_keeps_nobody_waiting(qtbot: QtBot) -> None:
    class Silent(Reader):
        def ask(self, wish: Wish, urgency: Urgency, tell: Tell) -> GiveUp:
            del wish, urgency, tell
            return lambda: None

    reader = Silent(Desk)
    photo = FirstPhoto(reader, Path("photo.jpg"))
    with qtbot.waitSignal(photo.over, timeout=20_000):
        photo.show(lambda *_: pytest.fail("there is nothing to show"))
    reader.close()
