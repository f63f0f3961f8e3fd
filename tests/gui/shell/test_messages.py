"""What a person notices of several messages at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import skimage.data
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from studio.core.errors import StudioError
from studio.core.words.said import say
from studio.gui.models.page import ModelsPage

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gui.conftest import Studio


def words(studio: Studio) -> str:
    messages = studio.window.messages
    return messages.words.text() if messages.isVisible() else ""


def test_that_an_error_stays_when_other_photos_are_saved(
    studio: Studio,
    photo: Path,
    other_photo: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("studio.gui.state.messages.monotonic", lambda: 100.0)
    studio.open(photo, other_photo)
    studio.workspace.messages.error(StudioError("a.jpg was not saved: the disk is full"))
    studio.workspace.photo_saves.save_all(tmp_path)
    studio.bot.waitUntil(lambda: not studio.workspace.saves.running, timeout=20_000)
    assert words(studio) == "a.jpg was not saved: the disk is full."
    assert studio.window.messages.more.text() == "1 more"
    QTest.keyClick(studio.window, Qt.Key.Key_Escape)
    assert words(studio) == f"Saved 2 files in {tmp_path}", "the newest of good news is enough"
    QTest.keyClick(studio.window, Qt.Key.Key_Escape)
    assert not words(studio)


def test_that_the_undo_of_a_preset_is_not_replaced_by_a_save(
    studio: Studio, photo: Path, tmp_path: Path
) -> None:
    studio.open(photo)
    studio.commands.presets.save_as("Soft")
    studio.commands.presets.delete("Soft")
    studio.workspace.messages.done("Saved a.jpg", "Show in folder", lambda: None)
    assert words(studio) == "Saved a.jpg"
    studio.window.messages.close_button.click()
    assert studio.window.messages.action.text() == "Undo"
    studio.window.messages.action.click()
    assert not words(studio)


def test_that_an_error_is_said_at_once_and_the_same_one_once(studio: Studio) -> None:
    messages = studio.window.messages
    studio.workspace.messages.done("Saved a.jpg", "Show in folder", lambda: None)
    for trouble in ("one", "two", "one"):
        studio.workspace.messages.error(StudioError(trouble))
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
    studio.workspace.messages.error(StudioError("the disk is full"))
    studio.window.close()
    assert "can be gone on with" in words(studio)
    studio.window.messages.action.click()
    assert not studio.window.isVisible()


def test_that_closing_asks_in_the_window_while_something_is_being_saved(
    studio: Studio, photo: Path, tmp_path: Path
) -> None:
    studio.open(photo)
    studio.engine.go.clear()
    studio.workspace.photo_saves.save_all(tmp_path)
    studio.window.close()
    assert words(studio).startswith("Something is still being saved.")
    studio.engine.go.set()
    studio.bot.waitUntil(lambda: not studio.workspace.saves.running, timeout=20_000)
    assert words(studio).startswith("Saved"), "there is nothing to ask any more"
    studio.engine.go.clear()
    studio.workspace.photo_saves.save_all(tmp_path)
    studio.window.close()
    assert studio.window.isVisible()
    studio.window.messages.action.click()
    assert not studio.window.isVisible()


def test_that_a_later_success_takes_the_failure_of_the_same_file_back(
    studio: Studio, photo: Path, tmp_path: Path
) -> None:
    studio.open(photo)
    studio.engine.fail = "the disk is full"
    studio.workspace.photo_saves.save_all(tmp_path)
    studio.bot.waitUntil(lambda: not studio.workspace.saves.running, timeout=20_000)
    assert words(studio).startswith("cat-styled.jpg was not saved: the disk is full.")
    studio.engine.fail = ""
    studio.workspace.photo_saves.save_all(tmp_path)
    studio.bot.waitUntil(lambda: not studio.workspace.saves.running, timeout=20_000)
    assert words(studio) == f"Saved {tmp_path / 'cat-styled.jpg'}"
    assert not studio.window.messages.more.isVisible()


def test_that_a_photo_that_opens_at_last_takes_its_failure_back(
    studio: Studio, tmp_path: Path
) -> None:
    path = tmp_path / "late.png"
    path.write_text("no picture")
    studio.engine.fail = "late.png is not a picture"
    studio.workspace.open([path])
    studio.bot.waitUntil(lambda: "late.png" in words(studio), timeout=20_000)
    studio.bot.waitUntil(studio.workspace.previews.is_idle, timeout=20_000)
    studio.engine.fail = ""
    Image.fromarray(skimage.data.coffee()).save(path)
    studio.workspace.open([path])
    studio.wait_for_colour(studio.colours["wave"])
    assert not words(studio)


def test_that_the_failures_of_one_run_are_one_message_with_a_list(
    studio: Studio, photo: Path, other_photo: Path, tmp_path: Path
) -> None:
    studio.open(photo, other_photo)
    studio.engine.fail = "the disk is full"
    studio.workspace.photo_saves.save_all(tmp_path)
    studio.bot.waitUntil(lambda: not studio.workspace.saves.running, timeout=20_000)
    said = words(studio).splitlines()
    assert said[0] == "2 files were not saved:"
    assert {line.split()[0] for line in said[1:]} == {"cat-styled.jpg", "coffee-styled.jpg"}
    assert not studio.window.messages.more.isVisible()
    studio.engine.fail = ""
    studio.workspace.photos.close(other_photo)
    studio.workspace.photo_saves.save_all(tmp_path)
    studio.bot.waitUntil(lambda: not studio.workspace.saves.running, timeout=20_000)
    studio.workspace.messages.settle("")  # nothing of that name
    left = [message.words for message in studio.workspace.messages._messages]
    assert left[0].startswith("coffee-styled.jpg was not saved")


def test_that_many_files_that_cannot_be_opened_are_one_message(
    studio: Studio, tmp_path: Path
) -> None:
    paths = [tmp_path / f"{number}.jpg" for number in range(12)]
    for path in paths:
        path.write_text("no picture")
    studio.engine.fail = "not a picture"
    studio.workspace.open(paths)
    studio.bot.waitUntil(lambda: words(studio).startswith("12 files"), timeout=30_000)
    said = words(studio).splitlines()
    assert said[0] == "12 files were not opened:"
    assert said[-1] == "and 4 more"
    assert len(said) == 10


def test_that_the_name_of_a_folder_stays_as_it_is(studio: Studio) -> None:
    said = say("{name} is a folder", name="photos"), say("choose a picture in it")
    studio.workspace.messages.error(StudioError(*said))
    assert words(studio) == "photos is a folder. Choose a picture in it."


def test_that_the_newest_message_is_shown_first(studio: Studio) -> None:
    messages = studio.window.messages
    for trouble in ("one", "two", "three"):
        studio.workspace.messages.error(StudioError(trouble))
    seen = [words(studio)]
    for _ in range(2):
        messages.close_button.click()
        seen.append(words(studio))
    assert seen == ["Three.", "Two.", "One."]


def test_that_an_answer_comes_before_an_error_that_was_read(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    said, now = studio.workspace.messages, [100.0]
    monkeypatch.setattr("studio.gui.state.messages.monotonic", lambda: now[0])
    said.error(StudioError("Photos is a folder"))
    now[0] += 10
    said.error(StudioError("B.safetensors is damaged"))
    said.note("Oranges was imported.")
    assert words(studio) == "B.safetensors is damaged.", "of the same drop"
    said.dismiss()
    assert words(studio) == "Oranges was imported."
    said.offer("It can be opened again.", "Open again", lambda: None, about="offer")
    assert words(studio) == "Oranges was imported.", "an offer hides no error"
    said.dismiss()
    assert words(studio) == "Photos is a folder.", "it is still there"


def test_that_news_that_were_hidden_for_long_do_not_come_back(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    said, now = studio.workspace.messages, [100.0]
    monkeypatch.setattr("studio.gui.state.messages.monotonic", lambda: now[0])
    for later, wanted in ((5, "Saved a."), (60, "")):
        said.note("Saved a.")
        said.ask("Close it?", "Close", lambda: None)
        now[0] += later
        said.dismiss()
        assert studio.window.messages.words.text() == wanted or not wanted
        assert (said.shown is None) is not bool(wanted)


def test_that_a_message_lies_over_the_picture_and_pushes_nothing(
    studio: Studio, photo: Path
) -> None:
    studio.open(photo)
    canvas, messages = studio.window.canvas, studio.window.messages
    before = canvas.geometry()
    studio.workspace.messages.note("Something to know.")
    studio.settle()
    assert messages.isVisible()
    assert canvas.geometry() == before
    place = messages.mapToGlobal(messages.rect().center())
    assert canvas.rect().contains(canvas.mapFromGlobal(place))
    studio.window.actions_.brush.trigger()
    studio.settle()
    assert not studio.window.mask_bar.geometry().intersects(messages.geometry())


def test_that_a_message_leaves_the_way_back_from_a_page_free(studio: Studio) -> None:
    studio.workspace.messages.note("Something to know.")
    studio.window.actions_.models.trigger()
    studio.settle()
    page, messages = studio.window.page, studio.window.messages
    assert isinstance(page, ModelsPage)
    assert messages.isVisible()
    for button in (page.back, page.bring):
        there = button.rect().translated(button.mapTo(studio.window, button.rect().topLeft()))
        over = messages.rect().translated(messages.mapTo(studio.window, messages.rect().topLeft()))
        assert not there.intersects(over)
