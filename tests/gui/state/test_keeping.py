"""What was open is there again at the next start, if one wants it."""

from __future__ import annotations

import base64
import json
from functools import partial
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from PySide6.QtGui import QColor, QImage

from studio.core.masks import from_png
from studio.gui.faces.page import FacesPage
from studio.gui.state.gesture import NO_GESTURE
from studio.gui.state.keeping.folder import kept_folder
from tests.gui import facing
from tests.gui.conftest import opened
from tests.gui.painting import levels, mask_of, stroke
from tests.gui.sketching import across, draw, is_inked, open_page

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from studio.gui.state.look import Look
    from tests.gui.conftest import Studio

    Start = Callable[[], AbstractContextManager[Studio]]


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STUDIO_CONFIG", str(tmp_path / "config"))


@pytest.fixture
def start(qtbot: QtBot, weights: Path) -> Start:
    """Opens a window."""
    return lambda: opened(qtbot, weights)


def show(studio: Studio, *paths: Path) -> None:
    studio.workspace.open(list(paths))
    stage = studio.workspace.screen
    studio.bot.waitUntil(lambda: stage.is_opened(paths[0]), timeout=10_000)
    studio.rest()


def ready(studio: Studio) -> None:
    """Waits until it is known what can be opened again."""
    studio.bot.waitUntil(lambda: studio.commands.keeping.keeper.own is not None, timeout=10_000)


def offers(studio: Studio) -> list[str]:
    ready(studio)
    buttons = studio.window.empty.offers
    return [button.text() for button in buttons if not button.isHidden()]


def open_again(studio: Studio, row: int = 0) -> None:
    assert offers(studio)
    studio.window.empty.offers[row].click()
    photos = studio.workspace.photos.document.photos
    studio.bot.waitUntil(lambda: studio.workspace.photos.document.photos != photos, timeout=10_000)
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


def leave(folder: str, text: str | bytes) -> Path:
    """A window that has gone, with such a file."""
    file = kept_folder() / folder / "window.json"
    file.parent.mkdir(parents=True)
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def kept(**fields: object) -> str:
    return json.dumps({"version": 1, "at": "2026-05-05T10:00:00Z", **fields})


def name(path: Path | str) -> str:
    return base64.b64encode(str(path).encode()).decode()


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


@pytest.mark.usefixtures("sketch", "faces")
def test_that_drawings_faces_and_the_page_are_there_again(start: Start, photo: Path) -> None:
    with start() as studio:
        show(studio, photo)
        studio.window.rail.button("faces").click()
        page = studio.window.page
        assert isinstance(page, FacesPage)
        studio.bot.waitUntil(page.pin.isEnabled, timeout=10_000)
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
        studio.bot.waitUntil(lambda: studio.window.page is not None, timeout=10_000)
        faces = studio.commands.faces
        assert faces.weights == "faces/digits"
        assert [pin.face.name for pin in faces.album.pins] == ["No. 1"]
        faces.choose_weights("faces/portraits")
        assert [pin.face.name for pin in faces.album.pins] == ["No. 1", "No. 0", "No. 2"]
        facing.rest(studio)


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
        studio.bot.waitUntil(lambda: len(sheet.drawing.done) == 3, timeout=10_000)
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
            studio.bot.waitUntil(partial(has_photos, studio, count), timeout=10_000)
            studio.rest()
            assert all(path.is_file() for path in photos(studio))
            assert all(map(studio.workspace.incoming.is_pasted, photos(studio)))
    assert len(list(kept_folder().glob("*/*.png"))) == 2


def test_that_nothing_is_left_of_a_window_in_which_nothing_was_open(
    start: Start, photo: Path
) -> None:
    with start() as studio:
        show(studio, photo)
        ready(studio)
        studio.window.actions_.close_photo.trigger()
    assert list(kept_folder().iterdir()) == []
    with start() as studio:
        assert offers(studio) == []


def test_that_windows_at_the_same_time_leave_each_others_alone(
    start: Start, photo: Path, other_photo: Path
) -> None:
    with start() as first:
        show(first, photo)
        ready(first)
        with start() as second:
            assert offers(second) == []
            show(second, other_photo)
        with start() as third:
            assert len(offers(third)) == 1
            with start() as fourth:
                assert offers(fourth) == [], "somebody has been offered it"
    with start() as last:
        assert len(offers(last)) == 2
        open_again(last)
        open_again(last)
        assert sorted(photos(last)) == sorted([photo, other_photo])


def test_that_a_window_opened_with_a_photo_asks_only_where_the_last_one_died(
    start: Start, photo: Path, other_photo: Path
) -> None:
    with start() as studio:
        show(studio, photo)
    with start() as studio:
        show(studio, other_photo)
        ready(studio)
        assert not studio.window.messages.isVisible()
        studio.window.actions_.close_photo.trigger()
    leave("0" * 16, kept(photos=[{"name": name(photo)}]))
    with start() as studio:
        show(studio, other_photo)
        ready(studio)
        assert "ended by itself, with 1 photo" in studio.window.messages.words.text()
        studio.window.messages.action.click()
        studio.bot.waitUntil(partial(has_photos, studio, 2), timeout=10_000)
        assert photos(studio) == [other_photo, photo]
        assert not studio.window.messages.isVisible()


