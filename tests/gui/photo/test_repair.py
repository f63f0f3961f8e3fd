"""Repairing in the window: the brush, and the preset that does all that an old photo needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from studio.models import repair, tone
from tests.gui.painting import levels, stroke
from tests.gui.paper_weights import ENHANCE_CONTROLS, write_header

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QAction

    from studio.core.requests import Apply
    from tests.gui.conftest import Studio

CONTROLS = {
    "repair": repair.SPEC.controls({}), "photo": ENHANCE_CONTROLS, "tone": tone.SPEC.controls({}),
}  # fmt: skip


@pytest.fixture(autouse=True)
def steps(weights: Path) -> None:
    for name, controls in CONTROLS.items():
        write_header(weights / "enhance" / f"{name}.safetensors", name, controls)


def last(studio: Studio) -> Apply:
    studio.rest()
    return studio.engine.wholes[-1]


def clean(studio: Studio, photo: Path) -> None:
    """Opens a photo to be cleaned."""
    studio.open(photo)
    studio.window.rail.button("enhance").click()
    studio.bot.waitUntil(lambda: last(studio).weights == "enhance/photo", timeout=20_000)


def chain(request: Apply) -> list[str]:
    return [request.weights, *(step.weights for step in request.then)]


def entries(studio: Studio) -> dict[str, QAction]:
    menu = studio.commands.presets.menu
    menu.aboutToShow.emit()
    return {action.text(): action for action in menu.actions()}


def test_that_an_old_photo_goes_through_all_steps_and_each_can_be_switched_off(
    studio: Studio, photo: Path, other_photo: Path, tmp_path: Path
) -> None:
    clean(studio, photo)
    steps = studio.window.panel.steps.list
    assert steps.isHidden()
    entries(studio)["Old photo"].trigger()
    whole = ["enhance/repair", "enhance/photo", "enhance/tone"]
    studio.bot.waitUntil(lambda: chain(last(studio)) == whole, timeout=20_000)
    assert entries(studio)["Old photo"].isChecked()
    assert [steps.item(row).text() for row in range(steps.count())] == [
        "Enhance: repair", "Enhance: photo", "Enhance: tone",
    ]  # fmt: skip
    steps.item(1).setCheckState(Qt.CheckState.Unchecked)
    less = ["enhance/repair", "enhance/tone"]
    studio.bot.waitUntil(lambda: chain(last(studio)) == less, timeout=20_000)
    studio.window.actions_.undo.trigger()
    studio.bot.waitUntil(lambda: chain(last(studio)) == whole, timeout=20_000)
    assert steps.item(1).checkState() == Qt.CheckState.Checked
    studio.window.actions_.redo.trigger()

    (tmp_path / "results").mkdir()
    studio.workspace.photo_saves.save_all(tmp_path / "results")
    studio.bot.waitUntil(lambda: not studio.workspace.saves.running, timeout=20_000)
    assert chain(next(r for r in studio.engine.requests if r.output)) == less
    studio.workspace.open([other_photo])
    studio.bot.waitUntil(lambda: last(studio).source == str(other_photo), timeout=20_000)
    assert chain(last(studio)) == less
    studio.window.panel.folder.click()
    page = studio.commands.batch._page
    assert page is not None
    assert page.look.text() == "Enhance: repair, then Enhance: tone"
    page.form.source.show_path(str(tmp_path))
    page.progress.start.click()
    assert chain(studio.engine.batches[-1][1]) == less


def test_that_what_found_damage_is_shown_as_goes_through_no_later_step(
    studio: Studio, photo: Path
) -> None:
    clean(studio, photo)
    entries(studio)["Old photo"].trigger()
    whole = ["enhance/repair", "enhance/photo", "enhance/tone"]
    studio.bot.waitUntil(lambda: chain(last(studio)) == whole, timeout=20_000)
    studio.window.panel.steps.list.setCurrentRow(0)
    studio.workspace.photos.edit("show", "overlay")
    studio.bot.waitUntil(lambda: chain(last(studio)) == whole[:1], timeout=20_000)
    assert last(studio).settings["show"] == "overlay"
    studio.workspace.photos.edit("show", "result")
    studio.bot.waitUntil(lambda: chain(last(studio)) == whole, timeout=20_000)


def test_that_a_stroke_marks_what_should_go_and_a_mask_of_cleaning_does_not(
    studio: Studio, photo: Path
) -> None:
    clean(studio, photo)
    weights = studio.window.panel.weights
    studio.window.actions_.brush.trigger()
    stroke(studio, (0.3, 0.5), (0.6, 0.5))  # of where the photo stays as it is
    weights.setCurrentIndex(weights.findText("repair"))
    weights.activated.emit(weights.currentIndex())
    studio.bot.waitUntil(lambda: last(studio).weights == "enhance/repair", timeout=20_000)
    assert last(studio).settings["mask"] == ""
    studio.window.actions_.brush.setChecked(False)
    studio.window.actions_.brush.trigger()
    stroke(studio, (0.3, 0.5), (0.6, 0.5))
    studio.bot.waitUntil(lambda: last(studio).settings["mask"] != "", timeout=20_000)
    marks = levels(str(last(studio).settings["mask"]))
    height, width = marks.shape
    assert marks[height // 2, round(0.45 * width)] == 255
    assert marks[2, 2] == 128  # there it counts what is found
