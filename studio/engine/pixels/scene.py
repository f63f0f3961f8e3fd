"""What a preview looks at: a reduced copy of the picture, or a part of it as it is."""

from collections.abc import Hashable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from torch import Tensor

from studio.core.files.identity import file_key
from studio.core.picture import Picture
from studio.core.picture_files import open_picture
from studio.core.requests import Apply
from studio.engine.job import ApplyJob
from studio.engine.recent import Recent
from studio.engine.threads import Aside


@dataclass(frozen=True)
class Scene:
    """Pixels for a preview.

    Attributes:
        key: equal for equal pixels.
        picture: the copy, or the part with as much around it as its result depends on.
        full_size: (width, height) of the file's picture in px.
        factor: size of `picture` relative to what it shows of the file.
        corner: left and top of `picture` in the file's picture, in px.
        shown: the rows and the columns of `picture` that are asked for.
        source: equal for the same whole picture.
        made: a model has made it; there is no file of it.
    """

    key: Hashable
    picture: Picture
    full_size: tuple[int, int]
    factor: float
    corner: tuple[int, int]
    shown: tuple[slice, slice]
    source: Hashable
    made: bool = False

    def behind(self, key: Hashable, result: Tensor) -> "Scene":
        """What there is to look at once a model has made (1, 3, s H, s W) of this picture."""
        picture = self.picture.with_pixels(result[0].permute(1, 2, 0).numpy())
        by = picture.width // self.picture.width
        width, height = self.full_size
        whole = (slice(0, picture.height), slice(0, picture.width))
        return Scene(
            key, picture, (width * by, height * by), self.factor, (0, 0), whole, key, made=True
        )

    def prepared(self, job: ApplyJob) -> "Scene":
        """This as a model wants to see it, which stands behind another one."""
        if not self.made or job.spec.prepare is None:
            return self  # a file is opened so
        drawing = job.prepared(self.picture)
        size = drawing.width, drawing.height
        shown = (slice(0, drawing.height), slice(0, drawing.width))
        return replace(self, picture=drawing, full_size=size, factor=1.0, shown=shown)

    @property
    def whole(self) -> tuple[int, int]:
        """(width, height) of what `picture` is a part of, at its scale."""
        picture = self.picture
        return self.full_size if self.factor == 1 else (picture.width, picture.height)


class Scenes:
    """Opens files for previews and keeps the last ones.

    Args:
        aside: opens them.
    """

    def __init__(self, aside: Aside) -> None:
        self._aside = aside
        self._full: Recent[Picture] = Recent(1)
        self._reduced: Recent[tuple[Picture, tuple[int, int]]] = Recent(6)

    def full(self, job: ApplyJob) -> Picture:
        """The whole picture of a request."""
        key, opening = source_key(job.request), partial(open_source, job.request)
        return self._full.get(key, lambda: self._aside.do(opening, job.progress.check, key))

    def get(self, job: ApplyJob) -> Scene:
        """What a request wants to see, but for its region.

        Raises:
            StudioError: the file cannot be opened.
        """
        request, key = job.request, source_key(job.request)
        if job.spec.prepare is not None:
            drawing = job.prepared(self.full(job))
            size = drawing.width, drawing.height
            shown = (slice(0, drawing.height), slice(0, drawing.width))
            return Scene(key, drawing, size, 1.0, (0, 0), shown, key)
        side = request.preview_side

        def reduce() -> tuple[Picture, tuple[int, int]]:
            # A local model looks at parts of the picture too: it is kept for them.
            kept = self.full(job) if job.spec.local else None
            reducing = partial(_reduced, request, kept)
            return self._aside.do(reducing, job.progress.check, (key, side))

        picture, size = self._reduced.get((key, side), reduce)
        factor = 1.0 if (picture.width, picture.height) == size else picture.width / size[0]
        shown = (slice(0, picture.height), slice(0, picture.width))
        return Scene((key, side), picture, size, factor, (0, 0), shown, key)


def _reduced(request: Apply, kept: Picture | None) -> tuple[Picture, tuple[int, int]]:
    """A copy for the screen, and the full picture's size."""
    full = open_source(request) if kept is None else kept
    return full.reduced(request.preview_side), (full.width, full.height)


def open_source(request: Apply, beside: int = 0) -> Picture:
    """The picture that a request is about, in full size.

    Args:
        request: names the file.
        beside: bytes a pixel that will be needed besides it.

    Raises:
        StudioError: the file cannot be opened, or memory does not suffice.
    """
    path = Path(request.source)
    if request.seconds is not None:
        from studio.core.video.still import open_still  # loads FFmpeg and OpenCV

        return open_still(path, request.seconds)
    return open_picture(path, beside=beside)


def source_key(request: Apply) -> Hashable:
    """Equal for the same picture of a file that has not changed."""
    return file_key(request.source), request.seconds


def shown_bytes(scene: Scene, result: Tensor) -> np.ndarray:
    """The part that is shown of what was made of a scene, as (H, W, 4) uint8 RGBA."""
    scale = result.shape[3] // scene.picture.width
    rows, columns = (slice(s.start * scale, s.stop * scale) for s in scene.shown)
    shown = result[0, :, rows, columns].permute(1, 2, 0)
    whole = scene.picture.with_pixels(result[0].permute(1, 2, 0).numpy())
    pixels = np.empty((*shown.shape[:2], 4), np.uint8)
    pixels[..., :3] = (shown * 255).round().clamp(0, 255).byte().numpy()
    pixels[..., 3] = 255 if whole.alpha is None else np.rint(whole.alpha[rows, columns] * 255)
    return pixels
