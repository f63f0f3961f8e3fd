"""A photo that goes from tool to tool: its steps added, changed, reordered, switched off, saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from studio.core.presets import STEPS, load_presets
from studio.core.requests import to_json
from studio.gui.widgets.rows.slider_row import SliderRow
from studio.gui.widgets.steps.step_painter import cross_of, eye_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from PySide6.QtCore import QRect
    from PySide6.QtGui import QAction

    from studio.core.requests import Apply
    from tests.gui.conftest import Studio

pytestmark = pytest.mark.usefixtures("enhance")
STYLE, ENHANCE = "style/gallery", "enhance/photo"


def add(studio: Studio, title: str) -> None:
    """Goes on in a tool, through the menu."""
    actions = studio.window.panel.steps.tools.actions()
    next(action for action in actions if action.text() == title).trigger()


def ids(request: Apply) -> list[str]:
    return [step.weights for step in request.steps]


def asked(studio: Studio, wanted: Sequence[str]) -> Apply:
    """The whole preview that is asked for last, once it goes through such weights."""

    def holds() -> bool:
        return bool(studio.engine.wholes) and ids(studio.engine.wholes[-1]) == list(wanted)

    studio.bot.waitUntil(holds, timeout=20_000)
    studio.rest()
    return studio.engine.wholes[-1]


def shown(studio: Studio) -> list[tuple[str, bool]]:
    """The lines of the list, and which steps are on."""
    steps = studio.window.panel.steps.list
    items = [steps.item(row) for row in range(steps.count())]
    return [(item.text(), item.checkState() == Qt.CheckState.Checked) for item in items]


def slide(studio: Studio, name: str, value: int) -> None:
    row = studio.window.panel.row(name)
    assert isinstance(row, SliderRow)
    row.slider.setValue(value)


def press(studio: Studio, key: Qt.Key, *, alt: bool = False) -> None:
    """On the list of steps."""
    modifier = Qt.KeyboardModifier.AltModifier if alt else Qt.KeyboardModifier.NoModifier
    QTest.keyClick(studio.window.panel.steps.list, key, modifier)


def test_that_a_result_goes_on_in_another_tool_and_is_saved_through_both(
    studio: Studio, photo: Path, other_photo: Path, tmp_path: Path
) -> None:
    studio.enhance(photo)
    panel = studio.window.panel
    assert panel.steps.add.isVisible()
    assert not panel.steps.list.isVisible(), "one step needs no list"
    assert [action.text() for action in panel.steps.tools.actions()] == ["Style", "Enhance"]
    add(studio, "Style")
    asked(studio, [ENHANCE, STYLE])
    assert shown(studio) == [("Enhance: Photo", True), ("Style: Gallery", True)]
    assert panel.steps.list.currentRow() == 1
    assert studio.window.rail.button("style").isChecked()
    slide(studio, "stroke", 40)
    request = asked(studio, [ENHANCE, STYLE])
    assert request.then[0].settings["stroke"] != 1.0
    panel.steps.list.setCurrentRow(0)
    assert studio.window.rail.button("enhance").isChecked()
    slide(studio, "grain", 25)
    request = asked(studio, [ENHANCE, STYLE])
    assert request.settings["grain"] == 0.25
    assert request.then[0].settings["stroke"] != 1.0

    actions = studio.window.actions_
    panel.steps.list.setCurrentRow(1)
    actions.undo.trigger()
    assert panel.steps.list.currentRow() == 0, "one sees what was undone"
    assert asked(studio, [ENHANCE, STYLE]).settings["grain"] == 0.0
    actions.undo.trigger()
    assert asked(studio, [ENHANCE, STYLE]).then[0].settings["stroke"] == 1.0
    actions.undo.trigger()
    asked(studio, [ENHANCE])
    assert not panel.steps.list.isVisible()
    for _ in range(3):
        actions.redo.trigger()
    assert asked(studio, [ENHANCE, STYLE]) == request

    studio.workspace.open([other_photo])
    studio.bot.waitUntil(
        lambda: studio.engine.wholes[-1].source == str(other_photo), timeout=20_000
    )
    assert ids(studio.engine.wholes[-1]) == [ENHANCE, STYLE], "the next photo goes the same way"
    (tmp_path / "results").mkdir()
    studio.workspace.photo_saves.save_all(tmp_path / "results")
    studio.bot.waitUntil(lambda: not studio.workspace.saves.running, timeout=20_000)
    saved = {r.output: ids(r) for r in studio.engine.requests if r.output}
    assert saved == {
        str(tmp_path / "results" / f"{stem}-enhanced-styled.jpg"): [ENHANCE, STYLE]
        for stem in ("cat", "coffee")
    }


def test_that_steps_are_switched_off_reordered_and_removed_by_keys(
    studio: Studio, photo: Path
) -> None:
    studio.enhance(photo)
    add(studio, "Style")
    asked(studio, [ENHANCE, STYLE])
    press(studio, Qt.Key.Key_Up, alt=True)
    asked(studio, [STYLE, ENHANCE])
    assert studio.window.panel.steps.list.currentRow() == 0
    assert studio.window.rail.button("style").isChecked(), "it is still the one that is edited"
    press(studio, Qt.Key.Key_Up, alt=True)
    assert shown(studio)[0][0] == "Style: Gallery", "it goes no higher"
    press(studio, Qt.Key.Key_Space)
    asked(studio, [ENHANCE])
    assert shown(studio) == [("Style: Gallery", False), ("Enhance: Photo", True)]
    press(studio, Qt.Key.Key_Down)
    press(studio, Qt.Key.Key_Space)
    assert shown(studio)[1] == ("Enhance: Photo", True), "one of them is always on"
    press(studio, Qt.Key.Key_Up)
    slide(studio, "stroke", 40)
    asked(studio, [STYLE, ENHANCE])
    assert shown(studio)[0][1], "what is edited is seen"
    studio.window.rail.button("enhance").click()
    assert studio.window.panel.steps.list.currentRow() == 1, "a tool in use is turned to"
    asked(studio, [STYLE, ENHANCE])
    press(studio, Qt.Key.Key_Delete)
    asked(studio, [STYLE])
    assert not studio.window.panel.steps.list.isVisible()
    studio.window.actions_.undo.trigger()
    asked(studio, [STYLE, ENHANCE])


def test_that_what_acts_after_the_last_net_runs_no_other_and_the_first_asks_anew(
    studio: Studio, photo: Path
) -> None:
    studio.engine.seconds = 3.0  # slow: a draft comes first, whenever a net has to run
    studio.enhance(photo)
    add(studio, "Style")
    before = asked(studio, [ENHANCE, STYLE])
    drafts = len(studio.engine.drafts)
    slide(studio, "strength", 40)
    after = asked(studio, [ENHANCE, STYLE])
    assert after.then[0].settings["strength"] == 0.4
    assert len(studio.engine.drafts) == drafts, "its picture is kept, and only blended anew"
    assert to_json(after.through(after.steps[:1])) == to_json(before.through(before.steps[:1]))
    studio.window.panel.steps.list.setCurrentRow(0)
    slide(studio, "grain", 40)
    asked(studio, [ENHANCE, STYLE])
    assert len(studio.engine.drafts) == drafts + 1, "what follows has to run anew"


def entries(studio: Studio) -> dict[str, QAction]:
    """What is in the menu of presets, as it would be shown now."""
    menu = studio.commands.presets.menu
    menu.aboutToShow.emit()
    return {action.text(): action for action in menu.actions()}


def click(studio: Studio, row: int, place: Callable[[QRect], QRect]) -> None:
    """Clicks on a line of the list, where its eye or its cross is."""
    steps = studio.window.panel.steps.list
    spot = place(steps.visualItemRect(steps.item(row))).center()
    QTest.mouseClick(steps.viewport(), Qt.MouseButton.LeftButton, pos=spot)


def test_that_a_click_on_the_eye_switches_a_step_and_on_the_cross_removes_it(
    studio: Studio, photo: Path
) -> None:
    studio.enhance(photo)
    add(studio, "Style")
    asked(studio, [ENHANCE, STYLE])
    click(studio, 0, eye_of)
    asked(studio, [STYLE])
    assert shown(studio)[0] == ("Enhance: Photo", False)
    click(studio, 0, eye_of)
    asked(studio, [ENHANCE, STYLE])
    click(studio, 1, cross_of)
    asked(studio, [ENHANCE])


def test_that_all_steps_have_a_preset_and_are_pasted_with_the_masks_of_each_photo(
    studio: Studio, photo: Path, other_photo: Path, tmp_path: Path
) -> None:
    mask, presets = tmp_path / "mask.png", studio.commands.presets
    Image.new("L", (8, 8), 255).save(mask)
    studio.enhance(photo)
    studio.workspace.photos.edit("mask", str(mask))
    add(studio, "Style")
    slide(studio, "strength", 40)
    asked(studio, [ENHANCE, STYLE])
    assert {"Save this step as…", "Save all steps as…"} <= entries(studio).keys()
    presets.save_all_as("Clean, then paint")
    assert entries(studio)["Clean, then paint"].isChecked()
    studio.bot.waitUntil(lambda: bool(load_presets().of(STEPS)), timeout=20_000)
    [kept] = load_presets().of(STEPS)
    assert [(step.weights, step.settings["mask"]) for step in kept.steps] == [
        (ENHANCE, ""), (STYLE, ""),
    ]  # fmt: skip
    presets.save_as("Faint")
    studio.window.actions_.copy_settings.trigger()

    studio.workspace.open([other_photo])
    studio.bot.waitUntil(
        lambda: studio.engine.wholes[-1].source == str(other_photo), timeout=20_000
    )
    studio.workspace.steps.remove(1)
    other = str(tmp_path / "other.png")
    Image.open(mask).save(other)
    studio.workspace.photos.edit("mask", other)
    asked(studio, [ENHANCE])
    assert "Save as…" in entries(studio)
    assert "Faint" not in entries(studio), "it is one of Style's"
    entries(studio)["Clean, then paint"].trigger()
    applied = asked(studio, [ENHANCE, STYLE])
    assert applied.settings["mask"] == other, "a photo keeps its own mask"
    assert applied.then[0].settings["strength"] == 0.4
    studio.window.actions_.undo.trigger()
    asked(studio, [ENHANCE])
    studio.window.actions_.paste_settings.trigger()
    assert asked(studio, [ENHANCE, STYLE]) == applied
    presets.menu.aboutToShow.emit()
    delete = [m for m in presets.menu.findChildren(QMenu) if m.title() == "Delete"][-1]
    next(a for a in delete.actions() if a.text() == "Clean, then paint").trigger()
    studio.bot.waitUntil(lambda: load_presets().of(STEPS) == (), timeout=20_000)
    assert load_presets().of("style"), "the other stays"


def test_that_a_folder_is_done_through_all_steps(studio: Studio, photo: Path) -> None:
    studio.enhance(photo)
    add(studio, "Style")
    asked(studio, [ENHANCE, STYLE])
    studio.window.panel.folder.click()
    page = studio.commands.batch.page
    assert page.look.text() == "Enhance: Photo, then Style: Gallery"
    assert len(page.settings.text().splitlines()) == 2
    page.form.source.show_path(str(photo.parent))
    assert page.form.output.line.text() == f"{photo.parent}-enhanced-styled"
    page.progress.start.click()
    batch = studio.engine.batches[-1][1]
    assert [step.weights for step in batch.steps] == [ENHANCE, STYLE]
    assert batch.steps[1].settings["strength"] == 1.0
