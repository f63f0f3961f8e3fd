"""Drawing with real events, and looking at what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from studio.gui.sketch.page import SketchPage
from studio.gui.state.drawing import Point

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QImage

    from tests.gui.conftest import Studio

LEFT = Qt.MouseButton.LeftButton
NO_KEY = Qt.KeyboardModifier.NoModifier
Place = tuple[float, float]


LATER = 10**6  # ms: nothing is done at rest while a test lasts


def open_page(studio: Studio, at_rest: int = LATER) -> SketchPage:
    studio.commands.sketch.at_rest.pause = at_rest
    studio.window.activateWindow()  # only then do its keys work
    studio.bot.waitUntil(studio.window.isActiveWindow, timeout=20_000)
    studio.window.rail.button("sketch").click()
    page = studio.window.page
    assert isinstance(page, SketchPage)
    return page


def draw_houses(studio: Studio) -> SketchPage:
    """Opens the page for label maps."""
    page = open_page(studio)
    studio.commands.sketch.choose_weights("sketch/facades")
    return page


def draw(page: SketchPage, *places: Place) -> None:
    """Drags the mouse over places of the paper, in its px."""
    spots = [page.paper.place_of(Point(*place)).toPoint() for place in places]
    QTest.mousePress(page.paper, LEFT, NO_KEY, spots[0])
    for spot in spots[1:]:
        QTest.mouseMove(page.paper, spot)
    QTest.mouseRelease(page.paper, LEFT, NO_KEY, spots[-1])


def across(row: float, start: float = 100, end: float = 400) -> Sequence[Place]:
    """Places of a line across the paper."""
    steps = 12
    return [(start + (end - start) * step / steps, row) for step in range(steps + 1)]


def sheet(studio: Studio) -> QImage:
    """The pixels of what is drawn."""
    return studio.commands.sketch.board.sheet.image


def colour_at(image: QImage, x: float, y: float) -> str:
    return image.pixelColor(round(x), round(y)).name()


def is_inked(studio: Studio, x: float, y: float) -> bool:
    return sheet(studio).pixelColor(round(x), round(y)).lightness() < 100


def ink(image: QImage) -> float:
    """How much of a black and white paper is black, in px."""
    grey = image.scaled(64, 64, mode=Qt.TransformationMode.SmoothTransformation)
    total = sum(grey.pixelColor(x, y).lightnessF() for x in range(64) for y in range(64))
    return (64 * 64 - total) * 64


def rest(studio: Studio) -> None:
    """Waits until no drawing is on its way."""
    live = studio.commands.sketch.live
    studio.bot.waitUntil(lambda: not live.busy, timeout=20_000)


def wait_at_rest(studio: Studio) -> None:
    """Waits until all is done that is done while the pen rests."""
    wait_for_result(studio)
    studio.bot.waitUntil(lambda: not studio.commands.sketch.at_rest.busy, timeout=20_000)


def wait_for_result(studio: Studio) -> None:
    """Waits until the result is that of what is on the paper."""
    sketch = studio.commands.sketch
    studio.bot.waitUntil(lambda: sketch.board.up_to_date, timeout=20_000)
    rest(studio)
