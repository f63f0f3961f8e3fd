"""What a person notices of the loupe."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest

from tests.gui.paper_engine import SHARP
from tests.gui.photo.test_enhance import LEFT, NO_KEY, RED, row

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gui.conftest import Studio

pytestmark = pytest.mark.usefixtures("enhance")


def point_at(studio: Studio, x: float, y: float) -> QPoint:
    """Moves the pointer to a share of the canvas."""
    canvas = studio.window.canvas
    spot = QPoint(round(x * canvas.width()), round(y * canvas.height()))
    QTest.mouseMove(canvas, spot)
    return spot


def loupe_colour(studio: Studio, x: float) -> tuple[int, int, int]:
    loupe = studio.window.canvas.loupe
    image = loupe.grab().toImage()
    colour = image.pixelColor(round(x * image.width()), image.height() // 3)
    return colour.red(), colour.green(), colour.blue()


def test_that_the_loupe_follows_the_pointer_and_a_click_pins_it(
    studio: Studio, large_photo: Path
) -> None:
    studio.enhance(large_photo)
    studio.window.actions_.loupe.trigger()
    canvas, loupe = studio.window.canvas, studio.window.canvas.loupe
    assert loupe.isVisible(), "it waits in the middle for the pointer"
    spot = point_at(studio, 0.4, 0.5)
    assert loupe.geometry().center().x() == pytest.approx(spot.x(), abs=2)
    QTest.mouseClick(canvas, LEFT, NO_KEY, spot)
    assert loupe.pinned
    point_at(studio, 0.7, 0.5)
    assert loupe.geometry().center().x() == pytest.approx(spot.x(), abs=2)
    studio.window.actions_.loupe.trigger()
    assert not loupe.isVisible()


def test_that_the_loupe_stays_in_use_from_photo_to_photo(
    studio: Studio, large_photo: Path, photo: Path
) -> None:
    studio.enhance(large_photo)
    studio.window.actions_.loupe.trigger()
    studio.workspace.open([photo])
    studio.bot.waitUntil(lambda: studio.workspace.photos.document.shown == photo, timeout=20_000)
    assert studio.window.canvas.loupe.on
    studio.rest()
    assert studio.window.canvas.loupe.on
    studio.window.rail.button("style").click()
    assert studio.window.canvas.loupe.on


def test_that_tab_goes_as_one_reads(studio: Studio, photo: Path) -> None:
    studio.enhance(photo)
    panel = studio.window.panel
    widget, passed = studio.window.top_bar.more, []
    for _ in range(200):
        widget = widget.nextInFocusChain()
        passed.append(widget)
    wanted = [
        studio.window.rail.button("style"), studio.window.canvas, row(studio, "noise").auto,
        row(studio, "noise").slider, row(studio, "grain").slider, panel.presets, panel.folder,
    ]  # fmt: skip
    found = [passed.index(each) for each in wanted]
    assert found == sorted(found)


def test_that_the_loupe_shows_before_and_after_in_full_size(
    studio: Studio, large_photo: Path
) -> None:
    studio.enhance(large_photo)
    studio.window.actions_.loupe.trigger()
    point_at(studio, 0.4, 0.5)
    studio.bot.waitUntil(lambda: loupe_colour(studio, 0.75) == SHARP, timeout=20_000)
    studio.bot.waitUntil(lambda: loupe_colour(studio, 0.25) == RED, timeout=20_000)
    asked = len(studio.engine.parts)
    region = studio.engine.parts[-1].region
    assert region is not None
    assert 256 <= region[2] < 1000
    row(studio, "noise").slider.setValue(40)
    studio.rest()
    assert len(studio.engine.parts) == asked + 1, "a slider acts on what it shows"


def test_that_wheel_and_key_double_what_the_loupe_shows(studio: Studio, large_photo: Path) -> None:
    studio.enhance(large_photo)
    actions, canvas = studio.window.actions_, studio.window.canvas
    actions.loupe.trigger()
    spot = QPointF(point_at(studio, 0.5, 0.5))
    event = QWheelEvent(
        spot, canvas.mapToGlobal(spot), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, NO_KEY,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    canvas.wheelEvent(event)
    assert canvas.loupe.zoom == 2
    assert actions.loupe_double.isChecked()
    assert canvas.view.fitted, "the picture stays as it is"
    actions.loupe_double.trigger()
    assert canvas.loupe.zoom == 1
    part = canvas.loupe.seen()
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    assert canvas.loupe.pinned
    moved = canvas.loupe.seen()
    assert part is not None
    assert moved is not None
    assert moved[0] > part[0]
