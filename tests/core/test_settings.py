"""What the window remembers."""

import json
from pathlib import Path

import pytest

from studio.core.errors import StudioError
from studio.core.presets import Presets, save_presets
from studio.core.settings import (
    Preferences,
    load_preferences,
    preferences_path,
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
