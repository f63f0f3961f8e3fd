"""The list of jobs: what runs, waits and has ended; and what the desktop is told of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QLabel, QSystemTrayIcon

from studio.core.events import BatchFinished, Paused, Progressed, Resumed, Started
from studio.core.requests import Batch, Generate, JobId
from studio.gui.shell.announcing import Announcing
from studio.gui.state.running.job_list import Standing
from tests.gui.shell.test_stopping import save

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtDBus import QDBusMessage

    from studio.gui.shell.jobs_list import JobRow
    from tests.gui.conftest import Studio


def rows(studio: Studio) -> list[JobRow]:
    """Those that are shown, from top to bottom."""
    shown = [row for row in studio.commands.jobs.list.rows.values() if not row.isHidden()]
    return sorted(shown, key=lambda row: row.y())


def offered(row: JobRow) -> set[str]:
    return {what for what, button in row.buttons.items() if not button.isHidden()}


def press(row: JobRow, what: str) -> None:
    row.buttons[what].click()


def open_list(studio: Studio) -> None:
    studio.window.status.jobs.click()
    studio.settle()
    assert studio.commands.jobs.list.isVisible()


def start_folder(studio: Studio, folder: Path) -> Batch:
    request = Batch("style/gallery", str(folder), str(folder / "results"))
    studio.commands.batch.runner.start(request)
    return request


def wait_until_saved(studio: Studio) -> None:
    studio.engine.go.set()
    studio.bot.waitUntil(lambda: not studio.workspace.saves.running, timeout=20_000)
    studio.settle()


def test_that_a_save_is_listed_while_it_runs_and_once_it_is_there(
    studio: Studio, photo: Path, outside: list[Path]
) -> None:
    studio.open(photo)
    assert not studio.window.status.jobs.isVisible()  # previews are no jobs
    save(studio)
    assert studio.window.status.jobs.text() == "Jobs (1)"
    open_list(studio)
    (row,) = rows(studio)
    assert row.words.text().startswith("Saving cat")
    assert row.state.text() == "Painting: 50 %, 3 s left"
    assert row.bar.value() == 500
    assert offered(row) == {"pause", "cancel"}
    picture = row.findChildren(QLabel)[0]
    studio.bot.waitUntil(lambda: not picture.pixmap().isNull(), timeout=20_000)

    wait_until_saved(studio)
    assert studio.window.status.jobs.text() == "Jobs"
    assert row.state.text().startswith("Done in ")
    assert row.bar.isHidden()
    assert offered(row) == {"open", "folder"}
    wide = row.width()
    studio.commands.jobs.list.hide()
    open_list(studio)
    assert row.width() == wide, "as when it was opened first"
    press(row, "open")
    press(row, "folder")
    assert outside[1] == outside[0].parent
    assert outside[0].name in row.words.text()

    open_list(studio)
    studio.commands.jobs.list.clear.click()
    assert not studio.window.status.jobs.isVisible()
    assert not studio.commands.jobs.list.isVisible()


def test_that_a_job_is_cancelled_in_the_list_and_asked_for_again(
    studio: Studio, photo: Path
) -> None:
    studio.open(photo)
    first = save(studio)
    open_list(studio)
    press(rows(studio)[0], "cancel")
    assert studio.engine.cancelled == [first]
    wait_until_saved(studio)
    (row,) = rows(studio)
    assert row.state.text() == "Cancelled"
    assert offered(row) == {"retry"}
    studio.engine.go.clear()
    press(row, "retry")
    (again,) = rows(studio)
    assert again.words.text() == row.words.text()
    wait_until_saved(studio)
    assert "open" in offered(rows(studio)[0])


def test_that_why_a_job_failed_is_in_the_list(studio: Studio, photo: Path) -> None:
    studio.open(photo)
    studio.engine.fail = "the disk is full"
    save(studio)
    wait_until_saved(studio)
    (row,) = rows(studio)
    assert row.state.text() == "The disk is full. Try another photo."
    assert row.state.objectName() == "error"
    assert offered(row) == {"retry"}
    photo.unlink()
    studio.commands.jobs.list.show_jobs(studio.workspace.job_list.jobs)
    assert not offered(row)  # there is nothing to begin with


def test_that_a_folder_is_listed_and_leads_to_its_page(studio: Studio, photo: Path) -> None:
    studio.open(photo)
    request = start_folder(studio, photo.parent)
    (row,) = rows(studio)
    assert offered(row) == {"show", "pause", "cancel"}
    press(row, "show")
    assert studio.window.page is studio.commands.batch.page
    job = studio.engine.batches[0][0]
    told = BatchFinished(
        job, done=3, done_before=0, failed=1, skipped=0, found=4, output=request.output,
        report="", weights="style/gallery", device="cpu", seconds=2.0,
    )  # fmt: skip
    studio.engine.tell(told)
    studio.bot.waitUntil(lambda: row.state.text() == "3 of 4 done, 1 failed", timeout=20_000)
    assert offered(row) == {"show", "retry", "folder"}


def test_that_what_failed_of_a_folder_is_tried_again_in_the_list(
    studio: Studio, photo: Path
) -> None:
    studio.open(photo)
    request = start_folder(studio, photo.parent)
    told = BatchFinished(
        studio.engine.batches[0][0], done=3, done_before=0, failed=1, skipped=0, found=4,
        output=request.output, report="", weights="style/gallery", device="cpu", seconds=2.0,
    )  # fmt: skip
    studio.engine.tell(told)
    studio.bot.waitUntil(lambda: not studio.commands.batch.runner.under_way, timeout=20_000)
    other = replace(request, output=str(photo.parent / "others"))
    studio.commands.batch.runner.start(other)
    open_list(studio)
    new, old = rows(studio)
    assert not old.buttons["retry"].isEnabled(), "one folder at a time"
    press(new, "cancel")
    studio.bot.waitUntil(old.buttons["retry"].isEnabled, timeout=20_000)
    press(old, "retry")
    again = studio.engine.batches[-1][1]
    assert (again.output, again.resume) == (request.output, True), "not all of it"
    assert len(studio.workspace.job_list.jobs) == 2, "the new one in the place of the old"


def test_that_a_folder_is_paused_resumed_and_cancelled_in_the_list(
    studio: Studio, photo: Path
) -> None:
    studio.open(photo)
    start_folder(studio, photo.parent)
    job = studio.engine.batches[0][0]
    studio.engine.tell(Started(job, "cpu"))
    (row,) = rows(studio)
    press(row, "pause")
    studio.bot.waitUntil(lambda: offered(row) == {"show", "resume", "cancel"}, timeout=20_000)
    assert studio.engine.paused == [job]
    press(row, "resume")
    studio.bot.waitUntil(lambda: offered(row) == {"show", "pause", "cancel"}, timeout=20_000)
    assert studio.engine.resumed == [job]
    press(row, "cancel")
    studio.bot.waitUntil(lambda: row.state.text() == "Cancelled", timeout=20_000)


def test_that_a_save_is_paused_and_resumed_in_the_list(studio: Studio, photo: Path) -> None:
    studio.open(photo)
    save(studio)
    (row,) = rows(studio)
    job = row.job.handle.id
    studio.bot.waitUntil(lambda: "pause" in offered(row), timeout=20_000)
    press(row, "pause")
    studio.bot.waitUntil(lambda: offered(row) == {"resume", "cancel"}, timeout=20_000)
    assert row.state.text() == "Pausing…"
    assert studio.engine.paused == [job]
    studio.engine.tell(Paused(job))
    studio.bot.waitUntil(lambda: row.state.text() == "Paused", timeout=20_000)
    assert studio.window.status.work.text().endswith("– paused")
    press(row, "resume")
    studio.engine.tell(Resumed(job))
    studio.bot.waitUntil(lambda: offered(row) == {"pause", "cancel"}, timeout=20_000)
    assert studio.engine.resumed == [job]
    wait_until_saved(studio)
    assert row.job.standing is Standing.DONE


def test_that_a_folder_that_was_stopped_is_not_listed_as_if_it_went_on(
    studio: Studio, photo: Path
) -> None:
    studio.open(photo)
    runner = studio.commands.batch.runner
    start_folder(studio, photo.parent)
    (row,) = rows(studio)
    studio.engine.tell(Progressed(studio.engine.batches[0][0], 0.5, None, "painting"))
    looking = "Whole folder: Looking through the folder…"
    studio.bot.waitUntil(lambda: row.words.text() == looking, timeout=20_000)
    runner.cancel()
    studio.bot.waitUntil(lambda: row.state.text() == "Cancelled", timeout=20_000)
    assert row.words.text() == f"Whole folder: {photo.parent.name}"


@pytest.mark.parametrize("tray", [True, False])
def test_that_the_end_of_long_work_is_shown_by_the_tray_or_the_portal(
    studio: Studio, photo: Path, monkeypatch: pytest.MonkeyPatch, tray: bool
) -> None:
    clock, notes = [0.0], []

    class Bus:
        def isConnected(self) -> bool:  # noqa: N802 - Qt's
            return True

        def send(self, message: QDBusMessage) -> None:
            if message.member() == "AddNotification":
                _, said = message.arguments()
                notes.append(("portal", said["title"]))

    def shown(_: QSystemTrayIcon, title: str, *_more: object) -> None:
        notes.append(("tray", title))

    monkeypatch.setattr("studio.gui.state.running.job_list.monotonic", lambda: clock[0])
    monkeypatch.setattr("PySide6.QtDBus.QDBusConnection.sessionBus", Bus)
    monkeypatch.setattr(type(studio.window), "isActiveWindow", lambda _: False)
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: tray)
    monkeypatch.setattr(QSystemTrayIcon, "supportsMessages", lambda: True)
    monkeypatch.setattr(QSystemTrayIcon, "show", lambda _: None)
    monkeypatch.setattr(QSystemTrayIcon, "showMessage", shown)
    studio.open(photo)
    save(studio)
    clock[0] = 19.0
    wait_until_saved(studio)
    assert not notes
    save(studio)
    clock[0] = 40.0
    wait_until_saved(studio)
    ((way, title),) = notes
    assert way == ("tray" if tray else "portal")
    assert title.endswith(": done")


def test_that_the_desktop_hears_of_long_work_alone(
    studio: Studio, photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [0.0]
    monkeypatch.setattr("studio.gui.state.running.job_list.monotonic", lambda: clock[0])
    monkeypatch.setattr(type(studio.window), "isActiveWindow", lambda _: False)
    notes: list[tuple[str, str]] = []
    far: list[float | None] = []
    jobs = studio.workspace.job_list
    Announcing(jobs, studio.window, lambda *what: notes.append(what), far.append)
    studio.open(photo)
    save(studio)  # 3 s are left of it
    wait_until_saved(studio)
    assert not notes
    assert not far

    job = save(studio)
    studio.engine.tell(Progressed(job, 0.25, 60.0, "painting"))
    studio.bot.waitUntil(lambda: far == [0.25], timeout=20_000)
    clock[0] = 80.0
    wait_until_saved(studio)
    assert far == [0.25, None]
    ((title, _),) = notes
    assert title.endswith(": done")
    listed = jobs.find(JobId(job))
    assert listed is not None
    assert listed.standing is Standing.DONE
    assert not isinstance(listed.request, Generate)


def test_that_it_is_said_where_no_program_shows_a_file(
    studio: Studio, photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studio.gui.state.messages.open_path", lambda _: False)
    studio.open(photo)
    save(studio)
    wait_until_saved(studio)
    open_list(studio)
    press(rows(studio)[0], "folder")
    assert studio.window.messages.words.text().startswith("No program was found that shows ")
