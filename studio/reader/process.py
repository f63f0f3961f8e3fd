"""The process that foreign files are read in, and how the window's process holds it.

A decoder that hangs may keep every thread of its process waiting. So the process watches itself:
it ends when a wish gives no sign of life, and when its own main thread cannot go on.
"""

import faulthandler
import importlib
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from studio.core.child import Child, tell
from studio.core.words.said import say
from studio.reader.orders import Answer, Died, Hear, Hung, Order, Ready

if TYPE_CHECKING:  # the window needs no decoder
    from studio.reader.decoder import Decoder

PATIENCE = 60.0  # seconds without a sign of life, after which a wish has hung
_PATIENCE_STOPPED = 10.0  # seconds that one may go on that is not wanted any more
_LOOK = 0.5  # seconds between two looks at that
_MOST_FAILED_STARTS = 3
_CLOSING = 0.5  # seconds that it has to end by itself


def serve(
    pipe: Connection,
    patience: float = PATIENCE,
    make_decoder: "Callable[[], Decoder] | None" = None,
) -> None:
    """Does what comes through the pipe, until the window closes it."""
    from studio.reader.decoder import Decoder
    from studio.reader.desk import Desk

    lock = threading.Lock()

    def say(answer: Answer) -> None:
        with lock, suppress(OSError):  # a window that has gone: the pipe's end tells the main loop
            tell(pipe, answer)

    importlib.import_module("studio.core.picture_files")  # before the first file that needs it
    desk = Desk(say, (make_decoder or Decoder)())
    say(Ready())
    with suppress(EOFError, OSError), Path(os.devnull).open("w") as nowhere:
        while True:
            if pipe.poll(_LOOK if desk.busy else None):
                order: Order | None = pipe.recv()
                if order is None:
                    return
                faulthandler.dump_traceback_later(patience, exit=True, file=nowhere)
                desk.send(order)
            if desk.busy:  # as long as this thread gets here, it does not come to that
                faulthandler.dump_traceback_later(patience, exit=True, file=nowhere)
            else:
                faulthandler.cancel_dump_traceback_later()
            number = desk.hung(patience, min(patience, _PATIENCE_STOPPED))
            if number is not None:
                say(Hung(number))
                os._exit(1)


class Process:
    """Holds the process; see `Worker`.

    Args:
        hear: takes its answers, and that it has died; called on a thread.
        main: its main function.
    """

    def __init__(self, hear: Hear, main: Callable[[Connection], None] = serve) -> None:
        self._hear, self._main = hear, main
        self._is_open = True
        self._child: Child[Order, Answer] = Child(main, "studio-reader")
        self._thread = threading.Thread(target=self._listen, name="reader-listener", daemon=True)
        self._thread.start()

    @property
    def id(self) -> int | None:
        """Of the process."""
        return self._child.id

    def start(self) -> None:
        """Starts it again; called from within `hear`."""
        self._child = Child(self._main, "studio-reader")

    def send(self, order: Order) -> None:
        """Sends it an order."""
        self._child.send(order)

    def close(self) -> None:
        """Ends it; nothing is heard of it any more."""
        self._is_open = False
        self._child.send(None)
        self._child.join(_CLOSING)
        self._child.kill()
        self._thread.join()

    def _listen(self) -> None:
        """Passes on what it answers, and that it has died."""
        hung, failed_starts = None, 1
        while True:
            try:
                answer = self._child.hear()
            except (EOFError, OSError):
                why = self._child.bury()
                if not self._is_open:
                    return
                for_good = failed_starts >= _MOST_FAILED_STARTS
                self._hear(Died(why if hung is None else say("it did not answer"), hung, for_good))
                if for_good:
                    return
                hung, failed_starts = None, failed_starts + 1
                continue
            match answer:
                case Ready():
                    failed_starts = 0
                case Hung():
                    hung = answer.number
                case _:
                    self._hear(answer)
