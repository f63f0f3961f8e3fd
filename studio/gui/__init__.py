"""The window."""

from collections.abc import Sequence

from studio.core.errors import StudioError

_DEBIAN = "libegl1 libgl1 libxkbcommon0 libdbus-1-3 libfontconfig1 libxcb-cursor0"


def main(paths: Sequence[str]) -> int:
    """Opens the window with the photos of the command line and returns the exit status.

    Raises:
        StudioError: PySide6 is missing, or a library of the system that Qt needs.
    """
    try:
        from studio.gui.app import run
    except ImportError as error:
        raise _unopenable(error) from error
    return run(paths)


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
