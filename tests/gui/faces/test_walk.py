"""What a person notices of the walk through pinned faces."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from studio.core.latents import draw, walk
from tests.gui.facing import Colour, click, colour, face, pin, rest
from tests.gui.paper_engine import colour_of

if TYPE_CHECKING:
    from tests.gui.conftest import Studio

pytestmark = pytest.mark.usefixtures("enhance", "faces")


def test_that_a_walk_plays_and_follows_the_sliders(studio: Studio) -> None:
    page = pin(studio, 1, 5)
    page.play.click()
    seen: set[Colour] = set()

    def both() -> bool:
        seen.add(colour(page.large.image))
        return {face(1), face(5)} <= seen

    studio.bot.waitUntil(both, timeout=10000)
    asked = next(r for r in studio.engine.generated if r.frames)
    assert (asked.frames, asked.loop, len(asked.latents)) == (100, True, 2)
    studio.window.panel.row("truncation").slider.setValue(50)
    studio.bot.waitUntil(lambda: colour(page.large.image)[2] == 50, timeout=20_000)
    click(page, 8)
    rest(studio)
    assert not page.play.isChecked()
    assert not studio.commands.faces.playing
    assert colour(page.large.image)[:2] == face(8)[:2]


def test_that_a_walk_pauses_at_a_face_which_can_be_pinned(studio: Studio) -> None:
    page = pin(studio, 1, 5)
    assert not page.time.isVisible()
    page.play.click()
    studio.bot.waitUntil(lambda: studio.commands.faces.playing, timeout=20_000)
    assert page.play.text() == "Pause"
    assert page.time.isVisible()
    page.play.click()
    assert page.play.text() == "Play"
    page.time.slider.setValue(25)
    rest(studio)
    middle = walk(draw([1, 5], 12), 100, loop=True)[25]
    assert colour(page.large.image) == colour_of(middle)
    assert page.name.text() == "Between No. 1 and No. 5"
    assert page.time.place.text() == "1.0 of 4 s"
    page.play.click()
    studio.bot.waitUntil(lambda: page.time.slider.value() > 30, timeout=20_000)
    page.pin.click()
    rest(studio)
    assert page.play.text() == "Play", "it stands still at what was pinned"
    assert colour(page.large.image) == colour(page.pins.cards[2].picture.image)
    assert [card.face.name for card in page.pins.cards][2] == "Between No. 1 and No. 5"
    click(page, 3)
    rest(studio)
    assert not page.time.isVisible()
    assert colour(page.large.image) == face(3)


@pytest.mark.parametrize("by", ["escape", "failure"])
def test_that_play_comes_up_again_when_the_walk_does_not_come(studio: Studio, by: str) -> None:
    page = pin(studio, 1, 5)
    before = page.name.text()
    studio.engine.go.clear()
    page.play.click()
    studio.bot.waitUntil(lambda: studio.window.status.busy, timeout=20_000)
    if by == "escape":
        QTest.keyClick(page.grid, Qt.Key.Key_Escape)
    else:
        studio.engine.fail = "the engine stopped"
        studio.engine.go.set()
    studio.bot.waitUntil(lambda: not page.play.isChecked(), timeout=20_000)
    studio.engine.fail = ""
    studio.engine.go.set()
    rest(studio)
    assert not studio.commands.faces.playing
    assert page.name.text() == before
