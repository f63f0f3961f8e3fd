"""The window."""

import gc
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from studio.core.errors import StudioError

if TYPE_CHECKING:
    from studio.reader.reader import Reader

_DEBIAN = "libegl1 libgl1 libxkbcommon0 libdbus-1-3 libfontconfig1 libxcb-cursor0"


def main(paths: Sequence[str]) -> int:
    """Opens the window with the photos of the command line and returns the exit status.

    Raises:
        StudioError: there is no display, or PySide6 or a library that Qt needs is missing.
    """
    _check_display()
    gc.disable()  # until all is loaded: none of it is to be freed, and looking for that takes long
    reader = make_reader() if paths else None  # it comes up while Qt is loaded
    try:
        from studio.gui.app import run
    except ImportError as error:
        raise _unopenable(error) from error
    return run(paths, reader)


def make_reader() -> "Reader":
    """What opens files from elsewhere."""
    from studio.reader.process import Process
    from studio.reader.reader import Reader

    return Reader(Process)


def _check_display() -> None:
    """Finds what Qt would end the process for, without a word that helps."""
    chosen = os.environ.get("QT_QPA_PLATFORM") or os.environ.get("WAYLAND_DISPLAY")
    if sys.platform != "linux" or chosen:
        return
    if not os.environ.get("DISPLAY"):
        raise StudioError(
            "there is no display to open the window on",
            "start it on a desktop; `studio apply` needs none",
        )
    import ctypes

    try:
        ctypes.CDLL("libxcb-cursor.so.0")
    except OSError as error:
        raise _unopenable(ImportError(str(error))) from error


def _unopenable(error: ImportError) -> StudioError:
    if error.name is not None and error.name.partition(".")[0] == "PySide6":
        return StudioError("the window needs PySide6", "pip install pyside6")
    library = str(error).partition(":")[0]
    if ".so" in library:
        return StudioError(
            f"the window needs the system's library {library}",
            f"on Debian or Ubuntu: apt-get install {_DEBIAN}",
        )
    return StudioError(f"the window cannot open: {error}", "reinstall the studio")
