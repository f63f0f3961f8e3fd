"""Windows in processes of their own, to be killed; forked, for a new one takes seconds to import.

Reads a command a line, each with a folder that has ``config``, ``weights`` and photos:

``work SEED FOLDER``: something is done every moment; what is open then goes into ``log``.
``look FOLDER``: what is offered is opened again; what is open then goes into ``seen``.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QTimer
from PySide6.QtGui import QColor, QImage

from studio.core.catalogue import Catalogue
from studio.core.settings import Preferences
from studio.gui.app import make_application
from studio.gui.shell.commands import Commands
from studio.gui.shell.window import Window
from studio.gui.state.drawing import Drawing, Point
from studio.gui.state.gesture import NO_GESTURE
from studio.gui.state.messages import Messages
from studio.gui.state.workspace import Workspace
from tests.gui.paper_engine import PaperEngine

if TYPE_CHECKING:
    from collections.abc import Callable


class Mortal:
    """A window with an engine of paper."""

    def __init__(self, folder: Path) -> None:
        os.environ["STUDIO_CONFIG"] = str(folder / "config")
        self.folder = folder
        self.app = make_application()
        messages = Messages()
        self.window = Window(messages)
        self.window.show()
        self.window.furnish()
        self.workspace = Workspace(
            messages,
            Preferences(),
            PaperEngine,
            lambda: Catalogue([folder / "weights"]),
            parent=self.window,
        )
        self.commands = Commands(self.window, self.workspace)
        self.timer = QTimer()

    def when(self, holds: Callable[[], object], act: Callable[[], object]) -> None:
        """Does something once, as soon as something holds."""
        timer = QTimer(self.window)

        def look() -> None:
            if holds():
                timer.stop()
                act()

        timer.timeout.connect(look)
        timer.start(10)

    @property
    def ready(self) -> bool:
        return bool(self.workspace.toolbox) and self.commands.keeping.keeper.own is not None

    def state(self) -> str:
        """What is open: photos with their looks, the one that is shown, drawings."""
        document, drawings = self.workspace.photos.document, self.commands.sketch.drawings
        looks = [
            (photo.path.name, None if photo.look is None else sorted(photo.look.settings.items()))
            for photo in document.photos
        ]
        drawn = msgspec.json.decode(msgspec.json.encode(drawings), type=dict[str, Drawing])
        shown = document.shown.name if document.shown else None
        whole = hashlib.sha256(repr((looks, drawn, shown)).encode()).hexdigest()
        operations = sum(len(each.done) for each in drawn.values())
        return f"{whole[:16]} {len(looks)} photos, {operations} strokes"


def work(mortal: Mortal, seed: int) -> None:
    """Does something every moment, and writes down what is open then."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    photos = sorted(mortal.folder.glob("*.png"))
    workspace, last = mortal.workspace, ""
    with Path(mortal.folder, "log").open("a") as log:

        def note() -> None:
            nonlocal last
            state = mortal.state()
            if state != last:
                last = state
                print(json.dumps([time.monotonic(), state]), file=log, flush=True)

        def act() -> None:
            _act(mortal, chance, photos)
            mortal.timer.singleShot(chance.randint(20, 150), act)

        sketch = mortal.commands.sketch
        for changed in (
            workspace.photos.document_changed,
            workspace.photos.look_changed,
            sketch.history_changed,
        ):
            changed.connect(note)
        mortal.when(lambda: mortal.ready, act)
        mortal.app.exec()


def _act(mortal: Mortal, chance: random.Random, photos: list[Path]) -> None:
    workspace, commands, sketch = mortal.workspace, mortal.commands, mortal.commands.sketch
    deed = chance.choice(["open", "page", "slide", "mask", "mask", "sketch", "undo", "paste"])
    if deed == "open" or workspace.photos.document.shown is None:
        workspace.open([chance.choice(photos)])
    elif deed == "page":
        workspace.photos.show(chance.choice(workspace.photos.document.photos).path)
    elif deed == "slide":
        mortal.window.panel.edited.emit("strength", chance.random(), NO_GESTURE)
    elif deed == "mask":
        mortal.window.actions_.brush.setChecked(True)
        _draw(chance, commands.masks.pad)
    elif deed == "sketch":
        sketch.open()
        _draw(chance, sketch.page.paper)
        if chance.random() < 0.5:
            mortal.workspace.place.leave()
    elif deed == "undo":
        mortal.window.actions_.undo.trigger()
    elif chance.random() < 0.3:
        image = QImage(40, 30, QImage.Format.Format_RGB32)
        image.fill(QColor("green"))
        workspace.incoming.open_image(image)


def _draw(chance: random.Random, area: object) -> None:
    area.pressed.emit(Point(chance.uniform(0, 500), chance.uniform(0, 300)), False)
    for _ in range(10):
        area.moved.emit(Point(chance.uniform(0, 500), chance.uniform(0, 300)))
    area.released.emit()


def look(mortal: Mortal) -> None:
    """Opens again what is offered, and writes down what is open then."""
    keeping = mortal.commands.keeping

    def leave() -> None:
        Path(mortal.folder, "seen").write_text(mortal.state())
        mortal.window.close()
        mortal.app.quit()

    def open_again() -> None:
        offer = mortal.window.start.offers[0]
        if offer.isHidden():
            leave()
        else:
            offer.click()
            mortal.when(lambda: keeping.keeper._spent, leave)

    mortal.when(lambda: mortal.ready, open_again)
    mortal.app.exec()


def main() -> None:
    """Forks a window for each command, and tells its process."""
    print("ready", flush=True)
    for line in sys.stdin:
        command, *words = line.split()
        child = os.fork()
        if child == 0:
            mortal = Mortal(Path(words[-1]))
            if command == "work":
                work(mortal, int(words[0]))
            else:
                look(mortal)
            os._exit(0)
        print(child, flush=True)


if __name__ == "__main__":
    main()
