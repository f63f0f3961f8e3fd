"""Folders in which windows are kept: one for each, locked for as long as its process lives."""

from __future__ import annotations

import os
import secrets
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from studio.core.errors import StudioError
from studio.core.files.disk import write_error, write_whole
from studio.core.words.said import say
from studio.gui.state.keeping.kept import Kept, NewerError, read, to_bytes

if TYPE_CHECKING:
    from filelock import BaseFileLock

_MOST = 5  # windows that are kept when they have gone


def kept_folder() -> Path:
    """Where the folders are; in the folder ``$STUDIO_CONFIG`` if that is set."""
    folder = os.environ.get("STUDIO_CONFIG")
    return (Path(folder) if folder else platformdirs.user_state_path("studio")) / "windows"


@dataclass(frozen=True)
class Folder:
    """The folder of a window: what is kept of it, and pictures that have no other file.

    Attributes:
        path: the folder.
        lock: held by this process; the system lets go of it however the process ends.
    """

    path: Path
    lock: BaseFileLock

    @property
    def file(self) -> Path:
        """What is kept, see `kept.read`."""
        return self.path / "window.json"

    def write(self, kept: Kept) -> None:
        """Keeps a window, whole or as it was before; an empty one leaves nothing.

        Raises:
            StudioError: it cannot be written.
        """
        try:
            if kept:
                write_whole(self.file, to_bytes(kept), overwrite=True)
            else:
                self.file.unlink(missing_ok=True)
        except OSError as error:
            raise write_error(error, str(self.file)) from error

    def adopt(self, path: Path) -> Path:
        """Copies a picture into the folder; returns its new path.

        Raises:
            OSError: it cannot be read or written.
        """
        target, number = self.path / path.name, 1
        while target.exists():
            number += 1
            target = self.path / f"{path.stem}-{number}{path.suffix}"
        shutil.copyfile(path, target)
        return target

    def leave(self) -> None:
        """Lets another window have what is kept."""
        self.lock.release()

    def drop(self) -> None:
        """Removes the folder and all in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        self.lock.release()
        with suppress(OSError):
            Path(self.lock.lock_file).unlink(missing_ok=True)

    def put_aside(self) -> Path:
        """Keeps the folder where nobody looks for windows; returns its new path.

        Raises:
            OSError: the system refuses.
        """
        aside = self.path.rename(self.path.with_name(f"{self.path.name}.damaged"))
        self.drop()
        return aside


@dataclass(frozen=True)
class Begun:
    """What there is at the start.

    Attributes:
        own: the folder of this window.
        found: windows whose processes have gone, the last one first.
        troubles: what could not be read.
    """

    own: Folder
    found: tuple[tuple[Folder, Kept], ...] = ()
    troubles: tuple[StudioError, ...] = ()


def begin(parent: Path) -> Begun:
    """Takes a folder for this window and those of windows that have gone; off the window's thread.

    Raises:
        StudioError: there can be no folder.
    """
    try:
        parent.mkdir(parents=True, exist_ok=True)
        own = _locked(parent / secrets.token_hex(8))
        if own is None:
            raise StudioError(f"{parent} takes no lock")
        found = _gone(parent)
        own.path.mkdir(mode=0o700)
    except OSError as error:
        raise write_error(error, str(parent)) from error
    good: list[tuple[Folder, Kept]] = []
    troubles: list[StudioError] = []
    for folder in found:
        try:
            good.append((folder, read(folder.file)))
        except NewerError as error:
            folder.leave()
            troubles.append(error)
        except StudioError as error:
            troubles.append(_trouble(folder, error))
    good.sort(key=lambda each: each[1].at, reverse=True)
    for folder, _ in good[_MOST:]:
        folder.drop()
    return Begun(own, tuple(good[:_MOST]), tuple(troubles))


def _gone(parent: Path) -> list[Folder]:
    """Windows whose processes have gone; what is empty of them is removed."""
    found: list[Folder] = []
    for path in parent.iterdir():
        folder = _locked(path) if path.is_dir() and not path.suffix else None
        if folder is None:
            continue
        if folder.file.is_file():
            found.append(folder)
        else:
            folder.drop()
    return found


def _locked(path: Path) -> Folder | None:
    """The folder, if no other process has it."""
    from filelock import FileLock, Timeout  # not by the window's thread: it loads slowly

    lock = FileLock(path.with_name(f"{path.name}.lock"), thread_local=False)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        return None
    return Folder(path, lock)


def _trouble(folder: Folder, error: StudioError) -> StudioError:
    try:
        aside = folder.put_aside()
    except OSError:
        folder.leave()
        aside = folder.path
    return StudioError(
        say("what was open the last time cannot be opened again: {why}", why=error.message),
        say("it is kept in {folder}", folder=aside),
    )
