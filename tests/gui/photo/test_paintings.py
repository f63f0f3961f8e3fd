"""Any painting: chosen, dropped or pasted, painted at once or finely, and learnt as a style."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from studio.gui.widgets.gallery import _IMAGE
from tests.clips import write_clip
from tests.gui.paper_engine import COLOURS, LEARNT, UNDERWAY
from tests.gui.paper_weights import PAINTING_CONTROLS, write_header
from tests.gui.shell.test_window import click_style

if TYPE_CHECKING:
    from pathlib import Path

    from studio.gui.widgets.painting_shelf import PaintingShelf
    from tests.gui.conftest import Studio

ORANGE, GREEN = (250, 130, 10), (10, 150, 60)


@pytest.fixture
def orange(tmp_path: Path) -> Path:
    path = tmp_path / "Oranges by Nobody.png"
    Image.new("RGB", (60, 80), ORANGE).save(path)
    return path


@pytest.fixture
def shelf(
    weights: Path, studio: Studio, photo: Path, monkeypatch: pytest.MonkeyPatch
) -> PaintingShelf:
    """Of a window with a photo, and with weights for any painting: quick ones and slow ones."""
    monkeypatch.setenv("STUDIO_WEIGHTS", str(weights))
    write_header(weights / "style" / "any.safetensors", "Any painting", PAINTING_CONTROLS)
    finest = weights / "style" / "finest.safetensors"
    write_header(finest, "Finest", PAINTING_CONTROLS, gradual=True)
    studio.workspace.read_weights()
    studio.bot.waitUntil(lambda: "style/finest" in studio.workspace.toolbox, timeout=20_000)
    studio.open(photo)
    return studio.window.panel.paintings


def drop(shelf: PaintingShelf, data: QMimeData) -> None:
    copy, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    nothing = Qt.KeyboardModifier.NoModifier
    shelf.dropEvent(QDropEvent(QPointF(5, 5), copy, data, button, nothing))


def pick(shelf: PaintingShelf, title: str) -> None:
    assert shelf.gallery is not None
    items = shelf.gallery.findItems(title, Qt.MatchFlag.MatchExactly)
    shelf.gallery.itemClicked.emit(items[0])


def choose_weights(studio: Studio, title: str) -> None:
    combo = studio.window.panel.weights
    combo.setCurrentIndex(combo.findText(title))
    combo.activated.emit(combo.currentIndex())


def titles(shelf: PaintingShelf) -> list[str]:
    gallery = shelf.gallery
    return [] if gallery is None else [gallery.item(row).text() for row in range(gallery.count())]


def test_that_a_dropped_painting_is_painted_at_once_and_stays_at_hand(
    studio: Studio, shelf: PaintingShelf, orange: Path, tmp_path: Path
) -> None:
    assert shelf.isVisible()
    assert not shelf.learn_button.isVisible()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(orange))])
    drop(shelf, data)
    studio.wait_for_colour(ORANGE)
    assert titles(shelf) == ["Oranges by Nobody"]
    assert shelf.learn_button.isVisible()
    green = QImage(40, 40, QImage.Format.Format_RGB32)
    green.fill(Qt.GlobalColor.green)
    QGuiApplication.clipboard().setImage(green)
    shelf.pasted.emit()
    studio.wait_for_colour((0, 255, 0))
    assert titles(shelf) == ["painting-1", "Oranges by Nobody"]
    pick(shelf, "Oranges by Nobody")
    studio.wait_for_colour(ORANGE)
    studio.workspace.photos.history.undo()
    studio.wait_for_colour((0, 255, 0))
    assert studio.workspace.preferences.paintings[0] == str(orange)


def test_that_a_painting_is_asked_for_where_there_is_none(
    studio: Studio, shelf: PaintingShelf, orange: Path
) -> None:
    window, asked = studio.window, len(studio.engine.requests)
    choose_weights(studio, "Any painting")
    bar = window.messages
    assert bar.isVisible()
    assert bar.words.text() == "Choose a painting, and the photo is painted in its manner."
    assert bar.property("kind") == "note"
    assert not window.actions_.save.isEnabled()
    assert studio.workspace.screen.shown.after.isNull(), "no result of the style before"
    window.panel.folder.click()
    folder = studio.commands.batch.page
    folder.form.source.show_path(str(orange.parent))
    assert not folder.progress.start.isEnabled()
    bar.action.click()
    dialog = window.findChild(QFileDialog)
    assert dialog is not None
    dialog.fileSelected.emit(str(orange))
    dialog.reject()
    studio.rest()
    assert not bar.isVisible()
    assert folder.progress.start.isEnabled()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert window.actions_.save.isEnabled()
    painted = studio.engine.requests[asked:]
    assert {each.settings["painting"] for each in painted} == {str(orange)}


def test_that_other_weights_come_back_as_they_were_left(
    studio: Studio, shelf: PaintingShelf, orange: Path
) -> None:
    click_style(studio, "scream")
    choose_weights(studio, "Any painting")
    studio.workspace.paintings.choose(orange)
    choose_weights(studio, "Gallery")
    studio.rest()
    assert studio.engine.requests[-1].settings["style"] == "scream"
    choose_weights(studio, "Any painting")
    studio.rest()
    assert studio.engine.requests[-1].settings["painting"] == str(orange)
    assert not studio.window.messages.isVisible()


def test_that_the_finest_is_seen_to_come_closer_and_kept(
    studio: Studio, shelf: PaintingShelf, orange: Path
) -> None:
    studio.workspace.paintings.choose(orange)
    studio.wait_for_colour(ORANGE)
    studio.rest()
    studio.engine.go.clear()
    shelf.finest_button.click()
    studio.wait_for_colour(UNDERWAY)
    assert not studio.engine.drafts[1:]  # it shows how far it has come
    keep = studio.window.status.keep
    studio.bot.waitUntil(keep.isVisible, timeout=20_000)
    keep.click()
    studio.wait_for_colour(ORANGE)
    assert len(studio.engine.kept) == 1
    assert studio.workspace.photos.look.weights == "style/finest"
    studio.engine.go.set()
    shelf.finest_button.click()
    studio.bot.waitUntil(lambda: studio.workspace.photos.look.weights == "style/any")
    studio.rest()
    assert not keep.isVisible()


def test_that_a_style_is_learnt_and_used(
    studio: Studio, shelf: PaintingShelf, orange: Path, photo: Path
) -> None:
    studio.workspace.paintings.choose(orange)
    studio.wait_for_colour(ORANGE)
    studio.rest()
    studio.engine.go.clear()
    shelf.learn_button.click()
    studio.bot.waitUntil(lambda: len(titles(shelf)) == 2, timeout=20_000)
    lesson = studio.engine.lessons[0]
    assert (lesson.painting, lesson.photos) == (str(orange), (str(photo),))
    shelf.learn_button.click()
    assert len(studio.engine.lessons) == 1
    studio.engine.go.set()
    studio.wait_for_colour(LEARNT)
    assert studio.workspace.photos.look.weights == "style/oranges-by-nobody"
    assert titles(shelf) == ["Oranges by Nobody", "Oranges by Nobody"]
    assert "was learnt" in studio.window.messages.words.text()
    studio.workspace.photos.history.undo()
    studio.wait_for_colour(ORANGE)


def test_that_a_style_is_learnt_beside_a_video_which_the_finest_is_not_for(
    studio: Studio, shelf: PaintingShelf, orange: Path, tmp_path: Path
) -> None:
    studio.workspace.paintings.choose(orange)
    studio.wait_for_colour(ORANGE)
    assert shelf.finest_button.isVisible()
    studio.workspace.open([write_clip(tmp_path / "clip.mp4")])
    studio.bot.waitUntil(studio.window.scrubber.play.isEnabled, timeout=20_000)
    studio.rest()
    studio.workspace.paintings.choose(orange)
    studio.rest()
    assert shelf.learn_button.isVisible()
    assert not shelf.finest_button.isVisible()
    shelf.learn_button.click()
    studio.bot.waitUntil(lambda: bool(studio.engine.lessons), timeout=20_000)
    assert studio.engine.lessons[0].photos == ()


def test_that_what_is_no_painting_is_not_kept_at_hand(
    studio: Studio, shelf: PaintingShelf, orange: Path, tmp_path: Path
) -> None:
    studio.workspace.paintings.choose(orange)
    studio.wait_for_colour(ORANGE)
    broken = tmp_path / "broken.png"
    broken.write_bytes(orange.read_bytes()[:60])
    studio.engine.fail = "broken.png is not a picture"
    studio.workspace.paintings.choose(broken)
    studio.bot.waitUntil(lambda: titles(shelf) == ["Oranges by Nobody"], timeout=20_000)
    assert studio.workspace.preferences.paintings == (str(orange),)


def test_that_a_style_that_is_not_learnt_is_said_so(
    studio: Studio, shelf: PaintingShelf, orange: Path
) -> None:
    studio.workspace.paintings.choose(orange)
    studio.wait_for_colour(ORANGE)
    studio.rest()
    studio.engine.fail = "there is no more room"
    shelf.learn_button.click()
    studio.bot.waitUntil(lambda: "no more room" in studio.window.messages.words.text())
    studio.engine.fail = ""
    assert len(titles(shelf)) == 1


def test_that_the_gallery_shows_the_open_photo_in_each_style(studio: Studio, photo: Path) -> None:
    studio.workspace.in_styles.wait_ms(0)
    studio.open(photo)
    gallery = studio.window.panel.gallery_rows()["style"].gallery

    def colours() -> list[tuple[int, int, int]]:
        images = [gallery.item_of(style).data(_IMAGE) for style in ("wave", "night", "scream")]
        return [image.pixelColor(0, 0).getRgb()[:3] for image in images if not image.isNull()]

    wanted = [COLOURS[style] for style in ("wave", "night", "scream")]
    studio.bot.waitUntil(lambda: colours() == wanted, timeout=20_000)
    small = [request for request in studio.engine.requests if request.preview_side == 160]
    assert [request.settings["style"] for request in small] == ["wave", "night", "scream"]
    assert {request.source for request in small} == {str(photo)}
    assert not studio.window.status.busy


def test_that_no_style_shows_the_photo_before_until_it_is_painted_anew(
    studio: Studio, photo: Path, other_photo: Path
) -> None:
    studio.workspace.in_styles.wait_ms(0)
    studio.open(photo)
    gallery = studio.window.panel.gallery_rows()["style"].gallery

    def colour() -> tuple[int, ...]:
        image = gallery.item_of("wave").data(_IMAGE)
        return () if image.isNull() else image.pixelColor(0, 0).getRgb()[:3]

    studio.bot.waitUntil(lambda: colour() == COLOURS["wave"], timeout=20_000)
    studio.workspace.in_styles.wait_ms(3_600_000)
    studio.open(other_photo)
    assert colour() == (0, 0, 255), "the weights' own"
