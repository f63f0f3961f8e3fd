"""The file that tells of mistakes of the program's own, for whoever is to mend them."""

import logging
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

import platformdirs

from studio.core.words.said import say

_LARGEST = 256 << 10  # bytes; as much again is kept of what was before


def log_path() -> Path:
    """The file; it is made when there is something to tell."""
    return platformdirs.user_log_path("studio") / "studio.log"


def report_hint() -> str:
    """What a person is asked to do about such a mistake."""
    return say("please report it with {path}", path=log_path())


@contextmanager
def logging_to_file() -> Generator[None]:
    """Within it warnings and errors of this process go into the file, and none to the terminal."""
    handler = _LogFile()
    handler.setLevel(logging.WARNING)
    handler.setFormatter(
        logging.Formatter("%(asctime)s %(process)d %(name)s %(levelname)s: %(message)s")
    )
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)
        handler.close()


class _LogFile(logging.Handler):
    """Opens the file, and loads what that takes, when there is something to tell."""

    def emit(self, record: logging.LogRecord) -> None:
        """Adds a line."""
        from logging.handlers import RotatingFileHandler

        with suppress(OSError):
            log_path().parent.mkdir(parents=True, exist_ok=True)
            file = RotatingFileHandler(
                log_path(), maxBytes=_LARGEST, backupCount=1, encoding="utf-8",
                errors="backslashreplace",
            )  # fmt: skip
            file.setFormatter(self.formatter)
            file.handleError = self.handleError
            file.emit(record)
            file.close()

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """Keeps still: where no log can be written, the work itself must not suffer."""
