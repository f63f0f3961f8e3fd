"""Keeps what is open on disk, a moment after every change."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from studio.core.errors import StudioError
from studio.gui.state.background import Background
from studio.gui.state.keeping.folder import Begun, Folder, begin
from studio.gui.state.keeping.kept import Kept

_REST_MS = 250  # from a change until it is kept, with all that is changed meanwhile
_AGAIN_MS = 5000  # after a write that failed
NEVER = datetime.fromtimestamp(0, UTC)


class Keeper(QObject):
    """Writes on a thread of its own, one file at a time, and always the latest state.

    Args:
        parent: for Qt.
        folder: of the folders of all windows.
        look: at what is open; its time does not matter.

    Signals:
        begun: (Begun) there is a folder, and what windows before this one have left.
        failed: (StudioError) nothing can be kept; once, until something is kept again.
    """

    begun = Signal(object)
    failed = Signal(object)

    def __init__(self, parent: QObject, folder: Path, look: Callable[[], Kept]) -> None:
        super().__init__(parent)
        self._look = look
        self._background = Background(self, threads=1)
        self._begun: Begun | None = None  # by the thread, perhaps before the window hears of it
        self.own: Folder | None = None
        self._kept = Kept(NEVER)
        self._spent: list[tuple[Folder, Kept]] = []
        self._writing = self._failing = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_REST_MS)
        self._timer.timeout.connect(self._keep)
        self._background.run(partial(self._take, folder), self._begin, self.failed.emit)

    def touch(self) -> None:
        """Something has changed; more of it does not put off the writing."""
        if not self._timer.isActive() and not self._writing:
            self._timer.start()

    def spend(self, folder: Folder, rest: Kept) -> None:
        """Leaves of another window only the rest, as soon as what came from it is kept here."""
        self._spent.append((folder, rest))
        self.touch()

    def tell_of(self, folder: Folder, kept: Kept) -> None:
        """Notes that the end of another window was told of: no later window tells of it again."""
        if not kept.ended:
            told = msgspec.structs.replace(kept, ended=True)
            self._background.run(partial(folder.write, told), lambda _: None, lambda _: None)

    def close(self) -> None:
        """Keeps what is open for the last time."""
        self._timer.stop()
        self._background.close()
        if self.own is None and self._begun is not None:  # the window was open for a moment
            self.own = self._begun.own
            for folder, _ in self._begun.found:
                folder.leave()
        if self.own is None:
            return
        kept = self._look()
        try:
            self.own.write(_dated(kept, ended=True))
        except StudioError:  # closing goes on all the same, with what was kept before
            kept = self._kept
        else:
            self._drop_spent(len(self._spent))
        if kept:
            self.own.leave()
        else:
            self.own.drop()

    def _take(self, parent: Path) -> Begun:
        self._begun = begin(parent)
        return self._begun

    def _begin(self, begun: Begun) -> None:
        self.own = begun.own
        self.begun.emit(begun)
        self.touch()

    def _keep(self) -> None:
        kept, spent = self._look(), len(self._spent)  # what is spent later is not in it
        if self.own is None:
            return
        if kept == self._kept:
            self._drop_spent(spent)
            return
        self._writing = True
        work = partial(self.own.write, _dated(kept, ended=False))
        self._background.run(work, lambda _: self._written(kept, spent), self._fail)

    def _written(self, kept: Kept, spent: int) -> None:
        self._kept, self._writing, self._failing = kept, False, False
        self._drop_spent(spent)
        self.touch()

    def _drop_spent(self, count: int) -> None:
        """Those that were spent first."""
        spent, self._spent = self._spent[:count], self._spent[count:]
        for folder, rest in spent:
            if not rest:
                folder.drop()
                continue
            with suppress(StudioError):  # then all of it stays
                folder.write(rest)

    def _fail(self, error: StudioError) -> None:
        self._writing = False
        QTimer.singleShot(_AGAIN_MS, self, self.touch)
        if not self._failing:
            self._failing = True
            self.failed.emit(error)


def _dated(kept: Kept, *, ended: bool) -> Kept:
    return msgspec.structs.replace(kept, at=datetime.now(UTC), ended=ended)
