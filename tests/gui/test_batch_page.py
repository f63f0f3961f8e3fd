"""What a person notices of a whole folder that is done."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent

from studio.core.events import BatchFinished, Failed, ItemEnded, Planned, Progressed
from studio.core.requests import Batch, JobId
from studio.core.settings import load_preferences
from studio.gui.batch.page import BatchPage
from studio.gui.state.running.batch_state import BatchState, Phase, size_words
from studio.gui.widgets.rows.slider_row import SliderRow

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gui.conftest import Studio

LEFT = Qt.MouseButton.LeftButton
NO_KEY = Qt.KeyboardModifier.NoModifier
JOB = JobId(1)

pytestmark = pytest.mark.usefixtures("enhance")


def open_page(studio: Studio) -> BatchPage:
    studio.window.panel.folder.click()
    page = studio.window.page
    assert isinstance(page, BatchPage)
    return page


def start(studio: Studio, tmp_path: Path) -> tuple[BatchPage, JobId, Batch]:
    """Opens the page, gives it folders and starts."""
    page = open_page(studio)
    page.form.source.show_path(str(tmp_path / "in"))
    page.form.output.show_path(str(tmp_path / "out"))
    page.progress.start.click()
    job, request = studio.engine.batches[-1]
    return page, job, request


def plan(studio: Studio, job: JobId, found: int = 10, done_before: int = 0) -> None:
    studio.engine.tell(Planned(job, found, done_before, 3, 1_400_000_000, 90_000_000_000))


def end_items(studio: Studio, job: JobId, folder: Path, count: int, error: str = "") -> None:
    for number in range(count):
        output = "" if error else str(folder / f"{number}-done.jpg")
        studio.engine.tell(ItemEnded(job, str(folder / f"{number}.jpg"), output, error, 0.5))


def finished(job: JobId, request: Batch, done: int, failed: int) -> BatchFinished:
    return BatchFinished(
        job, done, 0, failed, 3, done + failed, request.output, request.report, request.weights,
        "cpu", 125.0,
    )  # fmt: skip


def says(studio: Studio, page: BatchPage, words: str) -> None:
    studio.bot.waitUntil(lambda: words in page.progress.headline.text(), timeout=20_000)


def test_that_the_button_opens_the_page_with_these_weights_and_settings(
    studio: Studio, photo: Path
) -> None:
    studio.enhance(photo)
    grain = studio.window.panel.row("grain")
    assert isinstance(grain, SliderRow)
    grain.slider.setValue(25)
    page = open_page(studio)
    assert page.isVisible()
    assert not studio.window.canvas.isVisible()
    assert not studio.window.actions_.zoom_in.isEnabled()
    assert page.look.text() == "Enhance: Photo"
    assert page.settings.text() == "Noise auto · JPEG quality auto · Grain 25 %"
    grain.slider.setValue(50)
    assert page.settings.text().endswith("Grain 50 %"), "the panel is still at hand"
    page.back.click()
    assert studio.window.canvas.isVisible()
    assert studio.window.windowTitle().startswith("cat.png")


def test_that_a_folder_needs_no_photo_and_no_special_tool(studio: Studio, tmp_path: Path) -> None:
    page, _, request = start(studio, tmp_path)
    assert request.weights == "style/gallery"
    assert request.settings["style"] == "wave"
    assert page.look.text() == "Style: Gallery"


def test_that_the_form_says_what_to_do(studio: Studio, tmp_path: Path) -> None:
    page = open_page(studio)
    form, progress = page.form, page.progress
    assert not progress.start.isEnabled()
    form.source.show_path(str(tmp_path))
    assert form.output.line.text() == f"{tmp_path}-styled"
    assert progress.start.isEnabled()
    form.output.show_path(str(tmp_path / "out"))
    form.source.show_path(str(tmp_path / "in"))
    assert form.output.line.text() == str(tmp_path / "out"), "what a person chose stays"
    form.recursive.setChecked(False)
    form.metadata.setChecked(False)
    form.overwrite.setChecked(True)
    form.format.setCurrentIndex(form.format.findText("PNG"))
    assert not form.quality.isVisible()
    form.format.setCurrentIndex(form.format.findText("WebP"))
    assert form.quality.isVisible()
    form.quality.setValue(71)
    progress.start.click()
    _, request = studio.engine.batches[-1]
    assert request.source == str(tmp_path / "in")
    assert request.output == str(tmp_path / "out")
    assert (request.recursive, request.file_format, request.resume) == (False, "webp", False)
    assert request.save.quality == 71
    assert (request.save.metadata, request.save.overwrite) == (False, True)
    assert not form.isEnabled()


def test_that_a_folder_can_be_dropped(studio: Studio, tmp_path: Path) -> None:
    page = open_page(studio)
    for widget, field in ((page, page.form.source), (page.form.output, page.form.output)):
        folder = tmp_path / field.line.accessibleName()
        folder.mkdir()
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(folder))])
        widget.dropEvent(QDropEvent(QPointF(10, 10), Qt.DropAction.CopyAction, data, LEFT, NO_KEY))
        assert field.path == folder


def test_that_a_batch_of_another_day_is_found_and_gone_on_with(
    studio: Studio, tmp_path: Path
) -> None:
    from studio.engine.batch.journal import Journal
    from studio.engine.batch.record import JournalEntry

    out = tmp_path / "out"
    begun = Batch("enhance/photo", str(tmp_path / "in"), str(out), settings={"grain": 0.5})
    journal = Journal.create(out)
    journal.begin(begun)
    part = journal.part(out / "a.jpg").name
    journal.add(JournalEntry("a.jpg", 1.0, part=part, output="a.jpg", size=3))
    journal.close()
    page = open_page(studio)
    page.form.output.show_path(str(out))
    studio.bot.waitUntil(page.begun.isVisible, timeout=20_000)
    assert "enhance/photo" in page.begun.text()
    assert "1 picture is done" in page.begun.text()
    page.progress.go_on.click()
    _, request = studio.engine.batches[-1]
    assert (request.weights, request.resume, request.settings["grain"]) == (
        "enhance/photo", True, 0.5,
    )  # fmt: skip
    assert page.look.text() == "Enhance: Photo"


def test_that_a_failure_is_said_in_words_of_the_window(studio: Studio, tmp_path: Path) -> None:
    page, job, _ = start(studio, tmp_path)
    studio.engine.tell(
        Failed(job, "there are no pictures", "look into subfolders", ("--recursive",))
    )
    wanted = "There are no pictures. Look into subfolders."
    studio.bot.waitUntil(lambda: page.progress.trouble.text() == wanted, timeout=20_000)
    assert page.form.isEnabled()
    assert not page.progress.go_on.isVisible(), "nothing was begun"


def test_that_results_failures_and_report_are_at_hand(
    studio: Studio, tmp_path: Path, outside: list[Path]
) -> None:
    page, job, request = start(studio, tmp_path)
    plan(studio, job, found=2)
    end_items(studio, job, tmp_path / "in", 1)
    end_items(studio, job, tmp_path / "in" / "sub", 1, "it is no picture")
    with open(request.report, "w", encoding="utf-8") as file:  # noqa: PTH123 - as the engine does
        json.dump({"done": 1}, file)
    studio.engine.tell(finished(job, request, 1, 1))
    studio.bot.waitUntil(page.progress.save_report.isVisible, timeout=20_000)
    page.progress.open_folder.click()
    page.failures.rows.setCurrentItem(page.failures.rows.topLevelItem(0))
    page.failures.show_folder.click()
    assert outside == [tmp_path / "out", tmp_path / "in" / "sub"]
    studio.commands.batch.copy_report(tmp_path / "kept.json")
    studio.bot.waitUntil((tmp_path / "kept.json").exists, timeout=20_000)
    assert json.loads((tmp_path / "kept.json").read_text()) == {"done": 1}
    assert page.progress.go_on.text() == "Try these again"


def test_that_closing_asks_once_and_the_choices_are_remembered(
    studio: Studio, tmp_path: Path
) -> None:
    page = open_page(studio)
    page.form.overwrite.setChecked(True)
    page.form.quality.setValue(55)
    _, job, _ = start(studio, tmp_path)
    assert not studio.workspace.preferences.batch_output, "nothing was written there yet"
    plan(studio, job)
    studio.engine.tell(Progressed(job, 0.0, None, "0 of 10"))
    says(studio, page, "0 of 10")
    studio.window.close()
    assert studio.window.isVisible()
    assert "can be gone on with" in studio.window.messages.words.text()
    studio.window.messages.action.click()
    assert not studio.window.isVisible()
    assert studio.engine.closed
    kept = load_preferences()
    assert (kept.batch_source, kept.batch_output) == (str(tmp_path / "in"), str(tmp_path / "out"))
    assert kept.batch_quality == 55


def test_that_opening_a_photo_leaves_the_page(studio: Studio, photo: Path) -> None:
    open_page(studio)
    studio.open(photo)
    assert studio.window.page is None
    assert studio.window.canvas.isVisible()


def test_that_the_pace_is_that_of_the_last_pictures_and_leaves_pauses_out() -> None:
    state = BatchState(Phase.STARTING).after(Planned(JOB, 100, 0, 0, 0, 0), 0.0)
    assert state.pace is None
    for number in range(40):
        state = state.after(ItemEnded(JOB, "a", "b", "", 1.0), 10.0 if number < 20 else 10 + number)
    assert state.pace == pytest.approx(1.0)
    assert state.done == 40


@pytest.mark.parametrize(
    ("count", "words"), [(900, "1 kB"), (2_500_000, "2 MB"), (1_400_000_000, "1.4 GB")]
)
def test_that_sizes_are_said_as_people_read_them(count: int, words: str) -> None:
    assert size_words(count) == words
