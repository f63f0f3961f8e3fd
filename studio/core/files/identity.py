"""Which file a path leads to, so that nothing is written over what is being read."""

import unicodedata
from collections.abc import Hashable, Iterable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

from studio.core.errors import StudioError
from studio.core.files.disk import resolved
from studio.core.words.said import say

FileId = Hashable
"""Equal for paths that lead to one file: through links and ``..`` too, and on a disk that is blind
to case."""

_ASKED = 16  # names of a folder that may tell how its disk spells


def file_id(path: Path) -> FileId:
    """The identity of a file or folder, be it there or yet to be made."""
    real = resolved(path)
    try:
        about = real.stat()
    except OSError:  # not there yet, or not to be looked at: it is a name in its folder
        about = None
    if about is not None and about.st_ino:  # some network disks number no files
        return about.st_dev, about.st_ino
    if real == real.parent:
        return str(real)
    return file_id(real.parent), _spelt(real.name) if _blind_to_case(real.parent) else real.name


def lies_in(path: Path, folder: Path) -> bool:
    """Whether a path is a folder itself, or leads to somewhere in it."""
    real, wanted = resolved(path), file_id(folder)
    return any(file_id(each) == wanted for each in (real, *real.parents))


def refuse_originals(outputs: Iterable[Path], originals: Iterable[Path]) -> None:
    """Raises a StudioError where a file that would be written is one of those that are read.

    Every kind of output asks this before anything is written; the fronts ask it earlier.
    """
    kept = {file_id(path) for path in originals}
    for output in outputs:
        if file_id(output) in kept:
            raise StudioError(
                say("{path} is an original", path=output), "choose another name or folder"
            )


def _blind_to_case(folder: Path) -> bool:
    """Asks the disk whether it takes a name in a folder, or the folder's own, in other letters."""
    for known in _known_names(folder):
        other = known.with_name(known.name.swapcase())
        if other.name != known.name:
            try:
                return other.samefile(known)
            except OSError:
                return False
    return False


def _known_names(folder: Path) -> Iterator[Path]:
    with suppress(OSError):  # it is not there, or not to be looked into
        yield from islice(folder.iterdir(), _ASKED)
    yield from (each for each in (folder, *folder.parents) if each.name)


def _spelt(name: str) -> str:
    """Equal for names that such a disk takes for one: of any case, of any way to write ``é``."""
    return unicodedata.normalize("NFC", name).casefold()


def file_key(name: str) -> Hashable:
    """Equal for the same file that has not changed."""
    try:
        stat = Path(name).stat()
    except OSError:
        return name  # opening it will say what is wrong
    return name, stat.st_mtime_ns, stat.st_size
