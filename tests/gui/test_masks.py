"""A mask is one photo's, from the stroke on, and goes to no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from studio.core.settings import load_preferences
from studio.gui.mask.brush import Tip
from studio.gui.mask.commands import MaskCommands
from studio.gui.state.gesture import NO_GESTURE
from tests.gui.painting import levels, mask_of, press, stroke

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gui.conftest import Studio


def give_mask(studio: Studio, path: Path) -> None:
    Image.new("L", (8, 8), 128).save(path)
    studio.window.panel.row("mask").edited.emit(str(path), NO_GESTURE)
    studio.window.panel.row("strength").edited.emit(0.5, NO_GESTURE)
    studio.rest()


def settings(studio: Studio) -> tuple[object, object]:
    look = studio.workspace.photos.look
    assert look is not None
    return look.settings["mask"], look.settings["strength"]


def test_that_a_photo_opened_after_another_has_its_look_but_not_its_mask(
    studio: Studio, photo: Path, other_photo: Path, tmp_path: Path
) -> None:
    studio.open(photo)
    give_mask(studio, tmp_path / "sky.png")
    studio.workspace.open([other_photo])
    studio.bot.waitUntil(
        lambda: studio.workspace.photos.document.shown == other_photo, timeout=20_000
    )
    assert settings(studio) == ("", 0.5)
    studio.workspace.photos.show(photo)
    assert settings(studio) == (str(tmp_path / "sky.png"), 0.5)


def test_that_a_closed_photos_mask_is_forgotten_and_that_of_no_photo_is_the_next_ones(
    studio: Studio, photo: Path, other_photo: Path, tmp_path: Path
) -> None:
    studio.open(photo)
    give_mask(studio, tmp_path / "sky.png")
    studio.window.actions_.close_photo.trigger()
    assert settings(studio) == ("", 0.5)
    give_mask(studio, tmp_path / "frame.png")
    studio.workspace.open([other_photo])
    studio.bot.waitUntil(
        lambda: studio.workspace.photos.document.shown == other_photo, timeout=20_000
    )
    assert settings(studio) == (str(tmp_path / "frame.png"), 0.5)


def test_that_a_whole_folder_is_done_without_the_mask_of_one_photo(
    studio: Studio, photo: Path, tmp_path: Path
) -> None:
    studio.open(photo)
    give_mask(studio, tmp_path / "sky.png")
    studio.window.panel.folder.click()
    page = studio.commands.batch._page
    assert page is not None
    assert "without the mask" in page.settings.text()
    page.form.source.show_path(str(tmp_path))
    page.progress.start.click()
    _, request = studio.engine.batches[-1]
    assert (request.settings["mask"], request.settings["strength"]) == ("", 0.5)


def test_that_a_mask_is_chosen_and_its_folder_remembered(
    studio: Studio, photo: Path, tmp_path: Path
) -> None:
    studio.open(photo)
    folder = tmp_path / "masks"
    folder.mkdir()
    row = studio.window.panel.row("mask")
    for beginning in (tmp_path, folder):
        row.choose.click()
        dialog = next(d for d in studio.window.findChildren(QFileDialog) if d.isVisible())
        assert dialog.directory().path() == str(beginning)
        Image.new("L", (8, 8), 128).save(folder / "sky.png")
        dialog.fileSelected.emit(str(folder / "sky.png"))
        dialog.reject()
    sky = str(folder / "sky.png")
    studio.bot.waitUntil(lambda: settings(studio)[0] == sky, timeout=20_000)
    studio.window.actions_.undo.trigger()
    assert settings(studio)[0] == ""
    studio.window.close()
    assert load_preferences().mask_folder == str(folder)


def test_that_the_brush_is_remembered(studio: Studio, photo: Path) -> None:
    studio.open(photo)
    studio.window.actions_.brush.trigger()
    studio.window.mask_bar.width_slider.setValue(91)
    studio.window.mask_bar.softness.setValue(40)
    studio.window.mask_bar.overlay.setValue(70)
    studio.window.close()
    kept = load_preferences()
    assert (kept.mask_brush, kept.mask_softness, kept.mask_overlay) == (91, 40, 70)
    studio.workspace.preferences = load_preferences()
    window = studio.window
    again = MaskCommands(
        studio.workspace,
        window.canvas,
        window.mask_bar,
        window.actions_.brush,
        window.actions_.overlay,
    )
    assert (again.brush.width, again.brush.softness) == (91, 40)


def show(studio: Studio, path: Path) -> None:
    """Opens a photo, or pages to it, and waits until it can be painted on."""
    studio.workspace.open([path])
    canvas = studio.window.canvas
    studio.bot.waitUntil(lambda: studio.workspace.photos.document.shown == path, timeout=20_000)
    studio.bot.waitUntil(lambda: studio.workspace.screen.is_opened(path), timeout=20_000)
    studio.rest()
    assert not canvas.picture_rect().isEmpty()


def test_that_a_stroke_is_the_photos_at_once_whatever_is_done_next(
    studio: Studio, photo: Path, other_photo: Path
) -> None:
    show(studio, other_photo)
    show(studio, photo)
    studio.window.actions_.brush.trigger()
    stroke(studio, (0.3, 0.5), (0.6, 0.5))
    studio.window.actions_.previous.trigger()
    assert mask_of(studio, other_photo) == ""
    studio.window.actions_.next.trigger()
    assert levels(mask_of(studio, photo)).min() == 0
    studio.window.actions_.undo.trigger()
    assert mask_of(studio, photo) == ""
    studio.window.actions_.redo.trigger()
    studio.rest()
    assert levels(mask_of(studio, photo)).min() == 0


def test_that_a_photo_saved_right_after_a_stroke_has_its_mask(
    studio: Studio, photo: Path, other_photo: Path, tmp_path: Path
) -> None:
    show(studio, other_photo)
    show(studio, photo)
    studio.window.actions_.brush.trigger()
    stroke(studio, (0.3, 0.5), (0.6, 0.5))
    (tmp_path / "results").mkdir()
    studio.workspace.photo_saves.save_all(tmp_path / "results")
    studio.bot.waitUntil(lambda: not studio.workspace.saves.running, timeout=20_000)
    saved = {r.source: str(r.settings["mask"]) for r in studio.engine.requests if r.output}
    assert levels(saved[str(photo)]).min() == 0
    assert saved[str(other_photo)] == ""


def test_that_a_stroke_that_is_being_drawn_is_the_photos_where_it_began(
    studio: Studio, photo: Path, other_photo: Path
) -> None:
    show(studio, other_photo)
    show(studio, photo)
    studio.window.actions_.brush.trigger()
    pen = press(studio, (0.3, 0.5), (0.6, 0.5))
    studio.window.actions_.previous.trigger()
    studio.bot.mouseRelease(studio.commands.masks.pad, Qt.MouseButton.LeftButton, pos=pen)
    assert mask_of(studio, other_photo) == ""
    assert levels(mask_of(studio, photo)).min() == 0
    studio.workspace.photos.show(photo)
    studio.window.actions_.undo.trigger()
    assert mask_of(studio, photo) == ""


def test_that_painting_on_a_mask_of_a_file_leaves_the_file_as_it_is(
    studio: Studio, photo: Path, tmp_path: Path
) -> None:
    show(studio, photo)
    give_mask(studio, tmp_path / "sky.png")
    before = (tmp_path / "sky.png").read_bytes()
    studio.window.actions_.brush.trigger()
    masks = studio.commands.masks
    studio.bot.waitUntil(lambda: masks._sheet is not None, timeout=20_000)
    stroke(studio, (0.3, 0.5), (0.6, 0.5))
    painted = levels(mask_of(studio, photo))
    assert (int(painted[5, 5]), int(painted.max())) == (128, 255)
    assert (tmp_path / "sky.png").read_bytes() == before
    (tmp_path / "sky.png").unlink()
    stroke(studio, (0.3, 0.2), (0.6, 0.2))
    studio.window.actions_.undo.trigger()
    assert np.array_equal(levels(mask_of(studio, photo)), painted)


def test_that_a_file_that_is_no_picture_is_no_mask(
    studio: Studio, photo: Path, tmp_path: Path
) -> None:
    show(studio, photo)
    words = tmp_path / "words.png"
    words.write_text("no picture")
    row = studio.window.panel.row("mask")
    place = row.choose.geometry()
    studio.commands.masks._chosen(words)
    studio.bot.waitUntil(lambda: "words.png" in studio.window.messages.words.text(), timeout=20_000)
    assert mask_of(studio, photo) == ""
    assert studio.window.actions_.undo.isEnabled() is False
    give_mask(studio, tmp_path / "sky.png")
    studio.bot.waitUntil(row.clear.isVisible)
    studio.bot.waitUntil(lambda: row.clear.geometry().right() < row.choose.geometry().left())
    assert row.choose.geometry() == place  # what comes lies beside it


def test_that_a_soft_brush_fades_out(studio: Studio, photo: Path) -> None:
    show(studio, photo)
    studio.window.actions_.brush.trigger()
    bar = studio.window.mask_bar
    bar.width_slider.setValue(200)
    stroke(studio, (0.5, 0.5), (0.5, 0.5))
    hard = levels(mask_of(studio, photo))
    studio.window.actions_.undo.trigger()
    bar.softness.setValue(100)
    stroke(studio, (0.5, 0.5), (0.5, 0.5))
    soft = levels(mask_of(studio, photo))
    line = soft[soft.shape[0] // 2, 512:620].astype(int)
    assert (line[0], line[-1]) == (0, 255)
    assert (np.diff(line) >= 0).all()
    assert np.diff(line).max() < 16  # without steps that one sees
    assert ((soft > 20) & (soft < 235)).sum() > 10 * ((hard > 20) & (hard < 235)).sum()


def test_that_a_mask_is_filled_and_inverted_and_each_is_undone(studio: Studio, photo: Path) -> None:
    show(studio, photo)
    studio.window.actions_.brush.trigger()
    bar, undo = studio.window.mask_bar, studio.window.actions_.undo
    bar.tips[Tip.KEEP].click()
    bar.fill.click()
    assert levels(mask_of(studio, photo)).max() == 0
    studio.rest()
    bar.tips[Tip.CHANGE].click()
    stroke(studio, (0.5, 0.5), (0.5, 0.5))
    painted = levels(mask_of(studio, photo))
    bar.invert.click()
    assert np.array_equal(levels(mask_of(studio, photo)), 255 - painted)
    assert "Invert mask" in undo.toolTip()
    for _ in range(3):
        undo.trigger()
    assert mask_of(studio, photo) == ""
    bar.invert.click()  # of what is changed everywhere: nowhere
    assert levels(mask_of(studio, photo)).max() == 0


def test_that_the_whole_mask_is_seen_as_clearly_as_one_likes(studio: Studio, photo: Path) -> None:
    show(studio, photo)
    studio.window.actions_.brush.trigger()
    bar, pad = studio.window.mask_bar, studio.commands.masks.pad
    bar.tips[Tip.KEEP].click()
    bar.fill.click()
    studio.rest()

    def lifted() -> bool:
        return pad._veil.isNull()

    studio.bot.waitUntil(lifted, timeout=20_000)

    def clear() -> int:
        return pad._veil.pixelColor(5, 5).alpha()

    bar.overlay.setValue(100)
    assert clear() == 255
    bar.overlay.setValue(20)
    assert clear() == 51


def test_that_the_brush_comes_back_with_the_tip_it_was_put_away_with(
    studio: Studio, photo: Path, other_photo: Path
) -> None:
    studio.open(photo)
    brush = studio.window.actions_.brush
    brush.trigger()
    assert studio.commands.masks.brush.tip is Tip.KEEP
    stroke(studio, (0.3, 0.5), (0.6, 0.5))
    studio.rest()
    brush.trigger()
    brush.trigger()
    assert studio.commands.masks.brush.tip is Tip.KEEP
    brush.trigger()
    studio.open(other_photo)
    brush.trigger()
    assert studio.commands.masks.brush.tip is Tip.KEEP, "as on any photo without a mask"
