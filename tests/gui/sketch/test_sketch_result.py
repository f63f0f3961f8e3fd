"""What a person notices of the picture beside the drawing, and of what becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from studio.bench.live import recorded
from studio.gui.state.drawing import Point
from studio.gui.widgets.rows.control_rows import SwitchRow
from tests.gui.paper_engine import SKETCH_SIDE
from tests.gui.sketching import (
    LEFT,
    NO_KEY,
    across,
    draw,
    is_inked,
    open_page,
    rest,
    sheet,
    wait_for_result,
)

if TYPE_CHECKING:
    from studio.core.requests import Apply
    from studio.gui.sketch.page import SketchPage
    from tests.gui.conftest import Studio

pytestmark = pytest.mark.usefixtures("enhance", "sketch")


def asked(studio: Studio) -> list[Apply]:
    """What was asked of the engine for sketches."""
    return [each for each in studio.engine.requests if each.weights.startswith("sketch")]


def blue(page: SketchPage) -> int:
    """The level that tells of the seed."""
    return page.result.image.pixelColor(2, 2).blue()


def place(page: SketchPage, x: float, y: float) -> QPoint:
    """Where a point of the paper lies in its widget."""
    return page.paper.place_of(Point(x, y)).toPoint()


def test_that_the_result_follows_the_drawing(studio: Studio) -> None:
    page = open_page(studio)
    draw(page, *across(256))
    wait_for_result(studio)
    image = page.result.image
    assert (image.width(), image.height()) == (SKETCH_SIDE, SKETCH_SIDE)
    middle = SKETCH_SIDE // 2
    assert image.pixelColor(middle, middle).red() < 200
    assert image.pixelColor(middle, 4).red() == 255
    assert page.result.sheet_rect().size() == page.paper.sheet_rect().size()
    request = asked(studio)[-1]
    assert (request.weights, request.output) == ("sketch/cats", "")
    assert request.settings == {"fit": False}
    assert request.sha256


def test_that_strokes_do_not_queue_up_and_the_latest_is_shown(studio: Studio) -> None:
    page = open_page(studio)
    draw(page, *across(100))
    wait_for_result(studio)
    studio.engine.go.clear()
    before = len(asked(studio))
    for row in range(120, 320, 10):
        draw(page, *across(row))
    studio.bot.waitUntil(lambda: len(asked(studio)) == before + 1, timeout=20_000)
    studio.settle()
    assert len(asked(studio)) == before + 1, "the others wait in no queue"
    studio.engine.go.set()
    wait_for_result(studio)
    assert len(asked(studio)) == before + 2, "one for all that was drawn meanwhile"
    assert not studio.engine.cancelled, "results along the way are what makes it live"
    assert page.result.image.pixelColor(30, round(310 * SKETCH_SIDE / 512)).red() < 235


def test_that_a_result_on_its_way_is_shown_while_drawing_goes_on(studio: Studio) -> None:
    page = open_page(studio)
    studio.engine.go.clear()
    QTest.mousePress(page.paper, LEFT, NO_KEY, place(page, 100, 100))
    studio.bot.waitUntil(lambda: len(asked(studio)) == 1, timeout=20_000)
    QTest.mouseMove(page.paper, place(page, 300, 100))
    studio.engine.go.set()
    studio.bot.waitUntil(lambda: not page.result.image.isNull(), timeout=20_000)
    assert studio.commands.sketch.board.sheet.drawing_now
    QTest.mouseRelease(page.paper, LEFT, NO_KEY, place(page, 300, 100))
    wait_for_result(studio)


def test_that_another_cat_is_the_same_doodle_with_another_seed(studio: Studio) -> None:
    page = open_page(studio)
    draw(page, *across(256))
    wait_for_result(studio)
    drawn, first = QImage(sheet(studio)), blue(page)
    assert page.another.text() == "Another cat"
    QTest.keyClick(studio.window, Qt.Key.Key_N)
    wait_for_result(studio)
    assert blue(page) == first + 1
    assert sheet(studio) == drawn
    page.another.click()
    wait_for_result(studio)
    assert [each.seed for each in asked(studio)][-2:] == [1, 2]
    page.tools.undo.click()
    wait_for_result(studio)
    assert blue(page) == first + 1, "the cat before comes back"


def test_that_a_setting_of_the_panel_goes_into_the_request(studio: Studio) -> None:
    page = open_page(studio)
    draw(page, *across(256))
    wait_for_result(studio)
    row = studio.window.panel.row("fit")
    assert isinstance(row, SwitchRow)
    row.box.click()
    wait_for_result(studio)
    assert asked(studio)[-1].settings == {"fit": True}
    studio.window.rail.button("style").click()
    open_page(studio)
    again = studio.window.panel.row("fit")
    assert isinstance(again, SwitchRow)
    assert again.box.isChecked()


def test_that_a_setting_is_a_step_of_undo(studio: Studio) -> None:
    page = open_page(studio)
    draw(page, *across(256))
    drawn = QImage(sheet(studio))
    row = studio.window.panel.row("fit")
    assert isinstance(row, SwitchRow)
    row.box.click()
    wait_for_result(studio)
    assert studio.commands.sketch.next_undo == "fill the picture"
    studio.window.actions_.undo.trigger()
    assert not row.box.isChecked()
    wait_for_result(studio)
    assert asked(studio)[-1].settings == {"fit": False}
    assert sheet(studio) == drawn
    studio.window.actions_.redo.trigger()
    assert row.box.isChecked()
    wait_for_result(studio)
    assert asked(studio)[-1].settings == {"fit": True}


def test_that_a_blank_sheet_says_what_to_do_and_asks_for_nothing(studio: Studio) -> None:
    page = open_page(studio)
    rest(studio)
    assert not asked(studio)
    assert page.result.image.isNull()
    assert "cat" in page.result.accessibleDescription()
    assert not page.another.isEnabled()
    assert not studio.window.actions_.save.isEnabled()
    draw(page, *across(256))
    wait_for_result(studio)
    assert studio.window.actions_.save.isEnabled()
    page.clear.click()
    rest(studio)
    assert page.result.image.isNull()
    page.tools.undo.click()
    wait_for_result(studio)
    assert not page.result.image.isNull()


def test_that_a_result_that_comes_after_the_sheet_was_cleared_is_not_shown(studio: Studio) -> None:
    page = open_page(studio)
    studio.engine.go.clear()
    draw(page, *across(256))
    studio.bot.waitUntil(lambda: len(asked(studio)) == 1, timeout=20_000)
    page.clear.click()
    studio.engine.go.set()
    rest(studio)
    assert page.result.image.isNull()


def test_that_a_fully_black_sheet_gives_a_picture(studio: Studio) -> None:
    page = open_page(studio)
    page.tools.width_slider.setValue(96)
    for row in range(0, 540, 40):
        draw(page, *across(min(row, 511), 0, 511))
    assert all(is_inked(studio, x, y) for x in (5, 250, 505) for y in (5, 250, 505))
    wait_for_result(studio)
    assert not page.result.image.isNull()


def test_that_a_failure_is_said_and_drawing_goes_on(studio: Studio) -> None:
    page = open_page(studio)
    studio.engine.fail = "the engine stopped"
    draw(page, *across(200))
    studio.bot.waitUntil(studio.window.messages.isVisible, timeout=20_000)
    assert studio.window.messages.words.text().startswith("The engine stopped")
    rest(studio)
    studio.engine.fail = ""
    draw(page, *across(300))
    wait_for_result(studio)
    assert not page.result.image.isNull()


def test_that_a_cancelled_drawing_leaves_the_tool_working(studio: Studio) -> None:
    page = open_page(studio)
    studio.engine.go.clear()
    draw(page, *across(200))
    studio.bot.waitUntil(lambda: len(asked(studio)) == 1, timeout=20_000)
    studio.bot.waitUntil(lambda: studio.window.status.busy, timeout=20_000)
    studio.window.status.cancel.click()
    studio.engine.go.set()
    rest(studio)
    assert len(studio.engine.cancelled) == 1
    draw(page, *across(300))
    wait_for_result(studio)


def test_that_the_recorded_drawing_fits_the_paper() -> None:
    points = [point for stroke in recorded() for point in stroke]
    assert 150 < len(points) < 400
    assert all(0 < point.x < 512 and 0 < point.y < 512 for point in points)
