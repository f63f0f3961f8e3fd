"""What a batch's journal says, and what may go on with it; nothing here writes.

The journal lies in a folder that anybody may have made: a line counts only if it is whole, of the
right types, and names nothing outside that folder. Lines of kinds that are not known are left
alone, for a newer studio may have written them.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, cast

from msgspec import Meta, Struct

from studio.core.checked import fitted, parse
from studio.core.errors import StudioError
from studio.core.requests import Batch, from_fields
from studio.core.words.said import say
from studio.engine.batch.plan import Item

_COARSE = 2_000_000_000  # nanoseconds: the time of a file as FAT keeps it
_KEPT = say(
    "the photo has changed since, but so has its result, by hand: the result is kept as it is"
)
_Bytes = Annotated[int, Meta(ge=0, le=1 << 50)]
_Seconds = Annotated[float, Meta(ge=0, le=1e9)]
# Where and how fast it runs, and what is told of it, may change from one time to the next.
_MAY_DIFFER = frozenset(
    {"output", "device", "recursive", "resume", "report", "cluster", "save", "settings"}
)


@dataclass(frozen=True)
class JournalEntry:
    """One picture that was tried; the last entry of a name counts.

    Attributes:
        item: name of the picture below the source folder, with ``/``.
        seconds: spent on it.
        error: why it could not be done; empty: it was.
        part: of the result, its temporary name below the folder of results, with ``/``.
        output: its final name, beside it.
        size: in bytes.
        replace: whether a file of that name may be replaced.
        source_size: of the picture in bytes, when it was done; below 0: not known.
        source_changed: when it had been written last, in nanoseconds.
        written: when the result was, likewise; below 0: not known.
    """

    item: str
    seconds: _Seconds
    error: str = ""
    part: str = ""
    output: str = ""
    size: _Bytes = 0
    replace: bool = False
    source_size: int = -1
    source_changed: int = 0
    written: int = -1


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


class _Abandoned(Struct):
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
    entries: dict[str, JournalEntry] = field(default_factory=dict)
    deaths: Counter[str] = field(default_factory=Counter)
    ended: bool = False
    whole: int = 0

    def add(self, entry: JournalEntry) -> None:
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
    first = fitted(parse(lines[0], name), _First, name, say("delete it to begin anew"))
    request = from_fields(first.request, name)
    if not isinstance(request, Batch):
        raise StudioError(
            say("{name} is no journal of a batch", name=name), "delete it to begin anew"
        )
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
            entry = fitted(said, JournalEntry, name)
            if entry.error or _stays_inside(entry, record.batch):
                record.add(entry)
        case {"begun": _}:
            record.deaths[fitted(said, _Begun, name).begun] += 1
        case {"made": _}:
            record.deaths[fitted(said, _Made, name).made] -= 1
        case {"left": _}:
            record.deaths.subtract(fitted(said, _Abandoned, name).left)
        case {"ended": _}:
            record.ended = True
            record.deaths.clear()  # who goes on with it wants them tried again
        case _:
            pass


def _stays_inside(entry: JournalEntry, batch: str) -> bool:
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


def continued(
    items: Iterable[Item], request: Batch, record: Record, done: set[str]
) -> tuple[Item, ...]:
    """The pictures with the names that their results have already.

    One that was replaced since it was done is taken out of `done`: it is done again, in the place
    of its result. But if a person has changed that, it stays, and the item says so.

    Args:
        items: of the plan.
        request: names the folder of results, and says whether files are replaced.
        record: says what was done.
        done: names of pictures that have a result.
    """
    found: list[Item] = []
    for item in items:
        entry = record.entries.get(item.name)
        if entry is None or item.name not in done:
            found.append(item)
            continue
        output = Path(request.output) / PurePosixPath(entry.output)
        same = entry.source_size < 0 or (entry.source_size, entry.source_changed) == (
            item.size, item.changed
        )  # fmt: skip
        if same or request.save.overwrite or _is_as_written(output, entry):
            found.append(replace(item, output=output, replaces=True))
            if not same:
                done.discard(item.name)
        else:
            found.append(replace(item, output=output, kept=_KEPT))
    return tuple(found)


def _is_as_written(output: Path, entry: JournalEntry) -> bool:
    """Whether a result is still the one that was written, as far as size and time tell."""
    about = output.stat()
    late = 0 if entry.written < 0 else abs(about.st_mtime_ns - entry.written)
    return output.is_file() and about.st_size == entry.size and late <= _COARSE


def refuse_another(request: Batch, begun: Batch) -> None:
    """Raises a StudioError where a request may not go on with what was begun.

    Args:
        request: with weights, settings and source folder spelt out.
        begun: as the journal has it.
    """
    now, then = _decisive(request), _decisive(begun)
    names = [name for name in now if now[name] != then.get(name)]
    names += [name for name in then if name not in now]
    if names:
        both = [(name, _said(then.get(name)), _said(now.get(name))) for name in names]
        differences = [
            f"{name} {there} there, {here} here"
            if there != here
            else f"{name} {here}, with other settings"
            for name, there, here in both
        ]
        raise StudioError(
            say(
                "the batch begun in {folder} is another one ({differences})",
                folder=request.output,
                differences="; ".join(differences),
            ),
            "give it the same request, or another folder for the results",
        )


def _said(value: object) -> str:
    """A value for people; of further steps what they are."""
    if isinstance(value, tuple | list):
        steps = cast("Sequence[Mapping[str, Any]]", value)
        return ", ".join(each["weights"] for each in steps) or "-"
    return "-" if value is None else str(value)


def _decisive(request: Batch) -> dict[str, Any]:
    """What the results depend on, by the names that a person knows."""
    save = request.save
    kept = {k: v for k, v in asdict(request).items() if k not in _MAY_DIFFER}
    kept |= {"quality": save.quality, "lossless": bool(save.lossless), "metadata": save.metadata}
    kept |= {"deep": save.deep}
    kept["source"] = str(Path(request.source).resolve())
    return kept | {f"setting {name}": value for name, value in request.settings.items()}
