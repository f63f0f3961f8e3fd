"""What a person finds in the dialogs, and what comes of a folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QFileDialog

from studio.core import videos
from studio.core.formats import suffixes
from tests.clips import write_clip

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from tests.gui.conftest import Studio


def first_filter(parent: QWidget) -> set[str]:
    """The suffixes that the open dialog shows at first."""
    dialog = parent.findChild(QFileDialog)
    assert dialog is not None
    shown = dialog.nameFilters()[0].partition("(")[2].rstrip(")").split()
    dialog.reject()
    return {pattern.lstrip("*") for pattern in shown}


def test_that_every_file_that_can_be_opened_is_shown(studio: Studio) -> None:
    studio.window.actions_.open.trigger()
    assert first_filter(studio.window) == suffixes.READABLE | videos.READABLE


@pytest.mark.usefixtures("sketch")
def test_that_every_picture_can_be_taken_over_as_lines(studio: Studio) -> None:
    studio.window.rail.button("sketch").click()
    page = studio.commands.sketch.page
    page.import_.click()
    assert first_filter(page) == suffixes.READABLE


def test_that_a_folder_brings_its_videos_too(studio: Studio, photo: Path, tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mp4", times=tuple(range(0, 90_000, 3600)), size=(160, 120))
    (tmp_path / "notes.txt").write_text("neither")
    studio.workspace.open([tmp_path])
    studio.bot.waitUntil(lambda: bool(studio.workspace.photos.document.photos), timeout=20_000)
    assert [each.path for each in studio.workspace.photos.document.photos] == [photo, clip]
    studio.rest()


def test_that_a_folder_without_any_is_said(studio: Studio, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    studio.workspace.open([empty])
    studio.bot.waitUntil(studio.window.messages.isVisible, timeout=20_000)
    assert "no video in that folder" in studio.window.messages.words.text()
