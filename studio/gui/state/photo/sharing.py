"""One photo's settings for others: copied and pasted, or given to all that are selected."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from studio.core.words.tongue import tr
from studio.gui.state.gesture import Gesture
from studio.gui.state.library import Library
from studio.gui.state.messages import Messages
from studio.gui.state.photo.document import Photo
from studio.gui.state.photo.photos import Photos
from studio.gui.state.stack import Stack


class Sharing(QObject):
    """What is selected, and what was copied.

    A mask is made for one photo: it is not given on, and a photo keeps its own.

    Args:
        photos: what is open.
        library: the weights.
        messages: says how many photos were changed, with a button that takes it back.

    Signals:
        changed: there is something else to copy, to paste, or to give it to.
    """

    changed = Signal()

    def __init__(
        self, photos: Photos, library: Library, messages: Messages, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._photos, self._library, self._messages = photos, library, messages
        self._selected: frozenset[Path] = frozenset()
        self._copied: Stack | None = None
        photos.document_changed.connect(self.changed)
        photos.look_changed.connect(self.changed)

    @property
    def selected(self) -> list[Photo]:
        """The photos that are worked on: the one that is shown, and those selected beside it."""
        document = self._photos.document
        return [p for p in document.photos if p.path in self._selected or p.path == document.shown]

    @property
    def can_copy(self) -> bool:
        """Whether there is a photo with settings."""
        photo = self._photos.document.photo
        return photo is not None and photo.stack is not None

    @property
    def can_paste(self) -> bool:
        """Whether something was copied, and there is a photo for it."""
        return self._copied is not None and self.can_copy

    @property
    def can_synchronise(self) -> bool:
        """Whether more than one photo is selected."""
        return self.can_copy and len(self.selected) > 1

    def select(self, paths: Iterable[Path]) -> None:
        """Works on these photos together."""
        self._selected = frozenset(paths)
        self.changed.emit()

    def copy(self) -> None:
        """Takes the settings of the photo that is shown."""
        if self.can_copy:
            self._copied = self._photos.stack
            self._messages.note(tr("The settings are copied."))
            self.changed.emit()

    def paste(self) -> None:
        """Gives what was copied to the photos that are selected."""
        if self._copied is not None:
            self._give(self._copied, self.selected, tr("Paste settings"))

    def synchronise(self) -> None:
        """Gives the settings of the photo that is shown to all that are selected."""
        stack = self._photos.stack
        if stack is not None:
            self._give(stack, self.selected, tr("Synchronise settings"))

    def _give(self, stack: Stack, photos: Sequence[Photo], words: str) -> None:
        """One step of undo, from the photo that is shown, too, which may have it already."""
        shown, toolbox = self._photos.document.shown, self._library.toolbox
        if not toolbox.steps(stack):
            return
        own = {photo.path: photo.stack for photo in photos if photo.stack is not None}
        others = {path: each for path, each in own.items() if each != stack}
        given = {path: toolbox.with_masks(stack, each) for path, each in others.items()}
        changed = [path for path, each in given.items() if each != own[path]]
        if not changed:
            return
        wanted = {path: given.get(path, stack) for path in own if path in (*changed, shown)}
        gesture = self._photos.give_together(wanted, words)
        if changed != [shown]:
            took = tr(
                "{count} photo took on the settings.",
                "{count} photos took on the settings.",
                count=len(changed),
            )
            self._messages.done(took, tr("Undo"), lambda: self._take_back(gesture))

    def _take_back(self, gesture: Gesture) -> None:
        self._photos.history.take_back(gesture)
        self._messages.dismiss()
