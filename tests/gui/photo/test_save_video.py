"""How large a video is saved, and by which codec."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QLabel

from studio.core.requests import Video
from studio.gui.photo.save_video import SaveVideo
from tests.clips import write_clip

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gui.conftest import Studio


@pytest.mark.parametrize(("row", "side"), [(0, None), (2, 360)])
def test_that_a_video_is_saved_as_large_as_is_chosen(
    studio: Studio, tmp_path: Path, row: int, side: int | None
) -> None:
    clip = write_clip(tmp_path / "clip.mp4", times=(0, 3600), size=(852, 500))
    studio.workspace.open([clip])
    studio.bot.waitUntil(lambda: studio.workspace.screen.size is not None, timeout=20_000)
    studio.rest()
    studio.window.actions_.save.trigger()
    dialog = studio.window.findChild(SaveVideo)
    sizes = [dialog.rows.size.itemText(number) for number in range(dialog.rows.size.count())]
    assert sizes == ["852 × 500 px, full size", "818 × 480 px", "614 × 360 px"]
    assert any(label.buddy() is dialog.rows.size for label in dialog.findChildren(QLabel))
    dialog.rows.size.setCurrentIndex(row)
    dialog.rows.codec.setCurrentIndex(row // 2)
    assert dialog.rows.codec.isVisible()
    dialog.format.setCurrentText("WebM")
    assert not dialog.rows.codec.isVisible(), "it is VP9"
    dialog.format.setCurrentText("MP4")
    dialog.save.click()
    saved = [r for r in studio.engine.requests if isinstance(r, Video)]
    assert [(each.side, each.codec) for each in saved] == [(side, "hevc" if side else "auto")]
    studio.bot.waitUntil(lambda: not studio.workspace.saves.running, timeout=20_000)
