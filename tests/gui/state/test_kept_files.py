"""What is kept of a window is found, whatever became of its files."""

from __future__ import annotations

import base64
import json
from functools import partial
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from studio.core.values.masks import from_png
from studio.gui.state.keeping.folder import kept_folder
from tests.gui.painting import mask_of
from tests.gui.state.test_keeping import (
    has_photos,
    offers,
    open_again,
    photos,
    ready,
    show,
    strength,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from studio.gui.state.look import Look
    from tests.gui.conftest import Studio

    Start = Callable[[], AbstractContextManager[Studio]]

pytestmark = pytest.mark.usefixtures("own_folder")


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
        studio.bot.waitUntil(partial(has_photos, studio, 2), timeout=30_000)
        assert photos(studio) == [other_photo, photo]
        assert not studio.window.messages.isVisible()


def test_that_the_end_of_a_window_is_told_of_once(start: Start, photo: Path) -> None:
    for number in "01":
        leave(number * 16, kept(photos=[{"name": name(photo)}]))
    with start() as studio:
        show(studio, photo)
        ready(studio)
        assert "ended by itself" in studio.window.messages.words.text()
        studio.window.messages.close_button.click()
        assert not studio.window.messages.isVisible()
    with start() as studio:
        show(studio, photo)
        ready(studio)
        assert not studio.window.messages.isVisible()
        studio.window.actions_.close_photo.trigger()
        assert len(offers(studio)) >= 2, "both are still offered"


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
    file = leave("0" * 16, '{"version": 3, "tabs": []}')
    with start() as studio:
        assert offers(studio) == []
        assert "newer" in studio.window.messages.words.text()
    assert file.read_text() == '{"version": 3, "tabs": []}'


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
