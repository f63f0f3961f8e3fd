"""What files hold, for the window: asked of the reader, answered on the window's thread."""

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage

from studio.core.errors import StudioError
from studio.core.videos import Reel
from studio.gui.state.latest_wins import LatestWins
from studio.gui.state.photo.loading import ScreenCopy, to_image
from studio.gui.state.photo.region import Region
from studio.reader.orders import (
    AheadWish,
    Done,
    Drafted,
    LengthWish,
    Levels,
    PatchWish,
    PhotoWish,
    Refused,
    ThumbnailWish,
    Told,
    Urgency,
    Wish,
)
from studio.reader.reader import GiveUp, Reader

T = TypeVar("T")
Take = Callable[[T], None]
Failed = Callable[[StudioError], None]


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
        self._photo: PhotoWish | None = None  # that is being opened
        self._giving_up: dict[str, list[GiveUp]] = {}
        self._frames: LatestWins[Callable[[], GiveUp]] = LatestWins(lambda ask: ask())
        # Queued, so that nobody is called back from within what asks, nor on another thread.
        self._answered.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def open(self, wish: PhotoWish, take: Take[ScreenCopy], failed: Failed) -> None:
        """Opens the photo that is to be shown, in the place of the one that was wished for before.

        Args:
            wish: which; the one that is being opened already is not begun again.
            take: called with a draft of a large photo, and then with the photo.
            failed: called if it cannot be read.
        """
        if wish == self._photo:
            return

        def take_photo(opened: ScreenCopy) -> None:
            if not opened.is_draft:
                self._photo = None
            take(opened)

        def fail(error: StudioError) -> None:
            self._photo = None
            failed(error)

        self._photo = wish
        self._instead("photo", [(wish, self._photo_for(wish.path, take_photo), fail)])

    def ahead(self, wishes: Iterable[PhotoWish]) -> None:
        """Reads photos that may be opened next, in the place of those before."""
        ahead = [AheadWish(wish.path, wish.longest, wish.seconds) for wish in wishes]
        self._instead("ahead", [(wish, _ignore, _ignore) for wish in ahead], Urgency.NEXT)

    def patch(self, path: Path, region: Region, seconds: float | None, take: Take[QImage]) -> None:
        """Reads a region of a photo, or a video's frame, in full size, in the place of the last.

        Whatever fails is said when the photo itself is opened, here and in what follows.
        """
        self._instead("patch", [(PatchWish(path, region, seconds), self._image_for(take), _ignore)])

    def thumbnail(
        self, wish: ThumbnailWish, take: Take[QImage], failed: Failed | None = None
    ) -> GiveUp:
        """Reads a small copy when there is time; returns what gives it up."""
        return self._ask(wish, self._image_for(take), failed or _ignore, Urgency.SOMETIME)

    def length(self, path: Path, take: Take[Reel]) -> None:
        """Finds out how long a video is."""
        self._ask(LengthWish(path), partial(self._tell, take), _ignore)

    def frame(self, wish: PhotoWish, take: Take[ScreenCopy], failed: Failed) -> None:
        """Reads a frame of a video; of many wishes the one that came last is done next."""

        def end(call: Callable[[Any], None], given: object) -> None:
            self._frames.ended()
            call(given)

        take_frame = self._photo_for(wish.path, partial(end, take))
        self._frames.wish(lambda: self._ask(wish, take_frame, partial(end, failed)))

    def picture(self, path: Path, longest: int, take: Take[ScreenCopy], failed: Failed) -> GiveUp:
        """Opens a picture that is no photo to work on; returns what gives it up."""
        take_photo = self._photo_for(path, take)

        def take_last(levels: Levels) -> None:
            if not levels.is_draft:
                take_photo(levels)

        return self._ask(PhotoWish(path, longest), take_last, failed)

    def close(self) -> None:
        """Ends the reader; nothing is delivered any more."""
        self._is_open = False
        self._reader.close()

    def _instead(
        self,
        what: str,
        wishes: Iterable[tuple[Wish, Take[Any], Failed]],
        urgency: Urgency = Urgency.AWAITED,
    ) -> None:
        """Asks, and gives up what was asked for of the same kind before."""
        for give_up in self._giving_up.get(what, []):
            give_up()
        self._giving_up[what] = [self._ask(*wish, urgency) for wish in wishes]

    def _ask(
        self, wish: Wish, take: Take[Any], failed: Failed, urgency: Urgency = Urgency.AWAITED
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

    def _photo_for(self, path: Path, take: Take[ScreenCopy]) -> Take[Levels]:
        """Takes pixels on a thread of the reader, and hands the photo on."""

        def made(levels: Levels) -> None:
            image = to_image(levels.pixels, levels.icc)
            self._tell(take, ScreenCopy(path, image, levels.full_size, levels.icc, levels.is_draft))

        return made

    def _image_for(self, take: Take[QImage]) -> Take[Levels]:
        """The same for an image alone."""
        return lambda levels: self._tell(take, to_image(levels.pixels, levels.icc))

    def _tell(self, take: Take[T], given: T) -> None:
        if self._is_open:
            self._answered.emit(partial(take, given))

    def _deliver(self, call: Callable[[], None]) -> None:
        if self._is_open:
            call()


def _ignore(_: object) -> None:
    """Nobody waits for it."""
