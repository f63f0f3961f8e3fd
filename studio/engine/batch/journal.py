"""The journal of a batch, with which it can be gone on with however the program has ended.

A hidden file in the folder of results, a JSON object a line: the request, then one line a picture.
A result is written under a temporary name and made sure to be on the disk; then its line; then it
gets its final name. Whenever the program ends, what is under a temporary name and has a line only
lacks its name, and what has no line is done anew. Before a picture is opened a line says so too:
one that ends the program again and again is known by it. This file imports no torch.
"""

import errno
import json
import os
import secrets
import stat
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, replace
from io import FileIO
from pathlib import Path, PurePosixPath
from typing import Any, Self

from studio.core.errors import StudioError
from studio.core.files.disk import publish, read_error, write_error
from studio.core.requests import Batch, to_json
from studio.core.words.said import say
from studio.engine.batch.record import JournalEntry, Record, read_record

NAME = ".studio-batch.jsonl"
_LARGEST = 256 << 20  # bytes, of about a million pictures


def read_journal(folder: Path) -> Record | None:
    """What the journal of a folder says; nothing is written. None: there is none.

    Raises:
        StudioError: a batch is writing to it, or it is damaged.
    """
    file = _opened(folder, "r")
    if file is None:
        return None
    with file:
        _lock(file, folder)
        return _read(file, folder)


