"""The command line of a training script, and the settings that it changes."""

import argparse
import json
from collections.abc import Mapping
from dataclasses import fields
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar, cast, get_type_hints

import msgspec

from studio.core.errors import StudioError

C = TypeVar("C")
_NOTHING: Mapping[str, Any] = MappingProxyType({})


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
        "--set", type=_setting, action="append", default=[], metavar="NAME=VALUE",
        help="a field of the script's Config; lists and the like as JSON",
    )  # fmt: skip
    return parser


def read_config(kind: type[C], args: argparse.Namespace, own: Mapping[str, Any] = _NOTHING) -> C:
    """A script's Config: what its arguments say, then `--set`, then what its subject wants.

    Args:
        kind: a dataclass with the fields `data` and `run`; one that is called as an argument is
            takes that.
        args: of `make_parser`.
        own: other defaults than the dataclass's.

    Raises:
        StudioError: `--set` names no field, or gives it what it cannot be.
    """
    known, hints = [field.name for field in fields(cast("Any", kind))], get_type_hints(kind)
    told = {name: value for name, value in vars(args).items() if name in known}
    told |= {"data": args.data or Path(), "run": args.folder}
    settable = [name for name in known if name not in told]
    changed: dict[str, Any] = {}
    for name, value in args.set:
        if name not in settable:
            near = get_close_matches(name, settable, 1)
            hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(settable)}"
            raise StudioError(f"--set {name}: there is no such setting", hint)
        try:
            changed[name] = msgspec.convert(value, hints[name])
        except msgspec.ValidationError as error:
            said = str(error)
            raise StudioError(f"--set {name}: {said[:1].lower()}{said[1:]}") from None
    return kind(**{**own, **changed, **told})


def _setting(text: str) -> tuple[str, Any]:
    """A name, and a value as JSON; what is no JSON is text."""
    name, _, value = text.partition("=")
    try:
        return name, json.loads(value)
    except json.JSONDecodeError:
        return name, value
