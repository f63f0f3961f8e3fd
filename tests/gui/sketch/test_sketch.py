"""What a person notices of drawing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QColor,
    QImage,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio.core.catalogue import Catalogue
from studio.core.settings import load_preferences
from studio.gui.sketch.brush import Tip
from studio.gui.sketch.subjects import subject_of
from studio.gui.sketch.templates import paint_template
from studio.gui.state.drawing import PAPER, Point
from tests.gui.sketching import (
    LEFT,
    NO_KEY,
    across,
    draw,
    is_inked,
    open_page,
    sheet,
    wait_for_result,
)

if TYPE_CHECKING:
    from tests.gui.conftest import Studio

pytestmark = pytest.mark.usefixtures("enhance", "sketch")


def test_that_ink_is_where_the_mouse_went_and_nowhere_else(studio: Studio) -> None:
    page = open_page(studio)
    assert page.paper.isVisible()
    draw(page, *across(200))
    assert all(is_inked(studio, x, 200) for x in range(105, 395, 10))
    assert not any(is_inked(studio, x, 230) for x in range(105, 395, 10))
    seen = page.paper.grab().toImage()
    spot = page.paper.place_of(Point(250, 200)) * seen.devicePixelRatio()
    assert seen.pixelColor(spot.toPoint()).lightness() < 100


def test_that_a_click_makes_a_dot(studio: Studio) -> None:
    page = open_page(studio)
    draw(page, (256, 256))
    assert is_inked(studio, 256, 256)
    wait_for_result(studio)
    assert not page.result.image.isNull()


def test_that_200_strokes_are_undone_and_redone_to_the_very_pixels(studio: Studio) -> None:
    page = open_page(studio)
    page.tools.mirror.click()
    seen = [QImage(sheet(studio))]
    for number in range(200):
        start = 20 + 2.1 * number
        draw(page, (start, 40), (start + 9, 200 + number), (start - 7, 330), (start + 30, 470))
        seen.append(QImage(sheet(studio)))
    undo, redo = studio.window.actions_.undo, studio.window.actions_.redo
    for number in reversed(range(200)):
        undo.trigger()
        assert sheet(studio) == seen[number], number
    assert not undo.isEnabled()
    for number in range(1, 201):
        redo.trigger()
        assert sheet(studio) == seen[number], number
    assert not redo.isEnabled()


def test_that_a_stroke_after_an_undo_forgets_what_was_undone(studio: Studio) -> None:
    page = open_page(studio)
    draw(page, *across(100))
    draw(page, *across(200))
    page.tools.undo.click()
    draw(page, *across(300))
    assert not page.tools.redo.isEnabled()
    page.tools.undo.click()
    assert [is_inked(studio, 250, row) for row in (100, 200, 300)] == [True, False, False]


def test_that_the_mirror_draws_both_sides_and_shows_its_axis(studio: Studio) -> None:
    page = open_page(studio)
    before = page.paper.grab().toImage()
    QTest.keyClick(studio.window, Qt.Key.Key_M)
    assert page.tools.mirror.isChecked()
    assert page.paper.grab().toImage() != before
    draw(page, (100, 100), (150, 150), (200, 200))
    image = sheet(studio)
    assert is_inked(studio, 150, 150)
    assert image == image.flipped(Qt.Orientation.Horizontal)


def test_that_each_weights_keep_their_own_drawing(studio: Studio) -> None:
    page = open_page(studio)
    draw(page, *across(200))
    gallery = page.side.weights.gallery
    assert gallery is not None
    for weights in ("sketch/facades", "sketch/cats"):
        spot = gallery.visualItemRect(gallery.item_of(weights)).center()
        QTest.mouseClick(gallery.viewport(), LEFT, NO_KEY, spot)
        assert studio.commands.sketch.board.weights.id == weights
    assert is_inked(studio, 250, 200)
    assert page.tools.undo.isEnabled()


@pytest.mark.parametrize("drawn_for", ["sketch/cats", "sketch/facades"])
def test_that_a_template_can_be_drawn_on_and_undone(studio: Studio, drawn_for: str) -> None:
    page = open_page(studio)
    studio.commands.sketch.choose_weights(drawn_for)
    blank = QImage(sheet(studio))
    pictures = []
    page.template_menu.aboutToShow.emit()
    assert len(page.template_menu.buttons) >= 3
    for button in page.template_menu.buttons.values():
        button.click()
        pictures.append(QImage(sheet(studio)))
        assert sheet(studio) != blank
    assert all(pictures[0] != other for other in pictures[1:])
    draw(page, *across(30))
    for _ in range(len(pictures) + 1):
        page.tools.undo.click()
    assert sheet(studio) == blank


def test_that_arrow_keys_and_enter_pick_a_template(studio: Studio) -> None:
    page = open_page(studio)
    menu, picked = page.template_menu, []
    menu.picked.connect(picked.append)
    menu.popup(page.mapToGlobal(page.rect().center()))
    names = list(menu.buttons)
    for key, place in (
        (Qt.Key.Key_Right, 1), (Qt.Key.Key_Down, 3), (Qt.Key.Key_Left, 2), (Qt.Key.Key_Up, 0),
        (Qt.Key.Key_Down, 2),
    ):  # fmt: skip
        QTest.keyClick(QApplication.focusWidget(), key)
        assert QApplication.focusWidget() is menu.buttons[names[place]]
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert picked == [names[2]]
    assert not menu.isVisible()


def test_that_the_fronts_to_start_from_use_the_parts_that_the_shipped_weights_know() -> None:
    subject = subject_of(Catalogue([Path(__file__).parents[3] / "weights"]).find("sketch/facades"))
    used: set[str] = set()
    for name in subject.templates:
        image = QImage(PAPER, PAPER, QImage.Format.Format_RGB32)
        image.fill(QColor(subject.ground))
        paint_template(image, name, subject)
        colours = [
            image.pixelColor(x, y).name() for x in range(2, PAPER, 8) for y in range(2, PAPER, 8)
        ]
        assert colours.count(subject.colour("wall")) > len(colours) / 4
        used |= set(colours)
    for part in ("window", "door", "cornice", "sill", "balcony", "shop", "pillar", "moulding"):
        assert subject.colour(part) in used, part


def test_that_clear_gives_a_blank_sheet_and_can_be_undone(studio: Studio) -> None:
    page = open_page(studio)
    assert not page.clear.isEnabled(), "there is nothing to clear"
    draw(page, *across(200))
    drawn = QImage(sheet(studio))
    QTest.keyClick(studio.window, Qt.Key.Key_Backspace, Qt.KeyboardModifier.ControlModifier)
    assert not is_inked(studio, 250, 200)
    studio.window.actions_.undo.trigger()
    assert sheet(studio) == drawn


def test_that_an_undo_in_the_middle_of_a_stroke_takes_that_stroke_back(studio: Studio) -> None:
    page = open_page(studio)
    draw(page, *across(100))
    before = QImage(sheet(studio))
    spots = [page.paper.place_of(Point(*place)).toPoint() for place in across(200)]
    QTest.mousePress(page.paper, LEFT, NO_KEY, spots[0])
    QTest.mouseMove(page.paper, spots[6])
    studio.window.actions_.undo.trigger()
    QTest.mouseMove(page.paper, spots[9])
    QTest.mouseRelease(page.paper, LEFT, NO_KEY, spots[9])
    assert sheet(studio) == before


def test_that_another_tool_and_back_keeps_both_photo_and_drawing(
    studio: Studio, photo: Path
) -> None:
    studio.open(photo)
    page = open_page(studio)
    assert not studio.window.canvas.isVisible()
    assert not studio.window.panel.presets.isVisible()
    draw(page, *across(200))
    drawn = QImage(sheet(studio))
    studio.window.rail.button("style").click()
    assert studio.window.canvas.isVisible()
    assert studio.colour() == studio.colours["wave"]
    assert studio.window.panel.presets.isVisible()
    assert not studio.window.actions_.undo.isEnabled(), "the photo has not been changed"
    open_page(studio)
    assert sheet(studio) == drawn
    assert studio.window.actions_.undo.isEnabled()
    assert studio.window.rail.button("sketch").isChecked()


def test_that_a_photo_opened_meanwhile_shows_the_photos_tool(studio: Studio, photo: Path) -> None:
    open_page(studio)
    studio.open(photo)
    assert studio.window.page is None
    assert studio.window.rail.button("style").isChecked()
    assert studio.window.panel.gallery_rows()


def test_that_the_tool_is_offered_only_where_it_has_weights(studio: Studio) -> None:
    assert studio.window.rail.models == ["style", "enhance", "sketch"]


def test_that_brush_and_weights_are_remembered(studio: Studio) -> None:
    page = open_page(studio)
    page.tools.width_slider.setValue(17)
    page.tools.mirror.click()
    studio.commands.sketch.choose_weights("sketch/facades")
    studio.window.close()
    kept = load_preferences()
    assert (kept.sketch_pen, kept.sketch_mirror) == (17, True)
    assert kept.sketch_weights == "sketch/facades"


def test_that_tab_reaches_every_button_as_one_reads(studio: Studio) -> None:
    page = open_page(studio)
    draw(page, *across(200))
    widget, passed = studio.window.top_bar.more, []
    for _ in range(120):
        widget = widget.nextInFocusChain()
        passed.append(widget)
    tools = page.tools
    wanted = [
        studio.window.rail.button("sketch"), tools.tips[Tip.PEN], tools.width_slider, tools.mirror,
        tools.undo, page.paper, page.templates, page.clear, page.another, page.save,
    ]  # fmt: skip
    found = [passed.index(each) for each in wanted]
    assert found == sorted(found)
    named = [*tools.tips.values(), tools.width_slider, page.paper, page.another, page.result]
    assert all(each.accessibleName() for each in named)
