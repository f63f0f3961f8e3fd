"""What is open in the window, as plain values: photos, and what each of them goes through."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from studio.gui.state.look import Look
from studio.gui.state.stack import Stack


@dataclass(frozen=True)
class Photo:
    """One opened photo.

    Attributes:
        path: its file.
        stack: what it goes through; None until the weights on disk are known.
        opened: the stack that it came with by itself; not kept with a session.
    """

    path: Path
    stack: Stack | None
    opened: Stack | None = field(default=None, compare=False)

    @property
    def look(self) -> Look | None:
        """That of the step that is edited."""
        return None if self.stack is None else self.stack.look


@dataclass(frozen=True)
class Document:
    """The opened photos, in the order of the filmstrip, and which of them is shown."""

    photos: tuple[Photo, ...] = ()
    shown: Path | None = None

    def __contains__(self, path: Path) -> bool:
        return any(photo.path == path for photo in self.photos)

    @property
    def photo(self) -> Photo | None:
        """The photo that is shown."""
        return self.find(self.shown)

    def find(self, path: Path | None) -> Photo | None:
        """One of the opened photos."""
        return next((photo for photo in self.photos if photo.path == path), None)

    def opened(self, paths: Iterable[Path], stack: Stack | None) -> "Document":
        """With more photos, the first of them shown; one that is open already is only shown."""
        wanted = list(dict.fromkeys(paths))
        if not wanted:
            return self
        new = tuple(Photo(path, stack, stack) for path in wanted if path not in self)
        return Document(self.photos + new, wanted[0])

    def joined(self, photos: Iterable[Photo], shown: Path | None, place: int = -1) -> "Document":
        """With more photos, each with its stack; one that is open already stays as it is.

        Args:
            photos: to add.
            shown: of all the photos.
            place: where they go; below 0: to the end.
        """
        new = tuple(photo for photo in photos if photo.path not in self)
        at = len(self.photos) if place < 0 else place
        joined = Document(self.photos[:at] + new + self.photos[at:], self.shown)
        return joined.showing(shown) if shown is not None else joined

    def showing(self, path: Path) -> "Document":
        """With another of the opened photos shown."""
        return replace(self, shown=path) if path in self else self

    def beside(self, steps: int) -> Path | None:
        """The photo so many places behind the one that is shown, or the last one there."""
        paths = [photo.path for photo in self.photos]
        if self.shown not in paths:
            return None
        return paths[min(max(paths.index(self.shown) + steps, 0), len(paths) - 1)]

    def closed(self, path: Path) -> "Document":
        """Without one photo; its neighbour is shown in its place."""
        paths = [photo.path for photo in self.photos]
        if path not in paths:
            return self
        at = paths.index(path)
        kept = self.photos[:at] + self.photos[at + 1 :]
        if self.shown != path:
            return Document(kept, self.shown)
        return Document(kept, kept[min(at, len(kept) - 1)].path if kept else None)

    def going_through(self, path: Path, stack: Stack) -> "Document":
        """With other steps for one photo."""
        photos = tuple(replace(p, stack=stack) if p.path == path else p for p in self.photos)
        return replace(self, photos=photos)

    def with_each(self, change: Callable[[Stack], Stack]) -> "Document":
        """With other steps for every photo."""

        def changed(stack: Stack | None) -> Stack | None:
            return None if stack is None else change(stack)

        photos = tuple(
            replace(photo, stack=changed(photo.stack), opened=changed(photo.opened))
            for photo in self.photos
        )
        return replace(self, photos=photos)

    def with_first(self, stack: Stack) -> "Document":
        """With steps for every photo that has none yet."""
        photos = tuple(
            replace(p, stack=stack, opened=stack) if p.stack is None else p for p in self.photos
        )
        return replace(self, photos=photos)
