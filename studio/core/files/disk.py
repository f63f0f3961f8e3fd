"""Files as wholes: written at once or not at all, and what the system's refusals mean."""

import errno
import os
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from studio.core.errors import StudioError
from studio.core.files.leftovers import named_after, sweep_parts
from studio.core.words.said import say


def remove_parts(folder: Path, process: int) -> None:
    """Removes what a process that was killed in the middle of writing has left in a folder."""
    for part in folder.glob(f".{named_after(process)}*.part"):
        part.unlink(missing_ok=True)


def write_whole(path: Path, data: bytes, *, overwrite: bool) -> None:
    """Writes beside `path` and renames; whatever happens, no part of a file stays.

    Args:
        path: in a folder that exists.
        data: all that the file is to hold.
        overwrite: replace a file of that name.

    Raises:
        StudioError: there is a file of that name, the disk is full, or nothing may be written.
    """
    with made_whole(path, overwrite=overwrite) as part:
        try:
            write_part(part, data)
        except OSError as error:
            raise write_error(error, str(path)) from error


@contextmanager
def made_whole(path: Path, *, overwrite: bool) -> Generator[Path]:
    """Yields a new name, in the same folder, of what is `path` once the block has ended well.

    Whatever happens, no part of a file stays.

    Raises:
        StudioError: as `write_whole`.
    """
    part = _part_beside(path)
    try:
        yield part
        try:
            publish(part, path, overwrite=overwrite)
        except OSError as error:
            raise write_error(error, str(path)) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _part_beside(path: Path) -> Path:
    return path.parent / f".{named_after(os.getpid())}{os.urandom(6).hex()}.part"


def write_part(part: Path, data: bytes) -> None:
    """Writes a new file, and returns when it is on the disk and not only on its way there.

    Raises:
        OSError: it cannot be written; what there is of it is for the caller to remove.
    """
    with part.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def publish(part: Path, path: Path, *, overwrite: bool) -> None:
    """Gives a written file its final name, at once.

    Args:
        part: in the same folder as `path`.
        path: where it goes.
        overwrite: replace a file of that name; without, even one that appears this moment is safe.

    Raises:
        StudioError: there is a file of that name.
        OSError: the system refuses.
    """
    refuse_existing(path, overwrite=overwrite)
    if overwrite:
        part.replace(path)
        return
    try:
        path.hardlink_to(part)  # unlike a rename, refused where the name is taken
    except FileExistsError:
        refuse_existing(path, overwrite=False)
        raise
    except OSError:  # a file system without links, such as FAT; where it is another trouble ...
        part.rename(path)  # ... this says so; on Windows it is refused where the name is taken
    else:
        part.unlink()


def resolved(path: Path) -> Path:
    """The absolute path without links; unlike `Path.resolve`, of a link in a circle too."""
    return Path(os.path.realpath(path))


def refuse_existing(path: Path, *, overwrite: bool) -> None:
    """Raises a StudioError if `path` is a folder, or a file that is not to be replaced.

    So it does if no file can have that name: it is too long, or its folder may not be entered.
    """
    try:
        is_folder, exists = path.is_dir(), path.exists()
    except OSError as error:
        raise write_error(error, str(path)) from error
    if is_folder:
        raise StudioError(say("{path} is a folder", path=path), "choose another name")
    if exists and not overwrite:
        raise StudioError(
            say("{path} exists already", path=path), "choose another name, or allow overwriting"
        )


def refuse_unwritable(path: Path, *, overwrite: bool) -> None:
    """Finds out before long work what would keep its result from being written.

    Clears the folder of what killed processes have left there, too.

    Raises:
        StudioError: as `refuse_existing`; or there is no such folder, or it takes no file.
    """
    refuse_existing(path, overwrite=overwrite)
    if not path.parent.is_dir():
        raise StudioError(
            say("there is no folder {folder}", folder=path.parent), "make it, or choose another"
        )
    sweep_parts(path.parent)
    part = _part_beside(path)
    try:
        part.touch(exist_ok=False)
        part.unlink()
    except OSError as error:
        raise write_error(error, str(path)) from error


def read_error(error: OSError, name: str) -> StudioError:
    """Says why the file called `name` could not be opened."""
    match error:
        case FileNotFoundError() | NotADirectoryError():
            return StudioError(
                say("there is no file {name}", name=name), "check its name and folder"
            )
        case IsADirectoryError():
            return StudioError(say("{name} is a folder", name=name), "choose a picture in it")
        case PermissionError() if Path(name).is_dir():  # what Windows says of a folder
            return StudioError(say("{name} is a folder", name=name), "choose a picture in it")
        case PermissionError():
            return StudioError(
                say("{name} may not be read", name=name), "ask its owner, or change its permissions"
            )
        case _:
            return StudioError(
                say("{name} cannot be read ({why})", name=name, why=error.strerror),
                "try another copy",
            )


def write_error(error: OSError, name: str) -> StudioError:
    """Says why the file called `name` could not be written."""
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return StudioError(
                say("the disk is full: {name} was not written", name=name), "make room, try again"
            )
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return StudioError(
                say("{name} may not be written", name=name),
                "choose another folder, or allow writing there",
            )
        case errno.ENAMETOOLONG:
            return StudioError(
                say("the name {name} is too long", name=name), "choose a shorter one"
            )
        case _:
            return StudioError(
                say("{name} was not written ({why})", name=name, why=error.strerror),
                "try another folder",
            )
