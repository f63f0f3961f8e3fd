"""What a person notices of a folder while it is done."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from studio.core.events import Progressed
from studio.gui.state.running.batch_state import Phase
from tests.gui.test_batch_page import end_items, finished, open_page, plan, says, start

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gui.conftest import Studio

pytestmark = pytest.mark.usefixtures("enhance")


def test_that_counts_time_and_room_are_told(studio: Studio, tmp_path: Path) -> None:
    page, job, request = start(studio, tmp_path)
    assert page.progress.headline.text() == "Looking through the folder…"
    plan(studio, job, found=10, done_before=2)
    end_items(studio, job, tmp_path / "in", 3)
    end_items(studio, job, tmp_path / "in", 1, "it is no picture")
    studio.engine.tell(Progressed(job, 0.6, 130.0, "6 of 10"))
    says(studio, page, "6 of 10")
    counts = "3 done · 2 done before · 1 failed · 4 left · 3 other files left alone"
    assert page.progress.counts.text() == counts
    rates = page.progress.rates.text()
    assert rates.startswith("2 min left")
    assert rates.endswith("needs about 1.4 GB of 90.0 GB free")
    studio.bot.waitUntil(lambda: page.progress.bar.value() == 600, timeout=20_000)
    row = page.failures.rows.topLevelItem(0)
    assert row is not None
    assert (row.text(0), row.text(1)) == ("It is no picture.", "0.jpg")
    studio.engine.tell(replace(finished(job, request, 7, 1), done_before=2))
    says(studio, page, "Done, but for 1 picture that could not be.")
    assert page.progress.counts.text() == "7 done · 2 done before · 3 other files left alone"
    assert page.progress.rates.text() == "It took 2 min."
    assert page.form.isEnabled()


def test_that_the_status_line_follows_and_leads_back(
    studio: Studio, tmp_path: Path, photo: Path
) -> None:
    studio.open(photo)
    page, job, _ = start(studio, tmp_path)
    page.back.click()
    plan(studio, job)
    end_items(studio, job, tmp_path / "in", 4)
    studio.engine.tell(Progressed(job, 0.4, 60.0, "4 of 10"))
    status = studio.window.status
    studio.bot.waitUntil(status.cancel.isVisible, timeout=20_000)
    assert status.work.text() == "Whole folder: 4 of 10"
    assert status.left.text() == "1 min left"
    status.escape()
    assert not studio.engine.cancelled, "Esc is too easily pressed for hours of work"
    status.cancel.click()
    assert page.isVisible()


def test_that_a_batch_can_be_paused_and_resumed(studio: Studio, tmp_path: Path) -> None:
    page, job, _ = start(studio, tmp_path)
    plan(studio, job)
    studio.engine.tell(Progressed(job, 0.1, 60.0, "1 of 10"))
    left = studio.window.status.left
    studio.bot.waitUntil(lambda: left.text() == "1 min left", timeout=20_000)
    page.progress.pause.click()
    says(studio, page, "paused")
    assert studio.engine.paused == [job]
    assert not left.text(), "nobody knows"
    assert page.progress.resume.isVisible()
    page.progress.resume.click()
    says(studio, page, "0 of 10")
    assert studio.engine.resumed == [job]
    assert page.progress.pause.isVisible()


def test_that_no_time_is_left_while_a_batch_ends_what_it_has_begun(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(studio.engine, "pause", lambda _: None)  # it has pictures to end
    page, job, _ = start(studio, tmp_path)
    plan(studio, job)
    studio.engine.tell(Progressed(job, 0.1, 60.0, "1 of 10"))
    status, listed = studio.window.status, studio.commands.jobs.list.rows[job]
    studio.bot.waitUntil(lambda: status.left.text() == "1 min left", timeout=20_000)
    page.progress.pause.click()
    assert status.work.text() == "Whole folder: 0 of 10 – pausing after what was begun…"
    assert not status.left.text()
    assert listed.state.text() == "Pausing…"
    assert listed.buttons["pause"].isHidden()
    studio.engine.tell(Progressed(job, 0.2, 50.0, "2 of 10"))
    studio.bot.waitUntil(lambda: status.bar.value() == 200, timeout=20_000)
    assert not status.left.text()
    listed.buttons["resume"].click()
    assert status.work.text() == "Whole folder: 0 of 10"
    assert status.left.text() == "50 s left"
    assert listed.state.text() == "2 of 10: 20 %, 50 s left"


def test_that_a_folder_that_is_paused_while_it_is_looked_through_has_no_count(
    studio: Studio, tmp_path: Path
) -> None:
    page, job, _ = start(studio, tmp_path)
    page.progress.pause.click()
    says(studio, page, "Looking through the folder; then it waits…")
    work = studio.window.status.work
    assert work.text() == "Whole folder: Looking through the folder; then it waits…"
    plan(studio, job)
    says(studio, page, "0 of 10 – paus")


def test_that_a_batch_makes_way_for_a_preview(studio: Studio, tmp_path: Path, photo: Path) -> None:
    page, job, _ = start(studio, tmp_path)
    plan(studio, job)
    studio.open(photo)
    assert studio.engine.paused
    studio.bot.waitUntil(lambda: studio.engine.resumed == [job], timeout=20_000)
    assert page.progress.headline.text() == "0 of 10"


def test_that_a_batch_that_was_paused_by_hand_stays_so(
    studio: Studio, tmp_path: Path, photo: Path
) -> None:
    page, job, _ = start(studio, tmp_path)
    plan(studio, job)
    says(studio, page, "0 of 10")
    page.progress.pause.click()
    studio.open(photo)
    with studio.bot.waitSignal(studio.commands.batch.runner.changed):
        pass  # it no longer makes way
    assert not studio.engine.resumed
    assert studio.commands.batch.runner.state.phase is Phase.PAUSED


def test_that_what_was_stopped_can_be_gone_on_with(studio: Studio, tmp_path: Path) -> None:
    page, job, request = start(studio, tmp_path)
    plan(studio, job)
    end_items(studio, job, tmp_path / "in", 4)
    says(studio, page, "4 of 10")
    page.progress.cancel.click()
    says(studio, page, "Stopped; what is done stays.")
    assert page.progress.counts.text().startswith("4 done · 0 failed · 6 left")
    assert not page.begun.isVisible(), "it is said once how many are done"
    assert studio.engine.cancelled == [job]
    assert page.progress.go_on.objectName() == "primary"
    assert page.progress.start.objectName() == ""
    page.progress.go_on.click()
    again, resumed = studio.engine.batches[-1]
    assert again != job
    assert resumed == replace(request, resume=True, report=resumed.report)


def test_that_a_folder_of_results_that_was_chosen_stays_when_it_is_gone_on_with(
    studio: Studio, tmp_path: Path
) -> None:
    page = open_page(studio)
    page.form.source.show_path(str(tmp_path / "in"))
    page.form.output.show_path(str(tmp_path / "in-march"))
    page.progress.start.click()
    for _ in range(2):
        job, request = studio.engine.batches[-1]
        plan(studio, job)
        studio.engine.tell(finished(job, request, 9, 1))
        says(studio, page, "Done, but for 1")
        assert page.form.output.line.text() == str(tmp_path / "in-march")
        page.progress.go_on.click()


def test_that_reasons_are_read_whole_and_failures_are_no_pace(
    studio: Studio, tmp_path: Path
) -> None:
    page, job, _ = start(studio, tmp_path)
    plan(studio, job)
    end_items(studio, job, tmp_path / "in", 1, "it is no picture")
    end_items(studio, job, tmp_path / "in", 2, "it is no picture " * 20)
    says(studio, page, "3 of 10")
    rates = page.progress.rates.text()
    assert rates.startswith("Needs"), "no picture is done, so there is no pace"
    rows = page.failures.rows
    short, long = (rows.visualRect(rows.model().index(row, 0)) for row in (0, 1))
    line = rows.fontMetrics().height()
    words = rows.fontMetrics().horizontalAdvance("it is no picture " * 20)
    assert short.height() < 2 * line
    assert long.height() >= line * (words // rows.columnWidth(0) + 1)