class Journal:
    """The journal of a folder, locked against other batches until it is closed.

    Attributes:
        record: what it says.
    """

    def __init__(self, folder: Path, file: FileIO, record: Record) -> None:
        self._folder, self._file = folder, file
        self.record = record
        self._under_way: set[str] = set()
        self._held = False

    @classmethod
    def find(cls, folder: Path) -> Self | None:
        """The journal that is there, as it is; None: there is none.

        Raises:
            StudioError: another batch writes to it, or it is damaged.
        """
        file = _opened(folder, "r+")
        if file is None:
            return None
        try:
            _lock(file, folder)
            return cls(folder, file, _read(file, folder))
        except BaseException:
            file.close()
            raise

    @classmethod
    def create(cls, folder: Path) -> Self:
        """A new journal, in a folder that is made where it is not there.

        Raises:
            StudioError: it cannot be written, or another batch has begun one.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
            file = FileIO(folder / NAME, "x+")
        except OSError as error:
            raise write_error(error, str(folder / NAME)) from error
        _lock(file, folder)
        return cls(folder, file, Record())

    def begin(self, request: Batch) -> None:
        """Begins a batch; nothing is kept of an earlier one.

        Raises:
            StudioError: the journal cannot be written.
        """
        if self.record.request is not None and not self.record.ended:
            self.settle()  # nothing half-written stays of what is begun anew
        self.record = Record(secrets.token_hex(4), request)
        source, output = (str(Path(p).resolve()) for p in (request.source, request.output))
        said = to_json(replace(request, source=source, output=output))
        try:
            self._file.truncate(0)
            self._file.seek(0)
            self._append({"batch": self.record.batch, "request": json.loads(said)})
        except OSError as error:
            raise write_error(error, str(self._folder / NAME)) from error

    def go_on(self) -> set[str]:
        """Goes on with the batch that was begun: settles it, and cuts off an unfinished last line.

        Returns:
            The names of the pictures that are done.

        Raises:
            StudioError: the journal cannot be written.
        """
        done = self.settle()
        try:
            self._file.truncate(self.record.whole)
            self._file.seek(self.record.whole)
        except OSError as error:
            raise write_error(error, str(self._folder / NAME)) from error
        return done

    def open(self, item: str) -> None:
        """Notes that a picture is about to be opened.

        A kill of the program does not lose the line, so that the disk is not waited for.

        Raises:
            OSError: it cannot be written.
        """
        self._under_way.add(item)
        if not self._held:
            self._append({"begun": item}, sure=False)

    def made(self, item: str) -> None:
        """Notes that its result is in memory.

        Raises:
            OSError: it cannot be written.
        """
        self._append({"made": item}, sure=False)
        self._under_way.discard(item)

    def leave(self) -> None:
        """Notes that the batch is told to end, and that what is under way is not to blame."""
        self.hold()
        self._under_way.clear()

    def hold(self) -> None:
        """Notes that the batch waits: what is under way is not to blame for what comes."""
        if self._under_way and not self._held:
            with suppress(OSError):
                self._append({"left": sorted(self._under_way)}, sure=False)
        self._held = True

    def go_on_after_hold(self) -> None:
        """Notes that it goes on."""
        self._held = False
        with suppress(OSError):
            for item in sorted(self._under_way):
                self._append({"begun": item}, sure=False)

    def add(self, entry: JournalEntry) -> None:
        """Notes a picture; returns when that is on the disk.

        Raises:
            OSError: it cannot be written.
        """
        self._append({key: value for key, value in asdict(entry).items() if value != ""})
        self._under_way.discard(entry.item)
        self.record.add(entry)

    def end(self, counts: Mapping[str, int]) -> None:
        """Notes that every picture was tried."""
        self._append({"ended": dict(counts)})
        self.record.ended = True

    def close(self) -> None:
        """Lets other batches at it."""
        self._file.close()

    def settle(self) -> set[str]:
        """Gives final names to results that lack only these, and removes other temporary files.

        Returns:
            The names of the pictures that are done.
        """
        done = {item for item, entry in self.record.entries.items() if self._has_result(entry)}
        self.sweep(Path(folder) for folder, _, _ in os.walk(self._folder))
        return done

    def sweep(self, folders: Iterable[Path]) -> None:
        """Removes the temporary files that this batch has left in some folders."""
        for folder in folders:
            for part in folder.glob(f".studio-{self.record.batch}-*.part"):
                with suppress(OSError):
                    part.unlink(missing_ok=True)

    def part(self, output: Path) -> Path:
        """A new temporary name beside a result."""
        return output.with_name(f".studio-{self.record.batch}-{secrets.token_hex(6)}.part")

    def below(self, path: Path) -> str:
        """The name of a file below the folder of results."""
        return path.relative_to(self._folder).as_posix()

    def _has_result(self, entry: JournalEntry) -> bool:
        if entry.error:
            return False
        part, output = (self._folder / PurePosixPath(p) for p in (entry.part, entry.output))
        try:
            about = part.lstat()
            if not stat.S_ISREG(about.st_mode) or about.st_size != entry.size:
                return False  # the disk lost what it said it had
            if output.exists() and output.samefile(part):
                part.unlink()  # the program ended between the two steps of `publish`
            else:
                publish(part, output, overwrite=entry.replace)
        except FileNotFoundError:
            return output.exists()  # it has its name; what a person did to it since is theirs
        except StudioError:
            return False  # a file of that name has appeared, and stays
        except OSError as error:
            raise write_error(error, str(output)) from error
        return True

    def _append(self, line: dict[str, Any], *, sure: bool = True) -> None:
        data, start = json.dumps(line).encode("ascii") + b"\n", self._file.tell()
        if self._file.write(data) != len(data):  # the rest does not fit
            self._file.truncate(start)
            self._file.seek(start)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if sure:
            os.fsync(self._file.fileno())


def remove_parts_of_batch(folder: Path) -> None:
    """Cleans up after a process that was ended in the middle of a batch; its journal stays."""
    with suppress(StudioError, OSError):  # another batch has begun, or the folder is gone
        journal = Journal.find(folder)
        if journal is not None:
            try:
                journal.settle()
            finally:
                journal.close()


def _opened(folder: Path, mode: str) -> FileIO | None:
    """The journal's file; a link is not followed, for it may lead to anything.

    Raises:
        StudioError: it is no file, or cannot be opened.
    """
    path = folder / NAME
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            raise StudioError(
                say("{path} is a link or no file", path=path), "delete it to begin anew"
            )
        return FileIO(path, mode)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        trouble = read_error if mode == "r" else write_error
        raise trouble(error, str(path)) from error


def _read(file: FileIO, folder: Path) -> Record:
    name = str(folder / NAME)
    if os.fstat(file.fileno()).st_size > _LARGEST:
        raise StudioError(
            say("{name} is no journal of a batch", name=name), "delete it to begin anew"
        )
    return read_record(file.readall(), name)


def _lock(file: FileIO, folder: Path) -> None:
    """Locks a folder's journal until it is closed, or its process ends in whatever way.

    Raises:
        StudioError: somebody else has locked it.
    """
    from filelock import lock_descriptor

    with suppress(OSError):  # a file system without locks
        if not lock_descriptor(file.fileno(), blocking=False):
            raise StudioError(
                say("another batch is writing to {folder}", folder=folder),
                "wait for it, or give another folder",
            )
