"""The mask stays in sight while it is not painted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.gui.mask.brush import Tip
from studio.gui.state.gesture import NO_GESTURE
from tests.gui.painting import stroke

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gui.conftest import Studio


def test_that_the_mask_can_be_kept_in_sight_while_it_is_not_painted(
    studio: Studio, photo: Path
) -> None:
    studio.open(photo)
    actions = studio.window.actions_
    actions.brush.trigger()
    stroke(studio, (0.3, 0.5), (0.7, 0.5))
    studio.rest()
    actions.brush.trigger()
    plain = studio.colour(0.5, 0.5)
    actions.overlay.trigger()
    studio.bot.waitUntil(lambda: studio.colour(0.5, 0.5) != plain, timeout=20_000)
    veiled = studio.colour(0.5, 0.5)
    studio.window.panel.row("strength").edited.emit(0.9, NO_GESTURE)
    studio.rest()
    assert studio.colour(0.5, 0.5) != studio.colour(0.5, 0.1), "also behind a preview"
    actions.overlay.trigger()
    assert studio.colour(0.5, 0.5) != veiled
    actions.undo.trigger()
    actions.undo.trigger()
    actions.overlay.trigger()
    studio.rest()
    assert studio.colour(0.5, 0.5) == studio.colour(0.5, 0.1), "there is no mask"


def test_that_the_brush_goes_on_with_what_it_did_while_the_mask_is_kept_in_sight(
    studio: Studio, photo: Path
) -> None:
    studio.open(photo)
    actions, tips = studio.window.actions_, studio.window.mask_bar.tips
    actions.brush.trigger()
    stroke(studio, (0.3, 0.5), (0.7, 0.5))
    studio.rest()
    assert tips[Tip.KEEP].isChecked()
    actions.overlay.trigger()
    assert tips[Tip.KEEP].isChecked()
    actions.overlay.trigger()
    assert tips[Tip.KEEP].isChecked()
