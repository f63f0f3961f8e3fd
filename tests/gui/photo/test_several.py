"""What a person notices of working on several photos."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.gui.shell.test_window import click_style

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gui.conftest import Studio

pytestmark = pytest.mark.usefixtures("enhance")


def tool(studio: Studio) -> str:
    """Model of the tool that the rail marks."""
    return next(m for m in ("style", "enhance") if studio.window.rail.button(m).isChecked())


def test_that_the_tool_stays_for_untouched_photos_and_edited_ones_keep_their_look(
    studio: Studio, photo: Path, other_photo: Path, large_photo: Path
) -> None:
    studio.open(photo, other_photo, large_photo)
    click_style(studio, "night")
    studio.workspace.photos.show(other_photo)
    studio.window.rail.button("enhance").click()
    studio.window.actions_.next.trigger()
    assert (studio.workspace.photos.document.shown, tool(studio)) == (large_photo, "enhance")
    assert not studio.window.actions_.undo.isEnabled(), "nobody has done anything to this one"
    studio.workspace.photos.show(photo)
    assert tool(studio) == "style"
    assert studio.workspace.photos.look is not None
    assert studio.workspace.photos.look.settings["style"] == "night"
    studio.workspace.photos.show(other_photo)
    assert tool(studio) == "enhance"
    studio.rest()
