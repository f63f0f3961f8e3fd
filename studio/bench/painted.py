"""What `studio bench window` starts: a window that is measured, and prints its figures as JSON.

    python -m studio.bench.painted empty            the moment of an empty window's first paint
    python -m studio.bench.painted studio           the same of the studio's
    python -m studio.bench.painted photo FILE       seconds from opening a photo until it is seen
    python -m studio.bench.painted argument FILE    the moments at which a photo that the studio is
                                                    started with is seen, and is styled
    python -m studio.bench.painted visit FILE...    photos looked at one after the other, the last
                                                    in every tool, and saved: longest pause of the
                                                    window, how much of that it worked, both in
                                                    seconds, and its memory in MB

Moments are of the monotonic clock, which all processes share.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from studio.gui.shell.window import Window
    from studio.gui.state.workspace import Workspace

    Opened = tuple[Window, Workspace, Callable[[Callable[[], bool]], None]]

_PATIENCE_MS = 300_000
_TICK_MS = 5
_REST_S = 1.0  # in each tool


def say(*figures: float) -> None:
    """Prints the figures."""
    sys.stdout.write(json.dumps(figures) + "\n")
    sys.stdout.flush()


def empty() -> None:
    """An empty window."""
    from PySide6.QtCore import QTimer
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QApplication, QWidget

    class Empty(QWidget):
        def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - as Qt calls it
            super().paintEvent(event)
            QTimer.singleShot(0, app.quit)

    app = QApplication([])
    window = Empty()
    window.resize(1280, 800)
    window.show()
    app.exec()
    say(time.monotonic())


def studio() -> None:
    """The studio's window, as far as it goes before its first paint."""
    gc.disable()  # as `studio.gui.main` does
    from studio.gui.app import make_application
    from studio.gui.shell.geometry import restore
    from studio.gui.shell.window import Window
    from studio.gui.state.messages import Messages
    from studio.gui.theme.first import first_look

    app, look = make_application(), first_look()
    window = Window(Messages())
    window.choose_palette(look.palette)
    restore(window, look.geometry)
    window.painted.connect(app.quit)
    window.show()
    app.exec()
    say(time.monotonic())


@contextmanager
def started(path: Path, note: Callable[[Window], object] = lambda _: None) -> Generator[Opened]:
    """The window as it is started with a photo, and what waits until something holds.

    Args:
        path: of the photo.
        note: called with the window before it is painted.
    """
    from studio.gui import make_reader

    gc.disable()  # as `studio.gui.main` does
    reader = make_reader()
    from PySide6.QtCore import QEventLoop, QTimer

    from studio.gui.app import make_application, open_window
    from studio.gui.state.messages import Messages
    from studio.gui.state.workspace import Workspace

    make_application()
    loop = QEventLoop()
    QTimer.singleShot(_PATIENCE_MS, lambda: sys.exit("the photo does not come"))
    window = open_window([str(path)], Messages(), reader)
    note(window)

    def wait(holds: Callable[[], bool]) -> None:
        while not holds():
            loop.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)

    ticking = QTimer(window, interval=_TICK_MS)
    ticking.start()
    wait(lambda: window.findChild(Workspace, "") is not None)
    workspace = cast("Workspace", window.findChild(Workspace, ""))
    try:
        yield window, workspace, wait
    finally:
        window.close()


@contextmanager
def opened() -> Generator[Opened]:
    """The same once it has shown a photo."""
    from studio.core.samples import NAMES, sample_photo

    with started(sample_photo(NAMES[0])) as (window, workspace, wait):
        screen = workspace.screen
        wait(lambda: not screen.shown.before.isNull() and workspace.previews.is_idle())
        yield window, workspace, wait


def argument(path: Path) -> None:
    """The studio, started with a photo."""
    seen: list[float] = []

    def note(window: Window) -> None:
        from studio.gui.photo.first_photo import FirstPhoto

        for photo in window.findChildren(FirstPhoto):
            photo.seen.connect(lambda: seen.append(time.monotonic()))

    with started(path, note) as (window, workspace, wait):
        screen = workspace.screen
        wait(lambda: not screen.shown.after.isNull())
        window.canvas.repaint()
        say(*seen, time.monotonic())


def photo(path: Path) -> None:
    """A photo in the studio's window."""
    with opened() as (window, workspace, wait):
        begun = time.monotonic()
        workspace.open([path])
        screen = workspace.screen
        wait(lambda: screen.shown.path == path and not screen.shown.before.isNull())
        window.canvas.repaint()
        say(time.monotonic() - begun)


class Beat:
    """Finds the longest time for which a window could not answer.

    Args:
        window: to be watched, from now on.

    Attributes:
        pause: how long its event loop was held up, in seconds.
        worked: how much of that its thread was at work; else it waited for a core.
    """

    def __init__(self, window: Window) -> None:
        from PySide6.QtCore import Qt, QTimer

        self.pause = self.worked = 0.0
        self._at, self._cpu = time.monotonic(), time.thread_time()
        beating = QTimer(window, interval=_TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        beating.timeout.connect(self._beat)
        beating.start()

    def _beat(self) -> None:
        at, cpu = time.monotonic(), time.thread_time()
        pause = at - self._at - _TICK_MS / 1000
        if pause > self.pause:
            self.pause, self.worked = pause, min(cpu - self._cpu, pause)
        self._at, self._cpu = at, cpu


def visit(paths: Sequence[Path]) -> None:
    """Photos in the studio's window; the last one in every tool, and saved."""
    import psutil

    from studio.core.requests import SaveOptions

    with opened() as (window, workspace, wait):
        photos, screen = workspace.photos, workspace.screen

        def settled() -> bool:
            return not screen.shown.after.isNull() and workspace.previews.is_idle()

        def rest() -> None:
            end = time.monotonic() + _REST_S
            wait(lambda: time.monotonic() > end)

        wait(settled)
        beat = Beat(window)
        workspace.open(paths)
        wait(lambda: len(photos.document.photos) > len(paths))
        for path in paths:
            photos.show(path)
            wait(lambda path=path: screen.shown.path == path and settled())
        memory = psutil.Process().memory_info().rss / 1e6
        for tool in workspace.toolbox.tools:
            workspace.choose_tool(tool.model)
            rest()
            wait(settled)
            if not tool.has_page:
                request = screen.request(photos.document.photo)
                if request is None:
                    sys.exit("the photo cannot be saved")
                output = paths[-1].with_name(f"{tool.model}.png")
                workspace.photo_saves.save(request, output, SaveOptions())
                wait(lambda: not workspace.saves.running)
        say(beat.pause, beat.worked, memory)


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    match sys.argv[1:]:
        case ["empty"]:
            empty()
        case ["studio"]:
            studio()
        case ["photo", name]:
            photo(Path(name))
        case ["argument", name]:
            argument(Path(name))
        case ["visit", *names]:
            visit([Path(name) for name in names])
        case _:
            sys.exit(__doc__)
