"""The translate tool in the window: directions, masks, videos, several photos."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from studio.core.controls import Choice, Mask, Option, Slider
from studio.core.requests import Apply, Video
from studio.gui.mask.brush import Tip
from studio.gui.photo.save_video import SaveVideo
from tests.clips import write_clip
from tests.gui import painting
from tests.gui.conftest import Studio
from tests.gui.painting import stroke
from tests.gui.paper_weights import write_header

CONTROLS = (
    Slider("strength", "Strength", "How much.", 0.0, 1.0, 1.0, after_net=True),
    Choice(
        "show", "Show", "What.", (Option("result", "Result"), Option("mask", "Mask alone")),
        "result", after_net=True,
    ),
    Mask("mask", "Mask", "White is changed.", neutral=0.5),
)  # fmt: skip
DIRECTIONS = ("horse2zebra", "zebra2horse")


@pytest.fixture(autouse=True)
def translate(weights: Path) -> None:
    for name, colour in zip(DIRECTIONS, ("white", "black"), strict=True):
        write_header(weights / "translate" / f"{name}.safetensors", name, CONTROLS)
        Image.new("RGB", (192, 192), colour).save(weights / "translate" / f"{name}.webp")


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return write_clip(tmp_path / "clip.mp4", times=tuple(range(0, 90_000, 3600)), size=(160, 120))


@pytest.fixture
def translating(studio: Studio, photo: Path) -> Studio:
    """With a photo open in the tool."""
    studio.window.activateWindow()  # only then do its keys work
    studio.bot.waitUntil(studio.window.isActiveWindow, timeout=20_000)
    studio.open(photo)
    studio.window.rail.button("translate").click()
    wait(studio, lambda: last(studio).weights == "translate/horse2zebra")
    return studio


def wait(studio: Studio, holds: Callable[[], bool]) -> None:
    studio.bot.waitUntil(holds, timeout=20_000)
    studio.rest()


def last(studio: Studio) -> Apply:
    return studio.engine.wholes[-1]


def paint(studio: Studio, *shares: tuple[float, float]) -> None:
    """One stroke through places given as shares of the picture; it is in the look at once."""
    before = studio.workspace.photos.look
    stroke(studio, *shares)
    assert studio.workspace.photos.look != before
    wait(studio, lambda: last(studio).settings == studio.workspace.photos.look.settings)


def levels(studio: Studio) -> np.ndarray:
    """The mask that the engine was asked with last."""
    return painting.levels(str(last(studio).settings["mask"]))


def at(mask: np.ndarray, x: float, y: float) -> int:
    return int(mask[int(y * mask.shape[0]), int(x * mask.shape[1])])


def test_that_the_direction_is_chosen_by_its_picture(translating: Studio) -> None:
    panel = translating.window.panel
    assert panel.pictures.isVisible()
    assert not panel.weights.isVisible()
    gallery = panel.pictures.gallery
    assert gallery is not None
    image: QImage = gallery.item_of("translate/zebra2horse").data(Qt.ItemDataRole.UserRole + 1)
    assert image.pixelColor(5, 5).lightness() < 10
    spot = gallery.visualItemRect(gallery.item_of("translate/zebra2horse")).center()
    translating.bot.mouseClick(gallery.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    wait(translating, lambda: last(translating).weights == "translate/zebra2horse")
    said = translating.window.filmstrip.item(0)
    assert said.data(Qt.ItemDataRole.AccessibleTextRole) == "cat.png, edited"
    translating.window.actions_.undo.trigger()
    assert translating.workspace.photos.look.weights == "translate/horse2zebra"
    assert said.data(Qt.ItemDataRole.AccessibleTextRole) == "cat.png"
    translating.window.rail.button("style").click()
    assert not panel.pictures.isVisible()


def test_that_the_two_directions_of_a_pair_stand_together(
    weights: Path, request: pytest.FixtureRequest
) -> None:
    for name in ("photo2monet", "monet2photo"):
        write_header(weights / "translate" / f"{name}.safetensors", name, CONTROLS)
    studio: Studio = request.getfixturevalue("studio")
    studio.window.rail.button("translate").click()
    gallery = studio.window.panel.pictures.gallery
    assert gallery is not None
    names = [gallery.item(row).text() for row in range(gallery.count())]
    assert names == ["horse2zebra", "zebra2horse", "monet2photo", "photo2monet"]


def test_that_a_direction_chosen_by_key_keeps_the_focus(translating: Studio) -> None:
    gallery = translating.window.panel.pictures.gallery
    assert gallery is not None
    gallery.setFocus()
    translating.bot.keyClick(gallery, Qt.Key.Key_Right)
    translating.bot.keyClick(gallery, Qt.Key.Key_Return)
    wait(translating, lambda: last(translating).weights == "translate/zebra2horse")
    assert translating.window.focusWidget() is translating.window.panel.pictures.gallery is gallery
    translating.bot.keyClick(gallery, Qt.Key.Key_Left)
    translating.bot.keyClick(gallery, Qt.Key.Key_Return)
    wait(translating, lambda: last(translating).weights == "translate/horse2zebra")


def test_that_a_mask_is_painted_and_each_stroke_undone(translating: Studio) -> None:
    window = translating.window
    window.actions_.brush.trigger()
    assert window.mask_bar.isVisible()
    paint(translating, (0.2, 0.3), (0.5, 0.3), (0.8, 0.3))
    first = levels(translating)
    assert abs(first.shape[1] / first.shape[0] - 451 / 300) < 0.01
    assert (at(first, 0.5, 0.3), at(first, 0.5, 0.8)) == (255, 128)
    window.mask_bar.tips[Tip.KEEP].click()
    paint(translating, (0.2, 0.8), (0.5, 0.8), (0.8, 0.8))
    both = levels(translating)
    assert (at(both, 0.5, 0.3), at(both, 0.5, 0.8)) == (255, 0)
    window.actions_.undo.trigger()
    wait(translating, lambda: at(levels(translating), 0.5, 0.8) == 128)
    paint(translating, (0.5, 0.5))
    assert [at(levels(translating), 0.5, y) for y in (0.3, 0.5, 0.8)] == [255, 0, 128]
    for _ in range(2):
        window.actions_.undo.trigger()
    wait(translating, lambda: last(translating).settings["mask"] == "")
    window.actions_.brush.trigger()
    assert not window.mask_bar.isVisible()
    assert not translating.commands.masks.pad.isVisible()


def test_that_the_stroke_is_seen_until_its_result_comes(translating: Studio) -> None:
    window, pad = translating.window, translating.commands.masks.pad
    window.actions_.brush.trigger()
    before = translating.colour(0.5, 0.5)
    translating.engine.go.clear()
    paint_spot = window.canvas.picture_rect().center().toPoint()
    translating.bot.mousePress(pad, Qt.MouseButton.LeftButton, pos=paint_spot)
    assert translating.colour(0.5, 0.5) != before
    translating.bot.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=paint_spot)
    assert translating.colour(0.5, 0.5) != before
    translating.engine.go.set()
    translating.bot.waitUntil(lambda: translating.colour(0.5, 0.5) == before, timeout=20_000)


def test_that_a_mask_can_be_cleared_and_the_wheel_still_zooms(translating: Studio) -> None:
    window = translating.window
    window.actions_.brush.trigger()
    paint(translating, (0.5, 0.5))
    window.mask_bar.clear.click()
    wait(translating, lambda: last(translating).settings["mask"] == "")
    zoom = window.canvas.view.scale
    window.actions_.zoom_in.trigger()
    assert window.canvas.view.scale > zoom
    paint(translating, (0.5, 0.5))
    assert levels(translating).max() == 255


def test_that_a_video_shows_its_first_frame_and_then_others(
    translating: Studio, clip: Path
) -> None:
    translating.workspace.open([clip])
    wait(translating, lambda: last(translating).source == str(clip))
    bar = translating.window.scrubber
    assert last(translating).seconds == 0
    translating.bot.waitUntil(bar.slider.isEnabled, timeout=20_000)
    assert bar.isVisible()
    assert bar.length.text() == "0:01.0"
    assert bar.slider.maximum() == 24
    translating.window.canvas.show_original(True)
    places = ((0.5, 0.5), (0.2, 0.2), (0.8, 0.3))
    first = [translating.colour(*place) for place in places]
    bar.slider.setValue(20)
    assert bar.place.text() == "0:00.8"
    wait(translating, lambda: last(translating).seconds == pytest.approx(0.8))
    wait(translating, lambda: [translating.colour(*place) for place in places] != first)
    translating.workspace.photos.show(translating.workspace.photos.document.photos[0].path)
    assert not bar.isVisible()
    translating.workspace.photos.show(clip)
    assert bar.slider.value() == 20


def test_that_a_video_is_saved_with_progress_and_can_be_cancelled(
    translating: Studio, clip: Path, tmp_path: Path
) -> None:
    translating.workspace.open([clip])
    wait(translating, lambda: last(translating).source == str(clip))
    translating.engine.go.clear()
    translating.window.actions_.save.trigger()
    dialog = translating.window.findChild(SaveVideo)
    assert dialog.path == tmp_path / "clip-translated.mp4"
    dialog.rows.damping.setValue(30)
    dialog.save.click()
    status = translating.window.status
    translating.bot.waitUntil(lambda: status.left.text() == "3 s left", timeout=20_000)
    assert status.work.text() == "Saving clip-translated.mp4"
    asked = translating.engine.requests[-1]
    assert isinstance(asked, Video)
    assert (asked.source, asked.output) == (str(clip), str(tmp_path / "clip-translated.mp4"))
    assert (asked.weights, asked.damping) == ("translate/horse2zebra", 0.3)
    status.cancel.click()
    translating.bot.waitUntil(lambda: not translating.workspace.saves.running, timeout=20_000)
    assert translating.workspace.messages.says(
        "Saving clip-translated.mp4 was cancelled; nothing was written."
    )


def test_that_a_damaged_video_is_said_and_closed(translating: Studio, tmp_path: Path) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no video" * 100)
    translating.workspace.open([broken])
    translating.bot.waitUntil(translating.window.messages.isVisible, timeout=20_000)
    wait(translating, lambda: broken not in translating.workspace.photos.document)
    assert translating.workspace.photos.document.shown is not None


def test_that_photos_are_flipped_through_by_keys(
    translating: Studio, photo: Path, other_photo: Path
) -> None:
    translating.workspace.open([other_photo])
    wait(translating, lambda: translating.workspace.photos.document.shown == other_photo)
    canvas = translating.window.canvas
    translating.bot.keyClick(canvas, Qt.Key.Key_PageUp)
    assert translating.workspace.photos.document.shown == photo
    translating.bot.keyClick(canvas, Qt.Key.Key_PageUp)
    assert translating.workspace.photos.document.shown == photo
    translating.bot.keyClick(canvas, Qt.Key.Key_Right)
    assert translating.workspace.photos.document.shown == other_photo
    translating.window.actions_.compare.trigger()
    translating.bot.waitUntil(canvas._divided, timeout=20_000)
    translating.bot.keyClick(canvas, Qt.Key.Key_Left)  # the divider's
    assert translating.workspace.photos.document.shown == other_photo


def test_that_all_photos_are_saved_each_with_its_look(
    translating: Studio, photo: Path, other_photo: Path, clip: Path, tmp_path: Path
) -> None:
    twin = tmp_path / "deeper" / photo.name
    twin.parent.mkdir()
    twin.write_bytes(photo.read_bytes())
    translating.workspace.open([other_photo, twin, clip])
    wait(translating, lambda: translating.workspace.photos.document.shown == other_photo)
    translating.window.rail.button("style").click()
    translating.rest()
    folder = tmp_path / "results"
    folder.mkdir()
    asked = len(translating.engine.requests)
    translating.workspace.photo_saves.save_all(folder)
    translating.bot.waitUntil(lambda: not translating.workspace.saves.running, timeout=20_000)
    saved = [r for r in translating.engine.requests[asked:] if r.output]
    assert {(Path(r.output).name, r.weights) for r in saved} == {
        ("cat-translated.jpg", "translate/horse2zebra"),
        # The other one of that name and the clip were not shown yet.
        ("cat-styled.jpg", "style/gallery"),
        ("coffee-styled.jpg", "style/gallery"), ("clip-styled.mp4", "style/gallery"),
    }  # fmt: skip
    assert [type(r) for r in saved].count(Video) == 1


def test_that_the_brush_goes_with_the_tool(translating: Studio) -> None:
    window = translating.window
    window.actions_.brush.trigger()
    paint(translating, (0.5, 0.5))
    window.rail.button("style").click()
    wait(translating, lambda: last(translating).weights == "style/gallery")
    assert not window.mask_bar.tips[Tip.RESET].isVisible()
    window.mask_bar.tips[Tip.KEEP].click()
    paint(translating, (0.3, 0.3))
    assert (at(levels(translating), 0.3, 0.3), at(levels(translating), 0.5, 0.5)) == (0, 255)
    window.rail.button("translate").click()
    wait(translating, lambda: at(levels(translating), 0.3, 0.3) == 128)
    assert window.mask_bar.tips[Tip.RESET].isVisible()


def test_that_the_brush_keeps_a_styled_photo(studio: Studio, photo: Path) -> None:
    studio.open(photo)
    studio.window.actions_.brush.trigger()
    assert not studio.window.mask_bar.tips[Tip.RESET].isVisible()
    paint(studio, (0.3, 0.3), (0.7, 0.3))
    assert (at(levels(studio), 0.5, 0.3), at(levels(studio), 0.5, 0.8)) == (0, 255)
