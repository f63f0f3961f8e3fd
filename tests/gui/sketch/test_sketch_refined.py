"""What a person notices of how a sketch begins, and of how its result is refined."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from tests.gui.paper_engine import SKETCH_SIDE
from tests.gui.sketching import (
    LEFT,
    across,
    draw,
    draw_houses,
    ink,
    open_page,
    sheet,
    wait_at_rest,
    wait_for_result,
)

if TYPE_CHECKING:
    from studio.gui.sketch.page import SketchPage
    from tests.gui.conftest import Studio

pytestmark = pytest.mark.usefixtures("enhance", "sketch")


def blue(image: QImage) -> int:
    """The level that tells of the seed."""
    return image.pixelColor(2, 2).blue() - 100


def side_of(page: SketchPage) -> int:
    return page.result.image.width()


@pytest.mark.parametrize("houses", [False, True])
def test_that_a_surprise_is_drawn_another_each_time_and_undone(
    studio: Studio, houses: bool
) -> None:
    page = draw_houses(studio) if houses else open_page(studio)
    empty = QImage(sheet(studio))
    page.surprise.click()
    first = QImage(sheet(studio))
    assert first != empty
    if not houses:
        assert 2000 < ink(first) < 60_000, "lines, with paper between them"
    wait_for_result(studio)
    assert not page.result.image.isNull()
    QTest.keyClick(studio.window, Qt.Key.Key_S)
    assert sheet(studio) not in (first, empty)
    assert studio.commands.sketch.next_undo == "surprise"
    page.tools.undo.click()
    assert sheet(studio) == first
    draw(page, *across(256))
    page.tools.undo.click()
    page.tools.undo.click()
    assert sheet(studio) == empty
    page.tools.redo.click()
    assert sheet(studio) == first, "the same one"


def test_that_a_result_becomes_sharp_at_rest_and_live_again_with_the_pen(studio: Studio) -> None:
    page = open_page(studio, at_rest=0)
    draw(page, *across(256))
    wait_at_rest(studio)
    assert side_of(page) == 4 * SKETCH_SIDE
    sharp = next(each for each in studio.engine.requests if each.upscaler)
    assert (sharp.upscaler, sharp.upscales) == ("enhance/upscale2x", 2)
    assert sharp.upscaler_sha256
    studio.commands.sketch.at_rest.pause = 10**6
    draw(page, *across(300))
    wait_for_result(studio)
    assert side_of(page) == SKETCH_SIDE


def test_that_nothing_is_done_at_rest_while_the_pen_moves(studio: Studio) -> None:
    page = open_page(studio, at_rest=0)
    studio.engine.go.clear()
    draw(page, *across(100))
    studio.bot.waitUntil(lambda: len(studio.engine.requests) == 1, timeout=20_000)
    studio.engine.go.set()
    studio.bot.waitUntil(lambda: len(studio.engine.requests) > 1, timeout=20_000)
    studio.engine.go.clear()
    before = len(studio.engine.cancelled)
    draw(page, *across(200))
    studio.bot.waitUntil(
        lambda: not studio.engine.requests[-1].upscaler and not studio.engine.requests[-1].seed,
        timeout=20_000,
    )
    assert len(studio.engine.cancelled) <= before + 1
    studio.engine.go.set()
    wait_at_rest(studio)


def test_that_colours_are_chosen_by_picture_and_undone(studio: Studio) -> None:
    page = open_page(studio, at_rest=0)
    assert not page.side.others.isVisible()
    draw(page, *across(256))
    wait_at_rest(studio)
    tiles = page.side.others.tiles
    assert {seed: blue(tile.image) for seed, tile in tiles.items()} == {n: n for n in range(8)}
    assert [seed for seed, tile in tiles.items() if tile.picked] == [0]
    tiles[5].click()
    wait_at_rest(studio)
    assert blue(page.result.image) == 5
    assert [seed for seed, tile in page.side.others.tiles.items() if tile.picked] == [5]
    page.side.next.click()
    wait_at_rest(studio)
    tiles = page.side.others.tiles
    assert {seed: blue(tile.image) for seed, tile in tiles.items()} == {n: n for n in range(8, 16)}
    assert blue(page.result.image) == 5, "to look at others chooses none"
    page.tools.undo.click()
    wait_at_rest(studio)
    assert blue(page.result.image) == 0


def test_that_a_result_is_held_returned_to_and_let_go(studio: Studio) -> None:
    page = open_page(studio)
    assert not page.hold.isEnabled()
    draw(page, *across(100))
    page.another.click()
    wait_for_result(studio)
    held = QImage(sheet(studio))
    QTest.keyClick(studio.window, Qt.Key.Key_H)
    (number,) = page.side.held.tiles
    assert blue(page.side.held.tiles[number].image) == 1
    draw(page, *across(300))
    page.another.click()
    page.clear.click()
    draw(page, *across(400))
    later = QImage(sheet(studio))
    QTest.mouseClick(page.side.held.tiles[number], LEFT)
    wait_for_result(studio)
    assert sheet(studio) == held
    assert blue(page.result.image) == 1
    assert studio.commands.sketch.next_undo == "return"
    page.another.click()
    wait_for_result(studio)
    assert blue(page.result.image) == 2
    page.tools.undo.click()
    page.tools.undo.click()
    assert sheet(studio) == later
    QTest.keyClick(studio.window.focusWidget(), Qt.Key.Key_Delete)  # of the tile clicked last
    assert not page.side.held.tiles
    page.tools.undo.click()
    assert number in page.side.held.tiles
    kept = studio.commands.sketch.drawings
    studio.commands.sketch.board.sheet.take(kept["sketch/cats"])
    assert sheet(studio) == later, "as it is kept"
