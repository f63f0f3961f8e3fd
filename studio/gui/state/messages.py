"""What went wrong, what is done and what is asked: said until it is dismissed or settled."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from enum import IntEnum
from pathlib import Path
from time import monotonic

from PySide6.QtCore import QObject, QTimer, Signal

from studio.core.errors import StudioError
from studio.core.words.tongue import tr
from studio.gui.state.desktop import open_path
from studio.gui.state.wording import sentences

_GOES_AFTER_MS = 10_000
_READ = 5.0  # seconds: what has stood for so long lets news go before it
_STALE = 30.0  # seconds: news that something else has hidden for so long are none
_LISTED = 8  # failures of one message; more are counted


class Rank(IntEnum):
    """What is shown first; news go by themselves, all else stays."""

    QUESTION = 0
    TROUBLE = 1
    OFFER = 2
    WORK = 3
    NEWS = 4


@dataclass(frozen=True)
class Message:
    """What is said.

    Attributes:
        kind: ``error``, ``done`` or ``note``: how it looks.
        rank: what is shown before it.
        lines: what is said, each with what it is about; None: with nothing that could settle it.
        run: what has happened to all that the lines are about, such as ``files were not saved``.
        label, act: of its button, if it has one.
        files: that are there now.
        told: when, in seconds of a clock.
    """

    kind: str
    rank: Rank
    lines: tuple[tuple[Hashable, str], ...]
    run: str = ""
    label: str = ""
    act: Callable[[], object] | None = None
    files: tuple[Path, ...] = ()
    told: float = 0.0

    @property
    def words(self) -> str:
        """As a person reads it."""
        if len(self.lines) == 1:
            return self.lines[0][1]
        said = [f"{len(self.lines)} {tr(self.run)}:"]
        said += [line for _, line in self.lines[:_LISTED]]
        hidden = len(self.lines) - _LISTED
        return "\n".join([*said, tr("and {count} more", count=hidden)] if hidden > 0 else said)

    def without(self, about: Hashable) -> "Message":
        """But for what is settled."""
        left = tuple(line for line in self.lines if line[0] != about)
        return self if left == self.lines else replace(self, lines=left)

    def outranks(self, new: "Message") -> bool:
        """Whether it is shown before one that is told now.

        News answer what was done last, and hide only for a moment what has been read.
        """
        read = new.rank is Rank.NEWS and new.told - self.told > _READ
        return self.rank < new.rank and (self.rank is Rank.QUESTION or not read)

    def replaces(self, old: "Message") -> bool:
        """Whether nothing is lost with an older one: the newest of good news is enough."""
        return self.rank == old.rank == Rank.NEWS and old.label in ("", self.label)


class Messages(QObject):
    """The newest message is shown, and the one before when that is dismissed.

    Good news go by themselves, and so does what was said of a thing that is settled since. The
    failures of one run are one message.

    Signals:
        changed: another message is shown, or another number waits.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._messages: list[Message] = []  # the first is shown
        self._timed: Message | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_GOES_AFTER_MS)
        self._timer.timeout.connect(self.dismiss)

    @property
    def shown(self) -> Message | None:
        """The one to show; None: there is none."""
        return self._messages[0] if self._messages else None

    @property
    def waiting(self) -> int:
        """How many there are behind it."""
        return max(0, len(self._messages) - 1)

    def error(self, error: StudioError, *, about: Hashable = None, run: str = "") -> None:
        """Says what went wrong and what to do about it; stays until it is dismissed or settled.

        Args:
            error: what went wrong.
            about: what with, such as the path of a file.
            run: joins it with others of these words, such as ``files were not saved``.
        """
        lines: tuple[tuple[Hashable, str], ...] = ()
        for before in [old for old in self._messages if run and old.run == run]:
            self._messages.remove(before)
            lines = before.without(about).lines
        line = about, sentences(error.message, error.hint)
        self._add(Message("error", Rank.TROUBLE, (line, *lines), run))

    def note(self, words: str) -> None:
        """Says something to know; goes by itself."""
        self._add(Message("note", Rank.NEWS, ((None, sentences(words)),)))

    def going_on(self, words: str, *, about: Hashable) -> None:
        """Says what is being done; stays until it is settled."""
        self._add(Message("note", Rank.WORK, ((about, words),)))

    def ask(
        self, words: str, label: str, act: Callable[[], object], *, about: Hashable = None
    ) -> None:
        """Says something that wants an answer; stays until it is dismissed or settled."""
        self._add(Message("note", Rank.QUESTION, ((about, words),), "", label, act))

    def offer(self, words: str, label: str, act: Callable[[], object], *, about: Hashable) -> None:
        """Says what could be done; hides no error, and stays until it is dismissed or settled."""
        self._add(Message("note", Rank.OFFER, ((about, words),), "", label, act))

    def done(
        self,
        words: str,
        label: str,
        act: Callable[[], object],
        *,
        about: Hashable = None,
        files: tuple[Path, ...] = (),
    ) -> None:
        """Says that something is done, with a button for what comes next; goes by itself."""
        self.settle(about)
        self._add(Message("done", Rank.NEWS, ((None, words),), "", label, act, files))

    def show_file(self, path: Path) -> None:
        """Shows a file or folder in the system's own program; says so where there is none."""
        if not open_path(path):
            self.note(tr("No program was found that shows {path}.", path=path))

    def saved(self, path: Path, *, about: Hashable = None) -> None:
        """Says that a file is there, with a button that shows its folder.

        It is counted with those of its folder of which a message still tells.
        """
        folder = path.parent
        told = {each for message in self._messages for each in message.files}
        files = *sorted(each for each in told - {path} if each.parent == folder), path
        count = len(files)
        many = tr(
            "Saved {count} file in {folder}", "Saved {count} files in {folder}",
            count=count, folder=folder,
        )  # fmt: skip
        self.done(
            tr("Saved {path}", path=path) if count == 1 else many,
            tr("Show in folder"),
            lambda: self.show_file(folder),
            about=about,
            files=files,
        )

    def settle(self, about: Hashable) -> None:
        """Takes back what was said about a thing that is well now, or asked of one that is over."""
        if about is not None:
            self._messages = [left for m in self._messages if (left := m.without(about)).lines]
            self._tell()

    def says(self, words: str) -> bool:
        """Whether this is what is shown."""
        return self.shown is not None and self.shown.words == words

    def dismiss(self) -> None:
        """Puts the message away; the next one is shown, if there is one."""
        del self._messages[:1]
        self._tell()

    def act(self) -> None:
        """Does what the button of the message that is shown says."""
        if self.shown is not None and self.shown.act is not None:
            self.shown.act()

    def _add(self, new: Message) -> None:
        self._messages = [
            old for old in self._messages if not new.replaces(old) and old.words != new.words
        ]
        new = replace(new, told=monotonic())
        before = [place for place, old in enumerate(self._messages) if old.outranks(new)]
        self._messages.insert(before[-1] + 1 if before else 0, new)
        self._tell()

    def _tell(self) -> None:
        stale = monotonic() - _STALE
        self._messages = [
            each
            for each in self._messages
            if each.rank is not Rank.NEWS or each is self._timed or each.told > stale
        ]
        shown = self.shown
        if shown is not self._timed:
            self._timed = shown
            self._timer.stop()
            if shown is not None and shown.rank is Rank.NEWS:
                self._timer.start()
        self.changed.emit()
