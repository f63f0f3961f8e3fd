"""What a person notices of paging through many photos."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from PySide6.QtGui import QImage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from studio.core.picture import Picture
    from tests.gui.conftest import Studio


class Disk:
    """Reads photos while its gate is open, and keeps what was read.

    Attributes:
        gate: while it is clear, no reading ends.
        read: the photos, in the order in which their reading began.
    """

    def __init__(self, studio: Studio) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self.read: list[Path] = []
        self._open = studio.workspace.clips._open_picture
        studio.workspace.clips._open_picture = self.open

    def open(self, path: Path) -> Picture:
        self.read.append(path)
        self.gate.wait()
        return self._open(path)


@pytest.fixture
def disk(studio: Studio) -> Iterator[Disk]:
    found = Disk(studio)
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
    studio: Studio, many: list[Path], disk: Disk
) -> None:
    studio.open(*many)
    disk.read.clear()
    disk.gate.clear()
    for path in many[1:]:
        studio.workspace.photos.show(path)
    disk.gate.set()
    stage = studio.workspace.screen
    studio.bot.waitUntil(lambda: stage.is_opened(many[-1]), timeout=5000)
    assert disk.read == [many[1], many[-1]], "the one on its way, then the one that is shown"


def test_that_thumbnails_do_not_hold_up_the_photo_that_is_shown(
    studio: Studio, many: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()

    def wait(*_: object) -> QImage:
        gate.wait()
        return QImage()

    monkeypatch.setattr("studio.gui.photo.thumbnails.thumbnail", wait)
    studio.open(*many)
    studio.workspace.photos.show(many[1])
    try:
        stage = studio.workspace.screen
        studio.bot.waitUntil(lambda: stage.is_opened(many[1]), timeout=5000)
    finally:
        gate.set()
