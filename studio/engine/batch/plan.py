"""What a batch has to do, and all that can be found wrong with it before it starts."""

import os
import shutil
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path, PurePosixPath

from studio.core.errors import StudioError
from studio.core.files.disk import resolved
from studio.core.files.identity import file_id, lies_in
from studio.core.formats.suffixes import SUFFIXES, result_suffix
from studio.core.picture_files import read_size
from studio.core.requests import Batch, SaveOptions
from studio.core.words.said import Said, say
from studio.engine.batch.scan import Found, Left, find_pictures

_NAMED = 3  # how many of several collisions are named
_SAMPLED = 48  # pictures whose size in px is looked up; the others are taken to be like them
# Bytes a pixel of photos as the studio writes them: 4:4:4 at a quality of 92, 8 bits a channel.
_BYTES = {
    "JPEG": 0.6, "PNG": 1.8, "WEBP": 0.3, "TIFF": 2.0, "AVIF": 0.25, "HEIC": 0.3,
    "BMP": 3.0, "GIF": 0.7,
}  # fmt: skip
_LOSSLESS = 1.5  # bytes a pixel of WebP and HEIC without loss
# The estimate may be too high by this: less room than that is clearly not enough.
_DOUBT = 2.5


@dataclass(frozen=True)
class Item:
    """One picture of a batch.

    Attributes:
        name: its path below the source folder, with ``/``.
        source: the file.
        output: where its result goes.
        size: of the source in bytes.
        error: why it cannot even be tried; empty: it can.
        changed: when the source was last written, in nanoseconds.
        replaces: the file at `output` is its own earlier result, of a source that has changed.
        kept: why that result stays nevertheless; empty: it does not.
    """

    name: str
    source: Path
    output: Path
    size: int
    error: str = ""
    changed: int = 0
    replaces: bool = False
    kept: str = ""


@dataclass(frozen=True)
class Plan:
    """The pictures of a folder.

    Attributes:
        items: all of them, in the order of their names.
        left: what is left alone, and why.
    """

    items: tuple[Item, ...]
    left: tuple[Left, ...]

    @property
    def skipped(self) -> int:
        """How many files are left alone."""
        return len(self.left)


def make_plan(request: Batch, check: Callable[[], None]) -> Plan:
    """Finds the pictures, and names their results.

    Args:
        request: what is wanted.
        check: called now and then; what it raises ends the planning.

    Raises:
        StudioError: the folders or the format cannot be, or there is no picture.
    """
    source, output = Path(request.source), Path(request.output)
    check_folders(source, output)
    check_format(request.file_format)
    scanned = find_pictures(source, request.recursive, output, check)
    if not scanned.found:
        raise StudioError(
            say(
                "there are no pictures in {folder} ({count} other files)",
                folder=source,
                count=len(scanned.left),
            ),
            "give another folder" if request.recursive else "look into subfolders too",
            () if request.recursive else ("--recursive",),
        )
    items = told_apart(_item(found, request) for found in scanned.found)
    return Plan(items, scanned.left)


def told_apart(items: Iterable[Item]) -> tuple[Item, ...]:
    """Gives each picture a result of its own, such as ``IMG_1.DNG.jpg`` beside ``IMG_1.jpg``.

    A picture that keeps its name has the first right to it; one whose result exists, or is a
    folder's name, the last.

    Args:
        items: all of a batch.
    """
    everything = tuple(items)
    tried = [item for item in everything if not item.error]
    taken = {_spelt_alike(folder) for item in tried for folder in item.output.parents}
    named: dict[str, Item] = {}
    for item in sorted(tried, key=_claim):
        output = next(path for path in _names(item) if _spelt_alike(path) not in taken)
        taken.add(_spelt_alike(output))
        named[item.name] = replace(item, output=output)
    return tuple(named.get(item.name, item) for item in everything)


def _claim(item: Item) -> int:
    """Who has the first right to a name: what was done under it, then what keeps its own."""
    return 0 if item.replaces else 1 if item.output.name == PurePosixPath(item.name).name else 2


def _names(item: Item) -> Iterator[Path]:
    """What a result may be called, the best first."""
    yield item.output
    whole = PurePosixPath(item.name).name
    yield item.output.with_name(whole + item.output.suffix)
    for number in count(2):
        yield item.output.with_name(f"{whole}-{number}{item.output.suffix}")


def without_taken(items: Iterable[Item]) -> tuple[Item, ...]:
    """Has those not be tried whose results' names belong to what a person has put there.

    Args:
        items: what is still to be done of a batch that is gone on with.
    """
    return tuple(
        replace(
            item, error=say("{path} is there, and not from this batch: it stays", path=item.output)
        )
        if not (item.error or item.replaces) and os.path.lexists(item.output)
        else item
        for item in items
    )


