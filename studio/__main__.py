"""The command ``studio``: alone or with pictures it opens the window, else the command line."""

import logging
import sys
from pathlib import Path

from studio.cli import COMMANDS, INSTALL
from studio.core.errors import StudioError
from studio.core.log import logging_to_file, report_hint


def main(arguments: list[str] | None = None) -> int:
    """Runs the program; returns the exit status."""
    given = sys.argv[1:] if arguments is None else arguments
    with logging_to_file():
        if given == [INSTALL]:
            return _install()
        if given and not _names_a_picture(given[0]):
            from studio.cli.app import run

            return run(given)
        from studio.gui import main as open_window

        try:
            return open_window(given)
        except StudioError as error:
            said = str(error)
        except Exception as error:
            logging.getLogger(__name__).exception("the window failed")
            said = f"the window failed ({type(error).__name__}: {error}); {report_hint()}"
        print(f"studio: error: {said}", file=sys.stderr)
        return 2


def _install() -> int:
    from studio.gui.shell.desktop_entry import install

    try:
        print(install())
    except StudioError as error:
        print(f"studio: error: {error}", file=sys.stderr)
        return 2
    return 0


def _names_a_picture(argument: str) -> bool:
    """Whether an argument is a file to open, rather than a command or an option, known or not."""
    if argument in COMMANDS or argument.startswith("-"):
        return False
    path = Path(argument)
    return bool(path.suffix) or path.exists()


if __name__ == "__main__":
    sys.exit(main())
