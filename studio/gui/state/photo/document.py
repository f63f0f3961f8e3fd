"""What is open in the window, as plain values: photos, and how each of them should look."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from studio.gui.state.look import Look


@dataclass(frozen=True)
class Photo:
    """One opened photo.

    Attributes:
        path: its file.
        look: None until the weights on disk are known.
        opened: the look that it came with by itself; not kept with a session.
    """

    path: Path
    look: Look | None
    opened: Look | None = field(default=None, compare=False)


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

    def opened(self, paths: Iterable[Path], look: Look | None) -> "Document":
        """With more photos, the first of them shown; one that is open already is only shown."""
        wanted = list(dict.fromkeys(paths))
        if not wanted:
            return self
        new = tuple(Photo(path, look, look) for path in wanted if path not in self)
        return Document(self.photos + new, wanted[0])

    def joined(self, photos: Iterable[Photo], shown: Path | None, place: int = -1) -> "Document":
        """With more photos, each with its look; one that is open already stays as it is.

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

    def looking(self, path: Path, look: Look) -> "Document":
        """With another look for one photo."""
        return replace(
            self, photos=tuple(replace(p, look=look) if p.path == path else p for p in self.photos)
        )

    def with_first_look(self, look: Look) -> "Document":
        """With a look for every photo that has none yet."""
        return replace(
            self,
            photos=tuple(
                replace(p, look=look, opened=look) if p.look is None else p for p in self.photos
            ),
        )
