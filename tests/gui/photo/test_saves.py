"""What a person notices of saving while something is still being saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QLabel

from studio.core.controls import Choice, Option
from studio.gui.widgets.save_dialog import SaveDialog
from tests.gui.paper_weights import CONTROLS, write_header
from tests.gui.sketching import across, draw, open_page, wait_for_result

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.gui.conftest import Studio


@pytest.fixture
def slow(studio: Studio, tmp_path: Path) -> Iterator[Studio]:
    """Saves into an empty folder, and never ends until the test does."""
    folder = tmp_path / "results"
    folder.mkdir()
    studio.workspace.remember(save_folder=str(folder))
    yield studio
    studio.engine.go.set()


def ask(studio: Studio) -> SaveDialog:
    studio.window.actions_.save.trigger()
    return next(d for d in studio.window.findChildren(SaveDialog) if d.isVisible())


def test_that_a_second_save_has_another_name_and_cannot_take_the_firsts(
    slow: Studio, photo: Path
) -> None:
    slow.open(photo)
    slow.engine.go.clear()
    first = ask(slow)
    assert first.path.name == "cat-styled.jpg"
    first.save.click()
    second = ask(slow)
    assert second.path.name == "cat-styled-2.jpg"
    second.name.setText("cat-styled")
    assert "just being saved" in second.warning.text()
    assert not second.save.isEnabled()
    second.reject()
    slow.engine.go.set()
    slow.bot.waitUntil(lambda: not slow.workspace.saves.running, timeout=20_000)
    third = ask(slow)
    assert third.path.name == "cat-styled.jpg", "the paper engine has written nothing"
    third.reject()


@pytest.mark.usefixtures("enhance")
def test_that_all_are_saved_as_they_would_be_shown(
    studio: Studio, photo: Path, other_photo: Path, tmp_path: Path
) -> None:
    studio.open(photo, other_photo)
    shown = studio.workspace.photos.document.shown
    studio.window.rail.button("enhance").click()
    studio.rest()
    studio.workspace.photo_saves.save_all(tmp_path)
    studio.bot.waitUntil(lambda: not studio.workspace.saves.running, timeout=20_000)
    saved = {each.source: each.weights for each in studio.engine.requests if each.output}
    assert set(saved) == {str(photo), str(other_photo)}
    assert len(set(saved.values())) == 1
    studio.window.actions_.next.trigger()
    studio.rest()
    next_one = studio.workspace.photos.document.shown
    assert next_one != shown
    assert studio.workspace.photos.look.weights == saved[str(next_one)]


@pytest.mark.usefixtures("sketch")
def test_that_a_second_sketch_has_another_name(slow: Studio) -> None:
    draw(open_page(slow), *across(200))
    wait_for_result(slow)
    slow.engine.go.clear()
    ask(slow).save.click()
    slow.bot.waitUntil(lambda: bool(slow.workspace.saves.running), timeout=20_000)
    second = ask(slow)
    assert second.path.name == "cat-2.jpg"
    second.reject()


@pytest.mark.usefixtures("faces")
def test_that_a_second_face_has_another_name(slow: Studio) -> None:
    slow.window.rail.button("faces").click()
    slow.bot.waitUntil(lambda: not slow.commands.faces.requests.busy, timeout=20_000)
    slow.engine.go.clear()
    ask(slow).save.click()
    second = ask(slow)
    assert second.path.name == "face-2.jpg"
    second.reject()


@pytest.fixture
def found_mask(weights: Path) -> None:
    """Weights that can show a mask in the place of their result."""
    options = Option("result", "Result"), Option("mask", "Mask alone")
    show = Choice("show", "Show", "What.", options, "result", after_net=True)
    write_header(weights / "translate" / "horse2zebra.safetensors", "Zebras", (*CONTROLS, show))


@pytest.mark.usefixtures("found_mask")
def test_that_it_is_said_that_a_mask_is_saved(studio: Studio, photo: Path) -> None:
    studio.open(photo)
    studio.window.rail.button("translate").click()
    studio.rest()

    def said() -> list[str]:
        dialog = ask(studio)
        found = [label.text() for label in dialog.findChildren(QLabel)]
        dialog.reject()
        dialog.setParent(None)
        return [words for words in found if "Mask alone" in words]

    assert not said()
    studio.workspace.photos.edit("show", "mask")
    assert said() == ["“Show” stands at “Mask alone”: that is saved."]
    studio.rest()
