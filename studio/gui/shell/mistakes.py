"""Mistakes of the window's own go to the log, and a message names it; the window lives on."""

import logging
import sys
import threading
from types import TracebackType
from typing import Self

from PySide6.QtCore import QObject, Qt, Signal

from studio.core.errors import StudioError
from studio.core.words.said import say
from studio.gui.state.messages import Messages

_log = logging.getLogger(__name__)
_RUN = say("mistakes of the window")  # so that many are one message


class Mistakes(QObject):
    """Within ``with`` it hears of exceptions that nobody has caught, in slots and on threads."""

    _made = Signal(object)

    def __init__(self, messages: Messages, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._messages = messages
        # Queued: a mistake in painting must not be answered with more to paint at once.
        self._made.connect(self._say, Qt.ConnectionType.QueuedConnection)

    def _say(self, error: StudioError) -> None:
        self._messages.error(error, about=error.message, run=_RUN)

    def _take(
        self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not issubclass(kind, Exception) or error is None:
            sys.__excepthook__(kind, error or kind(), trace)
            return
        if isinstance(error, StudioError):  # no mistake, and said already what to do about it
            self._made.emit(error)
            return
        _log.error("the window made a mistake", exc_info=(kind, error, trace))
        from studio.core.log import report_hint

        said = say("the window failed ({kind}: {error})", kind=kind.__name__, error=error)
        self._made.emit(StudioError(said, report_hint()))

    def _take_of_thread(self, made: threading.ExceptHookArgs) -> None:
        self._take(made.exc_type, made.exc_value, made.exc_traceback)

    def __enter__(self) -> Self:
        self._before = sys.excepthook, threading.excepthook
        sys.excepthook, threading.excepthook = self._take, self._take_of_thread
        return self

    def __exit__(self, *_: object) -> None:
        sys.excepthook, threading.excepthook = self._before
