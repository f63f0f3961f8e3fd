"""What a person may begin with: the files opened last, and sample photos."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from studio.core.settings import Preferences
from studio.gui.state.background import Background
from studio.gui.state.messages import Messages
from studio.gui.state.photo.incoming import Incoming

_MOST = 12  # files that are remembered


class Start(QObject):
    """Remembers what is opened.

    Args:
        incoming: knows which photos lie in no folder of the person's.
        background: looks for files.
        messages: to say what went wrong.
        preferences: as they are now.
        remember: is told the files opened last.
        find_samples: looks for the sample photos.

    Attributes:
        recent: files opened last that were there when they were looked for, the latest first.
        samples: the sample photos that are there.

    Signals:
        changed: others can be begun with.
    """

    changed = Signal()

    def __init__(
        self,
        incoming: Incoming,
        background: Background,
        messages: Messages,
        preferences: Callable[[], Preferences],
        remember: Callable[[tuple[str, ...]], None],
        find_samples: Callable[[], Iterable[Path]],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._incoming, self._background, self._messages = incoming, background, messages
        self._preferences, self._remember = preferences, remember
        self._find_samples = find_samples
        self.recent: tuple[Path, ...] = ()
        self.samples: tuple[Path, ...] = ()
        self.look()

    def look(self) -> None:
        """Looks which files are there, now."""
        names = self._preferences().recent

        def find() -> tuple[tuple[Path, ...], tuple[Path, ...]]:
            return _there(map(Path, names)), _there(self._find_samples())

        def show(found: tuple[tuple[Path, ...], tuple[Path, ...]]) -> None:
            if self._preferences().recent == names:
                self._show(found)
            else:  # something was opened meanwhile
                self.look()

        self._background.run(find, show, self._messages.error)

    def forget(self) -> None:
        """Forgets which files were opened."""
        self._remember(())
        self._show(((), self.samples))

    def note(self, paths: Sequence[Path]) -> None:
        """Remembers what was opened, but for what the person has no file of."""
        names = [str(path) for path in paths if not self._incoming.is_ours(path) and _is_text(path)]
        if names:
            kept = tuple(dict.fromkeys([*names, *self._preferences().recent]))[:_MOST]
            self._remember(kept)
            self._show((tuple(map(Path, kept)), self.samples))

    def _show(self, found: tuple[tuple[Path, ...], tuple[Path, ...]]) -> None:
        if found != (self.recent, self.samples):
            self.recent, self.samples = found
            self.changed.emit()


def _there(paths: Iterable[Path]) -> tuple[Path, ...]:
    found: list[Path] = []
    for path in paths:
        with suppress(OSError, ValueError):  # a disk that is gone, a name that no file can have
            if path.is_file():
                found.append(path)
    return tuple(found)


def _is_text(path: Path) -> bool:
    """Whether preferences can hold the name, which need not be text."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True
