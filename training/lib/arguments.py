"""The command line of a training script, and the settings that it changes."""

import argparse
import inspect
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar, cast, get_type_hints

import msgspec

from studio.core.errors import StudioError
from studio.quality.subjects import OWN
from training.lib.checkpoint import progress_so_far
from training.lib.recipe import Recipe, find_recipe

C = TypeVar("C")
_NEVER_SET = {"data", "run", "start", "card"}  # neither by a recipe nor by `--set`
_OF_RECIPES = {"subject"}  # what weights say of themselves depends on it


def make_parser(doc: str | None, *, data_required: bool = True) -> argparse.ArgumentParser:
    """The arguments that every training script takes.

    Args:
        doc: the script's docstring; its first line is the description.
        data_required: whether the data must be named.
    """
    parser = argparse.ArgumentParser(description=(doc or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=data_required, help="the folder of all data")
    parser.add_argument("--folder", type=Path, required=True, help="of the run")
    parser.add_argument("--start", type=Path, help="weights that a new run begins from")
    parser.add_argument(
        "--recipe", metavar="NAME|FILE",
        help="what made some weights that ship, or a file like it, or weights to be made again",
    )  # fmt: skip
    parser.add_argument(
        "--set", type=_setting, action="append", default=[], metavar="NAME=VALUE",
        help="a field of the script's Config; lists and the like as JSON",
    )  # fmt: skip
    return parser


def parse_pictures(parser: argparse.ArgumentParser) -> argparse.Namespace:
    """Reads the command line of a script that learns portraits, or one's own pictures."""
    parser.add_argument(
        "--subject", dest="own", type=Path, metavar="FOLDER",
        help="pictures of one kind, to learn instead of portraits",
    )  # fmt: skip
    args = parser.parse_args()
    if args.own is not None:
        args.subject, args.data = OWN, args.own
    return args


def read_configs(kind: type[C], args: argparse.Namespace, default: str = "") -> list[C]:
    """What a script is to train, a segment of its recipe each: the recipe, then the arguments.

    Segments that the run has behind it are left out. With ``--set steps=N`` it ends there, also in
    the middle of a recipe.

    Args:
        kind: a dataclass with the fields `data`, `run`, `start`, `card` and `steps`; one that is
            called as an argument is takes that.
        args: of `make_parser`.
        default: recipe where none is named; empty: the dataclass's own defaults.

    Raises:
        StudioError: there is no such recipe, it is of another script, or begins from weights that
            are not given; a setting is none, or is given what it cannot be.
    """
    named = args.recipe or default
    script = Path(inspect.getfile(kind)).stem
    recipe = find_recipe(named) if named else Recipe(script, script)
    if recipe.script != script:
        raise StudioError(f"recipe {named} is for training/{recipe.script}.py")
    known = [field.name for field in fields(cast("Any", kind))]
    told = {k: v for k, v in vars(args).items() if k in known and v is not None}
    told |= {"data": args.data or Path(), "run": args.folder, "card": recipe.card}
    settable = [name for name in known if name not in _NEVER_SET]
    by_hand = [name for name in settable if name not in _OF_RECIPES | told.keys()]
    changed = _checked(kind, dict(args.set), by_hand, "--set ")
    done = progress_so_far(args.folder, args.start).step
    if recipe.start and args.start is None and not done:
        raise StudioError(
            f"recipe {named} begins from weights {recipe.start}", "give them with --start"
        )
    segments = _until(changed.pop("steps", None), recipe.segments)
    each = [
        _checked(kind, segment, settable, f"recipe {named}: ") | changed for segment in segments
    ]
    left = [settings for settings in each if settings.get("steps", math.inf) > done] or each[-1:]
    return [kind(**{**settings, **told}) for settings in left]


def _until(steps: int | None, segments: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Segments up to a step, at which the last one ends."""
    if steps is None:
        return list(segments)
    before = [each for each in segments[:-1] if each["steps"] < steps]
    return [*before, {**segments[len(before)], "steps": steps}]


def _checked(
    kind: type[Any], given: Mapping[str, Any], settable: list[str], where: str
) -> dict[str, Any]:
    """Settings as a dataclass's fields want them."""
    hints = get_type_hints(kind)
    found: dict[str, Any] = {}
    for name, value in given.items():
        if name not in settable:
            near = get_close_matches(name, settable, 1)
            hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(settable)}"
            raise StudioError(f"{where}{name}: there is no such setting", hint)
        try:
            found[name] = msgspec.convert(value, hints[name])
        except msgspec.ValidationError as error:
            said = str(error)
            raise StudioError(f"{where}{name}: {said[:1].lower()}{said[1:]}") from None
    return found


def _setting(text: str) -> tuple[str, Any]:
    """A name, and a value as JSON; what is no JSON is text."""
    name, _, value = text.partition("=")
    try:
        return name, json.loads(value)
    except json.JSONDecodeError:
        return name, value
