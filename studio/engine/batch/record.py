"""What a batch's journal says: its lines, checked; nothing here writes.

The journal lies in a folder that anybody may have made: a line counts only if it is whole, of the
right types, and names nothing outside that folder. Lines of kinds that are not known are left
alone, for a newer studio may have written them.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Annotated, Any

from msgspec import Meta, Struct

from studio.core.checked import fitted, parse
from studio.core.errors import StudioError
from studio.core.requests import Batch, from_fields

_Bytes = Annotated[int, Meta(ge=0, le=1 << 50)]
_Seconds = Annotated[float, Meta(ge=0, le=1e9)]


@dataclass(frozen=True)
class Entry:
    """One picture that was tried; the last entry of a name counts.

    Attributes:
        item: name of the picture below the source folder, with ``/``.
        seconds: spent on it.
        error: why it could not be done; empty: it was.
        part: of the result, its temporary name below the folder of results, with ``/``.
        output: its final name, beside it.
        size: in bytes.
        replace: whether a file of that name may be replaced.
    """

    item: str
    seconds: _Seconds
    error: str = ""
    part: str = ""
    output: str = ""
    size: _Bytes = 0
    replace: bool = False


class _First(Struct):
    """The first line."""

    batch: Annotated[str, Meta(pattern="^[0-9a-f]{8}$")]
    request: dict[str, Any]


class _Begun(Struct):
    """A picture is about to be opened."""

    begun: str


class _Made(Struct):
    """Its result is in memory: whatever ends the program from here on, it was not the picture."""

    made: str


class _Left(Struct):
    """The batch was told to end while these were under way."""

    left: list[str]


@dataclass
class Record:
    """All that the whole lines say.

    Attributes:
        batch: eight hexadecimal digits, which are in the names of its temporary files.
        request: None: there is no line.
        entries: the last one of each picture.
        deaths: how often the program ended, by no wish of anybody's, while it made a picture.
        ended: every picture was tried.
        whole: bytes up to the end of the last whole line.
    """

    batch: str = ""
    request: Batch | None = None
    entries: dict[str, Entry] = field(default_factory=dict)
    deaths: Counter[str] = field(default_factory=Counter)
    ended: bool = False
    whole: int = 0

    def add(self, entry: Entry) -> None:
        """Takes note of a picture that was tried."""
        self.entries[entry.item] = entry
        self.deaths.pop(entry.item, None)
        self.ended = False


def read_record(data: bytes, name: str) -> Record:
    """Reads the lines of a journal.

    Args:
        data: all of it; what follows the last line's end was not written to its end.
        name: of the file, for people.

    Raises:
        StudioError: the first line is of no batch, or of one that only a newer studio understands.
    """
    record = Record(whole=data.rfind(b"\n") + 1)
    lines = data[: record.whole].split(b"\n")[:-1]
    if not lines:
        return record
    first = fitted(parse(lines[0], name), _First, name, "delete it to begin anew")
    request = from_fields(first.request, name)
    if not isinstance(request, Batch):
        raise StudioError(f"{name} is no journal of a batch", "delete it to begin anew")
    record.batch, record.request = first.batch, request
    for line in lines[1:]:
        try:
            _take(record, parse(line, name), name)
        except StudioError:
            continue
    return record


def _take(record: Record, said: Any, name: str) -> None:
    match said:
        case {"item": _}:
            entry = fitted(said, Entry, name)
            if entry.error or _stays_inside(entry, record.batch):
                record.add(entry)
        case {"begun": _}:
            record.deaths[fitted(said, _Begun, name).begun] += 1
        case {"made": _}:
            record.deaths[fitted(said, _Made, name).made] -= 1
        case {"left": _}:
            record.deaths.subtract(fitted(said, _Left, name).left)
        case {"ended": _}:
            record.ended = True
        case _:
            pass


def _stays_inside(entry: Entry, batch: str) -> bool:
    """Whether an entry names a temporary file of its batch, and a result beside it."""
    part, output = PurePosixPath(entry.part), PurePosixPath(entry.output)
    return (
        re.fullmatch(rf"\.studio-{batch}-[0-9a-f]{{12}}\.part", part.name) is not None
        and part.parent == output.parent
        and _is_plain(entry.output)
    )


def _is_plain(name: str) -> bool:
    """Whether a name leads down from a folder, by this system's rules, and to nothing hidden."""
    path = Path(name)
    return not path.anchor and not any(part.startswith(".") or "\0" in part for part in path.parts)
