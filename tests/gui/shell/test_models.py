"""The page of the weights: what each is, those of one's own brought in and taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QFileDialog, QLabel

from studio.gui.models.model_list import _ID, _IMAGE
from tests.gui.paper_engine import COLOURS, REDUCED
from tests.gui.paper_weights import CONTROLS, SKETCH_CONTROLS, write_header

if TYPE_CHECKING:
    from pathlib import Path

    from studio.gui.models.page import ModelsPage
    from tests.gui.conftest import Studio


@pytest.fixture
def page(studio: Studio) -> ModelsPage:
    studio.window.actions_.models.trigger()
    page = studio.commands.models.page
    assert page.isVisible()
    return page


@pytest.fixture
def own(weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for a person's own weights, among which the window looks too."""
    folder = tmp_path / "own"
    folder.mkdir()
    (tmp_path / "data").mkdir()
    monkeypatch.setenv("STUDIO_WEIGHTS", str(folder))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))  # with the bin
    return folder


@pytest.fixture
def studio(own: Path, studio: Studio, weights: Path) -> Studio:
    from studio.core.catalogue import Catalogue

    studio.workspace._catalogue = lambda: Catalogue([own, weights])
    return studio


def ids(page: ModelsPage) -> list[str]:
    return [item.data(_ID) for item in page.list._items()]


def told(page: ModelsPage) -> str:
    labels = page.card.findChildren(QLabel)
    return "\n".join(label.text() for label in labels if label.isVisibleTo(page))


def offered(studio: Studio) -> list[str]:
    combo = studio.window.panel.weights
    return [combo.itemText(row) for row in range(combo.count())]


