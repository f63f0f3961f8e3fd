"""What a batch has to do, and all that can be found wrong with it before it starts."""

import unicodedata
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from studio.core.errors import StudioError
from studio.core.formats.identity import file_id, lies_in
from studio.core.picture_files import SUFFIXES
from studio.core.requests import Batch
from studio.engine.batch.scan import Found, scan

_NAMED = 3  # how many of several collisions are named


@dataclass(frozen=True)
class Item:
    """One picture of a batch.

    Attributes:
        name: its path below the source folder, with ``/``.
        source: the file.
        output: where its result goes.
        size: of the source in bytes.
        error: why it cannot even be tried; empty: it can.
    """

    name: str
    source: Path
    output: Path
    size: int
    error: str = ""


@dataclass(frozen=True)
class Plan:
    """The pictures of a folder.

    Attributes:
        items: all of them, in the order of their names.
        skipped: how many files are left alone.
    """

    items: tuple[Item, ...]
    skipped: int


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
    scanned = scan(source, request.recursive, output, check)
    if not scanned.found:
        raise StudioError(
            f"there are no pictures in {source} ({scanned.skipped} other files)",
            "give another folder"
            if request.recursive
            else "look into subfolders too (--recursive)",
        )
    items = tuple(_item(found, request) for found in scanned.found)
    return Plan(items, scanned.skipped)


def refuse_collisions(request: Batch, items: Iterable[Item], originals: Collection[Path]) -> None:
    """Looks for results that would be one file, an original, or in the way of another file.

    Args:
        request: names the folders, and says whether results may replace files that exist.
        items: what is still to be done.
        originals: what the batch reads.

    Raises:
        StudioError: there are such; the first of them are named.
    """
    tried = [item for item in items if not item.error]
    by_output: dict[str, list[Item]] = {}
    for item in tried:
        by_output.setdefault(_spelt_alike(item.output), []).append(item)
    doubled = [group for group in by_output.values() if len(group) > 1]
    _refuse(
        [f"{group[0].output} of {group[0].name} and {group[1].name}" for group in doubled],
        "two pictures would have one result", "rename one of each, or keep their formats",
    )  # fmt: skip
    folders = {_spelt_alike(folder) for item in tried for folder in item.output.parents}
    _refuse(
        [str(item.output) for item in tried if _spelt_alike(item.output) in folders],
        "a result would have the name of a folder of results", "rename one of the two",
    )  # fmt: skip
    existing = [item for item in tried if item.output.exists() or item.output.is_symlink()]
    kept = set(map(file_id, originals)) if existing else set[object]()
    _refuse(
        [str(item.output) for item in existing if file_id(item.output) in kept]
        or _would_be_read(tried, request),
        "a result would be among the originals", "give another folder for the results",
    )  # fmt: skip
    _refuse(
        [str(i.output) for i in existing if i.output.is_dir() or not request.save.overwrite],
        "results exist already", "give another folder, or allow overwriting (--overwrite)",
    )  # fmt: skip


def _refuse(found: list[str], what: str, hint: str) -> None:
    if found:
        more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
        raise StudioError(f"{what}: {', '.join(found[:_NAMED])}{more}", hint)


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
        what = "is no folder" if source.exists() else "is not there"
        raise StudioError(f"{source} {what}", "give a folder of pictures")
    if output.exists() and not output.is_dir():
        raise StudioError(f"{output} is no folder", "give a folder for the results")
    if file_id(output) == file_id(source):
        raise StudioError(f"{output} has the originals", "give another folder for the results")


def check_format(file_format: str) -> None:
    """Raises a StudioError for a format that pictures cannot be written in."""
    if file_format != "keep" and f".{file_format}" not in SUFFIXES:
        known = ", ".join(sorted(suffix[1:] for suffix in SUFFIXES))
        raise StudioError(f"pictures cannot be written as {file_format!r}", f"known: keep, {known}")


def _item(found: Found, request: Batch) -> Item:
    name = PurePosixPath(found.name)
    own = name.suffix if name.suffix.lower() in SUFFIXES else ".jpg"  # RAW can only be read
    suffix = own if request.file_format == "keep" else f".{request.file_format}"
    output = name if found.error and not name.name else name.with_suffix(suffix)
    source = Path(request.source, found.name)
    return Item(found.name, source, Path(request.output, output), found.size, found.error)
