"""What the window remembers."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from studio.core.errors import StudioError
from studio.core.files.configuration import preferences_path
from studio.core.presets import Preset, Presets, load_presets, presets_path, save_presets
from studio.core.settings import (
    Preferences,
    load_preferences,
    save_preferences,
)


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("STUDIO_CONFIG", str(tmp_path / "config"))
    return tmp_path / "config"


def test_that_only_what_is_damaged_has_its_default(config: Path) -> None:
    bad = {"quality": 1000, "batch_quality": "high", "palette": "pink", "filmstrip": 1, "gone": 2}
    config.mkdir()
    preferences_path().write_text(json.dumps({"folder": "/photos", "damping": 20, **bad}))
    assert load_preferences() == Preferences(folder="/photos", damping=20)


def test_that_a_folder_that_cannot_be_written_costs_presets_and_stops_nobody(config: Path) -> None:
    config.touch()
    save_preferences(Preferences())
    assert load_preferences() == Preferences()
    with pytest.raises(StudioError):
        save_presets(Presets())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("damping", 20_000), ("sketch_pen", -3), ("faces_count", 10**9), ("film_seconds", 0.0),
        ("mask_brush", "wide"), ("geometry", 5), ("film_loop", "no"), ("folder", ["/"]),
    ],
)  # fmt: skip
def test_that_a_preference_out_of_range_has_its_default(
    config: Path, name: str, value: object
) -> None:
    config.mkdir()
    preferences_path().write_text(json.dumps({"save_format": "png", name: value}))
    assert load_preferences() == Preferences(save_format="png")


def test_that_a_file_that_is_nested_deeply_is_as_if_it_were_not_there(config: Path) -> None:
    config.mkdir()
    preferences_path().write_text('{"folder": ' + "[" * 100_000)
    presets_path().write_text('{"style": ' + "[" * 100_000)
    assert load_preferences() == Preferences()
    assert load_presets() == Presets()


def test_that_what_a_newer_version_has_written_stays(config: Path) -> None:
    config.mkdir()
    preferences_path().write_text('{"folder": "/a", "zoo": {"lions": 2}}')
    save_preferences(replace(load_preferences(), folder="/b"))
    assert json.loads(preferences_path().read_text())["zoo"] == {"lions": 2}
    assert load_preferences().folder == "/b"
    preset = {"name": "A", "weights": "s/g", "settings": {"a": 1, "b": [2]}, "icon": "star"}
    presets_path().write_text(json.dumps({"version": 3, "style": [preset]}))
    save_presets(load_presets().with_preset("style", Preset("B", "s/g", {})))
    kept = json.loads(presets_path().read_text())
    assert kept["version"] == 3
    assert kept["style"][0] == preset
    assert [each["name"] for each in kept["style"]] == ["A", "B"]


def test_that_a_preset_that_cannot_be_read_is_put_aside_with_its_file(config: Path) -> None:
    config.mkdir()
    text = '{"style": [{"name": ""}, {"name": "A", "weights": "s/g", "settings": {}}]}'
    presets_path().write_text(text)
    save_presets(load_presets())
    assert [preset.name for preset in load_presets().of("style")] == ["A"]
    assert presets_path().with_name("presets.json.damaged").read_text() == text


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ('{"quality": 1000, "folder": "/a"}', "damaged"), ("{", "damaged"), ("[]", "damaged"),
        ('{"schema": "x"}', "damaged"), ('{"schema": 99, "folder": 7}', "newer"),
    ],
)  # fmt: skip
def test_that_a_file_that_is_damaged_or_newer_is_kept_and_said_once(
    config: Path, text: str, word: str
) -> None:
    config.mkdir()
    for name in (f"window.json.{word}", f"window.json.{word}2"):
        said: list[StudioError] = []
        preferences_path().write_text(text)
        save_preferences(load_preferences(said.append))
        assert (config / name).read_text() == text
        assert [name in error.hint for error in said] == [True]
        load_preferences(said.append)
        assert len(said) == 1