@pytest.mark.parametrize(
    "text",
    [
        b"", b"{", b"\xff\xfe", b"[1, 2]", b"[" * 100_000,
        kept(photos="all"), kept(photos=[{"name": 5}]), kept(shown=-1), kept(at="yesterday"),
        kept(drawings={"sketch/cats": {"done": [{"type": "Stroke", "points": [], "width": 1}]}}),
        kept(drawings={"sketch/cats": {"done": [{"type": "Lines", "ink": "aaaa"}]}}),
        kept(photos=[{"name": "YQ==", "look": {"weights": "a", "settings": {"mask": [1]}}}]),
        '{"version": 1, "at": NaN}', '{"version": "1"}', '{"version": 0}',
    ],
)  # fmt: skip
def test_that_a_damaged_file_is_said_and_kept_aside(start: Start, text: str | bytes) -> None:
    file = leave("0" * 16, text)
    data = file.read_bytes()
    with start() as studio:
        assert offers(studio) == []
        said = studio.window.messages.words.text()
        assert "cannot be opened again" in said
        aside = file.parent.with_name(f"{file.parent.name}.damaged") / file.name
        assert str(aside.parent) in said
        assert aside.read_bytes() == data
    with start() as studio:
        ready(studio)
        assert not studio.window.messages.isVisible(), "said once"


def test_that_a_file_of_a_newer_version_stays_as_it_is(start: Start) -> None:
    file = leave("0" * 16, '{"version": 2, "tabs": []}')
    with start() as studio:
        assert offers(studio) == []
        assert "newer" in studio.window.messages.words.text()
    assert file.read_text() == '{"version": 2, "tabs": []}'


def test_that_only_what_fits_is_opened_again(
    sketch: None, start: Start, photo: Path, tmp_path: Path
) -> None:
    def look(**settings: object) -> dict[str, object]:
        return {"weights": "style/gallery", "settings": settings}

    copies = [tmp_path / f"{number}.png" for number in range(5)]
    for path in copies:
        Image.open(photo).save(path)
    wrong_masks = (from_png(b"no picture"), str(tmp_path / "gone.png"), "../mask.png")
    known = [
        {"name": name(photo), "look": look(strength=0.5, style="none", other=3)},
        *({"name": name(p), "look": look(mask=m, strength=7)}
          for p, m in zip(copies, wrong_masks, strict=False)),
        {"name": name(copies[3]), "look": {"weights": "style/none", "settings": {}}},
        {"name": name(copies[4]), "look": None, "others": [look(strength=0.1)]},
    ]  # fmt: skip
    gone = [{"name": name(n)} for n in (tmp_path / "gone.png", "cat.png", "/" + 300 * "a", "/\0")]
    setting = {"type": "Setting", "words": "x", "value": True}
    drawing = {"done": [{**setting, "name": "fit"}, {**setting, "name": "none"}]}
    text = kept(
        photos=[*gone, *known], shown=4, page="moon", later=1, weights="x",
        drawings={"sketch/cats": drawing, "sketch/none": drawing, "style/gallery": drawing},
        albums={"faces/none": {"look": look(), "pins": []}},
    )  # fmt: skip
    leave("0" * 16, text)
    with start() as studio:
        open_again(studio)
        assert photos(studio) == [photo, *copies]
        assert studio.workspace.photos.document.shown == photo
        assert [strength(studio, p) for p in photos(studio)] == [0.5, 1.0, 1.0, 1.0, 1.0, 1.0]
        assert {mask_of(studio, path) for path in photos(studio)} == {""}
        assert "4 of 10 photos and 3 masks" in studio.window.messages.words.text()
        drawings = studio.commands.sketch.drawings
        assert {w: len(each.done) for w, each in drawings.items()} == {"sketch/cats": 1}


def test_that_a_photo_that_is_not_there_now_is_offered_again_with_its_look(
    start: Start, photo: Path, tmp_path: Path
) -> None:
    away, unplugged = tmp_path / "disk", tmp_path / "unplugged"
    away.mkdir()
    copy = away / "copy.png"
    Image.open(photo).save(copy)
    with start() as studio:
        show(studio, photo)
        show(studio, copy)
        studio.workspace.photos.change_look(_faint(studio), "Strength")
    away.rename(unplugged)
    with start() as studio:
        open_again(studio)
        assert photos(studio) == [photo]
        assert "1 of 2 photos" in studio.window.messages.words.text()
    unplugged.rename(away)
    with start() as studio:
        assert len(offers(studio)) == 2
        open_again(studio, 1)
        assert photos(studio) == [copy]
        assert strength(studio, copy) == 0.25
    with start() as studio:
        assert sorted(text.split(",")[0] for text in offers(studio)) == 2 * ["Open again: 1 photo"]


def _faint(studio: Studio) -> Look:
    look = studio.workspace.photos.look
    assert look is not None
    return look.with_setting("strength", 0.25)


def test_that_a_window_works_where_nothing_can_be_kept(start: Start, photo: Path) -> None:
    kept_folder().parent.mkdir(parents=True)
    kept_folder().write_text("no folder")
    with start() as studio:
        show(studio, photo)
        messages = studio.window.messages
        studio.bot.waitUntil(messages.isVisible, timeout=10_000)
        assert "cannot be kept for the next time" in messages.words.text()
