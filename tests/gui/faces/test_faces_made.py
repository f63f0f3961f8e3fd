"""What of the faces is made when: rough ones at once, details at rest, nothing twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.gui.facing import colour, face, open_page, pin, rest

if TYPE_CHECKING:
    from tests.gui.conftest import Studio

pytestmark = pytest.mark.usefixtures("enhance", "faces")


def test_that_details_wait_until_a_slider_rests(studio: Studio) -> None:
    page = pin(studio, 3, 5)
    before = len(studio.engine.generated)
    slider = studio.window.panel.row("smile").slider
    for value in (-50, -40, -30):
        slider.setValue(value)
    rest(studio)
    made = studio.engine.generated[before:]
    moved = {round(request.settings["smile"], 2) for request in made}
    assert len(moved) == 2, "what was being made, and the last"
    last = [r for r in made if r.settings["smile"] == made[-1].settings["smile"]]
    many = [(len(r.latents), r.settings["details"]) for r in last if len(r.latents) > 1]
    assert many == [(25, False), (2, False), (13, True), (2, True), (12, True)]
    assert {r.settings["details"] for r in made if len(r.latents) == 1} == {True}
    assert made[-1].upscaler, "the large face is last"
    assert colour(page.grid.image(24)) == face(24)


def test_that_what_is_pinned_before_details_have_come_gets_them_too(studio: Studio) -> None:
    page = pin(studio, 3)
    studio.window.panel.row("smile").slider.setValue(-30)
    page.grid.pinned.emit(5)
    rest(studio)
    few = [r for r in studio.engine.generated if len(r.latents) < 3]
    last = [r for r in few if r.zoom == 1 and not r.upscaler][-1]
    assert (len(last.latents), last.settings["details"]) == (2, True)
    assert [colour(card.picture.image) for card in page.pins.cards] == [face(3), face(5)]


def test_that_what_has_not_changed_is_not_made_again(studio: Studio) -> None:
    page = open_page(studio)
    before = len(studio.engine.generated)
    page.grid.pinned.emit(4)
    rest(studio)
    studio.window.rail.button("style").click()
    studio.window.rail.button("faces").click()
    rest(studio)
    assert [len(r.latents) for r in studio.engine.generated[before:]] == [1], "the pin alone"
    assert colour(page.grid.image(4)) == colour(page.pins.cards[0].picture.image) == face(4)
