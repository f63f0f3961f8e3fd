"""Keeps what the libraries say of odd files from the terminal: we say what matters ourselves."""

import logging
import threading
import warnings


class _Quiet:
    """Entered with ``with``, by any number of threads at a time.

    The filters of warnings are one list for the process. Threads that each kept and restored it
    would restore one another's; so the first one in silences, and the last one out restores.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._kept = warnings.catch_warnings()
        self._log = logging.getLogger("tifffile")

    def __enter__(self) -> None:
        with self._lock:
            self._inside += 1
            if self._inside == 1:
                self._kept = warnings.catch_warnings()
                self._kept.__enter__()
                warnings.simplefilter("ignore")
                self._log.addFilter(_drop)

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._inside -= 1
            if self._inside == 0:
                self._log.removeFilter(_drop)
                self._kept.__exit__(None, None, None)


def _drop(_: logging.LogRecord) -> bool:
    return False


QUIET = _Quiet()
