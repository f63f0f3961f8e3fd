"""How a script ends when it was stopped, or when something is wrong that a person can mend."""

import signal
import sys
from collections.abc import Callable
from functools import wraps

from studio.core.errors import StudioError
from training.lib.stop import StoppedError, stopping


def script(main: Callable[[], None]) -> Callable[[], None]:
    """A script's `main` that ends with one line instead of a traceback.

    Its status is 2 where something is wrong, and 130, 143 or 129 where Ctrl-C, SIGTERM or SIGHUP
    ended it.
    """

    @wraps(main)
    def told() -> None:
        with stopping() as stop:
            try:
                main()
            except (StudioError, OSError) as error:
                said, status = str(error), 2
            except (StoppedError, KeyboardInterrupt) as error:
                said = str(error) or "interrupted; what is new since the last checkpoint is lost"
                status = 128 + (stop.number or signal.SIGINT)
            else:
                return
            print(said, file=sys.stderr)
            sys.exit(status)

    return told
