"""Regions of photo and result in full size: asks for what is looked at, and keeps what comes."""

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from studio.core.events import Previewed
from studio.core.requests import Apply
from studio.gui.state.photo.loading import to_image
from studio.gui.state.photo.patch import Patch
from studio.gui.state.photo.previews import Previews
from studio.gui.state.photo.reading import Reading
from studio.gui.state.photo.region import Region, Seen, is_worth_it, region_for

_SPARE = 0.125  # of what is seen, taken on every side of it
_LOUPE_SPARE = 0.5  # the loupe is small and moves about


@dataclass(frozen=True)
class Whole:
    """The photo that is shown.

    Attributes:
        path: its file.
        seconds: at which frame of a video; None: it is none.
        size: (width, height) of the photo in px.
        icc: profile of its pixels; None for sRGB.
        weights: ids of the weights that it goes through.
        local: whether a part is sooner there than all of it.
        scale: how many times as wide and high as the photo the result is.
        preview_side: longest side in px of the preview of the whole.
    """

    path: Path
    seconds: float | None
    size: tuple[int, int]
    icc: bytes | None
    weights: tuple[str, ...]
    local: bool
    scale: int
    preview_side: int


class Patches(QObject):
    """Keeps what is seen as sharp as it will be saved.

    Attributes:
        before, after: regions of the photo and of the result; None while there are none.

    Signals:
        changed: they are others.
        looked: something else is looked at, perhaps.
    """

    changed = Signal()
    looked = Signal()

    def __init__(
        self,
        previews: Previews,
        reading: Reading,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._previews, self._reading = previews, reading
        self._whole: Whole | None = None
        self._seen: Seen | None = None
        self._spare, self._by_loupe = _SPARE, False
        self._region: Region | None = None
        self.before: Patch | None = None
        self.after: Patch | None = None
        self._request: Apply | None = None  # of what is shown after
        previews.patch_shown.connect(self._take)

    def show(self, whole: Whole | None) -> None:
        """Turns to a photo, or to another model for it; None where no part of it can be shown."""
        old, self._whole = self._whole, whole
        if whole != old:
            self.before = self._region = None
            self._drop()
            self._look()

    def look_at(self, seen: Seen | None, *, by_loupe: bool = False) -> None:
        """What is looked at now.

        Args:
            seen: in px of the full-size result; None: nothing that would be sharper.
            by_loupe: it is small and moves about.
        """
        self._seen, self._spare = seen, _LOUPE_SPARE if by_loupe else _SPARE
        self._by_loupe = by_loupe
        self._look()
        self.looked.emit()

    @property
    def covers(self) -> bool:
        """Whether all that is looked at is there as it will be saved."""
        if self._seen is None or self.after is None or self._by_loupe:
            return False
        left, top, width, height = self.after.place
        inside = left <= self._seen[0] and top <= self._seen[1]
        return inside and self._seen[2] <= left + width and self._seen[3] <= top + height

    def settle(self, request: Apply) -> None:
        """The whole photo is on the screen as asked for: a part of another look has to go."""
        if self._request is not None and replace(self._request, region=None) != request:
            self._drop()

    def _drop(self) -> None:
        self.after = self._request = None
        self._previews.forget_patch()
        self.changed.emit()

    def _look(self) -> None:
        region = self._wanted()
        self._previews.look_at(region)
        if region is None or region == self._region or self._whole is None:
            return
        self._region = region
        take = partial(self._take_original, self._whole, region)
        self._reading.patch(self._whole.path, region, self._whole.seconds, take)

    def _wanted(self) -> Region | None:
        seen, whole = self._seen, self._whole
        if seen is None or whole is None:
            return None
        if not whole.local and max(whole.size) <= whole.preview_side:
            return None  # the preview is as large
        left, top, right, bottom = (side / whole.scale for side in seen)
        in_photo: Seen = (left, top, right, bottom)
        region = region_for(in_photo, whole.size, self._spare, self._region)
        return region if is_worth_it(region, whole.size, whole.preview_side) else None

    def _take_original(self, whole: Whole, region: Region, image: QImage) -> None:
        now = self._whole
        if now is None or region != self._region:
            return
        if (whole.path, whole.seconds) == (now.path, now.seconds):
            self.before = Patch(image, _place(region, now.scale))
            self.changed.emit()

    def _take(self, request: Apply, event: Previewed) -> None:
        whole, region = self._whole, request.region
        if whole is None or region is None:
            return
        if (Path(request.source), request.seconds) != (whole.path, whole.seconds):
            return
        self._request = request
        self.after = Patch(to_image(event.pixels, whole.icc), _place(region, whole.scale))
        self.changed.emit()


def _place(region: Region, scale: int) -> tuple[float, float, float, float]:
    left, top, width, height = (float(side * scale) for side in region)
    return left, top, width, height
