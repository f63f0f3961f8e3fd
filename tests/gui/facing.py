"""Looking at faces with real events, and at what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from studio.core.latents import draw
from studio.gui.faces.page import FacesPage
from tests.gui.paper_engine import colour_of

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from tests.gui.conftest import Studio

Colour = tuple[int, int, int]


def open_page(studio: Studio) -> FacesPage:
    studio.window.activateWindow()  # only then do its keys work
    studio.bot.waitUntil(studio.window.isActiveWindow, timeout=20_000)
    studio.window.rail.button("faces").click()
    page = studio.window.page
    assert isinstance(page, FacesPage)
    rest(studio)
    return page


def rest(studio: Studio) -> None:
    """Waits until nothing is on its way."""
    studio.bot.waitUntil(lambda: not studio.commands.faces.requests.busy, timeout=20_000)


def colour(image: QImage) -> Colour:
    found = image.pixelColor(image.width() // 2, image.height() // 2)
    return found.red(), found.green(), found.blue()


def face(seed: int) -> Colour:
    return colour_of(draw([seed], 12)[0])


def pin(studio: Studio, *rows: int) -> FacesPage:
    """Opens the page and pins samples, as a double click does."""
    page = open_page(studio)
    for row in rows:
        page.grid.pinned.emit(row)
    rest(studio)
    return page


def click(page: FacesPage, row: int) -> None:
    spot = page.grid.visualItemRect(page.grid.item(row)).center()
    QTest.mouseClick(page.grid.viewport(), Qt.MouseButton.LeftButton, pos=spot)
