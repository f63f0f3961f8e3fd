"""What was open is there again at the next start, if one wants it."""

from __future__ import annotations

import base64
import json
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QColor, QImage

from studio.gui.faces.page import FacesPage
from studio.gui.state.gesture import NO_GESTURE
from studio.gui.state.keeping.folder import Begun, begin, kept_folder
from studio.gui.state.photo.clips import Marks
from tests.clips import write_clip
from tests.gui import facing
from tests.gui.painting import levels, mask_of, stroke
from tests.gui.photo.test_several import marked
from tests.gui.sketching import across, draw, is_inked, open_page

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from tests.gui.conftest import Studio

    Start = Callable[[], AbstractContextManager[Studio]]


pytestmark = pytest.mark.usefixtures("own_folder")


def show(studio: Studio, *paths: Path) -> None:
    studio.workspace.open(list(paths))
    stage = studio.workspace.screen
    studio.bot.waitUntil(lambda: stage.is_opened(paths[0]), timeout=30_000)
    studio.rest()


def ready(studio: Studio) -> None:
    """Waits until it is known what can be opened again."""
    studio.bot.waitUntil(lambda: studio.commands.keeping.keeper.own is not None, timeout=30_000)


def offers(studio: Studio) -> list[str]:
    ready(studio)
    buttons = studio.window.start.offers
    return [button.text() for button in buttons if not button.isHidden()]


def open_again(studio: Studio, row: int = 0) -> None:
    assert offers(studio)
    studio.window.start.offers[row].click()
    photos = studio.workspace.photos.document.photos
    studio.bot.waitUntil(lambda: studio.workspace.photos.document.photos != photos, timeout=30_000)
    studio.rest()


def photos(studio: Studio) -> list[Path]:
    return [photo.path for photo in studio.workspace.photos.document.photos]


def has_photos(studio: Studio, count: int) -> bool:
    return len(photos(studio)) == count


def strength(studio: Studio, path: Path) -> object:
    photo = studio.workspace.photos.document.find(path)
    assert photo is not None
    assert photo.look is not None
    return photo.look.settings["strength"]


def test_that_photos_looks_and_masks_are_there_again(
    start: Start, photo: Path, other_photo: Path
) -> None:
    with start() as studio:
        show(studio, photo, other_photo)
        studio.window.actions_.brush.trigger()
        stroke(studio, (0.3, 0.5), (0.6, 0.5))
        studio.window.panel.row("strength").edited.emit(0.5, NO_GESTURE)
        studio.window.actions_.next.trigger()
        studio.window.panel.row("strength").edited.emit(0.25, NO_GESTURE)
        before = studio.workspace.photos.document
    with start() as studio:
        assert [words.startswith("Open again: 2 photos, ") for words in offers(studio)] == [True]
        assert photos(studio) == [], "it is offered, and no more"
        open_again(studio)
        assert studio.workspace.photos.document == before
        assert levels(mask_of(studio, photo)).min() == 0
        assert (strength(studio, photo), strength(studio, other_photo)) == (0.5, 0.25)
        assert studio.window.panel.row("strength").slider.value() == 25
    with start() as studio:
        assert len(offers(studio)) == 1, "the same once more, and not twice"


def test_that_the_part_that_was_marked_of_a_video_is_there_again(
    start: Start, tmp_path: Path
) -> None:
    times = tuple(range(0, 90_000, 3600))
    clip = write_clip(tmp_path / "clip.mp4", times=times, size=(160, 120))
    with start() as studio:
        show(studio, clip)
        studio.workspace.clips.mark(clip, Marks(0.2, 0.6))
    with start() as studio:
        open_again(studio)
        assert studio.workspace.clips.marks(clip) == Marks(0.2, 0.6)
        studio.bot.waitUntil(studio.window.actions_.take_whole.isEnabled, timeout=20_000)


