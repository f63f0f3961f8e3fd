"""Settings that a person gives a name."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from studio.core.errors import StudioError
from studio.core.presets import Preset, Presets, load_presets, presets_path, save_presets
from studio.gui.state.gesture import NO_GESTURE
from studio.gui.widgets.rows.slider_row import SliderRow

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QAction

    from tests.gui.conftest import Studio

SOFT = Preset("Soft", "style/gallery", {"style": "night", "strength": 0.5})


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that presets are kept in."""
    monkeypatch.setenv("STUDIO_CONFIG", str(tmp_path / "config"))
    (tmp_path / "config").mkdir()
    return tmp_path / "config"


def strength(studio: Studio) -> int:
    row = studio.window.panel.row("strength")
    assert isinstance(row, SliderRow)
    return row.slider.value()


def entries(studio: Studio) -> dict[str, QAction]:
    """What is in the menu, as it would be shown now."""
    menu = studio.commands.presets.menu
    menu.aboutToShow.emit()
    return {action.text(): action for action in menu.actions()}


def test_that_presets_come_back_in_the_order_of_their_names(config: Path) -> None:
    presets = Presets().with_preset("style", SOFT).with_preset("enhance", Preset("b", "e/p", {}))
    presets = presets.with_preset("enhance", Preset("A", "e/p", {"noise": "auto"}))
    save_presets(presets)
    assert load_presets() == presets
    assert [preset.name for preset in load_presets().of("enhance")] == ["A", "b"]
    assert [path.name for path in config.iterdir()] == ["presets.json"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", []), ("{", []), ("[1]", []), ('{"style": 3}', []),
        ('{"style": [1, {"name": ""}, {"name": "Bare"}]}', []),
        ('{"style": [null, {"name": "Good", "weights": "s/g", "settings": {"a": 1, "b": [2]}}]}',
         ["Good"]),
    ],
)  # fmt: skip
def test_that_of_a_damaged_file_the_sound_part_is_read(
    config: Path, text: str, names: list[str]
) -> None:
    (config / "presets.json").write_text(text)
    assert [preset.name for preset in load_presets().of("style")] == names


def test_that_a_damaged_file_is_put_aside_and_not_lost(config: Path) -> None:
    presets_path().write_text('{"style": [')
    save_presets(Presets().with_preset("style", SOFT))
    assert load_presets().of("style") == (SOFT,)
    assert (config / "presets.json.damaged").read_text() == '{"style": ['


def test_that_it_is_said_once_that_the_file_is_damaged(
    config: Path, request: pytest.FixtureRequest
) -> None:
    save_presets(Presets().with_preset("style", SOFT))
    text = presets_path().read_text()
    presets_path().write_text(text.replace('"style": [', '"style": [3, '))
    studio: Studio = request.getfixturevalue("studio")
    message = studio.window.messages
    studio.bot.waitUntil(message.isVisible, timeout=20_000)
    assert "could not all be read" in message.words.text()
    assert "presets.json.damaged" in message.words.text()
    assert (config / "presets.json.damaged").is_file()
    again: list[StudioError] = []
    assert load_presets(again.append).of("style") == (SOFT,)
    assert not again


def test_that_settings_are_saved_and_applied_in_one_step_of_undo(
    studio: Studio, photo: Path
) -> None:
    studio.open(photo)
    row = studio.window.panel.row("strength")
    assert isinstance(row, SliderRow)
    row.slider.setValue(40)
    studio.commands.presets.save_as("Faint")
    assert "“Faint” was saved" in studio.window.messages.words.text()
    assert entries(studio)["Faint"].isChecked()
    studio.bot.waitUntil(presets_path().exists, timeout=20_000)
    assert json.loads(presets_path().read_text())["style"][0]["settings"]["strength"] == 0.4
    studio.window.actions_.undo.trigger()
    assert strength(studio) == 100
    assert not entries(studio)["Faint"].isChecked()
    entries(studio)["Faint"].trigger()
    assert strength(studio) == 40
    assert "Preset Faint" in studio.window.actions_.undo.toolTip()
    studio.window.actions_.undo.trigger()
    assert strength(studio) == 100
    assert not studio.window.actions_.undo.isEnabled()


def test_that_a_preset_leaves_the_photos_mask_alone(studio: Studio, photo: Path) -> None:
    studio.open(photo)
    studio.commands.presets.save_as("Plain")
    studio.window.panel.row("mask").edited.emit("/masks/sky.png", NO_GESTURE)
    studio.window.panel.row("strength").edited.emit(0.2, NO_GESTURE)
    studio.commands.presets.apply("Plain")
    look = studio.workspace.photos.look
    assert look is not None
    assert (look.settings["mask"], look.settings["strength"]) == ("/masks/sky.png", 1.0)


def test_that_presets_are_renamed_and_deleted_and_that_it_can_be_taken_back(
    studio: Studio, photo: Path
) -> None:
    studio.open(photo)
    presets = studio.commands.presets
    presets.save_as("One")
    presets.rename("One", "Two")
    assert "Two" in entries(studio)
    assert "One" not in entries(studio)
    presets.delete("Two")
    assert "Two" not in entries(studio)
    studio.window.messages.action.click()
    assert "Two" in entries(studio)


@pytest.mark.usefixtures("enhance")
def test_that_each_tool_has_its_own_presets(studio: Studio, photo: Path) -> None:
    studio.open(photo)
    studio.commands.presets.save_as("Painted")
    studio.window.rail.button("enhance").click()
    assert "Painted" not in entries(studio)
    assert "No presets yet" in entries(studio)


def test_that_settings_that_do_not_fit_any_more_are_left_at_their_defaults(
    studio: Studio, photo: Path
) -> None:
    save_presets(
        Presets().with_preset(
            "style", Preset("Old", "style/gone", {"strength": 9.0, "gone": 1, "stroke": 2.0})
        )
    )
    studio.commands.presets._take((load_presets(), []))
    studio.open(photo)
    studio.commands.presets.apply("Old")
    look = studio.workspace.photos.look
    assert look is not None
    assert look.weights == "style/gallery"
    assert (look.settings["strength"], look.settings["stroke"]) == (1.0, 2.0)
