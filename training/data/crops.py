"""Clean photos: random squares of them, and those that are kept aside."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from training.data.photos import draw_photo, read_photos


@dataclass(frozen=True)
class Source:
    """A folder of photos: the share of crops from it, and the range of its reduction."""

    folder: str
    share: float
    reduction: tuple[float, float]


# The small photos are JPEG files themselves: reduced by half or more, that damage is gone.
SOURCES = (
    Source("bsds500/train", 0.3, (0.8, 1.0)),
    Source("bsds500/test", 0.3, (0.8, 1.0)),
    Source("photos/sharp", 0.3, (0.5, 1.0)),
    Source("photos/objects", 0.05, (0.45, 0.5)),
    Source("photos/landscapes", 0.05, (0.45, 0.5)),
)
VALIDATION = "bsds500/validation"


class Crops:
    """Squares of the photos of `SOURCES`, reduced, turned and mirrored at random.

    Args:
        data: the folder of all data.
        side: in px.
    """

    def __init__(self, data: Path, side: int, sources: Sequence[Source] = SOURCES) -> None:
        self._side, self._sources = side, sources
        self._photos = [read_photos([data / source.folder]) for source in sources]

    def draw(self, random: np.random.Generator) -> NDArray[np.floating]:
        """A square (side, side, 3) in [0, 1]."""
        shares = [source.share for source in self._sources]
        index, photo = draw_photo(self._photos, shares, random)
        source = self._sources[index]
        reduction = 1.0
        if random.random() < 0.5 or source.reduction[1] < 1:
            reduction = random.uniform(*source.reduction)
        side = min(round(self._side / reduction), *photo.size)
        left = int(random.integers(0, photo.width - side, endpoint=True))
        top = int(random.integers(0, photo.height - side, endpoint=True))
        crop = photo.crop((left, top, left + side, top + side))
        if side != self._side:
            crop = crop.resize((self._side, self._side), Image.Resampling.BICUBIC)
        pixels = np.rot90(np.asarray(crop, np.float32) / 255, int(random.integers(4)))
        return np.ascontiguousarray(pixels if random.random() < 0.5 else pixels[:, ::-1])


def validation_photos(data: Path, count: int | None = None) -> list[NDArray[np.floating]]:
    """Photos (H, W, 3) in [0, 1] that are never trained on; both sides multiples of 16."""
    pictures = read_photos([data / VALIDATION])[:count]
    sizes = [(p.width // 16 * 16, p.height // 16 * 16) for p in pictures]
    return [
        np.asarray(picture.crop((0, 0, *size)), np.float32) / 255
        for picture, size in zip(pictures, sizes, strict=True)
    ]
