"""A step that shows its mask in the place of its result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.core.controls import Choice, Option, Slider
from tests.gui.paper_weights import write_header

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.gui.conftest import Studio


def test_that_a_mask_that_is_shown_goes_through_no_later_step(
    weights: Path, photo: Path, request: pytest.FixtureRequest
) -> None:
    options = (Option("result", "Result"), Option("mask", "Mask alone"))
    show = Choice("show", "Show", "What.", options, "result", after_net=True)
    strength = Slider("strength", "Strength", "How much.", 0.0, 1.0, 1.0, after_net=True)
    write_header(weights / "translate" / "horse2zebra.safetensors", "Zebras", (strength, show))
    studio: Studio = request.getfixturevalue("studio")
    studio.open(photo)
    studio.window.rail.button("translate").click()
    asked = studio.engine.wholes
    studio.bot.waitUntil(lambda: asked[-1].weights == "translate/horse2zebra", timeout=20_000)
    studio.rest()
    actions = studio.window.panel.steps.tools.actions()
    next(action for action in actions if action.text() == "Style").trigger()
    studio.bot.waitUntil(lambda: len(asked[-1].steps) == 2, timeout=20_000)
    photos = studio.workspace.photos
    photos.choose_step(0)
    photos.edit("show", "mask")
    studio.bot.waitUntil(lambda: asked[-1].settings.get("show") == "mask", timeout=20_000)
    assert [step.weights for step in asked[-1].steps] == ["translate/horse2zebra"]
    assert photos.stack is not None
    assert len(photos.stack) == 2
