"""What a person notices of where a sketch goes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragMoveEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest

from studio.core.settings import load_preferences
from studio.gui.sketch.save_sketch import SaveSketch, Which
from tests.gui.paper_engine import SKETCH_SIDE
from tests.gui.sketch.test_sketch_result import asked
from tests.gui.sketching import (
    LEFT,
    NO_KEY,
    across,
    draw,
    open_page,
    wait_for_result,
)

if TYPE_CHECKING:
    from tests.gui.conftest import Studio

pytestmark = pytest.mark.usefixtures("enhance", "sketch")


def save_as(studio: Studio, what: Which, path: Path) -> None:
    """Answers the dialog."""
    dialog = studio.window.findChild(SaveSketch)
    assert dialog is not None
    dialog.what.setCurrentIndex(dialog.what.findData(what))
    dialog.name.setText(path.name)
    dialog.folder.setText(str(path.parent))
    dialog.format.setCurrentIndex(dialog.format.findText("PNG"))
    assert dialog.save.isEnabled()
    dialog.save.click()


def wait_for_file(studio: Studio, path: Path) -> None:
    studio.bot.waitUntil(path.exists, timeout=20_000)
    studio.bot.waitUntil(lambda: not studio.workspace.saves.running, timeout=20_000)


def test_that_old_drawings_are_removed_and_their_folder_goes_at_last(studio: Studio) -> None:
    page = open_page(studio)
    for row in (100, 200, 300):
        draw(page, *across(row))
        wait_for_result(studio)
    sources = [Path(each.source) for each in asked(studio)]
    assert len(set(sources)) >= 3, "a new name for each"
    folder = sources[0].parent
    studio.bot.waitUntil(lambda: not list(folder.iterdir()), timeout=20_000)
    draw(page, *across(400))
    studio.window.close()
    assert not folder.exists()


def test_that_result_doodle_and_both_are_saved_and_open(studio: Studio, tmp_path: Path) -> None:
    page = open_page(studio)
    draw(page, *across(256))
    wait_for_result(studio)
    for number, what in enumerate((Which.RESULT, Which.DOODLE, Which.BOTH)):
        (page.save.click if number else studio.window.actions_.save.trigger)()
        path = tmp_path / f"{what.value}.png"
        save_as(studio, what, path)
        wait_for_file(studio, path)
    wait_for_file(studio, tmp_path / "both-doodle.png")
    sizes = {}
    for path in tmp_path.glob("*.png"):
        with Image.open(path) as image:
            sizes[path.name] = image.size[0]
    assert sizes == {
        "result.png": 4 * SKETCH_SIDE, "doodle.png": 512, "both.png": 4 * SKETCH_SIDE,
        "both-doodle.png": 512,
    }, "as large as it is shown at rest"  # fmt: skip
    with Image.open(tmp_path / "doodle.png") as image:
        assert np.asarray(image.convert("L"))[256, 250] < 50
    studio.bot.waitUntil(studio.window.messages.isVisible, timeout=20_000)
    studio.window.close()
    assert load_preferences().sketch_saves == "both"


def test_that_a_file_that_would_be_replaced_is_named_before(studio: Studio, tmp_path: Path) -> None:
    page = open_page(studio)
    draw(page, *across(256))
    wait_for_result(studio)
    (tmp_path / "cat-doodle.png").write_bytes(b"")
    page.save.click()
    dialog = studio.window.findChild(SaveSketch)
    assert dialog is not None
    dialog.folder.setText(str(tmp_path))
    dialog.name.setText("cat")
    dialog.format.setCurrentIndex(dialog.format.findText("PNG"))
    assert dialog.save.text() == "Save"
    dialog.what.setCurrentIndex(dialog.what.findData(Which.BOTH))
    assert dialog.save.text() == "Replace"
    dialog.reject()


def test_that_a_drag_of_the_result_carries_its_file_and_its_pixels(studio: Studio) -> None:
    page = open_page(studio)
    assert page.result.mime() is None
    draw(page, *across(256))
    wait_for_result(studio)
    QTest.mousePress(page.result, LEFT, NO_KEY, page.result.rect().center())
    studio.bot.waitUntil(lambda: page.result.mime() is not None, timeout=20_000)
    QTest.mouseRelease(page.result, LEFT, NO_KEY, page.result.rect().center())
    data = page.result.mime()
    assert data is not None
    with Image.open(data.urls()[0].toLocalFile()) as image:
        assert image.size == (SKETCH_SIDE, SKETCH_SIDE)
    assert QImage(data.imageData()).size() == page.result.image.size()


def test_that_the_result_is_copied_as_large_as_it_can_be(studio: Studio) -> None:
    QGuiApplication.clipboard().clear()
    page = open_page(studio)
    assert not studio.window.actions_.copy.isEnabled(), "there is none"
    draw(page, *across(256))
    wait_for_result(studio)
    studio.window.actions_.copy.trigger()
    said = studio.window.messages.words
    studio.bot.waitUntil(lambda: "on the clipboard" in said.text(), timeout=20_000)
    assert QGuiApplication.clipboard().image().width() == 4 * SKETCH_SIDE


@pytest.mark.parametrize("by", ["menu", "drop"])
def test_that_the_result_goes_on_in_another_tool(
    studio: Studio, photo: Path, by: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio.open(photo)
    page = open_page(studio)
    draw(page, *across(256))
    wait_for_result(studio)
    if by == "menu":
        page.use.tools.actions()[1].trigger()
    else:
        page.result.held.emit()
        studio.bot.waitUntil(lambda: page.result.mime() is not None, timeout=20_000)
        data = page.result.mime()
        assert data is not None
        monkeypatch.setattr(QDropEvent, "source", lambda _: page.result)
        spot = QPointF(studio.window.rail.button("enhance").geometry().center())
        move = QDragMoveEvent(spot.toPoint(), Qt.DropAction.CopyAction, data, LEFT, NO_KEY)
        studio.window.rail.dragMoveEvent(move)
        assert move.isAccepted()
        drop = QDropEvent(spot, Qt.DropAction.CopyAction, data, LEFT, NO_KEY)
        studio.window.rail.dropEvent(drop)
    studio.bot.waitUntil(lambda: len(studio.workspace.photos.document.photos) == 2, timeout=20_000)
    studio.rest()
    assert studio.workspace.photos.document.photos[-1].path.name == "cat-1.png"
    assert studio.window.page is None
    assert studio.window.rail.button("enhance").isChecked()
    assert studio.engine.requests[-1].weights == "enhance/photo"
    if by == "menu":
        with Image.open(studio.workspace.photos.document.photos[-1].path) as image:
            assert image.size == (4 * SKETCH_SIDE, 4 * SKETCH_SIDE)
    looks = {each.path: each.look for each in studio.workspace.photos.document.photos}
    assert looks[photo] is not None
    assert looks[photo].weights == "style/gallery", "the other photo stays as it was"


def test_that_a_photo_dropped_on_the_tools_button_becomes_lines(
    studio: Studio, photo: Path
) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(photo))])
    spot = QPointF(studio.window.rail.button("sketch").geometry().center())
    studio.window.rail.dropEvent(QDropEvent(spot, Qt.DropAction.CopyAction, data, LEFT, NO_KEY))
    page = studio.commands.sketch.page
    assert studio.window.page is page
    studio.bot.waitUntil(page.lines.use.isEnabled, timeout=30_000)
    assert not studio.workspace.photos.document.photos
