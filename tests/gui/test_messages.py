"""What a person notices of several messages at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from studio.core.errors import StudioError

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gui.conftest import Studio


def words(studio: Studio) -> str:
    messages = studio.window.messages
    return messages.words.text() if messages.isVisible() else ""


def test_that_an_error_stays_when_other_photos_are_saved(
    studio: Studio, photo: Path, other_photo: Path, tmp_path: Path
) -> None:
    studio.open(photo, other_photo)
    studio.window.messages.error(StudioError("a.jpg was not saved: the disk is full"))
    studio.commands.saving.save_all(tmp_path)
    studio.bot.waitUntil(lambda: not studio.session.saves.running, timeout=5000)
    assert words(studio) == "a.jpg was not saved: the disk is full."
    assert studio.window.messages.more.text() == "1 more"
    QTest.keyClick(studio.window, Qt.Key.Key_Escape)
    assert words(studio) == f"Saved {tmp_path / 'coffee-styled.jpg'}", "the newest is enough"
    QTest.keyClick(studio.window, Qt.Key.Key_Escape)
    assert not words(studio)


def test_that_the_undo_of_a_preset_is_not_replaced_by_a_save(
    studio: Studio, photo: Path, tmp_path: Path
) -> None:
    studio.open(photo)
    studio.commands.presets.save_as("Soft")
    studio.commands.presets.delete("Soft")
    studio.window.messages.done("Saved a.jpg", "Show in folder", lambda: None)
    assert words(studio) == "Saved a.jpg"
    studio.window.messages.close_button.click()
    assert studio.window.messages.action.text() == "Undo"
    studio.window.messages.action.click()
    assert not words(studio)


def test_that_an_error_is_said_at_once_and_the_same_one_once(studio: Studio) -> None:
    messages = studio.window.messages
    messages.done("Saved a.jpg", "Show in folder", lambda: None)
    for trouble in ("one", "two", "one"):
        messages.error(StudioError(trouble))
    assert [words(studio), messages.more.text()] == ["One.", "2 more"]
    messages.close_button.click()
    assert words(studio) == "Two."
    messages.close_button.click()
    assert words(studio) == "Saved a.jpg"
    assert not messages.more.isVisible()


@pytest.mark.usefixtures("enhance")
def test_that_closing_asks_whatever_else_is_said(studio: Studio, tmp_path: Path) -> None:
    studio.window.panel.folder.click()
    page = studio.commands.batch._page
    assert page is not None
    page.form.source.show_path(str(tmp_path))
    page.progress.start.click()
    studio.window.messages.error(StudioError("the disk is full"))
    studio.window.close()
    assert "can be gone on with" in words(studio)
    studio.window.messages.action.click()
    assert not studio.window.isVisible()
