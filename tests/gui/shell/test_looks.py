"""What a person notices of choosing how a photo should look."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from studio.gui.widgets.rows.control_rows import SliderRow
from studio.gui.widgets.rows.gallery_row import GalleryRow
from tests.gui.shell.test_window import LEFT, NO_KEY, click_style

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gui.conftest import Studio


def slider_row(studio: Studio, name: str) -> SliderRow:
    row = studio.window.panel.row(name)
    assert isinstance(row, SliderRow)
    return row


def drag(studio: Studio, name: str, positions: list[int]) -> None:
    """Drags a slider over positions, as a mouse does."""
    slider = slider_row(studio, name).slider
    slider.setSliderDown(True)
    slider.sliderPressed.emit()
    for position in positions:
        slider.setSliderPosition(position)
    slider.setSliderDown(False)


def test_that_a_click_on_a_style_sends_one_request_with_it(studio: Studio, photo: Path) -> None:
    studio.open(photo)
    click_style(studio, "night")
    studio.wait_for_colour(studio.colours["night"])
    assert [r.settings["style"] for r in studio.engine.requests] == ["wave", "night"]


def test_that_a_slow_machine_gets_a_draft_first_and_a_quick_one_does_not(
    studio: Studio, photo: Path
) -> None:
    studio.engine.seconds = 6.0
    studio.open(photo)
    click_style(studio, "night")
    studio.wait_for_colour(studio.colours["night"])
    studio.rest()
    slider_row(studio, "strength").slider.setValue(50)
    studio.rest()
    assert [r.settings["style"] for r in studio.engine.drafts] == ["wave", "night"]
    assert [r.settings["style"] for r in studio.engine.requests] == ["wave", "night", "night"]
    studio.engine.seconds = 0.1
    click_style(studio, "scream")
    studio.rest()
    click_style(studio, "wave")
    studio.rest()
    assert [r.settings["style"] for r in studio.engine.drafts] == ["wave", "night", "scream"]


def test_that_a_second_style_blends_and_its_share_can_be_slid(studio: Studio, photo: Path) -> None:
    studio.open(photo)
    click_style(studio, "night", Qt.KeyboardModifier.ControlModifier)
    row = studio.window.panel.gallery_rows()["style"]
    row.slider.setValue(40)
    studio.rest()
    assert studio.engine.requests[-1].settings["style"] == "wave:0.60,night:0.40"


def test_that_keys_on_the_shares_of_two_styles_are_one_step_and_a_double_click_resets(
    studio: Studio, photo: Path
) -> None:
    studio.open(photo)
    click_style(studio, "night", Qt.KeyboardModifier.ControlModifier)
    row = studio.window.panel.gallery_rows()["style"]
    for _ in range(10):
        QTest.keyClick(row.slider, Qt.Key.Key_Right)
    assert row.slider.value() == 60
    studio.window.actions_.undo.trigger()
    assert row.slider.value() == 50
    studio.window.actions_.redo.trigger()
    assert row.slider.value() == 60
    QTest.mouseDClick(row.slider, LEFT, NO_KEY, row.slider.rect().center())
    assert row.slider.value() == 50
    studio.window.actions_.undo.trigger()
    assert row.slider.value() == 60


@pytest.mark.parametrize("name", ["strength", "stroke"])
def test_that_ten_moves_of_a_slider_run_for_the_last_value(
    studio: Studio, photo: Path, name: str
) -> None:
    studio.open(photo)
    studio.engine.ran.clear()
    studio.engine.go.clear()
    drag(studio, name, list(range(10, 20)))
    studio.engine.go.set()
    control = {"strength": 0.19, "stroke": 19 * 0.05}
    studio.bot.waitUntil(
        lambda: (
            bool(studio.engine.ran)
            and studio.engine.ran[-1].settings[name] == pytest.approx(control[name])
        ),
        timeout=20_000,
    )
    studio.rest()
    assert len(studio.engine.ran) <= 2
    assert studio.window.actions_.undo.isEnabled()


def test_that_only_a_change_before_the_net_cancels_the_run(studio: Studio, photo: Path) -> None:
    studio.open(photo)
    studio.engine.go.clear()
    click_style(studio, "night")
    slider_row(studio, "strength").slider.setValue(50)
    assert not studio.engine.cancelled
    click_style(studio, "scream")
    assert len(studio.engine.cancelled) == 1
    studio.engine.go.set()
    studio.wait_for_colour((round(255 * 0.5), 0, 0))


def test_that_undo_and_redo_bring_looks_back_and_show_them(studio: Studio, photo: Path) -> None:
    studio.open(photo)
    drag(studio, "strength", [80, 60, 50])
    studio.wait_for_colour((0, 0, 128))
    studio.window.actions_.undo.trigger()
    studio.wait_for_colour(studio.colours["wave"])
    assert slider_row(studio, "strength").slider.value() == 100
    assert not studio.window.actions_.undo.isEnabled()
    studio.window.actions_.redo.trigger()
    studio.wait_for_colour((0, 0, 128))


def test_that_a_double_click_resets_a_slider(studio: Studio, photo: Path) -> None:
    studio.open(photo)
    slider = slider_row(studio, "strength").slider
    slider.setValue(50)
    studio.wait_for_colour((0, 0, 128))
    QTest.mouseDClick(slider, LEFT, NO_KEY, slider.rect().center())
    studio.wait_for_colour(studio.colours["wave"])


def test_that_a_click_beside_the_handle_takes_it_along_and_is_one_step(
    studio: Studio, photo: Path
) -> None:
    studio.open(photo)
    slider = slider_row(studio, "strength").slider
    middle, left = slider.rect().center(), QPoint(slider.width() // 4, slider.height() // 2)
    QTest.mousePress(slider, LEFT, NO_KEY, middle)
    assert slider.value() == 50
    QTest.mouseMove(slider, left)
    QTest.mouseRelease(slider, LEFT, NO_KEY, left)
    assert 20 < slider.value() < 27
    studio.window.actions_.undo.trigger()
    assert slider.value() == 100
    QTest.mouseDClick(slider, LEFT, NO_KEY, middle)
    assert slider.value() == 100
    assert not studio.window.actions_.undo.isEnabled(), "as if it had not been touched"


def test_that_each_photo_keeps_its_own_look(studio: Studio, photo: Path, other_photo: Path) -> None:
    studio.open(photo, other_photo)
    click_style(studio, "night")
    studio.wait_for_colour(studio.colours["night"])
    studio.workspace.photos.show(other_photo)
    studio.wait_for_colour(studio.colours["wave"])
    asked = len(studio.engine.requests)
    studio.workspace.photos.show(photo)
    studio.wait_for_colour(studio.colours["night"])
    assert len(studio.engine.requests) == asked, "its result was still there"


@pytest.mark.usefixtures("enhance")
def test_that_a_panel_that_comes_back_has_the_colours_chosen_meanwhile(
    studio: Studio, photo: Path
) -> None:
    studio.open(photo)
    studio.window.rail.button("enhance").click()
    studio.rest()
    studio.window.choose_palette("light")
    studio.window.rail.button("style").click()
    studio.rest()
    gallery = studio.window.panel.gallery_rows()["style"].gallery
    came = gallery.grab().toImage()
    studio.window.choose_palette("dark")
    assert gallery.grab().toImage() != came
    studio.window.choose_palette("light")
    assert gallery.grab().toImage() == came


def test_that_what_would_change_the_photo_rests_while_the_models_are_shown(
    studio: Studio, photo: Path
) -> None:
    studio.open(photo)
    studio.workspace.photos.edit("strength", 0.5)
    assert studio.window.actions_.undo.isEnabled()
    studio.window.actions_.models.trigger()
    assert not studio.window.actions_.undo.isEnabled()
    assert not studio.window.panel.isEnabled()
    QTest.keyClick(studio.window, Qt.Key.Key_Escape)
    assert studio.window.actions_.undo.isEnabled()
    assert studio.window.panel.isEnabled()


def test_that_pictures_of_styles_are_pale_where_they_cannot_be_picked(
    studio: Studio, photo: Path
) -> None:
    studio.open(photo)
    row = studio.window.panel.row("style")
    assert isinstance(row, GalleryRow)
    image = QImage(96, 96, QImage.Format.Format_RGB32)
    image.fill("white")
    row.gallery.set_thumbnail("wave", image)
    panel, tile = studio.window.panel, row.gallery.visualItemRect(row.gallery.item_of("wave"))
    middle = row.gallery.viewport().mapTo(panel, tile.center())

    def brightness() -> int:
        return panel.grab().toImage().pixelColor(middle).value()

    before = brightness()
    studio.window.actions_.models.trigger()
    assert brightness() < before
