"""A mask is one photo's, and goes to no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gui.conftest import Studio


def give_mask(studio: Studio, path: Path) -> None:
    Image.new("L", (8, 8), 128).save(path)
    studio.window.panel.row("mask").edited.emit(str(path), False)
    studio.window.panel.row("strength").edited.emit(0.5, False)
    studio.rest()


def settings(studio: Studio) -> tuple[object, object]:
    look = studio.session.look
    assert look is not None
    return look.settings["mask"], look.settings["strength"]


def test_that_a_photo_opened_after_another_has_its_look_but_not_its_mask(
    studio: Studio, photo: Path, other_photo: Path, tmp_path: Path
) -> None:
    studio.open(photo)
    give_mask(studio, tmp_path / "sky.png")
    studio.session.open([other_photo])
    studio.bot.waitUntil(lambda: studio.session.document.shown == other_photo, timeout=5000)
    assert settings(studio) == ("", 0.5)
    studio.session.show(photo)
    assert settings(studio) == (str(tmp_path / "sky.png"), 0.5)


def test_that_a_closed_photos_mask_is_forgotten_and_that_of_no_photo_is_the_next_ones(
    studio: Studio, photo: Path, other_photo: Path, tmp_path: Path
) -> None:
    studio.open(photo)
    give_mask(studio, tmp_path / "sky.png")
    studio.window.actions_.close_photo.trigger()
    assert settings(studio) == ("", 0.5)
    give_mask(studio, tmp_path / "frame.png")
    studio.session.open([other_photo])
    studio.bot.waitUntil(lambda: studio.session.document.shown == other_photo, timeout=5000)
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
