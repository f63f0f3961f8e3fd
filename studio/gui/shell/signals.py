"""Ctrl-C, SIGTERM and SIGHUP, told within Qt's loop."""

import signal
import socket
from typing import Self

from PySide6.QtCore import QObject, QSocketNotifier, Signal

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")


class Signals(QObject):
    """Within ``with`` it tells of the system's signals.

    Qt's loop runs no Python while it waits, and so no handler of Python's: what comes is written to
    a socket at once, and the loop listens to that. One that is ignored, as SIGHUP is under
    ``nohup``, stays so.

    Signals:
        came: (number) the program is to end.
    """

    came = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theirs, self._ours = socket.socketpair()
        for end in (self._theirs, self._ours):
            end.setblocking(False)
        self._notifier = QSocketNotifier(self._ours.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._read)

    def _read(self) -> None:
        for number in self._ours.recv(64):
            self.came.emit(number)

    def __enter__(self) -> Self:
        known = [signal.Signals[name] for name in _NAMES if hasattr(signal, name)]
        before = {number: signal.getsignal(number) for number in known}
        usual = (signal.SIG_DFL, signal.default_int_handler)
        self._before = {n: handler for n, handler in before.items() if handler in usual}
        self._waking = signal.set_wakeup_fd(self._theirs.fileno(), warn_on_full_buffer=False)
        for number in self._before:
            signal.signal(number, lambda _number, _frame: None)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._waking)
        self._notifier.setEnabled(False)
        self._ours.close()
        self._theirs.close()
