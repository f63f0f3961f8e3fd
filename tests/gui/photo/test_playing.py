"""A video plays with its effect, and one of its frames is saved as a picture."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from studio.core.requests import Apply, Video
from studio.gui.widgets.save_dialog import SaveDialog
from tests.clips import write_clip

if TYPE_CHECKING:
    from pathlib import Path

    from studio.gui.photo.scrub_bar import ScrubBar
    from tests.gui.conftest import Studio


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """A second of 25 frames."""
    return write_clip(tmp_path / "clip.mp4", times=tuple(range(0, 90_000, 3600)), size=(160, 120))


def opened(studio: Studio, clip: Path) -> ScrubBar:
    studio.workspace.open([clip])
    bar = studio.window.scrubber
    studio.bot.waitUntil(bar.play.isEnabled, timeout=20_000)
    studio.rest()
    return bar


def painted(studio: Studio) -> list[float]:
    """Seconds of the frames that were asked for."""
    asked = [*studio.engine.drafts, *studio.engine.wholes]
    return sorted({round(each.seconds, 2) for each in asked if each.seconds})


def test_that_a_video_plays_over_and_over_until_it_is_paused(
    studio: Studio, clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter(number * 0.1 for number in range(10_000))  # a frame takes as long as 2.5 show
    monkeypatch.setattr("studio.gui.state.photo.playing.monotonic", lambda: next(clock))
    bar = opened(studio, clip)
    moves: list[int] = []
    studio.workspace.clips.stepped.connect(lambda _: moves.append(bar.slider.value()))
    studio.bot.wait(50)  # it is laid out
    wide = bar.slider.width()
    bar.play.click()
    assert bar.play.text() == "Pause"
    studio.bot.wait(50)  # and anew
    assert bar.slider.width() == wide, "the line does not jump"
    studio.bot.waitUntil(lambda: len(moves) > 14, timeout=30_000)
    QTest.keyClick(studio.window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert bar.play.text() == "Play"
    assert any(later < earlier for earlier, later in pairwise(moves)), "loops"
    steps = [later - earlier for earlier, later in pairwise(moves)]
    assert max(steps) in {2, 3}  # the video's own speed: some frames are left out
    studio.rest()
    at = studio.workspace.clips.seconds(clip)
    studio.rest()
    assert studio.workspace.clips.seconds(clip) == at
    assert len(painted(studio)) > 5


def test_that_a_part_is_marked_played_and_saved(
    studio: Studio, clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter(number * 0.1 for number in range(10_000))
    monkeypatch.setattr("studio.gui.state.photo.playing.monotonic", lambda: next(clock))
    actions, bar = studio.window.actions_, opened(studio, clip)
    assert not actions.take_whole.isEnabled()
    bar.slider.setValue(5)
    actions.begin_here.trigger()
    bar.slider.setValue(14)
    actions.end_here.trigger()
    assert actions.take_whole.isEnabled()
    bar.slider.setValue(20)
    moves: list[int] = []
    studio.workspace.clips.stepped.connect(lambda _: moves.append(bar.slider.value()))
    bar.play.click()
    studio.bot.waitUntil(lambda: len(moves) > 14, timeout=30_000)
    bar.play.click()
    assert set(moves) <= set(range(5, 15))
    assert any(later < earlier for earlier, later in pairwise(moves)), "over and over"
    studio.rest()

    studio.window.actions_.save.trigger()
    dialog = next(d for d in studio.window.findChildren(SaveDialog) if d.isVisible())
    assert "0:00.2 to 0:00.6" in [label.text() for label in dialog.findChildren(QLabel)]
    dialog.save.click()
    studio.bot.waitUntil(lambda: not studio.workspace.saves.running, timeout=20_000)
    request = studio.engine.ran[-1]
    assert isinstance(request, Video)
    assert (request.begin, request.end) == (pytest.approx(0.2), pytest.approx(0.6))

    def marks() -> str:
        return studio.window.filmstrip.item(0).data(Qt.ItemDataRole.AccessibleTextRole)

    assert marks() == "clip.mp4, video, saved"
    bar.slider.setValue(2)
    actions.end_here.trigger()
    assert marks() == "clip.mp4, video", "another part"
    assert studio.workspace.clips.marks(clip).begin == 0, "it cannot begin behind its end"
    actions.take_whole.trigger()
    assert not actions.take_whole.isEnabled()
    studio.rest()


def test_that_playing_ends_where_the_person_goes_elsewhere(
    studio: Studio, clip: Path, photo: Path
) -> None:
    bar = opened(studio, clip)
    bar.play.click()
    bar.slider.setValue(20)
    assert not studio.workspace.playing.on
    assert studio.workspace.clips.seconds(clip) == pytest.approx(0.8)
    bar.play.click()
    assert studio.workspace.playing.on
    studio.workspace.open([photo])
    studio.bot.waitUntil(lambda: not studio.workspace.playing.on, timeout=20_000)


def test_that_a_frame_is_saved_as_a_picture(studio: Studio, clip: Path) -> None:
    bar = opened(studio, clip)
    bar.slider.setValue(10)
    studio.rest()
    bar.frame.click()
    dialog = next(d for d in studio.window.findChildren(SaveDialog) if d.isVisible())
    assert dialog.path.name == "clip-styled-frame.jpg"
    dialog.save.click()
    studio.bot.waitUntil(lambda: not studio.workspace.saves.running, timeout=20_000)
    request = studio.engine.ran[-1]
    assert isinstance(request, Apply)
    assert request.seconds == pytest.approx(0.4)
    assert request.output == str(clip.with_name("clip-styled-frame.jpg"))