def refuse_collisions(request: Batch, items: Iterable[Item], originals: Collection[Path]) -> None:
    """Looks for results that would be an original, or in the way of another file.

    Args:
        request: names the folders, and says whether results may replace files that exist.
        items: what is still to be done.
        originals: what the batch reads.

    Raises:
        StudioError: there are such; the first of them are named.
    """
    tried = [item for item in items if not item.error]
    existing = [item for item in tried if item.output.exists() or item.output.is_symlink()]
    kept = set(map(file_id, originals)) if existing else set[object]()
    _refuse(
        [str(item.output) for item in existing if file_id(item.output) in kept]
        or _would_be_read(tried, request),
        say("a result would be among the originals"), say("give another folder for the results"),
    )  # fmt: skip
    _refuse(
        [
            str(item.output)
            for item in existing
            if item.output.is_dir() or not (request.save.overwrite or item.replaces)
        ],
        say("results exist already"),
        say("give another folder, or allow overwriting"), ("--overwrite",),
    )  # fmt: skip


def _refuse(found: list[str], what: Said, hint: str, options: tuple[str, ...] = ()) -> None:
    if found:
        named, more = found[:_NAMED], len(found) - _NAMED
        said = say("{what}: {files}", what=what, files=named)
        if more > 0:
            said = say("{what}: {files} and {count} more", what=what, files=named, count=more)
        raise StudioError(said, hint, options)


def _spelt_alike(path: Path) -> str:
    """Equal for names that are one on some file system: of any case, of any way to write ``e``."""
    return unicodedata.normalize("NFC", str(path)).casefold()


def _would_be_read(items: Iterable[Item], request: Batch) -> list[str]:
    """Results that the next batch over the same folder would find as originals."""
    source = Path(request.source)
    if lies_in(Path(request.output), source):
        return []  # the folder of results lies in that of originals, and is not looked into
    return [
        str(folder)
        for folder in dict.fromkeys(item.output.parent for item in items)
        if lies_in(folder, source)
    ]


def check_folders(source: Path, output: Path) -> None:
    """Raises a StudioError for folders that pictures cannot be read from, or results written to."""
    if not source.is_dir():
        what = say("{path} is no folder", path=source)
        if not source.exists():
            what = say("{path} is not there", path=source)
        raise StudioError(what, "give a folder of pictures")
    if output.exists() and not output.is_dir():
        raise StudioError(say("{path} is no folder", path=output), "give a folder for the results")
    if file_id(output) == file_id(source):
        raise StudioError(
            say("{path} has the originals", path=output), "give another folder for the results"
        )


def check_format(file_format: str) -> None:
    """Raises a StudioError for a format that pictures cannot be written in."""
    if file_format != "keep" and f".{file_format}" not in SUFFIXES:
        known = ", ".join(sorted(suffix[1:] for suffix in SUFFIXES))
        raise StudioError(
            say("pictures cannot be written as {kind}", kind=repr(file_format)),
            say("known: keep, {known}", known=known),
        )


def _item(found: Found, request: Batch) -> Item:
    name = PurePosixPath(found.name)
    own = result_suffix(Path(found.name))
    suffix = own if request.file_format == "keep" else f".{request.file_format}"
    below = name if found.error and not name.name else name.with_suffix(suffix)
    source, output = Path(request.source, found.name), Path(request.output, below)
    return Item(found.name, source, output, found.size, found.error, found.changed)


def estimate(
    items: Sequence[Item], scale: int, save: SaveOptions, check: Callable[[], None]
) -> int:
    """Size of the results in bytes.

    Args:
        items: what is still to be done.
        scale: how many times as wide and high as the picture a result is.
        save: how results are written.
        check: called now and then; what it raises ends the estimate.
    """
    total = sum(item.size for item in items)
    sampled = results = 0
    for item in items[:: max(1, len(items) // _SAMPLED)]:
        check()
        try:
            width, height = read_size(item.source)
        except StudioError:
            continue  # a picture that cannot be opened needs no room
        sampled += item.size
        results += round(width * height * scale**2 * _bytes(item.output, save))
    return round(total * results / sampled) if sampled else 0


def free_bytes(folder: Path) -> int:
    """Room on the disk of a folder, which need not exist yet."""
    existing = next(path for path in (folder, *resolved(folder).parents) if path.exists())
    return shutil.disk_usage(existing).free


def refuse_full_disk(needed: int, free: int, folder: Path) -> None:
    """Raises a StudioError where the disk clearly does not suffice."""
    if needed > free * _DOUBT:
        raise StudioError(
            say(
                "the results need about {needed}, and the disk of {folder} has {free}",
                needed=_size(needed),
                folder=folder,
                free=_size(free),
            ),
            "make room, or give a folder on another disk",
        )


def _bytes(output: Path, save: SaveOptions) -> float:
    kind = SUFFIXES[output.suffix.lower()]
    return _LOSSLESS if save.lossless and kind in {"WEBP", "HEIC"} else _BYTES[kind]


def _size(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"
