"""A walk at random through the real window, with the real engine, which is killed on the way.

    python -m tests.gui.random_walk --seconds 600 --seed 3

Afterwards every file that was promised is there and whole, no other one is, the photos are as they
were, nothing was logged, and no process or temporary file is left.
"""

import argparse
import hashlib
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil
import skimage.data
from PIL import Image
from PySide6.QtCore import QObject, QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QSlider

from studio.core.log import log_path
from studio.gui import app as studio_app
from studio.gui.mask.pad import MaskPad
from studio.gui.shell.mistakes import Mistakes
from studio.gui.shell.window import Window
from studio.gui.state.messages import Messages
from studio.gui.state.workspace import Workspace
from studio.gui.widgets.save_dialog import SaveDialog

_KILL_EVERY = 12.0  # seconds
_PATIENCE = 180.0  # seconds for the last saves
_LEFT = Qt.MouseButton.LeftButton


class Walk(QObject):
    """Does one thing after another, as a person might, or none.

    Attributes:
        promised: the size of what each file that was asked for will hold.
        excused: files that need not come: cancelled, or the engine was killed twice under them.
        done: how often each thing was done.
    """

    def __init__(
        self, window: Window, workspace: Workspace, photos: list[Path], folder: Path, seed: int
    ) -> None:
        super().__init__(window)
        self._window, self._workspace = window, workspace
        self._photos, self._folder = photos, folder
        self._random = random.Random(seed)  # noqa: S311 - a walk that can be walked again
        self.promised: dict[Path, tuple[int, int]] = {}
        self.excused: set[Path] = set()
        self._deaths: dict[Path, int] = {}
        self._killed = time.monotonic()
        self.done: dict[str, int] = {}
        self._ways: dict[Callable[[], object], int] = {
            self.open: 3, self.page: 6, self.tool: 2, self.style: 6, self.slide: 8, self.brush: 5,
            self.undo: 4, self.redo: 2, self.save: 4, self.cancel: 1, self.escape: 2,
            self.close: 1, self.look: 3, self.dismiss: 2, self.kill: 1,
        }  # fmt: skip

    def step(self) -> None:
        """Does the next thing."""
        ways, weights = zip(*self._ways.items(), strict=True)
        way = self._random.choices(ways, weights)[0]
        if way():
            self.done[way.__name__] = self.done.get(way.__name__, 0) + 1

    def open(self) -> bool:
        self._window.dropped.emit(self._random.sample(self._photos, self._random.randint(1, 3)))
        return True

    def page(self) -> bool:
        actions = self._window.actions_
        return _trigger(self._random.choice([actions.next, actions.previous]))

    def tool(self) -> bool:
        if self._workspace.toolbox:
            name = self._random.choice(["style", "enhance", "translate"])
            self._window.rail.button(name).click()
        return bool(self._workspace.toolbox)

    def style(self) -> bool:
        rows = list(self._window.panel.gallery_rows().values())
        if not rows:
            return False
        gallery = rows[0].gallery
        item = gallery.item(self._random.randrange(gallery.count()))
        spot = gallery.visualItemRect(item).center()
        QTest.mouseClick(gallery.viewport(), _LEFT, Qt.KeyboardModifier.NoModifier, spot)
        return True

    def slide(self) -> bool:
        sliders = [s for s in self._window.panel.findChildren(QSlider) if s.isVisible()]
        if sliders:
            slider = self._random.choice(sliders)
            slider.setValue(self._random.randint(slider.minimum(), slider.maximum()))
        return bool(sliders)

    def brush(self) -> bool:
        """A stroke, or the brush taken up."""
        pad = self._window.canvas.findChild(MaskPad)
        if pad is None or not pad.isVisible():
            return _trigger(self._window.actions_.brush)
        spots = [
            QPoint(self._random.randrange(pad.width()), self._random.randrange(pad.height()))
            for _ in range(3)
        ]
        QTest.mousePress(pad, _LEFT, Qt.KeyboardModifier.NoModifier, spots[0])
        for spot in spots:
            QTest.mouseMove(pad, spot)
        QTest.mouseRelease(pad, _LEFT, Qt.KeyboardModifier.NoModifier, spots[-1])
        return True

    def undo(self) -> bool:
        return _trigger(self._window.actions_.undo)

    def redo(self) -> bool:
        return _trigger(self._window.actions_.redo)

    def save(self) -> bool:
        """Promises a file; the size of what will be in it is what the status line says."""
        size = self._workspace.screen.size
        if size is None or not _trigger(self._window.actions_.save):
            return False
        dialog = next(d for d in self._window.findChildren(SaveDialog) if d.isVisible())
        dialog.folder.setText(str(self._folder))
        dialog.name.setText(f"saved-{len(self.promised)}")
        dialog.format.setCurrentIndex(self._random.randrange(dialog.format.count()))
        path = dialog.path
        if self._random.random() < 0.2:
            dialog.reject()
        else:
            self.promised[path] = size
            dialog.save.click()
        return True

    def cancel(self) -> bool:
        """Presses the button: what the line names need not come."""
        status = self._window.status
        if not status.cancel.isVisible():
            return False
        self.excused |= {path for path in self.promised if path.name in status.work.text()}
        status.cancel.click()
        return True

    def escape(self) -> bool:
        QTest.keyClick(self._window, Qt.Key.Key_Escape)
        return True

    def close(self) -> bool:
        return _trigger(self._window.actions_.close_photo)

    def look(self) -> bool:
        actions = self._window.actions_
        return _trigger(
            self._random.choice([actions.compare, actions.full, actions.fit, actions.loupe])
        )

    def dismiss(self) -> bool:
        messages = self._window.messages
        if messages.isVisible():
            messages.close_button.click()
        return messages.isVisible()

    def kill(self) -> bool:
        """Kills the engine; a save that it dies under twice may fail."""
        child = self._workspace.engine.child_id
        if child is None or time.monotonic() - self._killed < _KILL_EVERY:
            return False
        self._killed = time.monotonic()
        for path in self.promised:
            if not path.exists():
                self._deaths[path] = self._deaths.get(path, 0) + 1
        self.excused |= {path for path, deaths in self._deaths.items() if deaths > 1}
        os.kill(child, signal.SIGKILL)
        return True


