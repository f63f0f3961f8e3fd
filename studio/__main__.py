"""The command ``studio``: alone or with pictures it opens the window, else the command line."""

import sys

from studio.core.errors import StudioError

_COMMANDS = ("demo", "models", "apply", "replay", "bench")


def main(arguments: list[str] | None = None) -> int:
    """Runs the program; returns the exit status."""
    given = sys.argv[1:] if arguments is None else arguments
    if given and (given[0].startswith("-") or given[0] in _COMMANDS):
        from studio.cli.app import run

        return run(given)
    from studio.gui import main as open_window

    try:
        return open_window(given)
    except StudioError as error:
        print(f"studio: error: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