def test_that_a_photo_stays_saved_for_as_long_as_its_result_is_there(
    start: Start, photo: Path, other_photo: Path, tmp_path: Path
) -> None:
    (folder := tmp_path / "results").mkdir()
    with start() as studio:
        show(studio, photo, other_photo)
        studio.window.panel.row("strength").edited.emit(0.5, NO_GESTURE)
        studio.workspace.photo_saves.save_all(folder)
        studio.bot.waitUntil(lambda: not studio.workspace.saves.running, timeout=20_000)
        assert marked(studio) == ["cat.png, edited, saved", "coffee.jpg, saved"]
        studio.rest()
    for request in studio.engine.requests:
        if request.output:
            Path(request.output).touch()  # which an engine of paper does not
    with start() as studio:
        open_again(studio)
        assert marked(studio) == ["cat.png, edited, saved", "coffee.jpg, saved"]
        studio.window.panel.row("strength").edited.emit(0.75, NO_GESTURE)
        assert marked(studio) == ["cat.png, edited", "coffee.jpg, saved"]
        studio.rest()
    next(folder.glob("coffee-*")).unlink()
    with start() as studio:
        open_again(studio)
        assert marked(studio) == ["cat.png, edited", "coffee.jpg"]


@pytest.mark.usefixtures("sketch", "faces")
def test_that_drawings_faces_and_the_page_are_there_again(start: Start, photo: Path) -> None:
    with start() as studio:
        show(studio, photo)
        studio.window.rail.button("faces").click()
        page = studio.window.page
        assert isinstance(page, FacesPage)
        studio.bot.waitUntil(page.pin.isEnabled, timeout=30_000)
        page.pin.click()
        pins = studio.commands.faces.album.pins
        drawn = open_page(studio)
        studio.commands.sketch.choose_weights("sketch/facades")
        draw(drawn, *across(200))
        draw(drawn, *across(300))
        studio.window.actions_.undo.trigger()
        drawing = studio.commands.sketch.board.sheet.drawing
        assert len(drawing.done) == len(drawing.undone) == len(pins) == 1
    with start() as studio:
        assert offers(studio)[0].startswith("Open again: 1 photo, 1 drawing and 1 face, ")
        open_again(studio)
        sketch = studio.commands.sketch
        assert studio.window.page is sketch.page
        assert sketch.board.weights.id == "sketch/facades"
        assert sketch.board.sheet.drawing == drawing
        blank = sketch.board.subject.ground
        assert sketch.board.sheet.image.pixelColor(250, 200) != QColor(blank)
        studio.window.actions_.redo.trigger()
        assert sketch.board.sheet.image.pixelColor(250, 300) != QColor(blank)
        assert studio.commands.faces.album.pins == pins
        assert photos(studio) == [photo]


@pytest.mark.usefixtures("faces")
def test_that_faces_are_shown_again_with_the_weights_that_were_shown(start: Start) -> None:
    with start() as studio:
        page = facing.pin(studio, 0, 2)
        studio.commands.faces.choose_weights("faces/digits")
        page.grid.pinned.emit(1)
        facing.rest(studio)
    with start() as studio:
        ready(studio)
        facing.pin(studio, 1)
        studio.workspace.place.leave()
        studio.commands.keeping.open(0)
        studio.bot.waitUntil(lambda: studio.window.page is not None, timeout=30_000)
        faces = studio.commands.faces
        assert faces.weights == "faces/digits"
        assert [pin.face.name for pin in faces.album.pins] == ["No. 1"]
        faces.choose_weights("faces/portraits")
        assert [pin.face.name for pin in faces.album.pins] == ["No. 1", "No. 0", "No. 2"]
        facing.rest(studio)