def drop(page: ModelsPage, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copy, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    nothing = Qt.KeyboardModifier.NoModifier
    page.dropEvent(QDropEvent(QPointF(5, 5), copy, data, button, nothing))


def said(studio: Studio, words: str) -> None:
    bar = studio.window.messages
    studio.bot.waitUntil(lambda: words in bar.words.text() and bar.isVisible(), timeout=20_000)


def theirs(tmp_path: Path, name: str, title: str, room: str = "theirs/style") -> Path:
    """Somebody else's weights; the folder above them is their tool."""
    path = tmp_path / room / f"{name}.safetensors"
    write_header(path, title, CONTROLS)
    return path


@pytest.mark.usefixtures("enhance", "sketch")
def test_that_all_models_are_listed_by_keyboard_with_picture_and_words(
    studio: Studio, weights: Path
) -> None:
    Image.new("RGB", (90, 60), "red").save(weights / "style" / "gallery.webp")
    studio.window.actions_.models.trigger()
    page = studio.commands.models.page
    wanted = ["style/gallery", "enhance/photo", "enhance/upscale2x", "sketch/cats"]
    assert ids(page) == [*wanted, "sketch/facades"]
    studio.bot.waitUntil(lambda: page.list.item(0).data(_IMAGE) is not None, timeout=20_000)
    assert page.list.item(0).data(_IMAGE).pixelColor(9, 9).red() > 200
    studio.bot.waitUntil(lambda: not page.card.picture.pixmap().isNull(), timeout=20_000)
    assert "A photo in the manner of a painting" in told(page)
    assert str(weights / "style") in told(page)
    assert not page.remove.isEnabled()
    assert "came with the studio" in page.stays.text()
    assert page.stays.isVisible()
    QTest.keyClick(page.list, Qt.Key.Key_Down)
    assert page.card.title.text() == "Photo"
    assert not page.card.picture.isVisible()
    QTest.keyClick(studio.window, Qt.Key.Key_Escape)
    assert not page.isVisible()


def test_that_weights_that_are_dropped_are_there_at_once(
    studio: Studio, photo: Path, own: Path, page: ModelsPage, tmp_path: Path
) -> None:
    source = theirs(tmp_path, "oranges", "Oranges")
    Image.new("RGB", (90, 60), "red").save(source.with_suffix(".webp"))
    studio.workspace.open([photo])
    studio.rest()
    studio.window.actions_.models.trigger()
    assert offered(studio) == ["Gallery"]
    drop(page, source)
    said(studio, "Style: Oranges was imported.")
    assert (own / "style" / "oranges.safetensors").read_bytes() == source.read_bytes()
    assert ids(page) == ["style/oranges", "style/gallery"]
    assert page.card.title.text() == "Oranges"
    assert str(own / "style") in told(page)
    assert offered(studio) == ["Gallery", "Oranges"]
    studio.bot.waitUntil(lambda: not page.card.picture.pixmap().isNull(), timeout=20_000)
    drop(page, source)
    said(studio, "is here already")
    assert ids(page) == ["style/oranges", "style/gallery"]


def test_that_an_import_is_told_of_at_once_and_covers_no_line_of_the_list(
    studio: Studio, page: ModelsPage, tmp_path: Path
) -> None:
    bar, list_ = studio.window.messages, page.list
    drop(page, theirs(tmp_path, "oranges", "Oranges"), theirs(tmp_path, "pears", "Pears"))
    assert bar.words.text() == "Importing…"
    seen = list_.rect().translated(list_.mapTo(studio.window, QPoint()))
    said(studio, "was imported.")
    assert not bar.rect().translated(bar.mapTo(studio.window, QPoint())).intersects(seen)
    studio.bot.waitUntil(lambda: len(ids(page)) == 3, timeout=20_000)
    said(studio, "was imported.")
    assert not bar.more.isVisible()


def test_that_weights_of_a_name_that_is_taken_are_kept_beside_if_the_person_says_so(
    studio: Studio, own: Path, weights: Path, page: ModelsPage, tmp_path: Path
) -> None:
    before = (weights / "style" / "gallery.safetensors").read_bytes()
    source = theirs(tmp_path, "gallery", "Another gallery")
    drop(page, source)
    said(studio, "which stays")
    assert not list(own.rglob("*.safetensors"))
    studio.window.messages.action.click()
    said(studio, "Another gallery was imported.")
    assert ids(page) == ["style/gallery-2", "style/gallery"]
    assert (weights / "style" / "gallery.safetensors").read_bytes() == before


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("photo.png", b"\x89PNG\r\n\x1a\n" + bytes(99), "photo.png is no weights file"),
        ("cut.safetensors", b"\x99\x00\x00\x00\x00\x00\x00\x00{", "cut.safetensors is no weights"),
        (
            "foreign.safetensors",
            b"\x02\x00\x00\x00\x00\x00\x00\x00{}",
            "only weights that a studio has written can be used",
        ),
    ],
)
def test_that_a_file_that_is_no_weights_is_refused(
    studio: Studio, own: Path, page: ModelsPage, tmp_path: Path, name: str, data: bytes, words: str
) -> None:
    bad = tmp_path / name
    bad.write_bytes(data)
    drop(page, bad)
    said(studio, words.capitalize() if words.startswith("only") else words)
    assert not list(own.rglob("*"))
    assert ids(page) == ["style/gallery"]


def test_that_weights_come_by_the_dialog_and_by_a_drop_on_the_window(
    studio: Studio, page: ModelsPage, tmp_path: Path
) -> None:
    page.bring.click()
    dialog = studio.window.findChild(QFileDialog)
    dialog.filesSelected.emit([str(theirs(tmp_path, "oranges", "Oranges"))])
    dialog.reject()
    said(studio, "Oranges was imported.")
    studio.window.page_left.emit()
    studio.window.dropped.emit([theirs(tmp_path, "pears", "Pears")])
    said(studio, "Pears was imported.")
    assert set(ids(page)) == {"style/oranges", "style/pears", "style/gallery"}
    assert not studio.workspace.photos.document.photos


