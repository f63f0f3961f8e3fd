"""How live the sketch tool is: a recorded drawing in the real window, with the real engine.

    python -m studio.bench.live --json [--weights sketch/cats]

Prints one JSON object: milliseconds from a move of the pen to the first painted picture that has
it in it, median and 95th percentile; and the longest time that the window's event loop was held up.
"""

import argparse
import json
import math
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtWidgets import QApplication

from studio.core.catalogue import Catalogue
from studio.core.errors import StudioError
from studio.core.files.leftovers import TemporaryFolder
from studio.core.settings import Preferences
from studio.engine.jobs.process import ProcessEngine
from studio.gui.app import make_application
from studio.gui.shell.commands import Commands
from studio.gui.shell.window import Window
from studio.gui.sketch.live import Doodle
from studio.gui.sketch.page import SketchPage
from studio.gui.state.drawing import Point
from studio.gui.state.messages import Messages
from studio.gui.state.workspace import Workspace

_PER_SECOND = 60  # moves
_SPEED = 900.0  # px of the paper a second
_PAUSE = 8  # moves long, between two strokes
_HEARTBEAT_MS = 5
_PATIENCE_S = 60.0  # for the engine to start and to answer


@dataclass
class Figures:
    """What was measured, in seconds of the monotonic clock.

    Attributes:
        moved: when each version of the drawing came to be.
        shown: when a picture of this or a later version was painted.
        beats: every heartbeat.
        pictures: that were shown.
    """

    moved: dict[int, float] = field(default_factory=dict)
    shown: dict[int, float] = field(default_factory=dict)
    beats: list[float] = field(default_factory=list)
    pictures: int = 0

    def summary(self, weights: str, side: int) -> dict[str, float | int | str]:
        """The figures in milliseconds."""
        waits = sorted(1000 * (self.shown[v] - at) for v, at in self.moved.items())
        gaps = [1000 * (b - a) for a, b in pairwise(self.beats)]
        return {
            "weights": weights,
            "side": side,
            "moves": len(waits),
            "pictures": self.pictures,
            "median_ms": round(statistics.median(waits), 1),
            "p95_ms": round(waits[int(0.95 * (len(waits) - 1))], 1),
            "longest_block_ms": round(max(gaps) - _HEARTBEAT_MS, 1),
        }


class Watch(QObject):
    """Notes when a picture of which version is painted."""

    def __init__(self, page: SketchPage, figures: Figures) -> None:
        super().__init__(page)
        self._figures = figures
        self._newest = 0  # version of the picture that is painted next
        page.result.installEventFilter(self)

    def take(self, doodle: Doodle, image: QImage) -> None:
        """A picture has come."""
        del image
        self._newest = doodle.version
        self._figures.pictures += 1

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            now, figures = time.perf_counter(), self._figures
            for version in figures.moved:
                if version <= self._newest:
                    figures.shown.setdefault(version, now)
        return super().eventFilter(watched, event)


def recorded() -> list[list[Point]]:
    """A cat's head, ears, eyes, nose and whiskers: strokes of points 1/60 s apart, about 6 s."""
    step = _SPEED / _PER_SECOND

    def arc(x: float, y: float, wide: float, high: float, start: float, end: float) -> list[Point]:
        count = max(2, round(abs(end - start) * max(wide, high) / step))
        angles = [start + (end - start) * i / count for i in range(count + 1)]
        return [Point(x + wide * math.cos(a), y + high * math.sin(a)) for a in angles]

    def line(*corners: tuple[float, float]) -> list[Point]:
        points: list[Point] = []
        for (x, y), (to_x, to_y) in pairwise(corners):
            count = max(2, round(math.hypot(to_x - x, to_y - y) / step))
            shares = [i / count for i in range(count + 1)]
            points += [Point(x + (to_x - x) * s, y + (to_y - y) * s) for s in shares]
        return points

    strokes = [
        arc(256, 290, 165, 155, -0.3 * math.pi, 1.3 * math.pi),
        line((120, 195), (112, 70), (205, 150)),
        line((392, 195), (400, 70), (307, 150)),
        line((205, 150), (256, 140), (307, 150)),
        arc(190, 260, 36, 30, 0, 2 * math.pi),
        arc(322, 260, 36, 30, 0, 2 * math.pi),
        line((236, 325), (276, 325), (256, 348), (236, 325)),
        arc(230, 352, 26, 22, 0, math.pi),
        arc(282, 352, 26, 22, 0, math.pi),
    ]
    for rise in (-22, 0, 22):
        strokes.append(line((180, 345 + rise / 3), (60, 340 + rise)))
        strokes.append(line((332, 345 + rise / 3), (452, 340 + rise)))
    return strokes


