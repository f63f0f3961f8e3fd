"""Photos that were put away and can be had back."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QUndoStack

from studio.gui.state.photo.document import Photo

_KEPT = 50


@dataclass(frozen=True)
class Closed:
    """A photo that was put away, with its look.

    Attributes:
        place: among the photos.
        steps: what can be undone and redone.
    """

    photo: Photo
    place: int
    steps: QUndoStack | None

    @property
    def path(self) -> Path:
        """The photo's file."""
        return self.photo.path


class ClosedPhotos:
    """The last ones, the latest behind."""

    def __init__(self) -> None:
        self._closed: list[Closed] = []

    def __bool__(self) -> bool:
        return bool(self._closed)

    @property
    def last(self) -> Closed | None:
        """The one that was closed last."""
        return self._closed[-1] if self._closed else None

    def put(self, closed: Closed) -> None:
        """Keeps one."""
        self._closed = [*self._closed, closed][-_KEPT:]

    def take(self, closed: Closed) -> None:
        """Gives one away."""
        self._closed = [each for each in self._closed if each is not closed]
