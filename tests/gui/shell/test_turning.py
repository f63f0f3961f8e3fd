"""Turning to another tool, or to other work, while the panel is in use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from studio.gui.widgets.rows.slider_row import SliderRow
from studio.gui.widgets.save_dialog import SaveDialog

if TYPE_CHECKING:
    from pathlib import Path

    from studio.core.controls import Settings
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


def press(studio: Studio, key: Qt.Key, modifier: Qt.KeyboardModifier = NO_KEY) -> None:
    """As the platform does it: to the window, which finds what it is for."""
    handle = studio.window.windowHandle()
    assert handle is not None
    QTest.keyClick(handle, key, modifier)


def turn_to(studio: Studio, tool: str) -> None:
    QTest.mouseClick(studio.window.rail.button(tool), LEFT)


def type_noise(studio: Studio, digits: str) -> None:
    """Into its field, and no more than that: no Return, no Tab."""
    studio.window.activateWindow()  # only then is there a focus
    studio.bot.waitUntil(studio.window.isActiveWindow, timeout=20_000)
    number = row(studio, "noise").number
    number.setFocus()
    number.selectAll()
    QTest.keyClicks(number, digits)


def test_that_a_number_is_of_the_tool_for_which_it_is_typed(studio: Studio, photo: Path) -> None:
    studio.enhance(photo)
    type_noise(studio, "40")
    turn_to(studio, "style")
    assert "noise" not in settings(studio)
    press(studio, Qt.Key.Key_Z, CONTROL)
    assert settings(studio)["noise"] == 40
    assert row(studio, "noise").number.value() == 40
    press(studio, Qt.Key.Key_Z, CONTROL)
    assert settings(studio)["noise"] == "auto"


def test_that_a_number_is_of_the_photo_for_which_it_is_typed(
    studio: Studio, photo: Path, other_photo: Path
) -> None:
    studio.enhance(photo)
    studio.workspace.open([other_photo])
    studio.bot.waitUntil(lambda: studio.workspace.photos.document.shown == other_photo)
    type_noise(studio, "40")
    press(studio, Qt.Key.Key_PageUp)
    assert settings(studio)["noise"] == "auto"
    press(studio, Qt.Key.Key_PageDown)
    assert settings(studio)["noise"] == 40


def test_that_a_number_that_is_being_typed_is_saved(studio: Studio, photo: Path) -> None:
    studio.enhance(photo)
    type_noise(studio, "40")
    press(studio, Qt.Key.Key_S, CONTROL)
    dialog = studio.window.findChild(SaveDialog)
    assert isinstance(dialog, SaveDialog)
    dialog.save.click()
    studio.bot.waitUntil(lambda: bool(studio.engine.requests[-1].output), timeout=20_000)
    assert studio.engine.requests[-1].settings["noise"] == 40


def test_that_a_number_is_never_of_the_tool_of_a_photo_that_comes_meanwhile(
    studio: Studio, photo: Path, other_photo: Path
) -> None:
    studio.enhance(photo)
    type_noise(studio, "40")
    studio.workspace.open_in("style", [other_photo])
    studio.bot.waitUntil(lambda: studio.workspace.photos.document.shown == other_photo)
    assert "noise" not in settings(studio)
