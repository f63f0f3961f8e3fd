"""How a picture is looked at: the original, the divider, the whole screen, the picture's menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from studio.gui.widgets.picture.histogram import Histogram
from tests.gui.paper_engine import REDUCED

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gui.conftest import Studio

LEFT, NO_KEY = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds, which stand still until the test sets them."""
    now = [0.0]
    monkeypatch.setattr("studio.gui.widgets.original_button.monotonic", lambda: now[0])
    return now


def activate(studio: Studio) -> None:
    studio.window.activateWindow()  # only then do its keys work
    studio.bot.waitUntil(studio.window.isActiveWindow, timeout=20_000)


def press_original(studio: Studio, clock: list[float], seconds: float) -> bool:
    """Returns whether the original is seen while it is pressed."""
    button = studio.window.top_bar.original
    QTest.mousePress(button, LEFT)
    seen = studio.colour() != studio.colours["wave"]
    clock[0] += seconds
    QTest.mouseRelease(button, LEFT)
    return seen


def test_that_a_click_shows_the_original_until_the_next_click(
    studio: Studio, photo: Path, other_photo: Path, clock: list[float]
) -> None:
    studio.open(photo)
    assert press_original(studio, clock, 0.1)
    assert studio.colour() != studio.colours["wave"]
    assert studio.window.top_bar.original.isChecked()
    QTest.keyPress(studio.window.canvas, Qt.Key.Key_Space)
    QTest.keyRelease(studio.window.canvas, Qt.Key.Key_Space)
    assert studio.colour() != studio.colours["wave"]  # it is still clicked
    press_original(studio, clock, 0.1)
    assert studio.colour() == studio.colours["wave"]

    press_original(studio, clock, 0.1)
    studio.open(other_photo)
    assert not studio.window.top_bar.original.isChecked()
    assert studio.colour() == studio.colours["wave"]


def test_that_holding_shows_the_original_for_as_long(
    studio: Studio, photo: Path, clock: list[float]
) -> None:
    studio.open(photo)
    assert press_original(studio, clock, 2.0)
    assert studio.colour() == studio.colours["wave"]
    assert not studio.window.top_bar.original.isChecked()


def test_that_the_divider_says_which_side_is_which_where_there_is_room(
    studio: Studio, photo: Path
) -> None:
    studio.open(photo)
    studio.window.actions_.compare.trigger()
    canvas = studio.window.canvas

    def plates() -> list[bool]:
        """Whether something darker than the picture lies left and right of the line's top."""
        image = canvas.grab().toImage()
        ratio, rect = image.devicePixelRatio(), canvas.picture_rect()
        line = rect.left() + canvas.divider * rect.width()
        found: list[bool] = []
        for side in (-1, 1):
            there = image.pixelColor(
                QPoint(round((line + side * 24) * ratio), round((rect.top() + 16) * ratio))
            )
            below = image.pixelColor(
                QPoint(round((line + side * 24) * ratio), round((rect.top() + 60) * ratio))
            )
            dark, plain = (np.array(c.getRgb()[:3], float).sum() for c in (there, below))
            found.append(bool(dark < 0.7 * plain))
        return found

    assert plates() == [True, True]
    canvas.move_divider(0.02)
    assert plates()[1]
    canvas.move_divider(0.5)
    studio.window.actions_.compare.trigger()
    assert plates() == [False, False]


def test_that_before_and_after_lie_side_by_side_and_move_together(
    studio: Studio, large_photo: Path
) -> None:
    studio.open(large_photo)
    canvas, actions = studio.window.canvas, studio.window.actions_
    actions.compare.trigger()
    activate(studio)
    QTest.keyClick(studio.window, Qt.Key.Key_C, Qt.KeyboardModifier.ShiftModifier)
    assert actions.beside.isChecked()
    assert not actions.compare.isChecked()

    def colours(y: float) -> list[tuple[int, ...]]:
        """In the middle of either half, at a share of the canvas' height."""
        image = canvas.grab().toImage()
        spots = [QPoint(round(x * image.width()), round(y * image.height())) for x in (0.25, 0.75)]
        return [image.pixelColor(spot).getRgb()[:3] for spot in spots]

    ground = QColor(studio.window.theme.ground).getRgb()[:3]
    assert colours(0.5) == [(200, 0, 0), studio.colours["wave"]]
    assert colours(0.05) == [ground, ground]  # fitted: the whole photo in either half
    right = QPointF(canvas.width() * 0.75, canvas.height() / 2)
    canvas.zoom_by(8, right)
    assert colours(0.05) == [(200, 0, 0), studio.colours["wave"]]
    middle = canvas.view.origin[0] + canvas.view.picture[0] * canvas.view.scale / 2
    assert abs(middle - canvas.width() * canvas.devicePixelRatioF() / 4) < 9
    actions.brush.trigger()
    assert not actions.beside.isChecked()
    actions.beside.trigger()
    assert not actions.brush.isChecked()
    QTest.keyClick(studio.window, Qt.Key.Key_Escape)
    assert not actions.beside.isChecked()