def moves() -> Iterator[tuple[QEvent.Type, Point] | None]:
    """What the pen does at each 1/60 s; None: it is on its way to the next stroke."""
    for stroke in recorded():
        yield QEvent.Type.MouseButtonPress, stroke[0]
        for point in stroke[1:]:
            yield QEvent.Type.MouseMove, point
        yield QEvent.Type.MouseButtonRelease, stroke[-1]
        yield from [None] * _PAUSE


def send(page: SketchPage, kind: QEvent.Type, point: Point) -> None:
    """Sends a real event of the mouse to the paper."""
    spot = page.paper.place_of(point)
    moving = kind == QEvent.Type.MouseMove
    button = Qt.MouseButton.NoButton if moving else Qt.MouseButton.LeftButton
    up = kind == QEvent.Type.MouseButtonRelease
    held = Qt.MouseButton.NoButton if up else Qt.MouseButton.LeftButton
    there = page.paper.mapToGlobal(spot)
    event = QMouseEvent(kind, spot, there, button, held, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(page.paper, event)


def measure(weights: str) -> dict[str, float | int | str]:
    """Opens the window, draws and returns the figures.

    Raises:
        StudioError: there are no such weights, or the engine does not answer.
    """
    make_application()
    messages = Messages()
    window = Window(messages)
    window.choose_palette("dark")
    window.show()
    wait_for(window.isVisible)
    window.furnish()
    only = [each for each in Catalogue() if each.id == weights]
    if not only:
        raise StudioError(f"there are no weights {weights}", "`studio models` lists what there is")
    workspace = Workspace(messages, Preferences(), ProcessEngine, lambda: only, parent=window)
    commands = Commands(window, workspace)
    try:
        wait_for(lambda: isinstance(window.page, SketchPage))
        return _draw(commands, weights)
    finally:
        window.close()


def _draw(commands: Commands, weights: str) -> dict[str, float | int | str]:
    page = commands.sketch.page
    board, live = commands.sketch.board, commands.sketch.live
    send(page, QEvent.Type.MouseButtonPress, Point(200, 200))
    send(page, QEvent.Type.MouseButtonRelease, Point(200, 200))
    wait_for(lambda: not board.result.isNull() and not live.busy)
    page.clear.click()
    figures = Figures()
    watch = Watch(page, figures)
    live.shown.connect(watch.take)
    heart = QTimer(page)
    heart.setTimerType(Qt.TimerType.PreciseTimer)
    heart.timeout.connect(lambda: figures.beats.append(time.perf_counter()))
    heart.start(_HEARTBEAT_MS)
    begun = time.perf_counter()
    for number, move in enumerate(moves()):
        wait_until(begun + number / _PER_SECOND)
        if move is not None:
            at = time.perf_counter()
            before = board.version
            send(page, *move)
            if board.version > before:
                figures.moved[board.version] = at
    heart.stop()
    wait_for(lambda: len(figures.shown) == len(figures.moved))
    return figures.summary(weights, board.side)


def wait_until(moment: float) -> None:
    """Runs the window's event loop until a moment of the monotonic clock."""
    left = math.ceil(1000 * (moment - time.perf_counter()))
    if left > 0:
        loop, timer = QEventLoop(), QTimer()
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.setSingleShot(True)
        timer.timeout.connect(loop.quit)
        timer.start(left)
        loop.exec()


def wait_for(holds: Callable[[], bool]) -> None:
    """Runs the window's event loop until something holds.

    Raises:
        StudioError: it does not come to hold.
    """
    end = time.perf_counter() + _PATIENCE_S
    while not holds():
        if time.perf_counter() > end:
            raise StudioError("the sketch tool does not answer", "does `studio apply` work?")
        wait_until(time.perf_counter() + 0.02)


def main() -> int:
    """Measures and prints; returns the exit status."""
    parser = argparse.ArgumentParser(description="How live the sketch tool is")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--weights", default="sketch/cats")
    options = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with TemporaryFolder() as folder:
        # A person's own preferences stay as they are.
        os.environ["STUDIO_CONFIG"] = str(folder.path)
        try:
            found = measure(options.weights)
        except StudioError as error:
            sys.stderr.write(f"studio: error: {error}\n")
            return 2
    if options.json:
        text = json.dumps(found)
    else:
        text = "\n".join(f"{name}: {value}" for name, value in found.items())
    sys.stdout.write(f"{text}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
