"""Files to pixels: every decoder of foreign files is called from here."""

from collections.abc import Callable, Hashable
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studio.core.errors import StudioError
from studio.core.memory import available
from studio.core.videos import Reel
from studio.reader.kept import Decoded, Kept
from studio.reader.orders import (
    AheadWish,
    Found,
    LengthWish,
    Levels,
    PatchWish,
    PhotoWish,
    ThumbnailWish,
    Wish,
)

_MOST_KEPT = 512 << 20  # bytes: a photo of 45 megapixels and its neighbours
_SHARE = 8  # of what memory is left, the part that is taken at most
_LEAST_DRAFTED = 3_000_000  # px: less is there at once
_FOR_THUMBNAILS = 1280  # px, of the copies that thumbnails are taken from

Check = Callable[[], None]
"""Asked at every strip; raises `CancelledError` for what is not wanted any more."""


class Decoder:
    """Does wishes; each picture is decoded once for all of them, while it is kept.

    Not two wishes about the same file at a time.
    """

    def __init__(self) -> None:
        self._kept = Kept(min(_MOST_KEPT, available() // _SHARE))

    def do(self, wish: Wish, draft: Callable[[Levels], None], check: Check) -> Found:
        """Does a wish.

        Args:
            wish: what to do.
            draft: takes what comes first, in less detail.
            check: may give it up.

        Raises:
            StudioError: the file cannot be read.
        """
        match wish:
            case PhotoWish():
                return self._photo(wish, draft, check).reduced
            case AheadWish():
                self._photo(wish, lambda _: None, check)
                return None
            case ThumbnailWish():
                return self._thumbnail(wish, check)
            case PatchWish():
                return self._patch(wish, check)
            case LengthWish():
                return read_length(wish.path)

    def _photo(
        self, wish: PhotoWish | AheadWish, draft: Callable[[Levels], None], check: Check
    ) -> Decoded:
        key = _key(wish.path, wish.seconds)
        found = self._kept.find(key)
        if found is None:
            if isinstance(wish, PhotoWish) and wish.seconds is None:
                first = read_draft(wish.path, wish.longest // 2)
                if first is not None:
                    check()
                    draft(first)
            found = _decoded(self.read(wish.path, wish.seconds, check), wish.longest)
        elif found.longest != wish.longest:
            found = _decoded(found.full, wish.longest)
        if wish.seconds is None:
            self._kept.keep(key, found, ahead=isinstance(wish, AheadWish))
        else:
            self._kept.offer(key, found)  # a video has many frames
        return found

    def _thumbnail(self, wish: ThumbnailWish, check: Check) -> Levels:
        key = _key(wish.path, wish.seconds)
        found = self._kept.find(key)
        if found is not None:
            return covering(found.reduced, wish.side)
        if wish.seconds is None:
            first = read_draft(wish.path, 4 * wish.side)
            if first is not None:
                return covering(first, wish.side)
        found = _decoded(self.read(wish.path, wish.seconds, check), _FOR_THUMBNAILS)
        self._kept.offer(key, found)
        return covering(found.reduced, wish.side)

    def _patch(self, wish: PatchWish, check: Check) -> Levels:
        key = _key(wish.path, wish.seconds)
        found = self._kept.find(key)
        if found is None:
            found = _decoded(self.read(wish.path, wish.seconds, check), _FOR_THUMBNAILS)
            self._kept.keep(key, found)
        left, top, width, height = wish.region
        pixels = found.full.pixels[top : top + height, left : left + width]
        return replace(found.full, pixels=np.ascontiguousarray(pixels))

    def read(self, path: Path, seconds: float | None, check: Check) -> Levels:
        """Decodes all of a picture, or of a video's frame.

        Raises:
            StudioError: the file cannot be read.
        """
        if seconds is not None:
            from studio.core.video.still import read_still

            pixels = read_still(path, seconds)
            return Levels(pixels, None, (pixels.shape[1], pixels.shape[0]))
        from studio.core.formats.reading import header, reading
        from studio.core.picture_files import size_limit

        limit = size_limit()
        with reading(path) as (file, name):
            opened = header(file, name, limit, 0)
            opened.check(limit, 0, name)
            pixels = opened.to_levels(check)
            return Levels(pixels, opened.rgb_profile, opened.upright_size)


def read_draft(path: Path, longest: int) -> Levels | None:
    """What can be had of a large picture much sooner than all of it; None: nothing.

    Args:
        path: the file.
        longest: side in px that is enough.
    """
    from studio.core.formats.reading import draft, reading
    from studio.core.picture_files import size_limit

    try:
        with reading(path) as (file, name):
            opened = draft(file, name, size_limit(), longest)
            if opened is None or np.prod(opened.upright_size) < _LEAST_DRAFTED:
                return None
            opened.check(size_limit(), 0, name)
            return Levels(opened.to_levels(), opened.rgb_profile, opened.upright_size, True)
    except StudioError:
        return None  # it is said when all of it is read


def read_length(path: Path) -> Reel:
    """How long a video is.

    Raises:
        StudioError: it is no video, or cannot be read.
    """
    from studio.core.video.clip import probe

    clip = probe(path)
    return Reel(clip.seconds, float(1 / clip.rate))


def covering(levels: Levels, side: int) -> Levels:
    """A copy, its short side `side` px; never enlarged."""
    height, width = levels.pixels.shape[:2]
    return reduced(levels, round(side * max(width, height) / min(width, height)))


def reduced(levels: Levels, longest: int) -> Levels:
    """A copy whose longest side has at most so many px (Lanczos)."""
    from PIL import Image

    height, width = levels.pixels.shape[:2]
    scale = longest / max(width, height)
    if scale >= 1:
        return levels
    size = (max(1, round(width * scale)), max(1, round(height * scale)))

    def resized(channels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        image = Image.fromarray(np.ascontiguousarray(channels))
        return np.asarray(image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0))

    rgb = resized(levels.pixels[..., :3])
    if levels.pixels.shape[2] == 4:
        # Apart: Pillow would take the colours of what is transparent for black.
        rgb = np.dstack((rgb, resized(levels.pixels[..., 3])))
    return replace(levels, pixels=rgb)


def _decoded(full: Levels, longest: int) -> Decoded:
    return Decoded(full, reduced(full, longest), longest)


def _key(path: Path, seconds: float | None) -> Hashable:
    """Another one for a file that was written anew."""
    try:
        about = path.stat()
    except OSError:  # it is said when it is read
        return path, seconds
    return path, seconds, about.st_mtime_ns, about.st_size
