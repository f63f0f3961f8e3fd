"""What a person notices of a tool that finds its own levels and shows parts in full size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from studio.gui.shell.window import Window
from studio.gui.state.messages import Messages
from studio.gui.state.photo.region import is_worth_it, region_for
from studio.gui.widgets.rows.slider_row import SliderRow
from tests.gui.paper_engine import REDUCED, SHARP

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from tests.gui.conftest import Studio

LEFT = Qt.MouseButton.LeftButton
NO_KEY = Qt.KeyboardModifier.NoModifier
RED = (200, 0, 0)

pytestmark = pytest.mark.usefixtures("enhance")


def row(studio: Studio, name: str) -> SliderRow:
    found = studio.window.panel.row(name)
    assert isinstance(found, SliderRow)
    return found


def choose_weights(studio: Studio, title: str) -> None:
    weights = studio.window.panel.weights
    weights.setCurrentIndex(weights.findText(title))
    weights.activated.emit(weights.currentIndex())


def test_that_each_tool_with_weights_has_its_button(studio: Studio, photo: Path) -> None:
    assert studio.window.rail.models == ["style", "enhance"]
    studio.enhance(photo)
    assert studio.window.rail.button("enhance").isChecked()
    studio.window.actions_.undo.trigger()
    assert studio.window.rail.button("style").isChecked()


def test_that_a_tool_comes_back_as_it_was_left(studio: Studio, photo: Path) -> None:
    studio.enhance(photo)
    row(studio, "grain").slider.setValue(30)
    studio.window.rail.button("style").click()
    studio.wait_for_colour(studio.colours["wave"])
    studio.window.rail.button("enhance").click()
    assert row(studio, "grain").slider.value() == 30


def test_that_levels_that_were_found_are_shown_and_follow_the_photo(
    studio: Studio, photo: Path, other_photo: Path
) -> None:
    studio.enhance(photo)
    noise, jpeg = row(studio, "noise"), row(studio, "jpeg")
    assert (noise.number.text(), jpeg.number.text()) == ("auto · 12.3", "auto · 71")
    assert noise.auto.isChecked()
    assert noise.slider.value() == 25, "12.3 of steps of 0.5"
    studio.engine.go.clear()
    studio.workspace.open([other_photo])
    studio.bot.waitUntil(
        lambda: studio.workspace.photos.document.shown == other_photo, timeout=20_000
    )
    assert noise.number.text() == "auto", "nothing is known of it yet"
    studio.engine.go.set()
    studio.bot.waitUntil(lambda: noise.number.text() == "auto · 12.3", timeout=20_000)


def test_that_moving_a_slider_leaves_auto_and_a_double_click_returns(
    studio: Studio, photo: Path
) -> None:
    studio.enhance(photo)
    noise = row(studio, "noise")
    noise.slider.setValue(40)
    assert noise.number.text() == "20.0"
    assert not noise.auto.isChecked()
    studio.rest()
    assert studio.engine.wholes[-1].settings == {
        "noise": 20.0, "jpeg": "auto", "grain": 0.0, "mask": "",
    }  # fmt: skip
    studio.window.actions_.undo.trigger()
    assert noise.number.text() == "auto · 12.3"
    studio.window.actions_.redo.trigger()
    QTest.mouseDClick(noise.slider, LEFT, NO_KEY, noise.slider.rect().center())
    assert noise.number.text() == "auto · 12.3"
    studio.rest()
    assert studio.engine.wholes[-1].settings["noise"] == "auto"


def test_that_the_toggle_takes_over_the_level_that_was_found(studio: Studio, photo: Path) -> None:
    studio.enhance(photo)
    noise = row(studio, "noise")
    noise.auto.click()
    assert noise.number.text() == "12.5"
    noise.auto.click()
    assert noise.number.text() == "auto · 12.3"
    assert studio.window.actions_.undo.isEnabled()


def test_that_at_full_size_the_visible_part_is_sharp(studio: Studio, large_photo: Path) -> None:
    studio.enhance(large_photo)
    assert not studio.engine.parts
    studio.window.actions_.full.trigger()
    studio.wait_for_colour(SHARP)
    left, top, width, height = studio.engine.parts[-1].region or (0, 0, 0, 0)
    canvas = studio.window.canvas
    assert left > 0
    assert top > 0
    assert canvas.width() <= width < 2400
    assert canvas.height() <= height < 1600
    studio.window.actions_.fit.trigger()
    studio.wait_for_colour(REDUCED)


def test_that_small_pans_ask_for_nothing_and_large_ones_do(
    studio: Studio, large_photo: Path
) -> None:
    studio.enhance(large_photo)
    studio.window.actions_.full.trigger()
    studio.wait_for_colour(SHARP)
    studio.rest()
    asked = len(studio.engine.requests)
    QTest.keyClick(studio.window.canvas, Qt.Key.Key_Right)
    studio.rest()
    assert len(studio.engine.requests) == asked
    for _ in range(8):
        QTest.keyClick(studio.window.canvas, Qt.Key.Key_Right)
    studio.rest()
    assert len(studio.engine.requests) == asked + 1, "one for where it came to rest"


def test_that_a_slider_acts_on_the_visible_part_first(studio: Studio, large_photo: Path) -> None:
    studio.enhance(large_photo)
    studio.window.actions_.full.trigger()
    studio.wait_for_colour(SHARP)
    studio.rest()
    studio.engine.requests.clear()
    row(studio, "noise").slider.setValue(40)
    studio.rest()
    asked = [(r.region is not None, r.settings["noise"]) for r in studio.engine.requests]
    assert asked == [(True, 20.0), (False, 20.0)]


def test_that_a_part_of_an_old_look_is_not_shown_again(studio: Studio, large_photo: Path) -> None:
    studio.enhance(large_photo)
    studio.window.actions_.full.trigger()
    studio.wait_for_colour(SHARP)
    studio.window.actions_.fit.trigger()
    studio.rest()
    row(studio, "noise").slider.setValue(40)
    studio.rest()
    studio.engine.go.clear()
    studio.window.actions_.full.trigger()
    studio.wait_for_colour(REDUCED)
    studio.engine.go.set()
    studio.wait_for_colour(SHARP)


def test_that_before_is_as_sharp_as_after(studio: Studio, large_photo: Path) -> None:
    studio.enhance(large_photo)
    studio.window.actions_.full.trigger()
    studio.window.actions_.compare.trigger()
    studio.wait_for_colour(SHARP, x=0.55)
    studio.wait_for_colour(RED, x=0.45)


def test_that_every_tool_and_several_are_seen_in_full_size_and_what_is_not_is_said(
    studio: Studio, large_photo: Path
) -> None:
    extent = studio.window.status.extent
    studio.open(large_photo)
    assert extent.text() == "Preview of 2400 × 1600 px"
    assert studio.window.actions_.loupe.isEnabled()
    studio.window.actions_.full.trigger()
    studio.wait_for_colour(SHARP)
    assert extent.text() == "2400 × 1600 px"
    studio.window.panel.steps.tools.actions()[0].trigger()
    studio.bot.waitUntil(lambda: bool(studio.engine.parts[-1].then), timeout=20_000)
    studio.rest()
    studio.wait_for_colour(SHARP)
    assert extent.text() == "2400 × 1600 px"
    studio.window.actions_.fit.trigger()
    studio.bot.waitUntil(lambda: extent.text() == "Preview of 2400 × 1600 px", timeout=20_000)


def test_that_a_small_photo_is_no_preview_of_itself(studio: Studio, photo: Path) -> None:
    studio.open(photo)
    studio.window.actions_.double.trigger()
    studio.rest()
    assert not studio.engine.parts
    assert studio.window.status.extent.text() == "451 × 300 px"


def test_that_the_loupe_is_offered_only_where_some_weights_can_use_it(
    qtbot: QtBot, studio: Studio
) -> None:
    assert studio.window.top_bar.loupe.isVisible()
    plain = Window(Messages())
    qtbot.addWidget(plain)
    plain.furnish()
    plain.show()
    assert not plain.top_bar.loupe.isVisible()
    plain.offer_loupe(True)
    assert plain.top_bar.loupe.isVisible()
    plain.offer_loupe(False)
    assert not plain.top_bar.loupe.isVisible()
    plain.close()


def test_that_a_result_of_twice_the_size_is_shown_and_said_so(studio: Studio, photo: Path) -> None:
    studio.enhance(photo)
    width, height = studio.window.canvas.view.picture
    choose_weights(studio, "Upscale2X")
    assert studio.window.canvas.view.picture == (2 * width, 2 * height)
    studio.rest()
    assert studio.window.status.extent.text() == f"{2 * width:.0f} × {2 * height:.0f} px"
    assert studio.workspace.screen.size == (2 * width, 2 * height)
    studio.window.actions_.compare.trigger()
    assert studio.colour(0.75, 0.25) == REDUCED
    before = studio.colour(0.25, 0.25)
    studio.window.actions_.compare.trigger()
    QTest.keyPress(studio.window.canvas, Qt.Key.Key_Space)
    assert np.abs(np.subtract(studio.colour(0.25, 0.25), before)).max() <= 2, "the same place"


def test_that_a_part_of_a_larger_result_lies_where_it_belongs(
    studio: Studio, large_photo: Path
) -> None:
    studio.enhance(large_photo)
    choose_weights(studio, "Upscale2X")
    studio.window.actions_.double.trigger()
    studio.wait_for_colour(SHARP)
    region = studio.engine.parts[-1].region
    assert region is not None
    left, top, right, bottom = (side / 2 for side in studio.window.canvas.view.visible)
    assert region[0] <= left
    assert region[1] <= top
    assert right <= region[0] + region[2]
    assert bottom <= region[1] + region[3]


def test_that_a_region_is_kept_for_as_long_as_it_does() -> None:
    photo = (4000, 3000)
    first = region_for((1000, 1000, 1900, 1600), photo, 0.125, None)
    assert first == (832, 896, 1216, 832)
    assert region_for((1050, 1020, 1950, 1620), photo, 0.125, first) == first
    assert region_for((1500, 1000, 2400, 1600), photo, 0.125, first) != first
    assert region_for((1400, 1200, 1500, 1300), photo, 0.125, first)[2] < 400, "much closer"
    edge = region_for((3800, 2900, 4000, 3000), photo, 0.125, None)
    assert (edge[0] + edge[2], edge[1] + edge[3]) == photo


def test_that_no_part_is_asked_for_where_the_whole_shows_as_much() -> None:
    assert is_worth_it((0, 0, 1200, 800), (4000, 3000), 1280)
    assert not is_worth_it((0, 0, 400, 300), (450, 300), 1280)
    assert is_worth_it((0, 0, 256, 256), (1200, 800), 1280), "it comes sooner"
