"""What files hold, for the window: asked of the reader, answered on the window's thread."""

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage

from studio.core.errors import StudioError
from studio.core.videos import Reel
from studio.gui.state.latest_wins import LatestWins
from studio.gui.state.loading import Opened, to_image
from studio.gui.state.region import Region
from studio.reader.orders import (
    Ahead,
    Done,
    Drafted,
    Length,
    Levels,
    Part,
    Photo,
    Refused,
    Thumbnail,
    Told,
    Urgency,
    Wish,
)
from studio.reader.reader import GiveUp, Reader

T = TypeVar("T")
Failed = Callable[[StudioError], None]
Take = Callable[[T], None]


def _nothing() -> None:
    """Gives up nothing."""


class Reading(QObject):
    """The one door between the window and the reader.

    Args:
        reader: answers; closed with this.
    """

    _answered = Signal(object)

    def __init__(self, reader: Reader, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader = reader
        self._is_open = True
        self._give_up_photo: GiveUp = _nothing
        self._give_up_part: GiveUp = _nothing
        self._ahead: list[GiveUp] = []
        self._frames: LatestWins[Callable[[], GiveUp]] = LatestWins(lambda ask: ask())
        # Queued, so that nobody is called back from within what asks, nor on another thread.
        self._answered.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def open(self, wish: Photo, take: Take[Opened], failed: Failed) -> None:
        """Opens the photo that is to be shown, in the place of the one that was wished for before.

        Args:
            wish: which.
            take: called with a draft of a large photo, and then with the photo.
            failed: called if it cannot be read.
        """
        self._give_up_photo()
        self._give_up_photo = self._ask(wish, partial(self._take_photo, wish.path, take), failed)

    def ahead(self, wishes: Iterable[Ahead]) -> None:
        """Reads photos that may be opened next, in the place of those before."""
        for give_up in self._ahead:
            give_up()
        self._ahead = [self._ask(wish, lambda _: None, _ignore, Urgency.NEXT) for wish in wishes]

    def picture(self, path: Path, longest: int, take: Take[Opened], failed: Failed) -> GiveUp:
        """Opens a picture for another end; returns what gives it up."""

        def finish(levels: Levels) -> None:
            if not levels.is_draft:
                self._take_photo(path, take, levels)

        return self._ask(Photo(path, longest), finish, failed)

    def thumbnail(self, wish: Thumbnail, take: Take[QImage]) -> GiveUp:
        """Reads a small copy when there is time; what fails is said when the photo is opened."""
        return self._ask(
            wish, lambda levels: self._tell(take, _image(levels)), _ignore, Urgency.SOMETIME
        )

    def part(self, path: Path, region: Region, take: Take[QImage]) -> None:
        """Reads a part of a photo in full size, in the place of the one before."""
        self._give_up_part()
        self._give_up_part = self._ask(
            Part(path, region), lambda levels: self._tell(take, _image(levels)), _ignore
        )

    def frame(self, wish: Photo, take: Take[Opened], failed: Failed) -> None:
        """Reads a frame of a video; of many wishes the latest one that waits is done next."""

        def end(call: Callable[[T], None], given: T) -> None:
            self._frames.ended()
            call(given)

        self._frames.wish(
            lambda: self._ask(
                wish,
                partial(self._take_photo, wish.path, partial(end, take)),
                partial(end, failed),
            )
        )

    def length(self, path: Path, take: Take[Reel]) -> None:
        """Finds out how long a video is; what fails is said when its frame is read."""
        self._ask(Length(path), partial(self._tell, take), _ignore)

    def close(self) -> None:
        """Ends the reader; nothing is delivered any more."""
        self._is_open = False
        self._reader.close()

    def _ask(
        self, wish: Wish, take: Take[T], failed: Failed, urgency: Urgency = Urgency.AWAITED
    ) -> GiveUp:
        """Asks; `take` is called on a thread of the reader, `failed` on the window's."""

        def told(answer: Told) -> None:
            match answer:
                case Drafted():
                    take(answer.levels)
                case Done():
                    take(answer.found)
                case Refused():
                    self._tell(failed, StudioError(answer.message, answer.hint))

        return self._reader.ask(wish, urgency, told)

    def _take_photo(self, path: Path, take: Take[Opened], levels: Levels) -> None:
        opened = Opened(path, _image(levels), levels.full_size, levels.icc, levels.is_draft)
        self._tell(take, opened)

    def _tell(self, take: Take[T], given: T) -> None:
        if self._is_open:
            self._answered.emit(partial(take, given))

    def _deliver(self, call: Callable[[], None]) -> None:
        if self._is_open:
            call()


def _image(levels: Levels) -> QImage:
    return to_image(levels.pixels, levels.icc)


def _ignore(_: StudioError) -> None:
    """It is said elsewhere."""