def _trigger(action) -> bool:
    if action.isEnabled():
        action.trigger()
        return True
    return False


def write_photos(folder: Path) -> list[Path]:
    """Photos of some kinds, and two files that are none."""
    folder.mkdir()
    chelsea, coffee = Image.fromarray(skimage.data.chelsea()), skimage.data.coffee()
    chelsea.save(folder / "cat.png")
    Image.fromarray(coffee).save(folder / "coffee.jpg")
    Image.fromarray(np.rot90(coffee).copy()).resize((1200, 1800)).save(folder / "large.jpg")
    chelsea.convert("L").resize((97, 61)).save(folder / "small.tif")
    (folder / "cut.jpg").write_bytes((folder / "coffee.jpg").read_bytes()[:9000])
    (folder / "words.png").write_text("these are no pixels")
    return sorted(folder.iterdir())


def walk(home: Path, seconds: float, seed: int) -> list[str]:
    """Walks; returns what was wrong afterwards."""
    photos, results = write_photos(home / "photos"), home / "results"
    results.mkdir()
    before = {path: hashlib.sha256(path.read_bytes()).digest() for path in photos}
    app = studio_app.make_application()
    messages = Messages()
    window = studio_app.open_window([], messages)
    walker: list[Walk] = []

    def begin() -> None:
        workspace = window.findChildren(Workspace)[0]
        walker.append(Walk(window, workspace, photos, results, seed))
        end = time.monotonic() + seconds
        timer = QTimer(window)
        timer.timeout.connect(lambda: walker[0].step() if time.monotonic() < end else finish(end))
        timer.start(60)

    def finish(end: float) -> None:
        workspace = window.findChildren(Workspace)[0]
        if not workspace.saves.running or time.monotonic() > end + _PATIENCE:
            window.close()

    window.painted.connect(begin)
    with Mistakes(messages):
        app.exec()
    walked = walker[0]
    there = sum(path.exists() for path in walked.promised)
    print(f"did {walked.done}; {there} of {len(walked.promised)} files came")
    return [
        *_wrong_files(walked, results),
        *(f"{p.name} was changed" for p in photos if _digest(p) != before[p]),
        *(f"left: {path}" for path in _left(home)),
        *(f"a process is left: {child}" for child in _children()),
        *([log_path().read_text()] if log_path().exists() else []),
    ]


def _wrong_files(walked: Walk, results: Path) -> list[str]:
    wrong = [f"not asked for: {p.name}" for p in results.iterdir() if p not in walked.promised]
    for path, size in walked.promised.items():
        if not path.exists():
            wrong += [] if path in walked.excused else [f"{path.name} did not come"]
            continue
        with Image.open(path) as image:
            image.load()
            if image.size != size:
                wrong.append(f"{path.name} is {image.size}, not {size}")
    return wrong


def _digest(path: Path) -> bytes:
    return hashlib.sha256(path.read_bytes()).digest()


def _left(home: Path) -> list[Path]:
    """Temporary files, in their own folder and beside results; torch keeps a cache there."""
    own = (path for path in (home / "tmp").iterdir() if not path.name.startswith("torchinductor"))
    return [*own, *home.rglob(".studio-*")]


def _children() -> list[psutil.Process]:
    """But for Python's own, which ends with this one."""
    children = psutil.Process().children()
    return [each for each in children if "resource_tracker" not in " ".join(each.cmdline())]


def main() -> int:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    given = parser.parse_args()
    print(f"seed {given.seed}")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "tmp").mkdir()
        os.environ["TMPDIR"] = tempfile.tempdir = str(home / "tmp")
        for name in ("CONFIG", "STATE", "DATA", "CACHE"):
            os.environ[f"XDG_{name}_HOME"] = str(home / name.lower())
        wrong = walk(home, given.seconds, given.seed)
    print(*(wrong or ["nothing was wrong"]), sep="\n")
    QApplication.quit()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
