"""What is known of each photo for the screen, as far as it is kept."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtGui import QImage

from studio.core.events import Previewed
from studio.core.requests import Apply
from studio.gui.state.photo.loading import ScreenCopy, to_image

_KEPT = 12  # photos whose pixels are kept besides the shown one, so that going back is at once


@dataclass(frozen=True)
class Pixels:
    """A photo before and after.

    Attributes:
        opened: the photo; None while it is being read.
        early: a result that waits for the photo's colour profile.
        request: whose result is kept.
        result: the result, reduced to the screen; None while there is none.
        full_size: (width, height) of that result in full size, in px.
    """

    opened: ScreenCopy | None = None
    early: tuple[Apply, Previewed] | None = None
    request: Apply | None = None
    result: QImage | None = None
    full_size: tuple[int, int] | None = None


class PixelCache:
    """Keeps the pixels of the photos that were shown last."""

    def __init__(self) -> None:
        self._pixels: OrderedDict[Path, Pixels] = OrderedDict()
        self._shown: Path | None = None

    def show(self, path: Path | None) -> None:
        """Keeps a photo's pixels for as long as it is the one that is shown."""
        self._shown = path
        if path in self._pixels:
            self._pixels.move_to_end(path)

    def of(self, path: Path) -> Pixels:
        """What is known of a photo."""
        return self._pixels.get(path, Pixels())

    def take_opened(self, opened: ScreenCopy, seconds: float | None = None) -> None:
        """Keeps a photo that was read, or a video's frame, and a result that came before it."""
        known = self.of(opened.path)
        if known.request is not None and known.request.seconds != seconds:
            known = Pixels(early=known.early)  # the result of another frame
        self._keep(opened.path, replace(known, opened=opened, early=None))
        if known.early is not None:
            self.take_result(*known.early)

    def take_result(self, request: Apply, event: Previewed) -> bool:
        """Keeps a result; returns False where it has to wait for the photo's colour profile."""
        path = Path(request.source)
        pixels = self.of(path)
        if pixels.opened is None:
            self._keep(path, replace(pixels, early=(request, event)))
            return False
        result = to_image(event.pixels, pixels.opened.icc)
        self._keep(path, replace(pixels, request=request, result=result, full_size=event.full_size))
        return True

    def keep_open(self, paths: Iterable[Path]) -> None:
        """Drops photos that are closed: only those of `paths` are open."""
        for path in set(self._pixels) - set(paths):
            del self._pixels[path]

    def size(self, path: Path, weights: tuple[str, ...], scale: int) -> tuple[int, int] | None:
        """(width, height) in px of a photo's result in full size; None while it is unknown.

        Args:
            path: the photo.
            weights: ids of the weights it should go through.
            scale: of all of these.
        """
        pixels = self.of(path)
        made_with = () if pixels.request is None else pixels.request.steps
        if made_with and tuple(step.weights for step in made_with) == weights:
            return pixels.full_size
        if pixels.opened is None:
            return None
        width, height = pixels.opened.full_size
        return width * scale, height * scale

    def _keep(self, path: Path, pixels: Pixels) -> None:
        self._pixels[path] = pixels
        self._pixels.move_to_end(path)
        others = [each for each in self._pixels if each != self._shown]
        for each in others[:-_KEPT]:
            del self._pixels[each]
