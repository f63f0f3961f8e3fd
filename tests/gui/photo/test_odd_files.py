"""What the window does with files that are damaged, hostile, or of another version."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from studio.core.requests import Batch
from studio.gui.batch.files import find_begun
from studio.gui.batch.page import BatchPage

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gui.conftest import Studio


@pytest.fixture
def odd(weights: Path) -> Path:
    """A file among the weights that is none."""
    path = weights / "style" / "odd.safetensors"
    path.write_bytes((99_999).to_bytes(8, "little") + 99_999 * b"[")
    return path


def begun(out: Path, source: Path) -> Path:
    """The journal of a batch that has not ended, with a line that only a newer studio knows."""
    from studio.engine.batch.journal import Journal
    from studio.engine.batch.record import JournalEntry

    journal = Journal.create(out)
    journal.begin(Batch("enhance/photo", str(source), str(out)))
    entry = JournalEntry(
        "a.jpg", 1.0, part=journal.part(out / "a.jpg").name, output="a.jpg", size=3
    )
    journal.add(entry)
    journal.close()
    path = next(out.iterdir())
    newer = json.dumps({"item": "b.jpg", "seconds": 1, "error": "?", "pages": 2})
    path.write_text(f'{path.read_text()}{{"mood": 1}}\n{newer}\n{{"item": "unfin')
    return path


def test_that_weights_that_are_none_are_named_and_hide_no_tool(odd: Path, studio: Studio) -> None:
    assert str(odd) in studio.window.messages.words.text()
    assert "style/gallery" in studio.workspace.toolbox


@pytest.mark.usefixtures("enhance")
def test_that_looking_at_a_folder_of_results_writes_nothing(studio: Studio, tmp_path: Path) -> None:
    journal = begun(tmp_path / "out", tmp_path / "in")
    before = journal.read_bytes()
    studio.window.panel.folder.click()
    page = studio.window.page
    assert isinstance(page, BatchPage)
    page.form.output.show_path(str(tmp_path / "out"))
    studio.bot.waitUntil(page.begun.isVisible, timeout=20_000)
    assert "1 picture is done" in page.begun.text()
    assert journal.read_bytes() == before


def test_that_looking_at_a_linked_journal_follows_no_link(tmp_path: Path) -> None:
    journal = begun(tmp_path / "out", tmp_path / "in").rename(tmp_path / "diary")
    before = journal.read_bytes()
    (tmp_path / "out" / ".studio-batch.jsonl").symlink_to(journal)
    assert find_begun(tmp_path / "out") is None
    assert journal.read_bytes() == before