def test_that_f11_fills_the_screen_and_escape_leaves_it(studio: Studio, photo: Path) -> None:
    studio.open(photo)
    activate(studio)
    QTest.keyClick(studio.window, Qt.Key.Key_F11)
    assert studio.window.isFullScreen()
    QTest.keyClick(studio.window, Qt.Key.Key_Escape)
    assert not studio.window.isFullScreen()
    assert not studio.window.actions_.full_screen.isChecked()


def open_menu(studio: Studio, reason: QContextMenuEvent.Reason) -> QMenu:
    canvas = studio.window.canvas
    middle = canvas.rect().center()
    QApplication.sendEvent(
        canvas, QContextMenuEvent(reason, middle, canvas.mapToGlobal(middle), NO_KEY)
    )
    return next(m for m in studio.window.findChildren(QMenu) if m.isVisible())


def test_that_the_picture_has_a_menu(studio: Studio, photo: Path, outside: list[Path]) -> None:
    studio.open(photo)
    for reason in (QContextMenuEvent.Reason.Mouse, QContextMenuEvent.Reason.Keyboard):
        menu = open_menu(studio, reason)
        offered = {action.text(): action for action in menu.actions() if action.isEnabled()}
        assert {"Save…", "Copy picture", "Original", "Compare", "Fit", "100 %"} <= set(offered)
        menu.close()
    offered["Original"].trigger()
    assert studio.colour() != studio.colours["wave"]
    offered["Show in folder"].trigger()
    assert outside == [photo.parent]


def test_that_the_result_is_copied_in_full_size(studio: Studio, photo: Path) -> None:
    studio.open(photo)
    clipboard = QGuiApplication.clipboard()
    clipboard.clear()
    activate(studio)
    QTest.keyClick(studio.window, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    studio.bot.waitUntil(lambda: not clipboard.image().isNull(), timeout=20_000)
    request = studio.engine.ran[-1]
    assert request.source == str(photo)
    assert (clipboard.image().width(), clipboard.image().height()) == (451, 300)
    assert studio.window.messages.words.text() == "The picture is on the clipboard."


def test_that_a_copy_that_fails_is_said(studio: Studio, photo: Path) -> None:
    studio.open(photo)
    studio.engine.fail = "the disk is full"
    studio.window.actions_.copy.trigger()
    studio.bot.waitUntil(studio.window.messages.isVisible, timeout=20_000)
    said = studio.window.messages.words.text()
    assert said == "Nothing was copied: the disk is full. Try another photo."


@pytest.mark.usefixtures("enhance")
def test_that_a_histogram_shows_the_tones_where_the_panel_has_room(
    studio: Studio, photo: Path
) -> None:
    studio.enhance(photo)
    (shown,) = (each for each in studio.window.panel.findChildren(Histogram) if each.isVisible())
    assert shown.height() > 60
    empty = shown.palette().window().color()

    def painted(level: int) -> bool:
        """Whether something stands above a level of 255."""
        image = shown.grab().toImage()
        at = round((level // 4) * (shown.width() - 1) / 63)
        return image.pixelColor(at, shown.height() // 2) != empty

    studio.bot.waitUntil(lambda: all(map(painted, REDUCED)), timeout=20_000)
    assert not painted(253)
    studio.window.rail.button("style").click()
    studio.settle()
    assert not [each for each in studio.window.panel.findChildren(Histogram) if each.isVisible()]
