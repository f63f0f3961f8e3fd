"""A photo that was closed by mistake comes back with all that was done to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from studio.gui.state.gesture import NO_GESTURE
from tests.gui.painting import levels, mask_of, stroke

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gui.conftest import Studio


def open_both(studio: Studio, photo: Path, other_photo: Path) -> None:
    """Two photos; the first is shown, with a stroke and then a strength of its own."""
    studio.workspace.open([photo, other_photo])
    studio.bot.waitUntil(lambda: studio.workspace.screen.is_opened(photo), timeout=20_000)
    studio.rest()
    studio.window.actions_.brush.trigger()
    stroke(studio, (0.3, 0.5), (0.6, 0.5))
    studio.window.panel.row("strength").edited.emit(0.5, NO_GESTURE)
    studio.rest()


def photos(studio: Studio) -> list[Path]:
    return [photo.path for photo in studio.workspace.photos.document.photos]


def is_as_before(studio: Studio, photo: Path, other_photo: Path) -> bool:
    look = studio.workspace.photos.look
    assert look is not None
    assert photos(studio) == [photo, other_photo], "in its old place"
    assert studio.workspace.photos.document.shown == photo
    assert studio.window.filmstrip.item(0).toolTip() == f"{photo}\nEdited"
    assert look.settings["strength"] == 0.5
    studio.window.actions_.undo.trigger()
    studio.window.actions_.undo.trigger()
    assert mask_of(studio, photo) == ""
    studio.window.actions_.redo.trigger()
    return levels(mask_of(studio, photo)).min() == 0


def test_that_closing_is_undone_with_the_look_the_mask_and_the_steps(
    studio: Studio, photo: Path, other_photo: Path
) -> None:
    open_both(studio, photo, other_photo)
    studio.window.actions_.close_photo.trigger()
    assert photos(studio) == [other_photo]
    assert "Closed cat.png" in studio.window.messages.words.text()
    studio.window.messages.action.click()
    assert is_as_before(studio, photo, other_photo)
    assert not studio.window.messages.isVisible()


def test_that_photos_closed_long_ago_come_back_the_last_one_first(
    studio: Studio, photo: Path, other_photo: Path
) -> None:
    open_both(studio, photo, other_photo)
    reopen = studio.window.actions_.reopen
    assert not reopen.isEnabled()
    studio.window.actions_.close_photo.trigger()
    studio.window.actions_.close_photo.trigger()
    assert studio.window.start.isVisible()
    studio.workspace.messages.dismiss()
    reopen.trigger()
    assert photos(studio) == [other_photo]
    reopen.trigger()
    assert not reopen.isEnabled()
    assert is_as_before(studio, photo, other_photo)


def test_that_a_photo_that_was_opened_again_meanwhile_stays_as_it_is(
    studio: Studio, photo: Path, other_photo: Path
) -> None:
    open_both(studio, photo, other_photo)
    studio.window.actions_.close_photo.trigger()
    studio.workspace.open([photo])
    studio.bot.waitUntil(lambda: studio.workspace.photos.document.shown == photo, timeout=20_000)
    studio.window.panel.row("strength").edited.emit(0.25, NO_GESTURE)
    studio.workspace.photos.show(other_photo)
    studio.window.actions_.reopen.trigger()
    look = studio.workspace.photos.look
    assert look is not None
    assert (studio.workspace.photos.document.shown, look.settings["strength"]) == (photo, 0.25)


def test_that_a_photo_that_cannot_be_read_for_a_moment_can_be_opened_again(
    studio: Studio, photo: Path, other_photo: Path
) -> None:
    studio.open(photo)
    whole, reopen = other_photo.read_bytes(), studio.window.actions_.reopen
    other_photo.write_bytes(b"")
    studio.workspace.open([other_photo])
    studio.bot.waitUntil(reopen.isEnabled, timeout=20_000)
    assert photos(studio) == [photo]
    assert "coffee.jpg" in studio.window.messages.words.text()
    other_photo.write_bytes(whole)
    reopen.trigger()
    studio.bot.waitUntil(lambda: studio.workspace.screen.is_opened(other_photo), timeout=20_000)
    assert photos(studio) == [photo, other_photo]
    assert not studio.window.messages.isVisible(), "its failure is settled"


def test_that_all_selected_photos_are_closed_together_and_come_back_together(
    studio: Studio, photo: Path, other_photo: Path
) -> None:
    open_both(studio, photo, other_photo)
    studio.window.filmstrip.selectAll()
    QTest.keyClick(studio.window.filmstrip, Qt.Key.Key_Delete)
    assert photos(studio) == []
    assert studio.window.messages.words.text() == "Closed 2 photos."
    studio.window.messages.action.click()
    assert is_as_before(studio, photo, other_photo)
