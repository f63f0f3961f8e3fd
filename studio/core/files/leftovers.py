"""Files and folders that are there for a while, and what processes that were killed left of them.

Their names tell which process of which machine made them. One that runs no more writes to nothing,
so that whatever it left may go at once. What runs on another machine, to which a folder may belong
as well, is not known: its files go when nobody has touched them for a week, its folders never.
"""

import os
import re
import time
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from studio.core.errors import StudioError
from studio.core.words.said import say

# With the machine; or without, as the program named its files once, and no batch its results.
_NAME = re.compile(r"\.?studio-(?:([0-9a-f]{8})-(\d+)|\d{1,7})-\w+(?:\.part)?")
_WEEK = 7 * 24 * 3600  # seconds


def named_after(process: int) -> str:
    """How the names begin that a process of this machine gives."""
    return f"studio-{_machine()}-{process}-"


def sweep_parts(folder: Path) -> None:
    """Removes half-written files of killed processes from a folder of results."""
    for entry in _entries(folder):
        if entry.name.endswith(".part") and entry.is_file(follow_symlinks=False):
            ours, process = _maker(entry.name)
            if not _runs(process) if ours else _is_old(entry):
                with suppress(OSError):
                    Path(entry.path).unlink(missing_ok=True)


def sweep_folders() -> None:
    """Removes the temporary folders of killed processes of this machine."""
    import shutil
    import tempfile

    for entry in _entries(Path(tempfile.gettempdir())):
        ours, process = _maker(entry.name)
        if ours and entry.is_dir(follow_symlinks=False) and not _runs(process):
            shutil.rmtree(entry.path, ignore_errors=True)


class TemporaryFolder:
    """A folder of one's own; made when it is first asked for, and removed at the end."""

    def __init__(self) -> None:
        self._path: Path | None = None

    @property
    def path(self) -> Path:
        """The folder.

        Raises:
            StudioError: none can be made.
        """
        import tempfile

        if self._path is None:
            sweep_folders()
            try:
                self._path = Path(tempfile.mkdtemp(prefix=named_after(os.getpid())))
            except OSError as error:
                raise StudioError(
                    say("there is no room for temporary files ({why})", why=error.strerror),
                    "make room, or set TMPDIR to another folder",
                ) from error
        return self._path

    def holds(self, path: Path) -> bool:
        """Whether a file lies right in it."""
        return path.parent == self._path

    def remove(self) -> None:
        """Removes it with all that is in it."""
        import shutil

        if self._path is not None:
            shutil.rmtree(self._path, ignore_errors=True)
            self._path = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.remove()


def _machine() -> str:
    """Tells machines apart, and containers, which number their processes each for itself."""
    import platform

    numbering = 0
    with suppress(OSError):
        numbering = Path("/proc/self/ns/pid").stat().st_ino
    return f"{zlib.crc32(f'{platform.node()} {numbering}'.encode()):08x}"


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    with suppress(OSError), os.scandir(folder) as entries:
        yield from (entry for entry in entries if _NAME.fullmatch(entry.name))


def _maker(name: str) -> tuple[bool, int]:
    """Whether a process of this machine gave a name, and which."""
    found = _NAME.fullmatch(name)
    if found is None or found[1] != _machine():
        return False, 0
    return True, int(found[2])


def _runs(process: int) -> bool:
    import psutil

    return psutil.pid_exists(process)


def _is_old(entry: os.DirEntry[str]) -> bool:
    try:
        return time.time() - entry.stat(follow_symlinks=False).st_mtime > _WEEK
    except OSError:
        return False  # it is gone
