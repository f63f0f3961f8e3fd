"""What a person notices of the tool "Faces"."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from studio.core.latents import draw, mix
from studio.core.settings import load_preferences
from studio.gui.state.gesture import Gesture
from tests.gui.facing import click, colour, face, open_page, pin, rest
from tests.gui.paper_engine import colour_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gui.conftest import Studio

pytestmark = pytest.mark.usefixtures("enhance", "faces")


def test_that_the_samples_have_seeds_and_a_click_shows_one_large(studio: Studio) -> None:
    page = open_page(studio)
    assert page.grid.count() == 25
    assert [colour(page.grid.image(row)) for row in (0, 7, 24)] == [face(0), face(7), face(24)]
    assert colour(page.large.image) == face(0)
    click(page, 7)
    rest(studio)
    assert colour(page.large.image) == face(7)
    assert page.name.text() == "No. 7"
    large = studio.engine.generated[-1]
    assert (large.weights, large.upscaler) == ("faces/portraits", "enhance/upscale2x")
    assert large.upscales == 2, "from 128 px to 512"
    assert studio.commands.faces.requests.side(studio.commands.faces.album) == 512
    assert len(large.upscaler_sha256) == 64
    grid = [r for r in studio.engine.generated if len(r.latents) > 1]
    rough, *detailed = [(len(r.latents), r.settings["details"]) for r in grid]
    assert rough == (25, False), "all are seen soon"
    assert detailed == [(13, True), (12, True)], "the first ones do not wait for the rest"
    assert {r.upscaler for r in grid} == {""}


def test_that_other_faces_come_and_go_by_undo(studio: Studio) -> None:
    page = open_page(studio)
    click(page, 2)
    QTest.keyClick(page.grid, Qt.Key.Key_N)
    rest(studio)
    assert colour(page.grid.image(0)) == face(25)
    assert colour(page.large.image) == face(27), "the same place"
    assert page.seed.value() == 25
    assert studio.commands.faces.next_undo == "Other faces"
    studio.window.actions_.undo.trigger()
    rest(studio)
    assert colour(page.grid.image(0)) == face(0)
    assert page.seed.value() == 0
    page.seed.setValue(1000)
    rest(studio)
    assert colour(page.grid.image(3)) == face(1003)


def test_that_a_number_of_faces_is_remembered(studio: Studio) -> None:
    page = open_page(studio)
    page.count.setCurrentIndex(page.count.findData(64))
    rest(studio)
    assert page.grid.count() == 64
    assert colour(page.grid.image(63)) == face(63)
    studio.window.close()
    assert load_preferences().faces_count == 64


def test_that_a_face_stays_when_fewer_are_shown(studio: Studio) -> None:
    page = open_page(studio)
    click(page, 20)
    page.count.setCurrentIndex(page.count.findData(9))
    rest(studio)
    assert page.grid.count() == 9
    assert colour(page.large.image) == face(20)
    assert page.name.text() == "No. 20"


def test_that_sliders_move_all_faces_and_one_drag_is_one_undo(studio: Studio) -> None:
    page = pin(studio, 4)
    slider = studio.window.panel.row("truncation").slider
    slider.setSliderDown(True)
    for value in (90, 70, 50):
        slider.setValue(value)
    slider.setSliderDown(False)
    rest(studio)
    faces = studio.commands.faces
    assert faces.album.look.settings["truncation"] == 0.5
    for image in (page.large.image, page.grid.image(9), page.pins.cards[0].picture.image):
        assert colour(image)[2] == 50
    assert faces.next_undo == "Variety"
    studio.window.actions_.undo.trigger()
    rest(studio)
    assert colour(page.large.image)[2] == 100
    assert slider.value() == 100
    assert faces.next_undo == "Pin"


def test_that_a_slider_of_both_directions_is_filled_from_zero(studio: Studio) -> None:
    open_page(studio)
    slider = studio.window.panel.row("smile").slider
    accent = slider.palette().highlight().color().rgb()

    def filled() -> tuple[bool, bool]:
        """A quarter and three quarters of the way."""
        image = slider.grab().toImage()
        return tuple(
            image.pixel(image.width() * place // 4, image.height() // 2) == accent
            for place in (1, 3)
        )  # fmt: skip

    slider.setValue(slider.minimum())
    assert filled() == (True, False)
    slider.setValue(slider.maximum())
    assert filled() == (False, True)
    QTest.mouseDClick(slider, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    assert filled() == (False, False)


def test_that_pinned_faces_stay_and_can_be_let_go(studio: Studio) -> None:
    page = open_page(studio)
    click(page, 3)
    QTest.keyClick(page.grid, Qt.Key.Key_P)
    rest(studio)
    assert [card.face.name for card in page.pins.cards] == ["No. 3"]
    page.others.click()
    rest(studio)
    assert colour(page.pins.cards[0].picture.image) == face(3)
    page.pins.cards[0].picture.click()
    rest(studio)
    assert colour(page.large.image) == face(3)
    assert page.pin.text() == "Let go"
    page.pins.cards[0].unpin.click()
    assert not page.pins.cards
    studio.window.actions_.undo.trigger()
    rest(studio)
    assert colour(page.pins.cards[0].picture.image) == face(3)


def test_that_a_pinned_face_is_looked_at_by_key(studio: Studio) -> None:
    page = pin(studio, 3, 8)
    click(page, 0)
    page.pins.cards[0].share.slider.setFocus()
    for _ in range(20):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        if QApplication.focusWidget() is page.pins.cards[1].picture:
            break
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    rest(studio)
    assert colour(page.large.image) == face(8)


def test_that_pinned_faces_are_mixed_by_their_shares(studio: Studio) -> None:
    page = pin(studio, 1, 5, 9)
    share = page.pins.cards[1].share.slider
    share.setSliderDown(True)
    share.setValue(60)
    share.setValue(50)
    share.setSliderDown(False)
    rest(studio)
    latent = mix(draw([1, 5, 9], 12), (1, 0.5, 1))
    assert np.abs(np.subtract(colour(page.large.image), colour_of(latent))).max() <= 1
    assert page.name.text() == "Mixture of 3"
    page.pins.cards[0].share.slider.setValue(0)
    rest(studio)
    latent = mix(draw([5, 9], 12), (0.5, 1))
    assert np.abs(np.subtract(colour(page.large.image), colour_of(latent))).max() <= 1
    page.pin.click()
    rest(studio)
    assert np.abs(np.subtract(colour(page.large.image), colour_of(latent))).max() <= 1
    assert [card.face.name for card in page.pins.cards][-1] == "Mixture of 2"
    for _ in range(2):
        studio.window.actions_.undo.trigger()
    rest(studio)
    assert page.pins.cards[0].share.slider.value() == 100
    assert page.pins.cards[1].share.slider.value() == 50, "one drag is one step"


def test_that_shares_are_shown_as_they_count(studio: Studio) -> None:
    page = pin(studio, 1, 5, 9)

    def shown() -> list[str]:
        return [card.share.percent.text() for card in page.pins.cards]

    assert shown() == ["34 %", "33 %", "33 %"]
    page.pins.cards[1].share.slider.setValue(0)
    assert shown() == ["50 %", "0 %", "50 %"]
    page.pins.cards[0].share.slider.setValue(50)
    assert shown() == ["33 %", "0 %", "67 %"]
    assert page.pins.cards[2].share.slider.accessibleDescription() == "67 %"
    page.pins.cards[0].share.slider.reset.emit(Gesture())
    assert shown() == ["50 %", "0 %", "50 %"]


def test_that_a_mixture_wants_two_faces(studio: Studio) -> None:
    page = pin(studio, 1)
    assert not page.mixture.isEnabled()
    assert not page.play.isEnabled()
    page.grid.pinned.emit(2)
    assert page.mixture.isEnabled()
    assert page.play.isEnabled()


def test_that_the_latest_wish_wins(studio: Studio) -> None:
    page = open_page(studio)
    studio.engine.go.clear()
    before = len(studio.engine.generated)
    for row in range(1, 20):
        click(page, row)
    assert len(studio.engine.generated) == before + 1
    studio.engine.go.set()
    rest(studio)
    asked = studio.engine.generated[before:]
    assert [bool(request.upscaler) for request in asked] == [False, False, True]
    assert colour(page.large.image) == face(19)


def test_that_a_photo_on_the_rail_is_refused(studio: Studio, photo: Path) -> None:
    studio.window.rail.dropped.emit("faces", [photo])
    assert "numbers" in studio.window.messages.words.text()


def test_that_small_pictures_are_not_enlarged_and_have_their_own_undo(studio: Studio) -> None:
    page = pin(studio, 1)
    studio.commands.faces.choose_weights("faces/digits")
    rest(studio)
    assert not page.pins.cards
    assert studio.commands.faces.next_undo is None
    assert not studio.window.actions_.undo.isEnabled()
    asked = [r for r in studio.engine.generated if r.weights == "faces/digits"]
    assert asked
    assert not any(request.upscaler for request in asked)


def test_that_digits_are_called_digits_and_nameless_directions_are_folded_away(
    studio: Studio,
) -> None:
    page = open_page(studio)
    assert page.count.currentText() == "25 faces"
    assert studio.window.panel.more is None
    studio.commands.faces.choose_weights("faces/digits")
    rest(studio)
    said = [
        page.count.currentText(), page.others.text(), page.seed.toolTip(), page.count.toolTip(),
        *(label.text() for label in page.pins.findChildren(QLabel)),
    ]  # fmt: skip
    assert said[:2] == ["25 digits", "Other digits"]
    assert not [words for words in said if "face" in words.lower()]
    direction, more = studio.window.panel.row("direction-1"), studio.window.panel.more
    assert more is not None
    assert studio.window.panel.row("truncation").isVisible()
    assert not direction.isVisible()
    more.button.click()
    assert direction.isVisible()


def test_that_a_failure_is_said(studio: Studio) -> None:
    page = open_page(studio)
    studio.engine.fail = "out of memory"
    click(page, 3)
    studio.bot.waitUntil(lambda: "emory" in studio.window.messages.words.text(), timeout=20_000)
    rest(studio)
