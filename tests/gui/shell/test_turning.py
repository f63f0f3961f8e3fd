"""Turning to another tool, or to other work, while the panel is in use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio.gui.widgets.rows.slider_row import SliderRow
from studio.gui.widgets.save_dialog import SaveDialog
from tests.gui.paper_engine import REDUCED
from tests.gui.shell.test_window import click_style

if TYPE_CHECKING:
    from pathlib import Path

    from studio.core.controls import Settings
    from studio.gui.widgets.rows.gesture_slider import GestureSlider
    from tests.gui.conftest import Studio

pytestmark = pytest.mark.usefixtures("enhance")
LEFT, NO_KEY = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


def row(studio: Studio, name: str) -> SliderRow:
    found = studio.window.panel.row(name)
    assert isinstance(found, SliderRow)
    return found


def settings(studio: Studio) -> Settings:
    look = studio.workspace.photos.look
    assert look is not None
    return look.settings


@pytest.fixture
def studio(studio: Studio, photo: Path) -> Studio:
    """With a photo in the tool "Enhance", and the focus."""
    studio.enhance(photo)
    studio.window.activateWindow()
    studio.bot.waitUntil(studio.window.isActiveWindow, timeout=20_000)
    return studio


def press(studio: Studio, key: Qt.Key, modifier: Qt.KeyboardModifier = NO_KEY) -> None:
    """As the platform does it: to the window, which finds what it is for."""
    handle = studio.window.windowHandle()
    assert handle is not None
    QTest.keyClick(handle, key, modifier)


def turn_to(studio: Studio, tool: str) -> None:
    QTest.mouseClick(studio.window.rail.button(tool), LEFT)


def type_noise(studio: Studio, digits: str) -> None:
    """Into its field, and no more than that: no Return, no Tab."""
    number = row(studio, "noise").number
    number.setFocus()
    number.selectAll()
    QTest.keyClicks(number, digits)


def test_that_a_number_is_of_the_tool_for_which_it_is_typed(studio: Studio) -> None:
    type_noise(studio, "40")
    turn_to(studio, "style")
    assert "noise" not in settings(studio)
    press(studio, Qt.Key.Key_Z, CONTROL)
    assert settings(studio)["noise"] == 40
    assert row(studio, "noise").number.value() == 40
    press(studio, Qt.Key.Key_Z, CONTROL)
    assert settings(studio)["noise"] == "auto"


def test_that_a_number_is_of_the_photo_for_which_it_is_typed(
    studio: Studio, other_photo: Path
) -> None:
    studio.workspace.open([other_photo])
    studio.bot.waitUntil(lambda: studio.workspace.photos.document.shown == other_photo)
    type_noise(studio, "40")
    press(studio, Qt.Key.Key_PageUp)
    assert settings(studio)["noise"] == "auto"
    press(studio, Qt.Key.Key_PageDown)
    assert settings(studio)["noise"] == 40


def test_that_a_number_that_is_being_typed_is_saved(studio: Studio) -> None:
    type_noise(studio, "40")
    press(studio, Qt.Key.Key_S, CONTROL)
    dialog = studio.window.findChild(SaveDialog)
    assert isinstance(dialog, SaveDialog)
    dialog.save.click()
    studio.bot.waitUntil(lambda: bool(studio.engine.requests[-1].output), timeout=20_000)
    assert studio.engine.requests[-1].settings["noise"] == 40


def test_that_a_number_is_never_of_the_tool_of_a_photo_that_comes_meanwhile(
    studio: Studio, other_photo: Path
) -> None:
    type_noise(studio, "40")
    studio.workspace.open_in("style", [other_photo])
    studio.bot.waitUntil(lambda: studio.workspace.photos.document.shown == other_photo)
    assert "noise" not in settings(studio)


def mouse(studio: Studio, slider: GestureSlider, *, beside: int, down: bool = True) -> None:
    """Moves the mouse to some px beside the left end of a slider, hidden or not."""
    handle = studio.window.windowHandle()
    assert handle is not None
    spot = slider.mapTo(studio.window, QPoint(8 + beside, slider.height() // 2))
    if beside == 0:
        QTest.mousePress(handle, LEFT, NO_KEY, spot)
    elif down:
        QTest.mouseMove(handle, spot)
    else:
        QTest.mouseRelease(handle, LEFT, NO_KEY, spot)


def drag_on(studio: Studio, slider: GestureSlider) -> None:
    """Goes on with what began before, and ends it."""
    mouse(studio, slider, beside=60)
    mouse(studio, slider, beside=90)
    mouse(studio, slider, beside=90, down=False)


def test_that_an_undo_lets_go_of_the_slider_of_the_tool_that_goes(studio: Studio) -> None:
    slider = row(studio, "grain").slider
    mouse(studio, slider, beside=0)
    press(studio, Qt.Key.Key_Z, CONTROL)
    before = settings(studio)
    assert "strength" in before
    drag_on(studio, slider)
    assert settings(studio) == before
    turn_to(studio, "enhance")
    assert settings(studio)["grain"] == 0
    mouse(studio, slider, beside=0)
    drag_on(studio, slider)
    assert settings(studio)["grain"] != 0


def test_that_an_undo_lets_go_of_the_slider_of_the_step_that_goes(studio: Studio) -> None:
    studio.window.panel.steps.tools.actions()[1].trigger()
    stack = studio.workspace.photos.stack
    assert stack is not None
    assert [step.look.weights for step in stack.steps] == ["enhance/photo"] * 2
    slider = row(studio, "grain").slider
    mouse(studio, slider, beside=0)
    press(studio, Qt.Key.Key_Z, CONTROL)
    drag_on(studio, slider)
    assert studio.workspace.photos.history.next_undo == "Tool"
    assert settings(studio)["grain"] == 0


def test_that_an_undo_ends_the_drag_that_it_takes_back(studio: Studio) -> None:
    slider = row(studio, "grain").slider
    mouse(studio, slider, beside=0)
    mouse(studio, slider, beside=30)
    assert settings(studio)["grain"] != 0
    press(studio, Qt.Key.Key_Z, CONTROL)
    drag_on(studio, slider)
    assert settings(studio)["grain"] == 0


def test_that_a_slider_that_is_held_does_not_move_the_tool_of_a_photo_that_comes_meanwhile(
    studio: Studio, other_photo: Path
) -> None:
    slider = row(studio, "grain").slider
    mouse(studio, slider, beside=0)
    studio.workspace.open_in("style", [other_photo])
    studio.bot.waitUntil(lambda: studio.workspace.photos.document.shown == other_photo)
    before = settings(studio)
    drag_on(studio, slider)
    assert settings(studio) == before


def sees_original(studio: Studio) -> bool:
    """While Space is held."""
    handle, canvas = studio.window.windowHandle(), studio.window.canvas
    assert handle is not None
    result = canvas.grab().toImage()
    QTest.keyPress(handle, Qt.Key.Key_Space)
    held = canvas.grab().toImage()
    QTest.keyRelease(handle, Qt.Key.Key_Space)
    assert QApplication.activePopupWidget() is None
    assert canvas.grab().toImage() == result
    return held != result


@pytest.mark.parametrize("field", ["number", "slider"])
def test_that_space_shows_the_original_after_the_panel_was_used_and_the_tool_changed(
    studio: Studio, field: str
) -> None:
    getattr(row(studio, "grain"), field).setFocus()
    turn_to(studio, "style")
    studio.wait_for_colour(studio.colours["wave"])
    studio.rest()
    assert sees_original(studio)
    row(studio, "strength").slider.setFocus()
    press(studio, Qt.Key.Key_Z, CONTROL)
    studio.wait_for_colour(REDUCED)
    studio.rest()
    assert sees_original(studio)


def test_that_keys_act_on_the_page_where_an_undo_there_takes_the_controls_away(
    studio: Studio,
) -> None:
    studio.window.panel.folder_wanted.emit()
    page = studio.window.page
    assert page is not None
    row(studio, "grain").slider.setFocus()
    press(studio, Qt.Key.Key_Z, CONTROL)
    assert page.isAncestorOf(QApplication.focusWidget() or studio.window)


def test_that_space_shows_the_original_after_the_presets_were_looked_at(studio: Studio) -> None:
    studio.window.canvas.setFocus()
    QTest.mouseClick(studio.window.panel.presets, LEFT)
    menu = QApplication.activePopupWidget()
    assert menu is not None
    QTest.keyClick(menu, Qt.Key.Key_Escape)
    assert sees_original(studio)


def test_that_keys_act_on_the_picture_again_once_a_number_was_typed(studio: Studio) -> None:
    noise, shown = row(studio, "noise"), studio.colour()
    type_noise(studio, "40")
    press(studio, Qt.Key.Key_Return)
    studio.rest()
    assert settings(studio)["noise"] == 40
    press(studio, Qt.Key.Key_5)
    assert noise.number.value() == 40, "nothing more is typed"
    noise.number.setFocus()
    QTest.keyClicks(noise.number, "9")
    press(studio, Qt.Key.Key_Escape)
    assert noise.number.value() == 40
    handle = studio.window.windowHandle()
    QTest.keyPress(handle, Qt.Key.Key_Space)
    assert studio.colour() != shown, "the original"
    QTest.keyRelease(handle, Qt.Key.Key_Space)
    assert studio.colour() == shown


def test_that_a_style_does_not_wait_for_a_second_one_after_another_tool(studio: Studio) -> None:
    turn_to(studio, "style")
    studio.rest()
    studio.window.panel.gallery_rows()["style"].blend.click()
    studio.window.rail.button("enhance").click()
    studio.rest()
    studio.window.rail.button("style").click()
    studio.rest()
    assert not studio.window.panel.gallery_rows()["style"].blend.isChecked()
    click_style(studio, "night")
    studio.rest()
    assert studio.engine.requests[-1].settings["style"] == "night"


def test_that_a_tool_that_is_chosen_leads_from_the_models_to_the_photo(studio: Studio) -> None:
    studio.window.actions_.models.trigger()
    assert studio.commands.models.page.isVisible()
    studio.window.rail.button("style").click()
    studio.rest()
    assert not studio.commands.models.page.isVisible()
    assert studio.window.canvas.isVisible()
