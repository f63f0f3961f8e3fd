"""What a person notices in the window."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from studio.core.settings import load_preferences
from studio.gui.shell.geometry import geometry_text, restore
from studio.gui.widgets.save_dialog import SaveDialog
from tests.gui.paper_weights import CONTROLS, write_header

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gui.conftest import Studio

LEFT = Qt.MouseButton.LeftButton
NO_KEY = Qt.KeyboardModifier.NoModifier
_SCREEN_WIDTH = slice(46, 50)  # in what `QWidget.saveGeometry` writes


def click_style(studio: Studio, style: str, key: Qt.KeyboardModifier = NO_KEY) -> None:
    gallery = studio.window.panel.gallery_rows()["style"].gallery
    spot = gallery.visualItemRect(gallery.item_of(style)).center()
    QTest.mouseClick(gallery.viewport(), LEFT, key, spot)


def test_that_a_dropped_photo_is_shown_in_the_first_style(studio: Studio, photo: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(photo))])
    event = QDropEvent(QPointF(500, 300), Qt.DropAction.CopyAction, data, LEFT, NO_KEY)
    studio.window.dropEvent(event)
    studio.wait_for_colour(studio.colours["wave"])
    assert [r.source for r in studio.engine.requests] == [str(photo)]
    assert studio.window.windowTitle().startswith("cat.png")


def test_that_a_pasted_picture_is_shown(studio: Studio) -> None:
    image = QImage(300, 200, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.green)
    QGuiApplication.clipboard().setImage(image)
    studio.window.actions_.paste.trigger()
    studio.wait_for_colour(studio.colours["wave"])
    assert studio.workspace.screen.size == (300, 200)


def test_that_an_error_is_said_in_the_bar_and_the_window_lives_on(
    studio: Studio, photo: Path
) -> None:
    studio.open(photo)
    studio.engine.fail = "there is too little memory"
    click_style(studio, "night")
    messages = studio.window.messages
    studio.bot.waitUntil(messages.isVisible, timeout=20_000)
    assert messages.words.text() == "There is too little memory. Try another photo."
    studio.engine.fail = ""
    messages.close_button.click()
    assert not messages.isVisible()
    click_style(studio, "scream")
    studio.wait_for_colour(studio.colours["scream"])


def test_that_a_file_that_is_no_picture_is_said_and_put_away(
    studio: Studio, tmp_path: Path
) -> None:
    path = tmp_path / "notes.jpg"
    path.write_text("no picture")
    studio.engine.fail = "notes.jpg is no picture"
    studio.workspace.open([path])
    studio.bot.waitUntil(
        lambda: not studio.workspace.photos.document.photos and studio.window.messages.isVisible(),
        timeout=20_000,
    )
    assert "notes.jpg" in studio.window.messages.words.text()


def test_that_saving_asks_for_a_file_and_sends_it(
    studio: Studio, photo: Path, tmp_path: Path
) -> None:
    studio.open(photo)
    studio.window.actions_.save.trigger()
    dialog = studio.window.findChild(SaveDialog)
    assert isinstance(dialog, SaveDialog)
    dialog.name.setText("painted")
    dialog.format.setCurrentIndex(dialog.format.findText("WebP"))
    dialog.quality.setValue(71)
    dialog.save.click()
    studio.bot.waitUntil(studio.window.messages.isVisible, timeout=20_000)
    request = studio.engine.requests[-1]
    assert request.output == str(tmp_path / "painted.webp")
    assert (request.save.quality, request.save.overwrite) == (71, False)
    assert "painted.webp" in studio.window.messages.words.text()
    assert studio.workspace.preferences.save_format == "webp"
    assert studio.workspace.preferences.quality == 71


def test_that_the_save_dialog_replaces_other_files_only_knowingly_and_the_photo_never(
    studio: Studio, photo: Path, other_photo: Path
) -> None:
    studio.open(photo)
    studio.window.actions_.save.trigger()
    dialog = studio.window.findChild(SaveDialog)
    assert isinstance(dialog, SaveDialog)
    dialog.name.setText(other_photo.stem)
    assert dialog.save.text() == "Replace"
    assert dialog.choice().options.overwrite
    dialog.format.setCurrentIndex(dialog.format.findText("PNG"))
    dialog.name.setText("cat")
    assert not dialog.save.isEnabled()
    dialog.name.setText("cat-2")
    assert dialog.save.isEnabled()
    assert not dialog.choice().options.overwrite
    dialog.reject()


def test_that_the_cancel_button_stops_what_runs(studio: Studio, photo: Path) -> None:
    studio.open(photo)
    studio.engine.go.clear()
    click_style(studio, "night")
    status = studio.window.status
    studio.bot.waitUntil(status.cancel.isVisible, timeout=20_000)
    assert "left" in status.left.text()
    status.cancel.click()
    assert len(studio.engine.cancelled) == 1
    studio.bot.waitUntil(lambda: not status.cancel.isVisible(), timeout=20_000)
    assert studio.colour() == studio.colours["wave"], "the last result stays"


def test_that_the_divider_has_the_original_left_and_the_result_right(
    studio: Studio, photo: Path
) -> None:
    studio.open(photo)
    studio.window.actions_.compare.trigger()
    image = QImage(str(photo))
    pixel = image.pixelColor(image.width() // 4, image.height() // 4)
    original = (pixel.red(), pixel.green(), pixel.blue())
    assert np.abs(np.subtract(studio.colour(0.25, 0.25), original)).max() <= 40
    assert studio.colour(0.25, 0.25) != studio.colours["wave"]
    assert studio.colour(0.75, 0.25) == studio.colours["wave"]
    canvas = studio.window.canvas
    middle = canvas.picture_rect().center().toPoint()
    QTest.mousePress(canvas, LEFT, NO_KEY, middle)
    QTest.mouseMove(canvas, middle + QPoint(-20, 0))
    far = QPoint(round(canvas.picture_rect().left()), middle.y())
    QTest.mouseMove(canvas, far)
    QTest.mouseRelease(canvas, LEFT, NO_KEY, far)
    assert canvas.divider == pytest.approx(0, abs=0.01)
    assert studio.colour(0.25, 0.25) == studio.colours["wave"]
    QTest.keyClick(canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert canvas.divider == pytest.approx(0.1, abs=0.01)


def test_that_the_original_shows_while_space_is_held(studio: Studio, photo: Path) -> None:
    studio.open(photo)
    studio.window.canvas.setFocus()
    QTest.keyPress(studio.window.canvas, Qt.Key.Key_Space)
    assert studio.colour() != studio.colours["wave"]
    QTest.keyRelease(studio.window.canvas, Qt.Key.Key_Space)
    assert studio.colour() == studio.colours["wave"]


def test_that_zoom_keys_work_and_a_new_result_keeps_the_zoom(studio: Studio, photo: Path) -> None:
    studio.open(photo)
    studio.window.actions_.full.trigger()
    assert studio.window.canvas.view.scale == 1
    assert studio.window.top_bar.zoom.text() == "100 %"
    click_style(studio, "night")
    studio.wait_for_colour(studio.colours["night"])
    assert studio.window.canvas.view.scale == 1
    studio.window.actions_.fit.trigger()
    assert studio.window.canvas.view.fitted


def test_that_there_are_only_tools_with_weights(studio: Studio) -> None:
    assert studio.window.rail.models == ["style"]


def test_that_nothing_can_be_saved_or_zoomed_before_a_photo_is_open(studio: Studio) -> None:
    assert not any(action.isEnabled() for action in studio.window.actions_.of_photo())


def test_that_closing_ends_the_engine_and_remembers_the_palette(
    studio: Studio, photo: Path
) -> None:
    studio.open(photo)
    studio.window.actions_.light.trigger()
    studio.window.close()
    assert studio.engine.closed
    assert load_preferences().palette == "light"
    assert load_preferences().geometry


def test_that_a_window_left_on_a_much_larger_screen_fits_this_one(studio: Studio) -> None:
    left = bytearray(base64.b64decode(geometry_text(studio.window)))
    left[_SCREEN_WIDTH] = (5 * studio.window.screen().size().width()).to_bytes(4, "big")
    window = QWidget()
    window.resize(1280, 800)
    restore(window, base64.b64encode(left).decode())
    assert window.windowState() == Qt.WindowState.WindowMaximized
    studio.window.resize(600, 540)
    restore(window, geometry_text(studio.window))
    assert window.windowState() == Qt.WindowState.WindowNoState
    assert window.height() == 540


@pytest.fixture
def oil_paint(weights: Path) -> None:
    """Weights of a model that came after the window."""
    path = weights / "oil-paint" / "thick.safetensors"
    write_header(path, "Thick", CONTROLS)


@pytest.mark.usefixtures("oil_paint")
def test_that_a_model_that_the_window_does_not_know_is_a_tool_for_photos(
    request: pytest.FixtureRequest, photo: Path
) -> None:
    studio: Studio = request.getfixturevalue("studio")  # made after the weights
    assert studio.window.rail.models == ["style", "oil-paint"]
    studio.open(photo)
    studio.window.rail.button("oil-paint").click()
    studio.rest()
    assert studio.engine.requests[-1].weights == "oil-paint/thick"
    assert studio.window.rail.button("oil-paint").text() == "Oil paint"


class Opened(QObject):
    """Notes the widgets that come up as windows of their own."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[QWidget] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's
        if event.type() is QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.seen.append(watched)
        return False


@pytest.mark.usefixtures("enhance", "sketch", "faces")
def test_that_no_part_of_a_page_flashes_up_as_a_window_of_its_own(
    studio: Studio, photo: Path
) -> None:
    app, opened = QApplication.instance(), Opened()
    assert app is not None
    app.installEventFilter(opened)
    studio.open(photo)
    for tool in ("enhance", "sketch", "faces", "style"):
        studio.window.rail.button(tool).click()
        studio.rest()
    studio.window.actions_.models.trigger()
    studio.window.panel.folder_wanted.emit()
    app.removeEventFilter(opened)
    assert opened.seen == []
