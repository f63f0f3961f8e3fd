"""What a person notices of paging through many photos."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from PySide6.QtCore import Qt

from studio.reader.orders import PhotoWish, ThumbnailWish

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from studio.reader.orders import Found, Wish
    from tests.gui.conftest import Studio

THUMBNAIL = Qt.ItemDataRole.UserRole + 1
_LATER = 30_000  # ms: what may wait does, on a busy machine


class Held:
    """What a method of the decoder is called with, held up at a gate.

    Args:
        path_of: of the first argument; None: such a call is neither kept nor held up.

    Attributes:
        gate: while it is clear, no call ends.
        paths: in the order in which the calls began.
    """

    def __init__(
        self,
        studio: Studio,
        monkeypatch: pytest.MonkeyPatch,
        method: str,
        path_of: Callable[[Any], Path | None],
    ) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self.paths: list[Path] = []
        self._call, self._path_of = getattr(studio.decoder, method), path_of
        monkeypatch.setattr(studio.decoder, method, self._hold)

    def _hold(self, what: Any, *others: Any) -> Any:
        path = self._path_of(what)
        if path is not None:
            self.paths.append(path)
            self.gate.wait()
        return self._call(what, *others)


@pytest.fixture
def readings(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> Iterator[Held]:
    """Of photos that are to be shown."""

    def path_of(wish: Wish) -> Path | None:
        return wish.path if isinstance(wish, PhotoWish) else None

    found = Held(studio, monkeypatch, "do", path_of)
    yield found
    found.gate.set()


@pytest.fixture
def many(tmp_path: Path) -> list[Path]:
    """More photos than are kept."""
    paths = [tmp_path / f"{number:02}.png" for number in range(16)]
    for path in paths:
        Image.new("RGB", (64, 48), "green").save(path)
    return paths


def test_that_the_shown_photo_stays_however_many_were_paged_past(
    studio: Studio, many: list[Path]
) -> None:
    studio.open(*many)
    pictures = studio.workspace.screen._pixels
    opened = pictures.of(many[0]).opened
    assert opened is not None
    for path in many[1:]:  # read by now, though paged past
        pictures.take_opened(type(opened)(path, opened.image, opened.full_size, None))
    studio.window.panel.row("strength").slider.setValue(50)
    studio.wait_for_colour((0, 0, 128))
    assert studio.window.canvas.view.picture == (64, 48)


def test_that_photos_that_are_paged_past_are_not_read(
    studio: Studio, many: list[Path], readings: Held
) -> None:
    studio.open(*many)
    strip = studio.window.filmstrip  # its last thumbnail comes when nothing else is to be read
    studio.bot.waitUntil(lambda: strip.item(15).data(THUMBNAIL) is not None, timeout=_LATER)
    readings.paths.clear()
    readings.gate.clear()
    for path in many[1:]:
        studio.workspace.photos.show(path)
    readings.gate.set()
    stage = studio.workspace.screen
    studio.bot.waitUntil(lambda: stage.is_opened(many[-1]), timeout=20_000)
    assert readings.paths == [many[1], many[-1]], "the one on its way, then the one that is shown"


def test_that_thumbnails_do_not_hold_up_the_photo_that_is_shown(
    studio: Studio, many: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, do = threading.Event(), studio.decoder.do

    def wait(wish: Wish, *others: Any) -> Found:
        if isinstance(wish, ThumbnailWish):
            gate.wait()
        return do(wish, *others)

    monkeypatch.setattr(studio.decoder, "do", wait)
    studio.open(*many)
    studio.workspace.photos.show(many[1])
    try:
        stage = studio.workspace.screen
        studio.bot.waitUntil(lambda: stage.is_opened(many[1]), timeout=20_000)
    finally:
        gate.set()


@pytest.fixture
def decodings(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> Iterator[Held]:
    """Of whole files."""
    found = Held(studio, monkeypatch, "read", lambda path: path)
    yield found
    found.gate.set()


@pytest.fixture
def large(tmp_path: Path) -> list[Path]:
    """Three photos that are worth a draft."""
    paths = [tmp_path / f"{colour}.jpg" for colour in ("red", "green", "blue")]
    for path in paths:
        Image.new("RGB", (2400, 1600), path.stem).save(path)
    return paths


def test_that_a_large_photo_is_seen_before_it_is_decoded(
    studio: Studio, large: list[Path], decodings: Held
) -> None:
    decodings.gate.clear()
    studio.workspace.open(large[:1])
    screen = studio.workspace.screen
    studio.bot.waitUntil(lambda: not screen.shown.before.isNull(), timeout=20_000)
    assert not screen.is_opened(large[0])
    assert screen.shown.size == (2400, 1600)
    assert screen.shown.before.width() < 1280
    decodings.gate.set()
    studio.bot.waitUntil(lambda: screen.is_opened(large[0]), timeout=20_000)
    assert screen.shown.before.width() == 1280


def test_that_the_next_photo_is_decoded_before_it_is_asked_for_and_only_once(
    studio: Studio, large: list[Path], decodings: Held
) -> None:
    studio.open(*large)
    studio.bot.waitUntil(lambda: decodings.paths == large[:2], timeout=_LATER)
    studio.workspace.photos.show(large[1])
    screen, strip = studio.workspace.screen, studio.window.filmstrip
    studio.bot.waitUntil(lambda: screen.is_opened(large[1]), timeout=20_000)
    studio.bot.waitUntil(lambda: decodings.paths == large, timeout=_LATER)
    studio.bot.waitUntil(lambda: strip.item(2).data(THUMBNAIL) is not None, timeout=_LATER)
    assert decodings.paths == large, "for the screen, ahead, and for the filmstrip"
