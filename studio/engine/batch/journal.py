"""The journal of a batch, with which it can be gone on with however the program has ended.

A hidden file in the folder of results, a JSON object a line: the request, then one line a picture.
A result is written under a temporary name and made sure to be on the disk; then its line; then it
gets its final name. Whenever the program ends, what is under a temporary name and has a line only
lacks its name, and what has no line is done anew. This file imports no torch.
"""

import errno
import json
import os
import secrets
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from io import FileIO
from pathlib import Path, PurePosixPath
from typing import Any, Self

from studio.core.errors import StudioError
from studio.core.formats.disk import publish, write_error
from studio.core.requests import Batch, from_json, to_json

NAME = ".studio-batch.jsonl"


@dataclass(frozen=True)
class Entry:
    """One picture that was tried; the last entry of a name counts.

    Attributes:
        item: name of the picture below the source folder, with ``/``.
        seconds: spent on it.
        error: why it could not be done; empty: it was.
        part: of the result, its temporary name below the folder of results, with ``/``.
        output: its final name.
        size: in bytes.
        replace: whether a file of that name may be replaced.
        source_size: of the picture in bytes, when it was done; below 0: not known.
        source_changed: when it had been written last, in nanoseconds.
    """

    item: str
    seconds: float
    error: str = ""
    part: str = ""
    output: str = ""
    size: int = 0
    replace: bool = False
    source_size: int = -1
    source_changed: int = 0


class Journal:
    """The journal of a folder, locked against other batches until it is closed."""

    def __init__(self, folder: Path, file: FileIO) -> None:
        self.folder, self._file = folder, file
        self.batch = ""
        self.request: Batch | None = None
        self.entries: dict[str, Entry] = {}
        self.ended = False

    @classmethod
    def find(cls, folder: Path) -> Self | None:
        """The journal that is there; None: there is none, or none with a request in it.

        Raises:
            StudioError: another batch writes to it, or it is damaged.
        """
        try:
            file = (folder / NAME).open("r+b", buffering=0)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise write_error(error, str(folder / NAME)) from error
        journal = cls(folder, file)
        try:
            _lock(file, folder)
            journal._read()
        except BaseException:
            file.close()
            raise
        return journal

    @classmethod
    def create(cls, folder: Path) -> Self:
        """A new journal, in a folder that is made where it is not there.

        Raises:
            StudioError: it cannot be written, or another batch has begun one.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
            journal = cls(folder, (folder / NAME).open("x+b", buffering=0))
        except OSError as error:
            raise write_error(error, str(folder / NAME)) from error
        _lock(journal._file, folder)
        return journal

    def begin(self, request: Batch) -> None:
        """Begins a batch; nothing is kept of an earlier one.

        Raises:
            StudioError: the journal cannot be written.
        """
        if self.request is not None and not self.ended:
            self.settle()  # nothing half-written stays of what is begun anew
        self.batch, self.request = secrets.token_hex(4), request
        self.entries, self.ended = {}, False
        source, output = (str(Path(p).resolve()) for p in (request.source, request.output))
        said = to_json(replace(request, source=source, output=output))
        try:
            self._file.truncate(0)
            self._file.seek(0)
            self._append({"batch": self.batch, "request": json.loads(said)})
        except OSError as error:
            raise write_error(error, str(self.folder / NAME)) from error

    def add(self, entry: Entry) -> None:
        """Notes a picture; returns when that is on the disk.

        Raises:
            OSError: it cannot be written.
        """
        self._append({key: value for key, value in asdict(entry).items() if value != ""})
        self.entries[entry.item] = entry

    def end(self, counts: Mapping[str, int]) -> None:
        """Notes that every picture was tried."""
        self._append({"ended": dict(counts)})
        self.ended = True

    def close(self) -> None:
        """Lets other batches at it."""
        self._file.close()

    def settle(self) -> set[str]:
        """Gives final names to results that lack only these, and removes other temporary files.

        Returns:
            The names of the pictures that are done.
        """
        done = {item for item, entry in self.entries.items() if self._has_result(entry)}
        self.sweep(Path(folder) for folder, _, _ in os.walk(self.folder))
        return done

    def sweep(self, folders: Iterable[Path]) -> None:
        """Removes the temporary files that this batch has left in some folders."""
        for folder in folders:
            for part in folder.glob(f".studio-{self.batch}-*.part"):
                with suppress(OSError):
                    part.unlink(missing_ok=True)

    def part(self, output: Path) -> Path:
        """A new temporary name beside a result."""
        return output.with_name(f".studio-{self.batch}-{secrets.token_hex(6)}.part")

    def below(self, path: Path) -> str:
        """The name of a file below the folder of results."""
        return path.relative_to(self.folder).as_posix()

    def _has_result(self, entry: Entry) -> bool:
        if entry.error:
            return False
        part, output = (self.folder / PurePosixPath(p) for p in (entry.part, entry.output))
        try:
            if part.stat().st_size != entry.size:
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

    def _read(self) -> None:
        """Reads all whole lines, and cuts off one that was not written to its end."""
        lines = self._file.read().split(b"\n")[:-1]
        good = 0
        for number, line in enumerate(lines):
            try:
                self._take(number, json.loads(line))
            except (ValueError, TypeError, KeyError, StudioError):
                if number == 0:
                    raise StudioError(
                        f"{self.folder / NAME} is no journal of a batch",
                        "delete it to begin anew",
                    ) from None
                break
            good += len(line) + 1
        self._file.truncate(good)
        self._file.seek(good)

    def _take(self, number: int, said: dict[str, Any]) -> None:
        if number == 0:
            request = from_json(json.dumps(said["request"]))
            if not isinstance(request, Batch):
                raise TypeError
            self.batch, self.request = str(said["batch"]), request
        elif "ended" in said:
            self.ended = True
        else:
            entry = Entry(**said)
            self.entries[entry.item] = entry
            self.ended = False

    def _append(self, line: dict[str, Any]) -> None:
        data, start = json.dumps(line).encode("ascii") + b"\n", self._file.tell()
        if self._file.write(data) != len(data):  # the rest does not fit
            self._file.truncate(start)
            self._file.seek(start)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
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


def _lock(file: FileIO, folder: Path) -> None:
    """Locks a file until it is closed, or its process ends in whatever way."""
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(1 << 40)  # far behind the end, so that the rest can still be read
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            file.seek(0)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        raise StudioError(
            f"another batch is writing to {folder}", "wait for it, or give another folder"
        ) from None
    except OSError:
        return  # a file system without locks
