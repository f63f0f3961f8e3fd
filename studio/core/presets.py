"""Settings that a person gave a name, kept beside the window's preferences."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any

from msgspec import Meta, Struct

from studio.core.checked import fitted, read_json
from studio.core.controls import Settings
from studio.core.errors import StudioError
from studio.core.files.configuration import preferences_path
from studio.core.requests import Step
from studio.core.settings import aside, write_text
from studio.core.words.said import say

STEPS = "steps"
"""Stands in the place of a model for the presets of several steps."""

_DAMAGED = "damaged"  # end of the name of a file that was put aside


@dataclass(frozen=True)
class Preset:
    """Settings with a name.

    Attributes:
        name: for people; one of a kind within its model.
        weights: id of the weights that it was made with.
        settings: value of each control, but for masks: these belong to one photo. Values that fit
            no control, such as those of a newer version, are kept and not used.
        more: what a newer version has written besides.
        then: the steps that follow, of a preset of `STEPS`.
    """

    name: str
    weights: str
    settings: Settings
    more: Mapping[str, Any] = field(default_factory=dict)
    then: tuple[Step, ...] = ()

    @property
    def steps(self) -> tuple[Step, ...]:
        """All of them, in their order."""
        return (Step(self.weights, settings=self.settings), *self.then)


@dataclass(frozen=True)
class Presets:
    """All presets, in the order of their names.

    Attributes:
        by_model: the presets of each model, by the model's id; those of several steps by `STEPS`.
        more: what a newer version has written besides.
    """

    by_model: Mapping[str, tuple[Preset, ...]] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)

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
        return replace(self, by_model={**self.by_model, model: ordered})


def presets_path() -> Path:
    """The file."""
    return preferences_path().with_name("presets.json")


def load_presets(tell: Callable[[StudioError], None] = lambda _: None) -> Presets:
    """Reads the file; what is damaged in it is left out.

    Args:
        tell: receives what is wrong with the file.
    """
    path = presets_path()
    presets, whole = _load(path)
    if not whole:
        words = say(
            "the presets in {path} could not all be read; those that could are there", path=path
        )
        tell(StudioError(words, say("the file is kept as {name}", name=aside(path, _DAMAGED).name)))
    return presets


def save_presets(presets: Presets) -> None:
    """Writes the file whole or not at all; a damaged one is put aside, for its text may be mended.

    Raises:
        StudioError: it cannot be written.
    """
    path = presets_path()
    listed = {
        model: [_fields(preset) for preset in kept]
        for model, kept in presets.by_model.items()
        if kept
    }
    try:
        if not _load(path)[1]:
            path.replace(aside(path, _DAMAGED))
        write_text(path, json.dumps({**presets.more, **listed}, indent=1, ensure_ascii=False))
    except OSError as error:
        raise StudioError(
            say(
                "the presets cannot be kept in {path}: {strerror}",
                path=path,
                strerror=error.strerror,
            )
        ) from None


def _fields(preset: Preset) -> dict[str, Any]:
    """What the file has of a preset."""
    own = {"name": preset.name, "weights": preset.weights, "settings": preset.settings}
    then = [{"weights": step.weights, "settings": step.settings} for step in preset.then]
    return {**preset.more, **own, **({"then": then} if then else {})}


class _SaidStep(Struct):
    weights: Annotated[str, Meta(max_length=1000)]
    settings: dict[str, Any]


class _Said(Struct):
    """The fields of a preset that are understood."""

    name: Annotated[str, Meta(min_length=1, max_length=1000)]
    weights: Annotated[str, Meta(max_length=1000)]
    settings: dict[str, Any]
    then: list[_SaidStep] = []


def _load(path: Path) -> tuple[Presets, bool]:
    """The presets, and whether nothing in the file is damaged."""
    try:
        found = fitted(read_json(path), dict[str, Any], str(path))
    except StudioError:
        return Presets(), not path.exists()
    presets = Presets(more={name: of for name, of in found.items() if not isinstance(of, list)})
    whole = True
    for model in found.keys() - presets.more.keys():
        for fields in found[model]:
            try:
                said = fitted(fields, _Said, model)
            except StudioError:
                whole = False
                continue
            more = {key: fields[key] for key in fields.keys() - set(_Said.__struct_fields__)}
            then = tuple(Step(step.weights, settings=step.settings) for step in said.then)
            preset = Preset(said.name, said.weights, said.settings, more, then)
            presets = presets.with_preset(model, preset)
    return presets, whole
