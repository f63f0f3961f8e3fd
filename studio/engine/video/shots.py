"""Where one shot ends and the next begins."""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.core.video.frames import Copied, Frame
from studio.core.video.orientation import Pixels

_OPENING = 3  # frames of a shot that its statistics are taken from
_THUMBNAIL = (48, 32)  # width, height in px
_LEVELS = 4  # of each colour in a histogram
_OTHER_COLOURS = 0.3  # share of the pixels whose colour another shot has and this one has not
_SUDDEN = 3.0  # how many times the usual change from frame to frame a cut is
_LEAST = 0.05  # mean change of a thumbnail's pixels in a cut, of 1


class Cuts:
    """Finds cuts by two signs that must agree: other colours, and a sudden change everywhere.

    A pan changes places but hardly colours, and a fade changes colours but slowly.
    """

    def __init__(self) -> None:
        self._thumbnail: NDArray[np.floating] | None = None
        self._usual = 0.0

    def begins_shot(self, pixels: Pixels) -> bool:
        """Whether a frame (H, W, 3) uint8 belongs to another shot than the one before it."""
        small = cv2.resize(pixels, _THUMBNAIL, interpolation=cv2.INTER_AREA)
        thumbnail, before = small.astype(np.float32) / 255, self._thumbnail
        self._thumbnail = thumbnail
        if before is None:
            return True
        change = float(np.abs(thumbnail - before).mean())
        colours = float(np.abs(_histogram(thumbnail) - _histogram(before)).sum() / 2)
        cut = colours > _OTHER_COLOURS and change > _SUDDEN * self._usual + _LEAST
        self._usual = 0.0 if cut else 0.8 * self._usual + 0.2 * change
        return cut


def _histogram(thumbnail: NDArray[np.floating]) -> NDArray[np.float64]:
    """Shares of the colours, (64,)."""
    levels = np.minimum((thumbnail * _LEVELS).astype(int), _LEVELS - 1)
    index = levels @ np.array([_LEVELS**2, _LEVELS, 1])
    return np.bincount(index.ravel(), minlength=_LEVELS**3) / index.size


@dataclass(frozen=True)
class InShot:
    """A frame; with `opening`, the first frames of the shot that it begins."""

    frame: Frame
    opening: tuple[Frame, ...] = ()


class _Waiting:
    """What is held back until a shot's first frames are known."""

    def __init__(self) -> None:
        self.items: list[Frame | Copied] = []
        self.frames: list[Frame] = []

    def release(self) -> Iterator[InShot | Copied]:
        opening, self.frames = tuple(self.frames), []
        items, self.items = self.items, []
        for item in items:
            if isinstance(item, Frame):
                yield InShot(item, opening)
                opening = ()
            else:
                yield item


def in_shots(items: Iterator[Frame | Copied]) -> Iterator[InShot | Copied]:
    """Frames and packets in their order, with what each shot begins with."""
    cuts, waiting = Cuts(), _Waiting()
    for item in items:
        if isinstance(item, Frame):
            if cuts.begins_shot(item.pixels):
                yield from waiting.release()
                waiting.frames.append(item)
            elif waiting.frames:
                waiting.frames.append(item)
        if not waiting.frames:
            yield InShot(item) if isinstance(item, Frame) else item
            continue
        waiting.items.append(item)
        if len(waiting.frames) == _OPENING:
            yield from waiting.release()
    yield from waiting.release()
