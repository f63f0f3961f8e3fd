"""Parts of photo and result in full size: asks for what is looked at, and keeps what comes."""

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
from studio.gui.state.photo.region import Part, Region, is_worth_it, region_for

_SPARE = 0.125  # of what is seen, taken on every side of it
_LOUPE_SPARE = 0.5  # the loupe is small and moves about


@dataclass(frozen=True)
class Shot:
    """The photo that is shown.

    Attributes:
        path: its file.
        size: (width, height) of the photo in px.
        icc: profile of its pixels; None for sRGB.
        weights: id of the weights that it is shown with.
        scale: how many times as wide and high as the photo the result is.
        preview_side: longest side in px of the preview of the whole.
    """

    path: Path
    size: tuple[int, int]
    icc: bytes | None
    weights: str
    scale: int
    preview_side: int


class FullSizeParts(QObject):
    """Keeps what is seen sharp where weights can show a part of a photo as it will be saved.

    Attributes:
        before, after: parts of the photo and of the result; None while there are none.

    Signals:
        changed: they are others.
    """

    changed = Signal()

    def __init__(
        self,
        previews: Previews,
        reading: Reading,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._previews, self._reading = previews, reading
        self._shot: Shot | None = None
        self._seen: Part | None = None
        self._spare = _SPARE
        self._region: Region | None = None
        self.before: Patch | None = None
        self.after: Patch | None = None
        self._request: Apply | None = None  # of what is shown after
        previews.part_shown.connect(self._take)

    def show(self, shot: Shot | None) -> None:
        """Turns to a photo, or to another model for it; None where no part of it can be shown."""
        old, self._shot = self._shot, shot
        if shot != old:
            self.before = self._region = None
            self._drop()
            self._look()

    def look_at(self, seen: Part | None, *, by_loupe: bool = False) -> None:
        """What is looked at now.

        Args:
            seen: in px of the full-size result; None: nothing that would be sharper.
            by_loupe: it is small and moves about.
        """
        self._seen, self._spare = seen, _LOUPE_SPARE if by_loupe else _SPARE
        self._look()

    def settle(self, request: Apply) -> None:
        """The whole photo is on the screen as asked for: a part of another look has to go."""
        if self._request is not None and replace(self._request, region=None) != request:
            self._drop()

    def _drop(self) -> None:
        self.after = self._request = None
        self._previews.forget_part()
        self.changed.emit()

    def _look(self) -> None:
        region = self._wanted()
        self._previews.look_at(region)
        if region is None or region == self._region or self._shot is None:
            return
        self._region = region
        self._reading.patch(
            self._shot.path, region, partial(self._take_original, self._shot, region)
        )

    def _wanted(self) -> Region | None:
        seen, shot = self._seen, self._shot
        if seen is None or shot is None:
            return None
        left, top, right, bottom = (side / shot.scale for side in seen)
        part: Part = (left, top, right, bottom)
        region = region_for(part, shot.size, self._spare, self._region)
        return region if is_worth_it(region, shot.size, shot.preview_side) else None

    def _take_original(self, shot: Shot, region: Region, image: QImage) -> None:
        if self._shot is not None and shot.path == self._shot.path and region == self._region:
            self.before = Patch(image, _place(region, self._shot.scale))
            self.changed.emit()

    def _take(self, request: Apply, event: Previewed) -> None:
        shot, region = self._shot, request.region
        if shot is None or region is None or Path(request.source) != shot.path:
            return
        self._request = request
        self.after = Patch(to_image(event.pixels, shot.icc), _place(region, shot.scale))
        self.changed.emit()


def _place(region: Region, scale: int) -> tuple[float, float, float, float]:
    left, top, width, height = (float(side * scale) for side in region)
    return left, top, width, height
