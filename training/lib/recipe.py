"""Recipes: the settings that made what ships, and what weights made after them say of themselves.

A recipe is one of ``training/recipes/*.toml``, a file like these, or a weights file, whose header
tells how it came to be. It says what differs from the script's own defaults.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from msgspec import Struct

from studio.core.checked import fitted, read_bytes
from studio.core.errors import StudioError
from studio.core.weights_file import read_weights
from training.lib.history import History

RECIPES = Path(__file__).parents[1] / "recipes"
_LARGEST = 1 << 20  # bytes
UNSAID = "not stated: trained by whoever made the file; ask before you pass it on"


@dataclass(frozen=True)
class Card:
    """What weights say of themselves, where the command line does not say otherwise.

    Attributes:
        recipe: that they are made after; empty: settings of one's own.
        title: for people; empty: the weights' name.
        title_back: of the other direction, where a run makes two.
        licence: the grade and the notice that goes with the training data.
        data: licence grade of each set of data.
    """

    recipe: str = ""
    title: str = ""
    title_back: str = ""
    licence: str = UNSAID
    data: Mapping[str, str] = field(default_factory=dict)


BLANK = Card()
"""Of settings of one's own."""


@dataclass(frozen=True)
class Recipe:
    """How weights are made.

    Attributes:
        model: that they are of.
        script: in `training`, that makes them.
        card: what they say of themselves.
        start: id of the weights that a run begins from; empty: from nothing.
        segments: settings of the script, one after the other; each ends at its `steps`.
    """

    model: str
    script: str
    card: Card = BLANK
    start: str = ""
    segments: tuple[Mapping[str, Any], ...] = ({},)


class _File(Struct, forbid_unknown_fields=True):
    """A recipe's file; see `Card` and `Recipe`. It is `like` another, but for what it says.

    The script is called as the model is, unless it says otherwise.
    """

    model: str
    script: str = ""
    like: str = ""
    title: str = ""
    title_back: str = ""
    licence: str = UNSAID
    data: dict[str, str] = {}
    start: str = ""
    settings: dict[str, Any] = {}
    segments: tuple[dict[str, Any], ...] = ({},)


def find_recipe(named: str) -> Recipe:
    """The recipe of a name, or in a file.

    Args:
        named: such as ``gallery``, ``mine.toml``, ``weights/style/gallery.safetensors``.

    Raises:
        StudioError: there is no such recipe, or it is not as it should be.
    """
    path = Path(named)
    if path.suffix == ".safetensors":
        return _of_weights(path)
    if path.suffix == ".toml":
        return _read(path)
    known = {each.stem: each for each in sorted(RECIPES.glob("*.toml"))}
    if named not in known:
        raise StudioError(f"there is no recipe {named}", f"known: {', '.join(known)}; or a file")
    return _read(known[named])


def _read(path: Path) -> Recipe:
    try:
        text = read_bytes(path, largest=_LARGEST).decode()
        found = fitted(tomllib.loads(text), _File, str(path), "see training/recipes")
    except ValueError as error:  # neither UTF-8 nor TOML
        raise StudioError(f"{path} is no recipe ({error})", "see training/recipes") from None
    card = Card(path.stem, found.title, found.title_back, found.licence, found.data)
    like = find_recipe(found.like).segments[-1] if found.like else {}
    segments = tuple({**like, **found.settings, **each} for each in found.segments)
    if not segments or not all("steps" in each for each in segments[:-1]):
        raise StudioError(f"{path}: a segment has no steps", "say at which step each ends")
    return Recipe(found.model, found.script or found.model, card, found.start, segments)


def _of_weights(path: Path) -> Recipe:
    """What made a weights file, to be done again."""
    weights = read_weights(path)
    history = History.of_weights(weights)
    known = history.known()
    if not known:
        raise StudioError(
            f"{path} does not tell how it was trained", "it was made before weights did"
        )
    card = Card(
        history.recipe, weights.title, "", weights.licence, weights.training.get("data", {})
    )
    segments = tuple({**each.config, "steps": each.steps[1]} for each in known)
    made = RECIPES / f"{history.recipe}.toml"
    script = _read(made).script if history.recipe and made.exists() else weights.model
    return Recipe(weights.spec, script, card, known[0].start, segments)
