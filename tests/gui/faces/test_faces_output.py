"""What a person notices of what becomes of faces."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication

from studio.core.latents import LatentsFile, draw, write_latents
from studio.core.requests import Generate, from_json
from studio.core.settings import load_preferences
from studio.gui.faces.save_faces import SaveFaces, What
from tests.gui.facing import click, colour, open_page, pin, rest
from tests.gui.paper_engine import colour_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gui.conftest import Studio

pytestmark = pytest.mark.usefixtures("enhance", "faces")


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
    studio.bot.waitUntil(path.exists, timeout=20_000)
    studio.bot.waitUntil(lambda: not studio.workspace.saves.running, timeout=20_000)
    request = from_json(path.read_text())
    assert isinstance(request, Generate)
    return request


def test_that_the_face_is_saved_as_it_is_shown(studio: Studio, tmp_path: Path) -> None:
    page = open_page(studio)
    click(page, 6)
    studio.window.panel.row("smile").slider.setValue(20)
    request = save_as(studio, What.FACE, tmp_path / "me.png")
    assert np.allclose(request.latents, draw([6], 12))
    assert request.upscaler == "enhance/upscale2x"
    assert request.settings == {"truncation": 1.0, "smile": 1.0, "details": True}
    assert studio.window.messages.words.text() == f"Saved {tmp_path / 'me.png'}"


def test_that_a_grid_is_saved_by_its_seed(studio: Studio, tmp_path: Path) -> None:
    open_page(studio).seed.setValue(40)
    request = save_as(studio, What.GRID, tmp_path / "all.png")
    assert (request.count, request.seed, request.latents) == (25, 40, ())
    assert not request.upscaler, "it would take minutes"


def test_that_a_film_leads_through_the_pinned_faces(studio: Studio, tmp_path: Path) -> None:
    pin(studio, 1, 5, 9)
    request = save_as(studio, What.FILM, tmp_path / "morph.mp4")
    assert np.allclose(request.latents, draw([1, 5, 9], 12))
    assert (request.frames, request.fps, request.loop) == (3 * 2 * 25, 25, True)
    assert (request.upscaler, request.zoom) == ("", 4), "512 px, of pixels alone"


def test_that_pace_and_loop_of_a_film_are_remembered(studio: Studio, tmp_path: Path) -> None:
    pin(studio, 1, 5)
    studio.workspace.remember(save_folder=str(tmp_path), faces_saves="film")
    studio.window.actions_.save.trigger()
    dialog = studio.window.findChild(SaveFaces)
    assert dialog is not None
    assert (dialog.seconds.value(), dialog.loop.isChecked()) == (2.0, True)
    dialog.seconds.setValue(3.5)
    dialog.loop.setChecked(False)
    dialog.save.click()
    studio.bot.waitUntil(lambda: not studio.workspace.saves.running, timeout=20_000)
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
    studio.bot.waitUntil(lambda: len(page.pins.cards) == 2, timeout=20_000)
    rest(studio)
    assert album.album.look.weights == "faces/portraits"
    assert colour(page.large.image) == colour_of(draw([1], 12)[0], 0.7)
    assert studio.window.panel.row("smile").slider.value() == 20
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
    studio.bot.waitUntil(lambda: words in studio.window.messages.words.text(), timeout=20_000)
    assert len(page.pins.cards) == 1


def test_that_a_face_is_copied_as_large_as_it_can_be(studio: Studio) -> None:
    QGuiApplication.clipboard().clear()
    page = open_page(studio)
    click(page, 4)
    studio.window.actions_.copy.trigger()
    assert studio.engine.generated[-1].upscales == 2
    said = studio.window.messages.words
    studio.bot.waitUntil(lambda: "on the clipboard" in said.text(), timeout=20_000)
    assert not QGuiApplication.clipboard().image().isNull()


def test_that_a_face_goes_on_to_another_tool(studio: Studio) -> None:
    page = open_page(studio)
    click(page, 4)
    page.use.wanted.emit("style")
    assert studio.engine.generated[-1].upscales == 2, "as large as it can be, shown so or not"
    studio.bot.waitUntil(lambda: studio.window.page is None, timeout=20_000)
    shown = studio.workspace.photos.document.shown
    assert shown is not None
    assert shown.name.startswith("face")
