"""Which pictures are in a folder."""

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from studio.core.files.disk import read_error, resolved
from studio.core.files.identity import lies_in
from studio.core.formats.kinds import HEAD_BYTES, unread
from studio.core.formats.suffixes import READABLE
from studio.core.picture_files import looks_like_a_picture
from studio.core.videos import is_video


@dataclass(frozen=True)
class Found:
    """A file that is a picture by its name or by its content.

    Attributes:
        name: its path below the folder, with ``/``.
        size: in bytes.
        error: why it cannot even be tried; empty: it can.
        changed: when it was last written, in nanoseconds.
    """

    name: str
    size: int
    error: str = ""
    changed: int = 0


@dataclass(frozen=True)
class Left:
    """What is left alone: its path below the folder, and why."""

    name: str
    reason: str


@dataclass(frozen=True)
class Scan:
    """What is in a folder.

    Attributes:
        found: pictures, in the order of their names.
        left: hidden files and folders, and files that are no pictures.
    """

    found: tuple[Found, ...]
    left: tuple[Left, ...]


def find_pictures(folder: Path, recursive: bool, without: Path, check: Callable[[], None]) -> Scan:
    """Looks through a folder.

    Links to folders are followed once all else has been seen, and no folder is entered twice: so
    the same picture is not done twice, and links in a circle come to an end.

    Args:
        folder: where the pictures are.
        recursive: look into subfolders.
        without: a folder that is not looked into; it need not exist.
        check: called now and then; what it raises ends the scan.
    """
    looking = _Looking(recursive, without, check)
    looking.enter(folder, "")
    found = sorted(looking.found, key=lambda f: f.name.split("/"))
    left = sorted(looking.left, key=lambda f: f.name.split("/"))
    return Scan(tuple(found), tuple(left))


class _Looking:
    def __init__(self, recursive: bool, without: Path, check: Callable[[], None]) -> None:
        self.found: list[Found] = []
        self.left: list[Left] = []
        self._recursive, self._without, self._check = recursive, without, check
        self._seen: set[tuple[int, int]] = set()
        self._links: list[tuple[Path, str]] = []

    def enter(self, folder: Path, name: str) -> None:
        for above in resolved(folder).parents:
            self._is_new(above)  # a link to one of these leads out of the folder, or in a circle
        folders = [(folder, name)]
        while folders or self._links:
            self._check()
            next_folder, prefix = folders.pop() if folders else self._links.pop(0)
            if self._is_new(next_folder):
                folders += self._look(next_folder, prefix)

    def _is_new(self, folder: Path) -> bool:
        try:
            about = folder.stat()
        except OSError:
            return True  # looking into it will say why not
        key = (about.st_dev, about.st_ino)
        # A file system without such numbers has no links either.
        new = key not in self._seen or about.st_ino == 0
        self._seen.add(key)
        return new and not lies_in(folder, self._without)

    def _look(self, folder: Path, prefix: str) -> list[tuple[Path, str]]:
        """Notes the pictures of one folder; returns the folders in it."""
        folders: list[tuple[Path, str]] = []
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            self._fail(prefix or ".", error, folder)
            return []
        for entry in entries:
            name = prefix + entry.name
            if _is_hidden(entry):
                self.left.append(Left(name, "it is hidden"))
                continue
            try:
                is_folder = entry.is_dir()
            except OSError as error:  # a link in a circle, or to where nobody may look
                self._fail(name, error, entry)
                continue
            if is_folder:
                if self._recursive:
                    where = self._links if entry.is_symlink() else folders
                    where.append((Path(entry.path), name + "/"))
            else:
                self._note(entry, name)
        return folders

    def _note(self, entry: os.DirEntry[str], name: str) -> None:
        try:
            about = entry.stat()
            if not stat.S_ISREG(about.st_mode):  # a pipe, which would be waited for, or a device
                self.left.append(Left(name, "it is no file"))
            elif _is_picture(Path(entry.path)):
                self.found.append(Found(name, about.st_size, "", about.st_mtime_ns))
            else:
                self.left.append(Left(name, _why_not(Path(entry.path))))
        except OSError as error:  # such as a link to nowhere
            if Path(name).suffix.lower() in READABLE:
                self._fail(name, error, entry)
            else:
                self.left.append(Left(name, str(read_error(error, entry.path))))

    def _fail(self, name: str, error: OSError, path: os.PathLike[str]) -> None:
        """Notes what cannot be read: it may be pictures, which nobody would know were missing."""
        self.found.append(Found(name, 0, str(read_error(error, os.fspath(path)))))


def _is_picture(path: Path) -> bool:
    """Whether a file is meant as a picture, by its name, or is one, by its content."""
    return path.suffix.lower() in READABLE or looks_like_a_picture(path)


def _why_not(path: Path) -> str:
    if is_video(path):
        return "it is a video, for `studio video`"
    with path.open("rb") as file:
        what = unread(file.read(HEAD_BYTES))
    return f"it is {what}, which cannot be read" if what else "it is no picture"


def _is_hidden(entry: os.DirEntry[str]) -> bool:
    if entry.name.startswith("."):
        return True
    attributes = getattr(entry.stat(follow_symlinks=False), "st_file_attributes", 0)
    return bool(attributes & stat.FILE_ATTRIBUTE_HIDDEN)
