"""What a person notices of the tool "Faces"."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio.core.latents import LatentsFile, draw, mix, write_latents
from studio.core.requests import Generate, from_json
from studio.core.settings import load_preferences
from studio.gui.faces.faces_page import FacesPage
from studio.gui.faces.save_faces import SaveFaces, What
from tests.gui.paper_engine import colour_of

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from tests.gui.conftest import Studio

pytestmark = pytest.mark.usefixtures("enhance", "faces")
Colour = tuple[int, int, int]


def open_page(studio: Studio) -> FacesPage:
    studio.window.activateWindow()  # only then do its keys work
    studio.bot.waitUntil(studio.window.isActiveWindow, timeout=5000)
    studio.window.rail.button("faces").click()
    page = studio.window.page
    assert isinstance(page, FacesPage)
    rest(studio)
    return page


def rest(studio: Studio) -> None:
    """Waits until nothing is on its way."""
    studio.bot.waitUntil(lambda: not studio.commands.faces.darkroom.busy, timeout=5000)


def colour(image: QImage) -> Colour:
    found = image.pixelColor(image.width() // 2, image.height() // 2)
    return found.red(), found.green(), found.blue()


def face(seed: int) -> Colour:
    return colour_of(draw([seed], 12)[0])


def pin(studio: Studio, *rows: int) -> FacesPage:
    """Opens the page and pins samples, as a double click does."""
    page = open_page(studio)
    for row in rows:
        page.grid.pinned.emit(row)
    rest(studio)
    return page


def click(page: FacesPage, row: int) -> None:
    spot = page.grid.visualItemRect(page.grid.item(row)).center()
    QTest.mouseClick(page.grid.viewport(), Qt.MouseButton.LeftButton, pos=spot)


def save_as(studio: Studio, what: What, path: Path) -> Generate:
    """Answers the dialog, and returns what was asked of the engine."""
    studio.window.actions_.save.trigger()
    dialog = studio.window.findChild(SaveFaces)
    assert dialog is not None
    dialog.what.setCurrentIndex(dialog.what.findData(what))
    dialog.folder.setText(str(path.parent))
    dialog.name.setText(path.stem)
    dialog.format.setCurrentIndex(max(0, dialog.format.findText(path.suffix[1:].upper())))
    assert dialog.path == path
    dialog.save.click()
    studio.bot.waitUntil(path.exists, timeout=5000)
    studio.bot.waitUntil(lambda: not studio.session.saves.running, timeout=5000)
    request = from_json(path.read_text())
    assert isinstance(request, Generate)
    return request


def test_that_the_samples_have_seeds_and_a_click_shows_one_large(studio: Studio) -> None:
    page = open_page(studio)
    assert page.grid.count() == 25
    assert [colour(page.grid.image(row)) for row in (0, 7, 24)] == [face(0), face(7), face(24)]
    assert colour(page.large.image) == face(0)
    click(page, 7)
    rest(studio)
    assert colour(page.large.image) == face(7)
    assert page.name.text() == "No. 7"
    large = studio.engine.generated[-1]
    assert (large.weights, large.upscaler) == ("faces/portraits", "enhance/upscale2x")
    assert len(large.upscaler_sha256) == 64
    grid = [r for r in studio.engine.generated if len(r.latents) > 1]
    assert [len(r.latents) for r in grid] == [13, 12], "the first ones do not wait for the rest"
    assert {r.upscaler for r in grid} == {""}


def test_that_other_faces_come_and_go_by_undo(studio: Studio) -> None:
    page = open_page(studio)
    click(page, 2)
    QTest.keyClick(page.grid, Qt.Key.Key_N)
    rest(studio)
    assert colour(page.grid.image(0)) == face(25)
    assert colour(page.large.image) == face(27), "the same place"
    assert page.seed.value() == 25
    assert studio.commands.faces.next_undo == "Other faces"
    studio.window.actions_.undo.trigger()
    rest(studio)
    assert colour(page.grid.image(0)) == face(0)
    assert page.seed.value() == 0
    page.seed.setValue(1000)
    rest(studio)
    assert colour(page.grid.image(3)) == face(1003)


def test_that_a_number_of_faces_is_remembered(studio: Studio) -> None:
    page = open_page(studio)
    page.count.setCurrentIndex(page.count.findData(64))
    rest(studio)
    assert page.grid.count() == 64
    assert colour(page.grid.image(63)) == face(63)
    studio.window.close()
    assert load_preferences().faces_count == 64


def test_that_a_face_stays_when_fewer_are_shown(studio: Studio) -> None:
    page = open_page(studio)
    click(page, 20)
    page.count.setCurrentIndex(page.count.findData(9))
    rest(studio)
    assert page.grid.count() == 9
    assert colour(page.large.image) == face(20)
    assert page.name.text() == "No. 20"


def test_that_sliders_move_all_faces_and_one_drag_is_one_undo(studio: Studio) -> None:
    page = pin(studio, 4)
    slider = studio.window.panel.row("truncation").slider
    slider.setSliderDown(True)
    for value in (90, 70, 50):
        slider.setValue(value)
    slider.setSliderDown(False)
    rest(studio)
    faces = studio.commands.faces
    assert faces.album.look.settings["truncation"] == 0.5
    for image in (page.large.image, page.grid.image(9), page.pins.cards[0].picture.image):
        assert colour(image)[2] == 50
    assert faces.next_undo == "Truncation"
    studio.window.actions_.undo.trigger()
    rest(studio)
    assert colour(page.large.image)[2] == 100
    assert slider.value() == 100
    assert faces.next_undo == "Pin"


def test_that_pinned_faces_stay_and_can_be_let_go(studio: Studio) -> None:
    page = open_page(studio)
    click(page, 3)
    QTest.keyClick(page.grid, Qt.Key.Key_P)
    rest(studio)
    assert [card.face.name for card in page.pins.cards] == ["No. 3"]
    page.others.click()
    rest(studio)
    assert colour(page.pins.cards[0].picture.image) == face(3)
    page.pins.cards[0].picture.click()
    rest(studio)
    assert colour(page.large.image) == face(3)
    assert page.pin.text() == "Let go"
    page.pins.cards[0].unpin.click()
    assert not page.pins.cards
    studio.window.actions_.undo.trigger()
    rest(studio)
    assert colour(page.pins.cards[0].picture.image) == face(3)


def test_that_a_pinned_face_is_looked_at_by_key(studio: Studio) -> None:
    page = pin(studio, 3, 8)
    click(page, 0)
    page.pins.cards[0].share.slider.setFocus()
    for _ in range(20):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        if QApplication.focusWidget() is page.pins.cards[1].picture:
            break
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    rest(studio)
    assert colour(page.large.image) == face(8)


def test_that_pinned_faces_are_mixed_by_their_shares(studio: Studio) -> None:
    page = pin(studio, 1, 5, 9)
    share = page.pins.cards[1].share.slider
    share.setSliderDown(True)
    share.setValue(60)
    share.setValue(50)
    share.setSliderDown(False)
    rest(studio)
    latent = mix(draw([1, 5, 9], 12), (1, 0.5, 1))
    assert np.abs(np.subtract(colour(page.large.image), colour_of(latent))).max() <= 1
    assert page.name.text() == "Mixture of 3"
    page.pins.cards[0].share.slider.setValue(0)
    rest(studio)
    latent = mix(draw([5, 9], 12), (0.5, 1))
    assert np.abs(np.subtract(colour(page.large.image), colour_of(latent))).max() <= 1
    page.pin.click()
    rest(studio)
    assert np.abs(np.subtract(colour(page.large.image), colour_of(latent))).max() <= 1
    assert [card.face.name for card in page.pins.cards][-1] == "Mixture of 2"
    for _ in range(2):
        studio.window.actions_.undo.trigger()
    rest(studio)
    assert page.pins.cards[0].share.slider.value() == 100
    assert page.pins.cards[1].share.slider.value() == 50, "one drag is one step"


def test_that_a_mixture_wants_two_faces(studio: Studio) -> None:
    page = pin(studio, 1)
    assert not page.mixture.isEnabled()
    assert not page.play.isEnabled()
    page.grid.pinned.emit(2)
    assert page.mixture.isEnabled()
    assert page.play.isEnabled()


def test_that_a_walk_plays_and_follows_the_sliders(studio: Studio) -> None:
    page = pin(studio, 1, 5)
    page.play.click()
    seen: set[Colour] = set()

    def both() -> bool:
        seen.add(colour(page.large.image))
        return {face(1), face(5)} <= seen

    studio.bot.waitUntil(both, timeout=10000)
    walk = next(r for r in studio.engine.generated if r.frames)
    assert (walk.frames, walk.loop, len(walk.latents)) == (100, True, 2)
    studio.window.panel.row("truncation").slider.setValue(50)
    studio.bot.waitUntil(lambda: colour(page.large.image)[2] == 50, timeout=5000)
    click(page, 8)
    rest(studio)
    assert not page.play.isChecked()
    assert not studio.commands.faces.player.on
    assert colour(page.large.image)[:2] == face(8)[:2]


@pytest.mark.parametrize("by", ["escape", "failure"])
def test_that_play_comes_up_again_when_the_walk_does_not_come(studio: Studio, by: str) -> None:
    page = pin(studio, 1, 5)
    before = page.name.text()
    studio.engine.go.clear()
    page.play.click()
    studio.bot.waitUntil(lambda: studio.window.status.busy, timeout=5000)
    if by == "escape":
        QTest.keyClick(page.grid, Qt.Key.Key_Escape)
    else:
        studio.engine.fail = "the engine stopped"
        studio.engine.go.set()
    studio.bot.waitUntil(lambda: not page.play.isChecked(), timeout=5000)
    studio.engine.fail = ""
    studio.engine.go.set()
    rest(studio)
    assert not studio.commands.faces.player.on
    assert page.name.text() == before


def test_that_the_latest_wish_wins(studio: Studio) -> None:
    page = open_page(studio)
    studio.engine.go.clear()
    before = len(studio.engine.generated)
    for row in range(1, 20):
        click(page, row)
    assert len(studio.engine.generated) == before + 1
    studio.engine.go.set()
    rest(studio)
    asked = studio.engine.generated[before:]
    assert [bool(request.upscaler) for request in asked] == [False, False, True]
    assert colour(page.large.image) == face(19)


def test_that_the_face_is_saved_as_it_is_shown(studio: Studio, tmp_path: Path) -> None:
    page = open_page(studio)
    click(page, 6)
    studio.window.panel.row("smile").slider.setValue(80)
    request = save_as(studio, What.FACE, tmp_path / "me.png")
    assert np.allclose(request.latents, draw([6], 12))
    assert request.upscaler == "enhance/upscale2x"
    assert request.settings == {"truncation": 1.0, "smile": 1.0}
    assert studio.window.messages.words.text() == f"Saved {tmp_path / 'me.png'}"


def test_that_a_grid_is_saved_by_its_seed(studio: Studio, tmp_path: Path) -> None:
    open_page(studio).seed.setValue(40)
    request = save_as(studio, What.GRID, tmp_path / "all.png")
    assert (request.count, request.seed, request.latents) == (25, 40, ())


def test_that_a_film_leads_through_the_pinned_faces(studio: Studio, tmp_path: Path) -> None:
    pin(studio, 1, 5, 9)
    request = save_as(studio, What.FILM, tmp_path / "morph.mp4")
    assert np.allclose(request.latents, draw([1, 5, 9], 12))
    assert (request.frames, request.fps, request.loop) == (3 * 2 * 25, 25, True)


def test_that_pace_and_loop_of_a_film_are_remembered(studio: Studio, tmp_path: Path) -> None:
    pin(studio, 1, 5)
    studio.session.remember(save_folder=str(tmp_path), faces_saves="film")
    studio.window.actions_.save.trigger()
    dialog = studio.window.findChild(SaveFaces)
    assert dialog is not None
    assert (dialog.seconds.value(), dialog.loop.isChecked()) == (2.0, True)
    dialog.seconds.setValue(3.5)
    dialog.loop.setChecked(False)
    dialog.save.click()
    studio.bot.waitUntil(lambda: not studio.session.saves.running, timeout=5000)
    studio.window.actions_.save.trigger()
    dialog = next(d for d in studio.window.findChildren(SaveFaces) if d.isVisible())
    assert (dialog.seconds.value(), dialog.loop.isChecked()) == (3.5, False)
    dialog.reject()
    studio.window.close()
    assert (load_preferences().film_seconds, load_preferences().film_loop) == (3.5, False)


def test_that_a_film_is_not_offered_for_one_face(studio: Studio) -> None:
    pin(studio, 1)
    studio.window.actions_.save.trigger()
    dialog = studio.window.findChild(SaveFaces)
    assert dialog is not None
    offered = [dialog.what.itemData(row) for row in range(dialog.what.count())]
    assert offered == [What.FACE, What.GRID, What.NUMBERS]
    dialog.reject()


def test_that_numbers_are_saved_and_open_again(studio: Studio, tmp_path: Path) -> None:
    page = pin(studio, 1, 5)
    request = save_as(studio, What.NUMBERS, tmp_path / "kept.json")
    file = LatentsFile(request.weights, request.latents, {"truncation": 0.7, "smile": 1.0})
    write_latents(tmp_path / "again.json", file, overwrite=False)
    studio.commands.faces.choose_weights("faces/digits")
    rest(studio)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "again.json"))])
    drop = QDropEvent(
        QPointF(9, 9), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    page.dropEvent(drop)
    album = studio.commands.faces
    studio.bot.waitUntil(lambda: len(page.pins.cards) == 2, timeout=5000)
    rest(studio)
    assert album.album.look.weights == "faces/portraits"
    assert colour(page.large.image) == colour_of(draw([1], 12)[0], 0.7)
    assert studio.window.panel.row("smile").slider.value() == 80
    studio.window.actions_.undo.trigger()
    assert album.album.look.settings["truncation"] == 1.0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{}", "holds no latents"),
        (json.dumps({"weights": "faces/cats", "latents": [[1]], "settings": {}}), "is not here"),
        (json.dumps({"weights": "faces/digits", "latents": [[1]], "settings": {}}), "are not of"),
    ],
)
def test_that_another_file_is_refused(
    studio: Studio, tmp_path: Path, text: str, words: str
) -> None:
    page = pin(studio, 1)
    path = tmp_path / "other.json"
    path.write_text(text)
    page.dropped.emit(path)
    studio.bot.waitUntil(lambda: words in studio.window.messages.words.text(), timeout=5000)
    assert len(page.pins.cards) == 1


def test_that_a_face_goes_on_to_another_tool(studio: Studio) -> None:
    page = open_page(studio)
    page.use.wanted.emit("style")
    studio.bot.waitUntil(lambda: studio.window.page is None, timeout=5000)
    shown = studio.session.document.shown
    assert shown is not None
    assert shown.name.startswith("face")


def test_that_a_photo_on_the_rail_is_refused(studio: Studio, photo: Path) -> None:
    studio.window.rail.dropped.emit("faces", [photo])
    assert "numbers" in studio.window.messages.words.text()


def test_that_small_pictures_are_not_enlarged_and_have_their_own_undo(studio: Studio) -> None:
    page = pin(studio, 1)
    studio.commands.faces.choose_weights("faces/digits")
    rest(studio)
    assert not page.pins.cards
    assert studio.commands.faces.next_undo is None
    assert not studio.window.actions_.undo.isEnabled()
    asked = [r for r in studio.engine.generated if r.weights == "faces/digits"]
    assert asked
    assert not any(request.upscaler for request in asked)


def test_that_a_failure_is_said(studio: Studio) -> None:
    page = open_page(studio)
    studio.engine.fail = "out of memory"
    click(page, 3)
    studio.bot.waitUntil(lambda: "emory" in studio.window.messages.words.text(), timeout=5000)
    rest(studio)
