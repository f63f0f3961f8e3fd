"""How a script ends when something is wrong that a person can mend."""

import sys
from collections.abc import Callable
from functools import wraps

from studio.core.errors import StudioError


def script(main: Callable[[], None]) -> Callable[[], None]:
    """A script's `main` that says in one line what is wrong, and ends with status 2."""

    @wraps(main)
    def told() -> None:
        try:
            main()
        except (StudioError, OSError) as error:
            print(error, file=sys.stderr)
            sys.exit(2)

    return told
