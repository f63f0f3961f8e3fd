"""What a person notices of a picture that is taken over as lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import (
    QDropEvent,
    QGuiApplication,
    QImage,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from tests.gui.paper_weights import PALETTE
from tests.gui.sketching import (
    LEFT,
    NO_KEY,
    across,
    draw,
    draw_houses,
    ink,
    is_inked,
    open_page,
    sheet,
    wait_for_result,
)

if TYPE_CHECKING:
    from pathlib import Path

    from studio.gui.sketch.page import SketchPage
    from tests.gui.conftest import Studio

pytestmark = pytest.mark.usefixtures("enhance", "sketch")
NAMES = {label["name"]: label["colour"] for label in PALETTE}


def drop(page: SketchPage, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    page.dropEvent(QDropEvent(QPointF(200, 200), Qt.DropAction.CopyAction, data, LEFT, NO_KEY))


def wait_for_lines(studio: Studio, page: SketchPage) -> None:
    studio.bot.waitUntil(page.lines.use.isEnabled, timeout=30_000)


def test_that_a_dropped_photo_becomes_lines_and_a_threshold_thins_them(
    studio: Studio, photo: Path
) -> None:
    page = open_page(studio)
    drop(page, photo)
    wait_for_lines(studio, page)
    assert page.lines.isVisible()
    studio.bot.waitUntil(lambda: not page.result.image.isNull(), timeout=20_000)
    draw(page, *across(200))
    assert studio.commands.sketch.board.sheet.blank, "nothing is drawn meanwhile"
    page.lines.threshold.setValue(20)
    page.lines.use.click()
    many = ink(sheet(studio))
    assert many > 1000
    drop(page, photo)
    wait_for_lines(studio, page)
    lines = studio.commands.sketch.lines
    first = lines.traced
    page.lines.threshold.setValue(80)
    studio.bot.waitUntil(lambda: lines.traced is not first, timeout=30_000)
    QTest.keyClick(page.lines.threshold, Qt.Key.Key_Return)
    assert page.tools.isVisible()
    assert 0 < ink(sheet(studio)) < 0.7 * many
    studio.window.actions_.undo.trigger()
    assert ink(sheet(studio)) == pytest.approx(many)


def test_that_escape_leaves_the_drawing_as_it_was(studio: Studio, photo: Path) -> None:
    page = open_page(studio)
    draw(page, *across(200))
    drawn = QImage(sheet(studio))
    drop(page, photo)
    wait_for_lines(studio, page)
    QTest.keyClick(page.lines.threshold, Qt.Key.Key_Escape)
    assert page.tools.isVisible()
    assert sheet(studio) == drawn
    assert page.isVisible()
    wait_for_result(studio)


def test_that_undo_while_lines_are_chosen_only_goes_back_to_the_drawing(
    studio: Studio, photo: Path
) -> None:
    page = open_page(studio)
    actions = studio.window.actions_
    for row in (100, 200):
        draw(page, *across(row))
    actions.undo.trigger()
    drop(page, photo)
    assert not actions.redo.isEnabled()
    wait_for_lines(studio, page)
    actions.undo.trigger()
    assert page.tools.isVisible()
    assert [is_inked(studio, 250, row) for row in (100, 200)] == [True, False]
    assert actions.redo.isEnabled()
    actions.undo.trigger()
    assert not is_inked(studio, 250, 100)
    drop(page, photo)
    assert actions.undo.isEnabled(), "though nothing is drawn, there are lines to leave"
    actions.undo.trigger()
    assert page.tools.isVisible()
    assert not actions.undo.isEnabled()


def test_that_nothing_is_saved_while_lines_are_chosen(studio: Studio, photo: Path) -> None:
    page = open_page(studio)
    draw(page, *across(200))
    save = studio.window.actions_.save
    assert save.isEnabled()
    drop(page, photo)
    assert not save.isEnabled()
    wait_for_lines(studio, page)
    studio.bot.waitUntil(lambda: not studio.commands.sketch.live.busy, timeout=20_000)
    assert not save.isEnabled()
    page.lines.use.click()
    assert save.isEnabled()


def test_that_a_pasted_picture_becomes_lines_in_a_pure_colour(studio: Studio) -> None:
    page = draw_houses(studio)
    image = QImage(200, 200, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    for row in range(60, 140):
        for column in range(60, 140):
            image.setPixelColor(column, row, Qt.GlobalColor.black)
    QGuiApplication.clipboard().setImage(image)
    studio.window.actions_.paste.trigger()
    wait_for_lines(studio, page)
    page.lines.use.click()
    found = {sheet(studio).pixelColor(x, y).name() for x in range(512) for y in range(0, 512, 8)}
    assert found == {NAMES["wall"], NAMES["background"]}


def test_that_a_file_that_is_no_picture_is_said_to_be_none(studio: Studio, tmp_path: Path) -> None:
    page = open_page(studio)
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    drop(page, broken)
    studio.bot.waitUntil(studio.window.messages.isVisible, timeout=20_000)
    assert "broken.png" in studio.window.messages.words.text()
    assert page.tools.isVisible()
    draw(page, *across(200))
    assert is_inked(studio, 250, 200)


def test_that_the_photo_dialog_takes_lines(studio: Studio, photo: Path) -> None:
    page = open_page(studio)
    page.import_.click()
    dialog = page.findChild(QFileDialog)
    assert dialog is not None
    dialog.fileSelected.emit(str(photo))
    dialog.reject()
    wait_for_lines(studio, page)
    assert page.lines.isVisible()


def test_that_a_folder_throws_no_lines_away_and_its_message_hides_no_tool(
    studio: Studio, photo: Path, tmp_path: Path
) -> None:
    page = open_page(studio)
    drop(page, photo)
    wait_for_lines(studio, page)
    drop(page, tmp_path)
    messages = studio.window.messages
    assert " is a folder." in messages.words.text()
    assert page.lines.isVisible(), "the lines wait still"
    assert page.lines.use.isEnabled()
    studio.settle()
    bottom = page.lines.mapTo(studio.window, page.lines.rect().bottomLeft()).y()
    assert messages.mapTo(studio.window, messages.rect().topLeft()).y() > bottom
