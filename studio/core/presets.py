"""Settings that a person gave a name, kept beside the window's preferences."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from studio.core.controls import Settings
from studio.core.errors import StudioError
from studio.core.settings import preferences_path, write_text


@dataclass(frozen=True)
class Preset:
    """Settings with a name.

    Attributes:
        name: for people; one of a kind within its model.
        weights: id of the weights that it was made with.
        settings: value of each control, but for masks: these belong to one photo.
    """

    name: str
    weights: str
    settings: Settings


@dataclass(frozen=True)
class Presets:
    """All presets, in the order of their names.

    Attributes:
        by_model: the presets of each model, by the model's id.
    """

    by_model: Mapping[str, tuple[Preset, ...]] = field(default_factory=dict)

    def of(self, model: str) -> tuple[Preset, ...]:
        """The presets of a model."""
        return self.by_model.get(model, ())

    def find(self, model: str, name: str) -> Preset | None:
        """A model's preset of that name."""
        return next((preset for preset in self.of(model) if preset.name == name), None)

    def with_preset(self, model: str, preset: Preset) -> "Presets":
        """With one more, in the place of the one that had its name."""
        others = [kept for kept in self.of(model) if kept.name != preset.name]
        return self._with(model, [*others, preset])

    def without(self, model: str, name: str) -> "Presets":
        """With one less."""
        return self._with(model, [kept for kept in self.of(model) if kept.name != name])

    def renamed(self, model: str, old: str, new: str) -> "Presets":
        """With another name for one of them; one that had that name goes."""
        preset = self.find(model, old)
        if preset is None or old == new:
            return self
        return self.without(model, old).with_preset(model, replace(preset, name=new))

    def _with(self, model: str, presets: Iterable[Preset]) -> "Presets":
        ordered = tuple(sorted(presets, key=lambda preset: preset.name.casefold()))
        return Presets({**self.by_model, model: ordered})


def presets_path() -> Path:
    """The file."""
    return preferences_path().with_name("presets.json")


def load_presets() -> Presets:
    """Reads the file; what is damaged in it is left out."""
    try:
        found: Any = json.loads(presets_path().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Presets()
    if not isinstance(found, dict):
        return Presets()
    presets = Presets()
    for model, listed in found.items():
        for fields in listed if isinstance(listed, list) else ():
            preset = _read(fields)
            if preset is not None:
                presets = presets.with_preset(model, preset)
    return presets


def save_presets(presets: Presets) -> None:
    """Writes the file whole or not at all; a damaged one is put aside, for its text may be mended.

    Raises:
        StudioError: it cannot be written.
    """
    path = presets_path()
    listed = {model: [asdict(p) for p in kept] for model, kept in presets.by_model.items() if kept}
    try:
        if _is_damaged(path):
            path.replace(path.with_name(f"{path.name}.damaged"))
        write_text(path, json.dumps(listed, indent=1, ensure_ascii=False))
    except OSError as error:
        raise StudioError(f"the presets cannot be kept in {path}: {error.strerror}") from None


def _is_damaged(path: Path) -> bool:
    try:
        json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return False
    except ValueError:
        return True
    return False


def _read(fields: Any) -> Preset | None:
    if not isinstance(fields, dict):
        return None
    name, weights, settings = (fields.get(key) for key in ("name", "weights", "settings"))
    if not (isinstance(name, str) and name and isinstance(weights, str)):
        return None
    if not isinstance(settings, dict):
        return None
    sound = {k: v for k, v in settings.items() if isinstance(v, int | float | str | bool)}
    return Preset(name, weights, sound)
