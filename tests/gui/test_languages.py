"""The window in each of its languages, with the weights that ship: all can be read and reached."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QDialog

from studio.core.words.tongue import LANGUAGES, speak
from tests.gui.conftest import opened
from tests.gui.cut_off import cut_off
from tests.gui.mnemonics import doubled_mnemonics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from tests.gui.conftest import Studio

WEIGHTS = Path(__file__).parents[2] / "weights"
SIZES = (1280, 800), (960, 600)  # px: the smallest usual screen, and as small as it stays usable


@pytest.fixture(params=sorted(LANGUAGES))
def spoken(
    request: pytest.FixtureRequest, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Studio]:
    monkeypatch.setenv("STUDIO_CONFIG", str(tmp_path / "config"))
    speak(request.param)
    with opened(qtbot, WEIGHTS) as studio:
        yield studio
    speak("en")


def look(studio: Studio, name: str) -> list[str]:
    """Texts that are cut off, or share a letter of Alt, in what is seen now."""
    studio.bot.wait(50)
    with suppress(studio.bot.TimeoutError):  # on a busy machine the layout comes later
        studio.bot.waitUntil(lambda: not cut_off(), timeout=2000)
    if shots := os.environ.get("SHOTS"):
        studio.window.grab().save(f"{shots}/{name}.png")
        for dialog in studio.window.findChildren(QDialog):
            if dialog.isVisible():
                dialog.grab().save(f"{shots}/{name}-dialog.png")
    return [f"{name}: {found}" for found in (*cut_off(), *doubled_mnemonics())]


@pytest.mark.parametrize("size", SIZES)
def test_that_no_text_is_cut_off(spoken: Studio, photo: Path, size: tuple[int, int]) -> None:
    studio, window = spoken, spoken.window
    window.resize(*size)
    actions = window.actions_
    found = look(studio, "start")
    studio.workspace.open([photo])
    studio.bot.waitUntil(lambda: not studio.workspace.screen.shown.before.isNull(), timeout=20_000)
    for tool in studio.workspace.toolbox.tools:
        window.rail.button(tool.model).click()
        studio.rest()
        found += look(studio, tool.model)
        if not tool.has_page:
            for weights, title in studio.workspace.toolbox.choices(tool.model):
                studio.workspace.photos.choose_weights(weights)
                studio.rest()
                found += look(studio, f"{tool.model}-{title.replace('/', ' ')}")
            if window.actions_.brush.isEnabled():
                actions.brush.trigger()
                found += look(studio, f"{tool.model}-brush")
                actions.brush.trigger()
    for name in ("settings", "shortcuts", "about", "save"):
        window.rail.button("style").click()
        studio.rest()
        getattr(actions, name).trigger()
        found += look(studio, name)
        for dialog in window.findChildren(QDialog):
            dialog.reject()
    actions.models.trigger()
    found += look(studio, "models")
    window.rail.button("style").click()
    window.panel.folder_wanted.emit()
    found += look(studio, "folder")
    assert not found, "\n".join(dict.fromkeys(found))


@pytest.mark.parametrize(
    ("language", "said"), [("en", "is not a picture"), ("de", "ist kein Bild"), ("es", "no es una")]
)
def test_that_what_the_reader_says_is_translated(
    studio: Studio, tmp_path: Path, language: str, said: str
) -> None:
    path = tmp_path / "notes.jpg"
    path.write_text("no picture")
    studio.engine.go.clear()  # which has words of its own for it
    speak(language)
    try:
        studio.workspace.open([path])
        messages = studio.workspace.messages
        studio.bot.waitUntil(lambda: messages.shown is not None, timeout=20_000)
        assert messages.shown is not None
        assert said in messages.shown.words
    finally:
        speak("en")
