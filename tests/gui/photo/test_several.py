"""What a person notices of working on several photos."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from studio.core.requests import Video
from studio.gui.photo.save_all import SaveAll
from studio.gui.state.gesture import NO_GESTURE
from tests.clips import write_clip
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


def test_that_a_photo_that_is_opened_is_worked_on_alone(
    studio: Studio, photo: Path, other_photo: Path
) -> None:
    studio.open(photo)
    strip = studio.window.filmstrip
    studio.workspace.open([other_photo])
    studio.bot.waitUntil(lambda: strip.count() == 2, timeout=20_000)
    studio.rest()
    assert [strip.row(item) for item in strip.selectedItems()] == [1]
    assert not studio.window.actions_.synchronise.isEnabled()
    studio.window.actions_.previous.trigger()
    assert [strip.row(item) for item in strip.selectedItems()] == [0]
    studio.rest()


def test_that_all_photos_are_selected_by_the_key_wherever_the_focus_is(
    studio: Studio, photo: Path, other_photo: Path
) -> None:
    studio.open(photo, other_photo)
    click_style(studio, "night")
    focused = studio.window.focusWidget()
    assert focused is not None
    QTest.keySequence(focused, QKeySequence(QKeySequence.StandardKey.SelectAll))
    assert len(studio.window.filmstrip.selectedItems()) == 2
    assert studio.workspace.photos.document.shown == photo
    studio.window.actions_.synchronise.trigger()
    assert style_of(studio, other_photo) == "night"
    studio.workspace.place.show("models")
    assert not studio.window.actions_.select_all.isEnabled()
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


def marked(studio: Studio) -> list[str]:
    """What the filmstrip says of each photo."""
    strip = studio.window.filmstrip
    items = [strip.item(row) for row in range(strip.count())]
    return [item.data(Qt.ItemDataRole.AccessibleTextRole) for item in items]


def ask_all(studio: Studio) -> SaveAll:
    studio.window.actions_.save_all.trigger()
    return next(d for d in studio.window.findChildren(SaveAll) if d.isVisible())


def test_that_edited_photos_are_marked_until_that_is_undone(
    studio: Studio, photo: Path, other_photo: Path
) -> None:
    studio.open(photo, other_photo)
    studio.window.rail.button("enhance").click()
    assert marked(studio) == ["cat.png", "coffee.jpg"], "a tool alone is no edit"
    studio.window.rail.button("style").click()
    click_style(studio, "night")
    assert marked(studio) == ["cat.png, edited", "coffee.jpg"]
    studio.window.actions_.undo.trigger()
    assert marked(studio) == ["cat.png", "coffee.jpg"]
    studio.rest()


def test_that_all_are_saved_as_the_dialog_says_and_marked_until_they_look_otherwise(
    studio: Studio, photo: Path, other_photo: Path, tmp_path: Path
) -> None:
    clip = write_clip(tmp_path / "clip.mp4", times=(0, 3600))
    (folder := tmp_path / "results").mkdir()
    (folder / "cat.webp").touch()
    studio.open(photo, other_photo, clip)
    click_style(studio, "night")
    dialog = ask_all(studio)
    assert not dialog.what.isVisible(), "only one is selected"
    assert dialog.video_format.isVisible()
    dialog.folder.setText(str(folder))
    dialog.format.setCurrentText("WebP")
    dialog.video_format.setCurrentText("WebM")
    assert not dialog.rows.codec.isVisible(), "it is VP9"
    dialog.video_format.setCurrentText("Matroska")
    dialog.rows.codec.setCurrentIndex(1)
    dialog.rows.size.setCurrentText("At most 720 px on the shorter side")
    dialog.rows.damping.setValue(30)
    dialog.names.setCurrentIndex(1)
    dialog.quality.setValue(70)
    assert dialog.save.text() == "Save 3"
    dialog.save.click()
    studio.bot.waitUntil(lambda: not studio.workspace.saves.running, timeout=20_000)
    saved = [r for r in studio.engine.requests if r.output]
    names = [r.output.removeprefix(f"{folder}/") for r in saved]
    assert names == ["cat-2.webp", "coffee.webp", "clip.mkv"]
    assert {r.save.quality for r in saved} == {70}
    video = saved[-1]
    assert isinstance(video, Video)
    assert (video.side, video.codec, video.damping) == (720, "hevc", 0.3)
    assert not any(r.save.overwrite for r in saved)
    assert studio.workspace.preferences.save_format == "webp"
    assert marked(studio) == [
        "cat.png, edited, saved", "coffee.jpg, saved", "clip.mp4, video, saved",
    ]  # fmt: skip

    click_style(studio, "scream")
    assert marked(studio)[0] == "cat.png, edited"
    studio.window.actions_.undo.trigger()
    assert marked(studio)[0] == "cat.png, edited, saved"
    strip = studio.window.filmstrip
    strip.item(1).setSelected(True)
    dialog = ask_all(studio)
    assert dialog.what.currentText() == "The 2 that are selected"
    assert not any(each.isVisible() for each in (dialog.video_format, dialog.rows.codec))
    assert dialog.save.text() == "Save 2"
    dialog.reject()
    studio.rest()


def test_that_the_filmstrip_has_a_menu_that_makes_selected_photos_alike(
    studio: Studio, photo: Path, other_photo: Path
) -> None:
    studio.open(photo, other_photo)
    click_style(studio, "night")
    strip = studio.window.filmstrip
    strip.selectAll()
    strip.customContextMenuRequested.emit(strip.visualItemRect(strip.item(1)).center())
    menu = next(each for each in strip.findChildren(QMenu) if each.isVisible())
    offered = {action.text(): action for action in menu.actions() if action.isEnabled()}
    assert {"Copy settings", "Close 2 photos"} <= set(offered)
    offered["Synchronise settings"].trigger()
    menu.close()
    assert style_of(studio, other_photo) == "night"
    studio.rest()
