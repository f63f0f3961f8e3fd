"""The pictures that were decoded last, as many as a number of bytes holds."""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

from studio.reader.orders import Levels


@dataclass(frozen=True, eq=False)
class Decoded:
    """A picture.

    Attributes:
        full: all of it.
        reduced: a copy for the screen, or `full` itself where that is small enough.
        longest: which that is for, in px.
    """

    full: Levels
    reduced: Levels
    longest: int

    @property
    def bytes(self) -> int:
        """That it takes."""
        return sum({id(each): each.pixels.nbytes for each in (self.full, self.reduced)}.values())


class Kept:
    """Forgets what was used longest ago.

    Args:
        most: bytes; the picture that came last is kept even where it alone takes more.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._pictures: OrderedDict[Hashable, Decoded] = OrderedDict()

    def find(self, key: Hashable) -> Decoded | None:
        """One that is kept; it counts as used now."""
        with self._lock:
            found = self._pictures.get(key)
            if found is not None:
                self._pictures.move_to_end(key)
            return found

    def keep(self, key: Hashable, picture: Decoded, *, ahead: bool = False) -> None:
        """Keeps one, in the place of what was used longest ago.

        Args:
            key: by which it is found.
            picture: to keep.
            ahead: it is not looked at yet, unlike the one that was used last.
        """
        with self._lock:
            last = next(reversed(self._pictures), key)
            self._pictures[key] = picture
            self._pictures.move_to_end(key)
            if ahead:
                self._pictures.move_to_end(last)
            while self._taken() > self._most and len(self._pictures) > 1:
                self._pictures.popitem(last=False)

    def offer(self, key: Hashable, picture: Decoded) -> None:
        """Keeps one that nobody looks at yet, where there is room."""
        with self._lock:
            if self._taken() + picture.bytes <= self._most:
                self._pictures[key] = picture
                self._pictures.move_to_end(key, last=False)

    def _taken(self) -> int:
        return sum(picture.bytes for picture in self._pictures.values())
