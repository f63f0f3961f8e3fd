"""A result goes on: into another tool, or dragged into another program."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDrag, QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest

from tests.gui.paper_engine import COLOURS
from tests.gui.shell.test_window import LEFT

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from tests.gui.conftest import Studio

NO_KEY = Qt.KeyboardModifier.NoModifier
COPY = Qt.DropAction.CopyAction


class Drags(list[QMimeData]):
    """What drags have carried: there is no other program to drop it on."""

    @property
    def files(self) -> list[list[str]]:
        """The names of their files, which are there."""
        paths = [[Path(url.toLocalFile()) for url in each.urls()] for each in self]
        assert all(path.is_file() for some in paths for path in some)
        return [[path.name for path in some] for some in paths]


@pytest.fixture
def drags(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> Drags:
    found = Drags()

    monkeypatch.setattr(QDrag, "exec", lambda drag, _: found.append(drag.mimeData()))
    studio.workspace.remember(save_format="png")
    return found


def draw_away(widget: QWidget, spot: QPoint) -> None:
    """Holds the button down, and moves."""
    QTest.mousePress(widget, LEFT, NO_KEY, spot)
    for step in (8, 16, 24):
        QTest.mouseMove(widget, spot + QPoint(step, step))


def made(studio: Studio) -> list[str]:
    """The results that were made."""
    return [Path(request.output).name for request in studio.engine.ran if request.output]


def test_that_a_result_is_dragged_out_of_the_picture_once_its_file_is_there(
    studio: Studio, photo: Path, drags: Drags
) -> None:
    studio.open(photo)
    canvas, middle = studio.window.canvas, studio.window.canvas.rect().center()
    studio.engine.go.clear()
    draw_away(canvas, middle)
    QTest.mouseRelease(canvas, LEFT, NO_KEY, middle)
    studio.engine.go.set()
    message = studio.window.messages
    studio.bot.waitUntil(message.isVisible, timeout=20_000)
    assert message.words.text() == "cat-styled.png can be dragged now."
    draw_away(canvas, middle)
    assert drags.files == [["cat-styled.png"]]
    assert made(studio) == ["cat-styled.png"], "it is made once"
    QTest.mouseRelease(canvas, LEFT, NO_KEY, middle)
    with Image.open(drags[0].urls()[0].toLocalFile()) as image:
        assert image.size == (451, 300), "in full size"

    studio.workspace.photos.edit("strength", 0.5)
    studio.rest()
    draw_away(canvas, middle)
    studio.bot.waitUntil(lambda: len(drags) == 2, timeout=20_000)
    assert made(studio) == ["cat-styled.png"] * 2, "it looks otherwise now"
    QTest.mouseRelease(canvas, LEFT, NO_KEY, middle)
    studio.window.actions_.double.trigger()
    draw_away(canvas, middle)
    assert len(drags) == 2, "a picture that is zoomed in is moved"
    QTest.mouseRelease(canvas, LEFT, NO_KEY, middle)


def test_that_selected_photos_are_dragged_out_of_the_filmstrip_and_none_into_the_window(
    studio: Studio, photo: Path, other_photo: Path, drags: Drags
) -> None:
    studio.open(photo, other_photo)
    strip = studio.window.filmstrip
    strip.selectAll()
    draw_away(strip.viewport(), strip.visualItemRect(strip.item(0)).center())
    studio.bot.waitUntil(lambda: len(drags) == 1, timeout=20_000)
    assert drags.files == [["cat-styled.png", "coffee-styled.png"]]
    QTest.mouseRelease(strip.viewport(), LEFT)
    kinds = drags[0], LEFT, NO_KEY
    enter = QDragEnterEvent(QPoint(300, 300), COPY, *kinds)
    enter.ignore()
    studio.window.dragEnterEvent(enter)
    assert not enter.isAccepted(), "they are open here"


@pytest.mark.usefixtures("enhance", "sketch", "faces")
def test_that_a_result_goes_on_in_any_tool_that_takes_a_picture(
    studio: Studio, photo: Path, drags: Drags
) -> None:
    menu = studio.window.top_bar.use
    assert not menu.isEnabled(), "there is no result"
    studio.open(photo)
    assert menu.isEnabled()
    uses = {action.text(): action for action in menu.actions()}
    assert list(uses) == ["Style", "Enhance", "Sketch"]
    uses["Enhance"].trigger()
    steps = studio.window.panel.steps.list
    assert [steps.item(row).text() for row in range(steps.count())] == [
        "Style: Gallery", "Enhance: Photo",
    ]  # fmt: skip
    studio.window.actions_.undo.trigger()
    studio.wait_for_colour(COLOURS["wave"])

    canvas = studio.window.canvas
    draw_away(canvas, canvas.rect().center())
    studio.bot.waitUntil(lambda: len(drags) == 1, timeout=20_000)
    QTest.mouseRelease(canvas, LEFT)
    rail = studio.window.rail
    spot = QPointF(rail.button("enhance").geometry().center())
    rail.dropEvent(QDropEvent(spot, COPY, drags[0], LEFT, NO_KEY))
    assert steps.count() == 2, "a drop on a tool does the same"
    assert len(studio.workspace.photos.document.photos) == 1

    uses["Sketch"].trigger()
    assert studio.window.page is studio.commands.sketch.page
    assert studio.commands.sketch.lines.on, "its lines are taken"
    assert not menu.isEnabled()
