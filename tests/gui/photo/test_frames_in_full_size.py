"""A frame of a video at 100 % is as sharp as it will be saved, as a photo is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.clips import write_clip
from tests.gui.paper_engine import SHARP

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gui.conftest import Studio

pytestmark = pytest.mark.usefixtures("enhance")


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """Five frames, larger than the screen's copies."""
    return write_clip(tmp_path / "clip.mp4", times=tuple(range(0, 18_000, 3600)), size=(1920, 1440))


def test_that_a_frame_is_sharp_where_it_is_looked_at_and_the_next_one_too(
    studio: Studio, clip: Path
) -> None:
    studio.enhance(clip)
    studio.window.actions_.full.trigger()
    studio.wait_for_colour(SHARP)
    first = studio.engine.parts[-1]
    assert first.seconds == 0
    studio.bot.waitUntil(lambda: studio.workspace.screen.patches.before is not None, timeout=20_000)
    studio.window.scrubber.slider.setValue(2)
    studio.rest()
    studio.wait_for_colour(SHARP)
    last = studio.engine.parts[-1]
    assert last.region == first.region
    assert last.seconds == pytest.approx(0.08, abs=0.001)


def test_that_no_part_is_painted_while_a_video_plays(studio: Studio, clip: Path) -> None:
    studio.enhance(clip)
    studio.window.actions_.full.trigger()
    studio.wait_for_colour(SHARP)
    play = studio.window.scrubber.play
    studio.bot.waitUntil(play.isEnabled, timeout=20_000)
    steps: list[Path] = []
    studio.workspace.clips.stepped.connect(steps.append)
    before = len(studio.engine.parts)
    play.click()
    studio.bot.waitUntil(lambda: len(steps) > 5, timeout=30_000)
    assert len(studio.engine.parts) == before
    play.click()
    studio.wait_for_colour(SHARP)
    assert studio.engine.parts[-1].seconds == studio.workspace.clips.seconds(clip)
