"""The page that is shown while no photo is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from studio.core.samples import sample_photos
from studio.gui.photo.picture_row import PictureRow
from studio.gui.photo.starting import RECENT, SAMPLES

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QListWidgetItem

    from tests.gui.conftest import Studio


def items(studio: Studio, title: str) -> list[QListWidgetItem]:
    row = studio.window.start.rows.get(title)
    gallery = None if row is None else row.gallery
    return [] if gallery is None else [gallery.item(n) for n in range(gallery.count())]


def pick(studio: Studio, title: str, number: int = 0) -> None:
    gallery = studio.window.start.rows[title].gallery
    assert gallery is not None
    spot = gallery.visualItemRect(gallery.item(number)).center()
    studio.bot.mouseClick(gallery.viewport(), Qt.MouseButton.LeftButton, pos=spot)


def shown(studio: Studio) -> Path | None:
    return studio.workspace.photos.document.shown


def pictured(studio: Studio, title: str) -> bool:
    return all(item.data(Qt.ItemDataRole.UserRole + 1) is not None for item in items(studio, title))


def test_that_a_file_opened_last_is_seen_and_opened_by_a_click_and_from_the_menu(
    studio: Studio, photo: Path, other_photo: Path
) -> None:
    menu = studio.window.top_bar.recent
    assert not menu.isEnabled()
    studio.open(photo)
    studio.workspace.open([other_photo])
    studio.bot.waitUntil(lambda: shown(studio) == other_photo, timeout=20_000)
    studio.rest()
    for path in (photo, other_photo):
        studio.workspace.photos.close(path)
    studio.bot.waitUntil(lambda: len(items(studio, RECENT)) == 2, timeout=20_000)
    studio.bot.waitUntil(lambda: pictured(studio, RECENT), timeout=20_000)
    words = [item.text() for item in items(studio, RECENT)]
    assert words == [f"{path.name}, {path.parent.name}" for path in (other_photo, photo)]
    pick(studio, RECENT, 1)
    studio.bot.waitUntil(lambda: shown(studio) == photo, timeout=20_000)
    assert studio.window.focusWidget() is studio.window.canvas
    assert menu.isEnabled()
    menu.actions()[1].trigger()
    studio.bot.waitUntil(lambda: shown(studio) == other_photo, timeout=20_000)
    studio.rest()
    menu.actions()[-1].trigger()
    assert not menu.isEnabled()


@pytest.mark.usefixtures("sketch")
def test_that_samples_and_tools_are_offered(studio: Studio) -> None:
    start = studio.window.start
    studio.workspace.start._find_samples = sample_photos
    studio.workspace.start.look()
    studio.bot.waitUntil(lambda: bool(items(studio, SAMPLES)), timeout=20_000)
    assert list(start.tools) == ["style", "sketch"]
    assert "picture" in start.tools["sketch"].accessibleName()
    start.tools["sketch"].click()
    assert studio.window.page is studio.commands.sketch.page
    studio.workspace.place.leave()
    pick(studio, SAMPLES, 2)
    studio.bot.waitUntil(lambda: shown(studio) == sample_photos()[2], timeout=20_000)
    studio.rest()


def test_that_the_page_is_scrolled_where_there_is_little_room(studio: Studio) -> None:
    studio.workspace.start._find_samples = sample_photos
    studio.workspace.start.look()
    studio.bot.waitUntil(lambda: bool(items(studio, SAMPLES)), timeout=20_000)
    studio.window.resize(800, 520)
    gallery = studio.window.start.rows[SAMPLES].gallery
    assert gallery is not None
    studio.bot.waitUntil(lambda: gallery.width() < 400, timeout=20_000)
    assert not gallery.verticalScrollBar().isVisible(), "no picture is cut off"
    assert gallery.visualItemRect(gallery.item(4)).bottom() <= gallery.height()


def test_that_a_row_of_pictures_shows_all_of_them_at_any_width(studio: Studio) -> None:
    row = PictureRow("Opened last", studio.window.theme)
    studio.bot.addWidget(row)
    row.show_pictures([(f"/photos/{name}.jpg", name) for name in "abcdef"])
    row.show()
    gallery = row.gallery
    assert gallery is not None
    for width in range(240, 540, 2):
        row.resize(width, 400)
        QApplication.processEvents()
        lowest = max(
            gallery.visualItemRect(gallery.item(n)).bottom() for n in range(gallery.count())
        )
        assert lowest < gallery.viewport().height(), f"one is hidden at {width} px"


def test_that_a_long_offer_is_cut_short_in_a_narrow_window(studio: Studio) -> None:
    studio.window.resize(800, 600)
    words = "Open again: a drawing, faces, a video and 12 photos, 11/28/26 1:15 PM"
    studio.window.start.offer([words])
    studio.settle()
    button = studio.window.start.offers[0]
    assert button.visibleRegion().boundingRect() == button.rect()
    assert button.toolTip() == words
    studio.window.resize(1280, 800)
    studio.settle()
    assert button.text() == words