@pytest.mark.usefixtures("sketch")
def test_that_what_is_drawn_in_the_first_moment_is_kept(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slowly(parent: Path) -> Begun:
        time.sleep(1)
        return begin(parent)

    with start() as studio:
        ready(studio)
        draw(open_page(studio), *across(200))
    with monkeypatch.context() as patched:
        patched.setattr("studio.gui.state.keeping.keeper.begin", slowly)
        with start() as studio:
            draw(open_page(studio), *across(300))
            assert studio.commands.keeping.keeper.own is None
    with start() as studio:
        assert len(offers(studio)) == 2, "and what was kept before is still there"


@pytest.mark.usefixtures("sketch")
def test_that_what_is_drawn_already_comes_after_what_was_drawn(start: Start) -> None:
    with start() as studio:
        draw(open_page(studio), *across(200))
    with start() as studio:
        ready(studio)
        page = open_page(studio)
        draw(page, *across(400))
        studio.commands.keeping.open(0)
        sheet = studio.commands.sketch.board.sheet
        studio.bot.waitUntil(lambda: len(sheet.drawing.done) == 3, timeout=30_000)
        assert is_inked(studio, 250, 400)
        assert not is_inked(studio, 250, 200)
        studio.window.actions_.undo.trigger()
        studio.window.actions_.undo.trigger()
        assert is_inked(studio, 250, 200)


def test_that_a_mask_of_a_tool_that_is_not_shown_is_there_again(
    enhance: None, start: Start, photo: Path
) -> None:
    with start() as studio:
        show(studio, photo)
        studio.window.actions_.brush.trigger()
        stroke(studio, (0.3, 0.5), (0.6, 0.5))
        studio.window.rail.button("enhance").click()
        assert mask_of(studio, photo) == ""
    with start() as studio:
        open_again(studio)
        studio.window.rail.button("style").click()
        assert levels(mask_of(studio, photo)).min() == 0


def test_that_a_pasted_photo_is_there_again(start: Start) -> None:
    image = QImage(60, 40, QImage.Format.Format_RGB32)
    image.fill(QColor("green"))
    for count in (1, 2):
        with start() as studio:
            if offers(studio):
                open_again(studio)
            studio.workspace.incoming.open_image(image)
            studio.bot.waitUntil(partial(has_photos, studio, count), timeout=30_000)
            studio.rest()
            assert all(path.is_file() for path in photos(studio))
            assert all(map(studio.workspace.incoming.is_pasted, photos(studio)))
    assert len(list(kept_folder().glob("*/*.png"))) == 2


def test_that_a_window_works_where_nothing_can_be_kept(start: Start, photo: Path) -> None:
    kept_folder().parent.mkdir(parents=True)
    kept_folder().write_text("no folder")
    with start() as studio:
        show(studio, photo)
        messages = studio.window.messages
        studio.bot.waitUntil(messages.isVisible, timeout=30_000)
        assert "cannot be kept for the next time" in messages.words.text()


def test_that_steps_are_there_again_and_those_of_version_1(
    start: Start, enhance: None, photo: Path, other_photo: Path
) -> None:
    with start() as studio:
        show(studio, photo)
        studio.workspace.steps.add("enhance")
        studio.workspace.photos.edit("grain", 0.5)
        studio.workspace.steps.switch(0, on=False)
        kept = studio.workspace.photos.stack
    with start() as studio:
        open_again(studio)
        assert studio.workspace.photos.stack == kept
        assert studio.window.panel.steps.list.count() == 2
        studio.window.actions_.close_photo.trigger()
    file = kept_folder() / ("0" * 16) / "window.json"
    file.parent.mkdir(parents=True)
    look = {"weights": "enhance/photo", "settings": {"grain": 0.25}, "then": ["enhance/upscale2x"]}
    name = base64.b64encode(str(other_photo).encode()).decode()
    photos = [{"name": name, "look": look}]
    file.write_text(json.dumps({"version": 1, "at": "2026-05-05T10:00:00Z", "photos": photos}))
    with start() as studio:
        open_again(studio)
        stack = studio.workspace.photos.stack
        assert stack is not None
        assert [step.look.weights for step in stack.steps] == ["enhance/photo", "enhance/upscale2x"]
        assert stack.look.settings["grain"] == 0.25
