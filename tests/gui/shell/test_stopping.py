"""Esc leaves a mode or stops a preview, and ends nothing that is being written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from studio.core.requests import JobId
from studio.gui.state.gesture import NO_GESTURE
from studio.gui.widgets.save_dialog import SaveDialog
from tests.gui import facing, sketching
from tests.gui.shell.test_window import click_style
from tests.gui.test_batch_page import plan, says, start

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gui.conftest import Studio

STOPPED = "The preview was stopped: the picture does not show these settings."


def escape(studio: Studio) -> None:
    QTest.keyClick(studio.window, Qt.Key.Key_Escape)
    studio.settle()


def running(studio: Studio) -> list[JobId]:
    return [handle.id for handle in studio.workspace.saves.running]


def save(studio: Studio) -> JobId:
    """Begins a save that does not end."""
    studio.engine.go.clear()
    studio.window.actions_.save.trigger()
    next(d for d in studio.window.findChildren(SaveDialog) if d.isVisible()).save.click()
    status = studio.window.status
    studio.bot.waitUntil(lambda: status.busy and bool(status.left.text()), timeout=20_000)
    return running(studio)[0]


@pytest.fixture
def late(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> Studio:
    """All that runs has run for two minutes."""
    clock = [0.0]
    monkeypatch.setattr("studio.gui.state.running.activity.monotonic", lambda: clock[0])
    monkeypatch.setattr(type(studio), "later", lambda _: clock.__setitem__(0, 120.0), raising=False)
    return studio


def test_that_escape_ends_no_save(studio: Studio, photo: Path) -> None:
    studio.open(photo)
    save(studio)
    for _ in range(3):
        escape(studio)
    assert not studio.engine.cancelled
    studio.engine.go.set()
    studio.bot.waitUntil(lambda: not studio.workspace.saves.running, timeout=20_000)
    assert studio.window.messages.words.text().startswith("Saved ")


@pytest.mark.usefixtures("faces")
def test_that_escape_ends_no_film(studio: Studio) -> None:
    facing.open_page(studio)
    save(studio)
    escape(studio)
    assert not studio.engine.cancelled
    studio.engine.go.set()


@pytest.mark.usefixtures("sketch")
def test_that_escape_ends_no_sketch_that_is_saved(studio: Studio) -> None:
    sketching.draw(sketching.open_page(studio), *sketching.across(200))
    sketching.wait_for_result(studio)
    save(studio)
    escape(studio)
    assert not studio.engine.cancelled
    studio.engine.go.set()


def test_that_escape_stops_a_preview_that_waits_behind_a_save(studio: Studio, photo: Path) -> None:
    studio.open(photo)
    job = save(studio)
    click_style(studio, "night")
    preview = studio.workspace.previews.job
    assert preview is not None
    escape(studio)
    assert studio.engine.cancelled == [preview.id]
    assert running(studio) == [job]
    studio.engine.go.set()


@pytest.mark.usefixtures("enhance")
def test_that_escape_leaves_loupe_and_brush_first(studio: Studio, photo: Path) -> None:
    studio.enhance(photo)
    actions = studio.window.actions_
    actions.loupe.trigger()
    studio.rest()
    actions.brush.trigger()
    studio.engine.go.clear()
    studio.window.panel.row("noise").edited.emit(20.0, NO_GESTURE)
    studio.bot.waitUntil(lambda: studio.workspace.previews.job is not None, timeout=20_000)
    escape(studio)
    assert (actions.brush.isChecked(), actions.loupe.isChecked()) == (False, True)
    escape(studio)
    assert not actions.loupe.isChecked()
    before = len(studio.engine.cancelled)
    escape(studio)
    assert len(studio.engine.cancelled) == before + 1
    studio.engine.go.set()


def test_that_cancel_stops_a_short_save_at_once_and_a_long_one_after_a_question(
    late: Studio, photo: Path
) -> None:
    late.open(photo)
    cancel, messages = late.window.status.cancel, late.window.messages
    job = save(late)
    cancel.click()
    assert late.engine.cancelled == [job]
    late.bot.waitUntil(lambda: not late.workspace.saves.running, timeout=20_000)
    messages.close_button.click()
    job = save(late)
    late.later()
    cancel.click()
    assert late.engine.cancelled[1:] == []
    assert messages.words.text() == "“Saving cat-styled.jpg” has run for 2 min. Stop it?"
    messages.close_button.click()
    assert running(late) == [job], "no answer is no"
    cancel.click()
    messages.action.click()
    assert late.engine.cancelled[1:] == [job]
    late.bot.waitUntil(lambda: not late.workspace.saves.running, timeout=20_000)
    assert "Stop it?" not in messages.words.text()


def test_that_the_question_goes_when_the_save_ends_by_itself(late: Studio, photo: Path) -> None:
    late.open(photo)
    save(late)
    late.later()
    late.window.status.cancel.click()
    assert "Stop it?" in late.window.messages.words.text()
    late.engine.go.set()
    late.bot.waitUntil(lambda: not late.workspace.saves.running, timeout=20_000)
    assert late.window.messages.words.text().startswith("Saved ")


@pytest.mark.usefixtures("enhance")
def test_that_a_long_batch_is_stopped_after_a_question(late: Studio, tmp_path: Path) -> None:
    page, job, _ = start(late, tmp_path)
    plan(late, job)
    says(late, page, "0 of 10")
    late.later()
    page.progress.cancel.click()
    assert not late.engine.cancelled
    assert "has run for 2 min. Stop it?" in late.window.messages.words.text()
    late.window.messages.action.click()
    assert late.engine.cancelled == [job]


def test_that_a_stopped_preview_is_said_until_the_picture_shows_what_was_chosen(
    studio: Studio, photo: Path
) -> None:
    studio.open(photo)
    studio.engine.go.clear()
    click_style(studio, "night")
    messages = studio.window.messages
    escape(studio)
    studio.bot.waitUntil(studio.workspace.previews.is_idle, timeout=20_000)
    assert studio.colour() == studio.colours["wave"]
    assert messages.words.text() == STOPPED
    studio.engine.go.set()
    messages.action.click()
    studio.wait_for_colour(studio.colours["night"])
    assert not messages.isVisible()


def test_that_choosing_again_what_was_stopped_shows_it(studio: Studio, photo: Path) -> None:
    studio.open(photo)
    studio.engine.go.clear()
    click_style(studio, "night")
    escape(studio)
    studio.bot.waitUntil(studio.workspace.previews.is_idle, timeout=20_000)
    studio.engine.go.set()
    click_style(studio, "night")
    studio.wait_for_colour(studio.colours["night"])
    assert not studio.window.messages.isVisible()


def test_that_undoing_what_was_stopped_is_not_said(studio: Studio, photo: Path) -> None:
    studio.open(photo)
    studio.engine.go.clear()
    click_style(studio, "night")
    escape(studio)
    studio.bot.waitUntil(studio.workspace.previews.is_idle, timeout=20_000)
    studio.window.actions_.undo.trigger()
    assert not studio.window.messages.isVisible()
    studio.engine.go.set()
    studio.wait_for_colour(studio.colours["wave"])
