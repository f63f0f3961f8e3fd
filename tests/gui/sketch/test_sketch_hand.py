"""What a person notices of the pen, the brushes and the fill."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import (
    QInputDevice,
    QPointingDevice,
    QTabletEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio.gui.sketch.brush import Brush, Tip
from studio.gui.state.drawing import Point
from tests.gui.paper_weights import PALETTE
from tests.gui.sketching import (
    LEFT,
    NO_KEY,
    across,
    colour_at,
    draw,
    draw_houses,
    is_inked,
    open_page,
    sheet,
)

if TYPE_CHECKING:
    from studio.gui.sketch.page import SketchPage
    from tests.gui.conftest import Studio


pytestmark = pytest.mark.usefixtures("enhance", "sketch")


NAMES = {label["name"]: label["colour"] for label in PALETTE}


def press_with_pen(page: SketchPage, pressure: float, row: float, *, eraser: bool = False) -> None:
    """Draws a line across the paper with a tablet's pen."""
    kind = QPointingDevice.PointerType.Eraser if eraser else QPointingDevice.PointerType.Pen
    device = QPointingDevice(
        "pen", 1, QInputDevice.DeviceType.Stylus, kind,
        QInputDevice.Capability.Position | QInputDevice.Capability.Pressure, 1, 1,
    )  # fmt: skip
    kinds = [QEvent.Type.TabletPress, *[QEvent.Type.TabletMove] * 11, QEvent.Type.TabletRelease]
    for type_, place in zip(kinds, across(row), strict=True):
        spot = page.paper.place_of(Point(*place))
        there = QPointF(page.paper.mapToGlobal(spot))
        up = type_ == QEvent.Type.TabletRelease
        event = QTabletEvent(
            type_, device, spot, there, pressure, 0.0, 0.0, 0.0, 0.0, 0.0, NO_KEY, LEFT,
            Qt.MouseButton.NoButton if up else LEFT,
        )  # fmt: skip
        QApplication.sendEvent(page.paper, event)


def thickness(studio: Studio, column: float, row: float) -> int:
    """Px of ink above and below a place."""
    rows = range(round(row) - 60, round(row) + 60)
    return sum(is_inked(studio, column, each) for each in rows)


def test_that_the_eraser_leaves_paper(studio: Studio) -> None:
    page = open_page(studio)
    draw(page, *across(200))
    QTest.keyClick(studio.window, Qt.Key.Key_E)
    assert page.tools.tips[Tip.ERASER].isChecked()
    draw(page, *across(200, 200, 300))
    assert [is_inked(studio, x, 200) for x in (120, 250, 380)] == [True, False, True]
    assert colour_at(sheet(studio), 250, 200) == "#ffffff"
    QTest.keyClick(studio.window, Qt.Key.Key_B)
    draw(page, *across(200, 240, 260))
    assert is_inked(studio, 250, 200)


def test_that_brackets_and_the_slider_set_the_width_of_each_tool(studio: Studio) -> None:
    page = open_page(studio)
    slider = page.tools.width_slider
    pen = slider.value()
    QTest.keyClick(studio.window, Qt.Key.Key_BracketRight)
    assert slider.value() == pen + 1
    QTest.keyClick(studio.window, Qt.Key.Key_BracketLeft)
    assert slider.value() == pen
    slider.setValue(40)
    draw(page, *across(200))
    assert 38 <= thickness(studio, 250, 200) <= 41
    page.tools.tips[Tip.ERASER].click()
    assert slider.value() != 40, "the eraser has its own"
    page.tools.tips[Tip.PEN].click()
    assert slider.value() == 40


def test_that_a_brush_has_a_least_and_a_largest_width() -> None:
    brush = Brush(Tip.PEN, 6, 36, "#000000")
    assert brush.wider(-99).width == 1
    assert brush.wider(99).width == 96
    assert (brush.wider(99).eraser, brush.of_width(0).width) == (36, 1)


def test_that_a_pens_pressure_sets_the_width_and_its_other_end_erases(studio: Studio) -> None:
    page = open_page(studio)
    page.tools.width_slider.setValue(40)
    press_with_pen(page, 1.0, 120)
    press_with_pen(page, 0.25, 320)
    assert 38 <= thickness(studio, 250, 120) <= 41
    assert 9 <= thickness(studio, 250, 320) <= 11
    press_with_pen(page, 1.0, 320, eraser=True)
    assert thickness(studio, 250, 320) == 0
    assert not page.tools.tips[Tip.ERASER].isChecked(), "the tool in hand stays"


def test_that_a_fill_stays_within_closed_lines_and_labels_stay_pure(studio: Studio) -> None:
    page = draw_houses(studio)
    box = [(100, 100), (400, 110), (390, 400), (110, 390), (100, 100)]
    page.side.swatches[NAMES["window"]].click()
    draw(page, *box)
    QTest.keyClick(studio.window, Qt.Key.Key_G)
    page.side.swatches[NAMES["door"]].click()
    draw(page, (250, 250))
    image = sheet(studio)
    assert colour_at(image, 250, 250) == NAMES["door"]
    assert colour_at(image, 30, 30) == NAMES["background"]
    found = {image.pixelColor(x, y).name() for x in range(0, 512, 2) for y in range(0, 512, 2)}
    assert found == {NAMES["window"], NAMES["door"], NAMES["background"]}
    page.tools.undo.click()
    assert colour_at(sheet(studio), 250, 250) == NAMES["background"]


def test_that_only_label_maps_have_colours_and_fill(studio: Studio) -> None:
    page = open_page(studio)
    fill = page.tools.tips[Tip.FILL]
    assert not fill.isVisible()
    assert not page.side.swatches
    QTest.keyClick(studio.window, Qt.Key.Key_G)
    assert page.tools.tips[Tip.PEN].isChecked()
    studio.commands.sketch.choose_weights("sketch/facades")
    assert fill.isVisible()
    assert [button.text().strip() for button in page.side.swatches.values()] == [
        name.capitalize() for name in NAMES
    ]
    assert colour_at(sheet(studio), 9, 9) == NAMES["background"]