def test_that_own_weights_go_to_the_bin_if_the_person_says_so_and_photos_stay_usable(
    studio: Studio, photo: Path, page: ModelsPage, own: Path, tmp_path: Path
) -> None:
    studio.open(photo)
    drop_on = theirs(tmp_path, "oranges", "Oranges")
    studio.workspace.own_models.bring([drop_on])
    said(studio, "Oranges was imported.")
    studio.window.actions_.models.trigger()
    studio.workspace.photos.choose_weights("style/oranges")
    studio.rest()
    page.list.choose("style/oranges")
    page.remove.click()
    said(studio, "Move Oranges, ")
    QTest.keyClick(studio.window, Qt.Key.Key_Escape)
    studio.settle()
    assert (own / "style" / "oranges.safetensors").exists()
    page.remove.click()
    said(studio, "Move Oranges, ")
    studio.window.messages.action.click()
    said(studio, "Oranges is in the bin.")
    assert not list(own.rglob("*.safetensors"))
    assert [p.name for p in (tmp_path / "data").rglob("*.safetensors")] == ["oranges.safetensors"]
    assert ids(page) == ["style/gallery"]
    assert page.card.title.text() == "Gallery"
    assert studio.workspace.photos.look.weights == "style/gallery"
    studio.window.page_left.emit()
    studio.wait_for_colour(COLOURS["wave"])
    studio.workspace.photos.history.undo()
    studio.workspace.photos.history.redo()
    assert studio.workspace.photos.look.weights == "style/gallery"
    studio.window.rail.button("style").click()


@pytest.mark.usefixtures("enhance")
def test_that_what_comes_moves_nobody_from_where_they_are(
    studio: Studio, photo: Path, tmp_path: Path
) -> None:
    studio.enhance(photo)
    studio.workspace.own_models.bring([theirs(tmp_path, "oranges", "Oranges")])
    said(studio, "Oranges was imported.")
    assert studio.workspace.photos.look.weights == "enhance/photo"
    studio.wait_for_colour(REDUCED)


@pytest.mark.usefixtures("sketch", "faces")
def test_that_the_pages_of_tools_follow(studio: Studio, own: Path, tmp_path: Path) -> None:
    studio.window.rail.button("faces").click()
    studio.window.rail.button("sketch").click()
    side = studio.commands.sketch.page.side
    source = tmp_path / "theirs" / "sketch" / "ants.safetensors"
    write_header(source, "Ants", SKETCH_CONTROLS, hyperparameters={"side": 64})
    studio.window.dropped.emit([source])
    said(studio, "Ants was imported.")
    assert side.weights.gallery.findItems("Ants", Qt.MatchFlag.MatchExactly)
    studio.commands.sketch.choose_weights("sketch/ants")
    studio.workspace.own_models.remove(studio.workspace.toolbox.find("sketch/ants").weights)
    said(studio, "Ants is in the bin.")
    assert not side.weights.gallery.findItems("Ants", Qt.MatchFlag.MatchExactly)
    assert studio.commands.sketch.weights == "sketch/cats"
    assert studio.commands.sketch.page.isVisible()


def test_that_the_folder_of_a_model_is_shown(
    studio: Studio, page: ModelsPage, weights: Path, outside: list[Path]
) -> None:
    page.show_folder.click()
    assert outside == [weights / "style"]
    assert not [d for d in studio.window.findChildren(QDialog) if d.isVisible()]


def test_that_weights_whose_file_has_gone_are_told_of_and_listed_no_more(
    studio: Studio, photo: Path, page: ModelsPage, own: Path, tmp_path: Path
) -> None:
    studio.open(photo)
    for name in ("oranges", "pears"):
        studio.workspace.own_models.bring([theirs(tmp_path, name, name.title())])
        said(studio, f"{name.title()} was imported.")
    (own / "style" / "oranges.safetensors").unlink()
    studio.window.actions_.models.trigger()
    page.list.choose("style/oranges")
    said(studio, "Oranges is no longer there.")
    studio.bot.waitUntil(lambda: "style/oranges" not in ids(page), timeout=20_000)
    QTest.keyClick(studio.window, Qt.Key.Key_Escape)
    (own / "style" / "pears.safetensors").unlink()
    studio.engine.fail = "there are no weights 'style/pears'"
    studio.workspace.photos.choose_weights("style/pears")
    said(studio, "Pears is no longer there.")
    studio.engine.fail = ""
    photos = studio.workspace.photos
    studio.bot.waitUntil(lambda: photos.look.weights == "style/gallery", timeout=20_000)
    studio.wait_for_colour(COLOURS["wave"])
