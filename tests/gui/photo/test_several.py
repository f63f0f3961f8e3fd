"""What a person notices of working on several photos."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from studio.gui.state.gesture import NO_GESTURE
from tests.gui.shell.test_window import LEFT, click_style

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gui.conftest import Studio

pytestmark = pytest.mark.usefixtures("enhance")


def tool(studio: Studio) -> str:
    """Model of the tool that the rail marks."""
    return next(m for m in ("style", "enhance") if studio.window.rail.button(m).isChecked())


def test_that_the_tool_stays_for_untouched_photos_and_edited_ones_keep_their_look(
    studio: Studio, photo: Path, other_photo: Path, large_photo: Path
) -> None:
    studio.open(photo, other_photo, large_photo)
    click_style(studio, "night")
    studio.workspace.photos.show(other_photo)
    studio.window.rail.button("enhance").click()
    studio.window.actions_.next.trigger()
    assert (studio.workspace.photos.document.shown, tool(studio)) == (large_photo, "enhance")
    assert not studio.window.actions_.undo.isEnabled(), "nobody has done anything to this one"
    studio.workspace.photos.show(photo)
    assert tool(studio) == "style"
    assert studio.workspace.photos.look is not None
    assert studio.workspace.photos.look.settings["style"] == "night"
    studio.workspace.photos.show(other_photo)
    assert tool(studio) == "enhance"
    studio.rest()


def style_of(studio: Studio, path: Path) -> object:
    found = studio.workspace.photos.document.find(path)
    assert found is not None
    assert found.look is not None
    return found.look.settings["style"]


def test_that_selected_photos_take_on_the_settings_of_the_one_that_is_shown_and_give_them_back(
    studio: Studio, photo: Path, other_photo: Path, large_photo: Path
) -> None:
    paths = (photo, other_photo, large_photo)
    studio.open(*paths)
    click_style(studio, "night")
    actions, strip = studio.window.actions_, studio.window.filmstrip
    assert not actions.synchronise.isEnabled(), "one is alone"
    spot = strip.visualItemRect(strip.item(2)).center()
    QTest.mouseClick(strip.viewport(), LEFT, Qt.KeyboardModifier.ControlModifier, spot)
    assert studio.workspace.photos.document.shown == photo, "it is selected, and no more"
    actions.synchronise.trigger()
    assert [style_of(studio, path) for path in paths] == ["night", "wave", "night"]
    studio.window.messages.action.click()
    assert [style_of(studio, path) for path in paths] == ["night", "wave", "wave"]
    actions.synchronise.trigger()
    studio.workspace.photos.show(large_photo)
    actions.undo.trigger()
    assert style_of(studio, large_photo) == "wave", "each has its own undo"
    studio.rest()


def test_that_undo_takes_a_paste_back_from_all_photos_but_those_that_went_on(
    studio: Studio, photo: Path, other_photo: Path, large_photo: Path
) -> None:
    paths = (photo, other_photo, large_photo)
    studio.open(*paths)
    actions = studio.window.actions_
    click_style(studio, "night")
    actions.copy_settings.trigger()
    studio.window.filmstrip.selectAll()
    actions.paste_settings.trigger()
    assert [style_of(studio, path) for path in paths] == ["night"] * 3
    actions.undo.trigger()
    assert [style_of(studio, path) for path in paths] == ["night", "wave", "wave"]
    assert actions.undo.toolTip().startswith("Undo Style"), "what was done to this one before"
    actions.redo.trigger()
    assert [style_of(studio, path) for path in paths] == ["night"] * 3
    studio.workspace.photos.show(large_photo)
    click_style(studio, "scream")
    studio.workspace.photos.show(other_photo)
    actions.undo.trigger()
    assert [style_of(studio, path) for path in paths] == ["night", "wave", "scream"]
    studio.window.messages.action.click()
    assert style_of(studio, large_photo) == "scream", "nor does the message's button"
    studio.rest()


def test_that_settings_are_copied_and_pasted_but_for_the_mask(
    studio: Studio, photo: Path, other_photo: Path
) -> None:
    studio.open(photo, other_photo)
    assert not studio.window.actions_.paste_settings.isEnabled()
    click_style(studio, "night")
    studio.workspace.form.edit("mask", str(photo), NO_GESTURE)
    studio.window.actions_.copy_settings.trigger()
    studio.workspace.photos.show(other_photo)
    studio.window.actions_.paste_settings.trigger()
    look = studio.workspace.photos.look
    assert look is not None
    assert (look.settings["style"], look.settings["mask"]) == ("night", "")
    studio.window.actions_.undo.trigger()
    assert style_of(studio, other_photo) == "wave"
    studio.rest()


def test_that_edited_photos_are_marked_until_that_is_undone(
    studio: Studio, photo: Path, other_photo: Path
) -> None:
    def names() -> list[str]:
        strip = studio.window.filmstrip
        return [strip.item(row).data(Qt.ItemDataRole.AccessibleTextRole) for row in (0, 1)]

    studio.open(photo, other_photo)
    studio.window.rail.button("enhance").click()
    assert names() == ["cat.png", "coffee.jpg"], "a tool alone is no edit"
    studio.window.rail.button("style").click()
    click_style(studio, "night")
    assert names() == ["cat.png, edited", "coffee.jpg"]
    studio.window.actions_.undo.trigger()
    assert names() == ["cat.png", "coffee.jpg"]
    studio.rest()
