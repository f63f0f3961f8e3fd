"""What comes from outside: JSON within bounds, of the right types and ranges before it is used.

A type says what is wanted: a dataclass or `msgspec.Struct` whose fields may have ranges
(``Annotated[int, Meta(ge=1)]``). Whatever is wrong becomes one `StudioError` that names the file.
"""

import json
import stat
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from studio.core.errors import StudioError
from studio.core.files.disk import read_error
from studio.core.words.said import say

T = TypeVar("T")

DEEPEST = 32
"""Lists and objects within each other; what the studio writes has fewer than ten."""
LARGEST = 8 << 20
"""Bytes of a file of JSON, unless a reader says another number."""
_HINT = say("it may be damaged, or from another version of the studio")


def read_json(path: Path, *, largest: int = LARGEST) -> Any:
    """The JSON in a file; nothing is waited for where it is a pipe.

    Args:
        path: the file.
        largest: bytes; more are not read.

    Raises:
        StudioError: there is no such file, it cannot be read, or holds no JSON within the bounds.
    """
    return parse(read_bytes(path, largest=largest), str(path))


def read_bytes(path: Path, *, largest: int) -> bytes:
    """All of a file.

    Raises:
        StudioError: there is none, it is no regular file, it cannot be read, or it has more bytes.
    """
    try:
        regular_file(path)
        with path.open("rb") as file:
            data = file.read(largest + 1)
    except (OSError, ValueError) as error:  # ValueError: no file can have that name
        known = error if isinstance(error, OSError) else FileNotFoundError()
        raise read_error(known, str(path)) from error
    if len(data) > largest:
        raise StudioError(
            say("{path} has more than {most} MB", path=path, most=largest >> 20),
            "give another file",
        )
    return data


def regular_file(path: Path) -> None:
    """Refuses what is no file, such as a pipe, which would be waited for.

    Raises:
        StudioError: it is there, and no regular file.
        OSError: it is not there.
    """
    mode = path.stat().st_mode
    if not stat.S_ISREG(mode):
        kind = say("folder") if stat.S_ISDIR(mode) else say("pipe or device")
        raise StudioError(
            say("{path} is a {kind} and no file", path=path, kind=kind), "give another"
        )


def parse(text: bytes | str, name: str, hint: str = _HINT) -> Any:
    """Reads JSON.

    Args:
        text: what was read.
        name: of its file, for people.
        hint: what to do about it.

    Raises:
        StudioError: it is no JSON, or is nested deeper than `DEEPEST`.
    """
    try:
        value = json.loads(text)
    except RecursionError:
        value = None
    except ValueError as error:
        raise StudioError(
            say("{name} holds no JSON ({error})", name=name, error=error), hint
        ) from None
    else:
        if not _too_deep(value):
            return value
    raise StudioError(say("{name} is nested too deeply", name=name), hint)


def fitted(value: Any, kind: type[T], name: str, hint: str = _HINT) -> T:
    """JSON's lists and objects as a typed value.

    Args:
        value: of `parse`; fields that a dataclass does not have are left out.
        kind: what it should be.
        name: of its file, for people.
        hint: what to do about it.

    Raises:
        StudioError: a field is missing, of another type or out of range; says which.
    """
    try:
        return msgspec.convert(value, kind)
    except (ValueError, RecursionError) as error:
        raise StudioError(
            say("{name} is not as it should be: {error}", name=name, error=error), hint
        ) from None


def refuse_unknown(value: Mapping[str, Any], kind: type[Any], name: str) -> None:
    """Raises StudioError where an object has fields that a dataclass does not have."""
    unknown = sorted(value.keys() - {field.name for field in fields(kind)})
    if unknown:
        raise StudioError(
            say(
                "{name} asks for {unknown}, which this studio does not know",
                name=name,
                unknown=unknown,
            ),
            "a newer studio may",
        )


def _too_deep(value: Any) -> bool:
    level = [value]
    for _ in range(DEEPEST + 1):
        level = [
            inner
            for each in level
            if isinstance(each, list | dict)
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
        if not level:
            return False
    return True
