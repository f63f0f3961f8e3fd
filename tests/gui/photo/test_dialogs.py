"""A dialog holds what it was opened for, and what it writes is never an original."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from PySide6.QtWidgets import QFileDialog

from studio.core.events import BatchFinished
from studio.core.latents import LatentsFile, draw, write_latents
from studio.core.requests import Generate, Video, from_json
from studio.gui.faces.save_faces import SaveFaces, What
from studio.gui.photo.name_dialog import NameDialog
from studio.gui.photo.save_all import SaveAll
from studio.gui.sketch.save_sketch import SaveSketch, Which
from studio.gui.state.gesture import NO_GESTURE
from studio.gui.widgets.save_dialog import SaveDialog
from tests.clips import write_clip
from tests.gui import facing, sketching
from tests.gui.test_batch_page import finished, says, start

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gui.conftest import Studio


def ask(studio: Studio) -> SaveDialog:
    studio.window.actions_.save.trigger()
    return next(d for d in studio.window.findChildren(SaveDialog) if d.isVisible())


def rest(studio: Studio) -> None:
    studio.bot.waitUntil(lambda: not studio.workspace.saves.running, timeout=20_000)


def test_that_the_photo_is_saved_that_the_dialog_was_opened_for(
    studio: Studio, photo: Path, other_photo: Path
) -> None:
    studio.open(photo, other_photo)
    dialog = ask(studio)
    studio.workspace.photos.show(other_photo)
    studio.window.panel.row("strength").edited.emit(0.5, NO_GESTURE)
    dialog.save.click()
    rest(studio)
    request = next(r for r in studio.engine.requests if r.output)
    assert (request.source, request.settings["strength"]) == (str(photo), 1.0)
    assert request.output.endswith("cat-styled.jpg")


def test_that_the_video_is_saved_that_the_dialog_was_opened_for(
    studio: Studio, photo: Path, tmp_path: Path
) -> None:
    clip = write_clip(tmp_path / "clip.mp4", times=(0, 3600))
    studio.workspace.open([clip, photo])
    studio.bot.waitUntil(lambda: studio.workspace.photos.document.shown == clip, timeout=20_000)
    studio.rest()
    dialog = ask(studio)
    studio.workspace.photos.show(photo)
    dialog.save.click()
    rest(studio)
    request = next(r for r in studio.engine.requests if r.output)
    assert isinstance(request, Video)
    assert request.source == str(clip)


def test_that_all_that_was_open_then_is_saved_as_it_looked_then(
    studio: Studio, photo: Path, other_photo: Path, tmp_path: Path
) -> None:
    studio.open(photo, other_photo)
    studio.window.actions_.save_all.trigger()
    dialog = studio.window.findChild(SaveAll)
    assert dialog is not None
    studio.window.panel.row("strength").edited.emit(0.5, NO_GESTURE)
    studio.workspace.photos.close(other_photo)
    dialog.folder.setText(str(tmp_path))
    dialog.save.click()
    rest(studio)
    saved = [r for r in studio.engine.requests if r.output]
    assert [(r.source, r.settings["strength"]) for r in saved] == [
        (str(photo), 1.0), (str(other_photo), 1.0),
    ]  # fmt: skip


@pytest.mark.usefixtures("enhance", "faces")
@pytest.mark.parametrize("what", [What.FACE, What.GRID, What.NUMBERS])
def test_that_the_faces_are_saved_that_the_dialog_was_opened_for(
    studio: Studio, tmp_path: Path, what: Which
) -> None:
    page = facing.open_page(studio)
    facing.click(page, 6)
    studio.workspace.remember(save_folder=str(tmp_path))
    dialog = ask(studio)
    assert isinstance(dialog, SaveFaces)
    dialog.what.setCurrentIndex(dialog.what.findData(what))
    page.seed.setValue(40)
    page.count.setCurrentIndex(0)
    facing.click(page, 3)
    path = dialog.path
    dialog.save.click()
    rest(studio)
    request = from_json(path.read_text())
    assert isinstance(request, Generate)
    if what is What.GRID:
        assert (request.seed, request.count) == (0, 25)
    else:
        assert request.latents == (tuple(draw([6], 12)[0].tolist()),)


@pytest.mark.usefixtures("sketch")
@pytest.mark.parametrize("what", [Which.RESULT, Which.DOODLE])
def test_that_the_sketch_is_saved_that_the_dialog_was_opened_for(
    studio: Studio, tmp_path: Path, what: Which
) -> None:
    page = sketching.open_page(studio)
    sketching.draw(page, *sketching.across(100))
    sketching.wait_for_result(studio)
    studio.workspace.remember(save_folder=str(tmp_path))
    dialog = ask(studio)
    assert isinstance(dialog, SaveSketch)
    dialog.what.setCurrentIndex(dialog.what.findData(what))
    dialog.format.setCurrentIndex(dialog.format.findText("PNG"))
    path = dialog.path
    sketching.draw(page, *sketching.across(400))
    dialog.save.click()
    studio.bot.waitUntil(path.exists, timeout=20_000)
    rest(studio)
    with Image.open(path) as image:
        grey = image.convert("L")
        first, second = (
            min(grey.crop((0, round(y * grey.height - 3), grey.width, round(y * grey.height + 3)))
                .tobytes())
            for y in (100 / 512, 400 / 512)
        )  # fmt: skip
    assert first < 235
    assert second == 255


def test_that_a_preset_keeps_the_settings_that_its_dialog_was_opened_for(
    studio: Studio, photo: Path
) -> None:
    studio.open(photo)
    studio.commands.presets.menu.aboutToShow.emit()
    action = next(a for a in studio.commands.presets.menu.actions() if a.text() == "Save as…")
    action.trigger()
    dialog = studio.window.findChild(NameDialog)
    assert dialog is not None
    assert not dialog.save.isEnabled(), "it has no name"
    studio.window.panel.row("strength").edited.emit(0.5, NO_GESTURE)
    dialog.name.setText("Full")
    dialog.save.click()
    studio.commands.presets.apply("Full")
    look = studio.workspace.photos.look
    assert look is not None
    assert look.settings["strength"] == 1.0


@pytest.mark.usefixtures("enhance")
def test_that_the_report_is_saved_that_the_dialog_was_opened_for(
    studio: Studio, tmp_path: Path
) -> None:
    page, job, request = start(studio, tmp_path)
    with open(request.report, "w", encoding="utf-8") as file:  # noqa: PTH123 - as the engine does
        json.dump({"done": 1}, file)
    studio.engine.tell(finished(job, request, 1, 0))
    says(studio, page, "All pictures are done.")
    page.progress.save_report.click()
    dialog = studio.window.findChild(QFileDialog)
    assert dialog is not None
    page.progress.start.click()
    dialog.fileSelected.emit(str(tmp_path / "kept.json"))
    dialog.reject()
    studio.bot.waitUntil((tmp_path / "kept.json").exists, timeout=20_000)
    assert json.loads((tmp_path / "kept.json").read_text()) == {"done": 1}


@pytest.mark.usefixtures("enhance")
@pytest.mark.parametrize("which", ["in/a.png", "out/a.png", "out/.studio-batch.jsonl"])
def test_that_a_report_is_not_saved_over_another_file_of_its_batch(
    studio: Studio, tmp_path: Path, which: str
) -> None:
    for name in ("in/a.png", "out/a.png", "out/.studio-batch.jsonl"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"kept")
    page, job, request = start(studio, tmp_path)
    item = {"source": str(tmp_path / "in/a.png"), "output": str(tmp_path / "out/a.png")}
    with open(request.report, "w", encoding="utf-8") as file:  # noqa: PTH123 - as the engine does
        json.dump({"done": 1, "items": [item]}, file)
    event: BatchFinished = finished(job, request, 1, 0)
    studio.engine.tell(event)
    says(studio, page, "All pictures are done.")
    (tmp_path / "linked").symlink_to(tmp_path, target_is_directory=True)
    studio.commands.batch.copy_report(tmp_path / "linked" / which)
    messages = studio.window.messages
    studio.bot.waitUntil(messages.isVisible, timeout=20_000)
    assert "is an original" in messages.words.text()
    assert b"done" not in (tmp_path / which).read_bytes()


def test_that_no_photo_that_is_open_is_offered_for_replacement_by_any_name(
    studio: Studio, photo: Path, other_photo: Path, tmp_path: Path
) -> None:
    linked = tmp_path / "linked"
    linked.symlink_to(tmp_path, target_is_directory=True)
    mask = tmp_path / "mask.png"
    Image.new("L", (8, 8), 128).save(mask)
    studio.open(photo, other_photo)
    studio.window.panel.row("mask").edited.emit(str(mask), NO_GESTURE)
    studio.rest()
    dialog = ask(studio)
    for folder in (tmp_path, linked, tmp_path / "weights" / ".."):
        dialog.folder.setText(str(folder))
        for path in (photo, other_photo, mask):
            dialog.format.setCurrentIndex(dialog.format.findText("PNG"))
            if path.suffix == ".jpg":
                dialog.format.setCurrentIndex(dialog.format.findText("JPEG"))
            dialog.name.setText(path.stem)
            assert dialog.path.exists()
            assert not dialog.save.isEnabled(), dialog.path
            assert "never replaced" in dialog.warning.text()
    dialog.reject()


@pytest.mark.usefixtures("enhance", "faces")
def test_that_a_file_of_faces_that_was_opened_is_not_offered_for_replacement(
    studio: Studio, tmp_path: Path
) -> None:
    page = facing.open_page(studio)
    latent = tuple(draw([1], 12)[0].tolist())
    path = tmp_path / "kept.json"
    write_latents(path, LatentsFile("faces/portraits", (latent,), {}), overwrite=False)
    page.dropped.emit(path)
    studio.bot.waitUntil(lambda: len(page.pins.cards) == 1, timeout=20_000)
    facing.rest(studio)
    dialog = ask(studio)
    assert isinstance(dialog, SaveFaces)
    dialog.what.setCurrentIndex(dialog.what.findData(What.NUMBERS))
    dialog.folder.setText(str(tmp_path))
    dialog.name.setText("kept")
    assert not dialog.save.isEnabled()
    dialog.name.setText("others")
    dialog.save.click()
    rest(studio)
    request = from_json((tmp_path / "others.json").read_text())
    assert isinstance(request, Generate)
    assert request.source == str(path)


@pytest.mark.parametrize("name", [300 * "x", "weights", "a/b", "", "\x00"])
@pytest.mark.parametrize("folder", ["", "/", "~nobody-of-that-name", 300 * "x", "\x00"])
def test_that_odd_names_are_refused_or_taken_without_a_mistake(
    studio: Studio, photo: Path, tmp_path: Path, name: str, folder: str
) -> None:
    (tmp_path / "weights.jpg").mkdir()
    studio.open(photo)
    dialog = ask(studio)
    dialog.name.setText(name)
    assert not dialog.save.isEnabled()
    dialog.name.setText("/")
    dialog.name.setText(name)
    dialog.folder.setText(folder or str(tmp_path))
    dialog.reject()


def test_that_a_folder_is_remembered_once_something_was_written_into_it(
    studio: Studio, photo: Path, tmp_path: Path
) -> None:
    studio.open(photo)
    for fails, remembered in (("the disk is full", ""), ("", str(tmp_path))):
        studio.engine.fail = fails
        dialog = ask(studio)
        dialog.folder.setText(str(tmp_path))
        dialog.save.click()
        rest(studio)
        assert studio.workspace.preferences.save_folder == remembered
