"""What the generator of faces learns from: portraits with their eyes in one place, or digits."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

from studio.core.errors import StudioError


@dataclass(frozen=True)
class Source:
    """A folder of portraits, and where in them a face is looked for.

    Attributes:
        folder: under ``faces``.
        x: of the middle between eyes and mouth, as a share of the width.
        y: of it, as a share of the height.
        side: of the square around eyes and mouth, as a share of the width.
    """

    folder: str
    x: float
    y: float
    side: float


SOURCES = (
    Source("uk_parliament", 0.5, 0.40, 0.50),
    Source("us_congress", 0.5, 0.477, 0.67),
)
_ROUNDS = 3
_SEEN_AT = 16  # px, side of the square around eyes and mouth while faces are looked for
_SIZES = (0.82, 0.88, 0.94, 1.0, 1.07, 1.14, 1.22)  # of it, relative to the source's
_FAR = 0.1  # of the width: how far from the source's place a face costs 0.04 of correlation
_OTHER_SIZE = 0.15  # logarithm of a size that costs 0.03
_HEAD = 1.4  # side of what is cropped, relative to the square around eyes and mouth
_ABOVE = 0.04  # of that square's side: how much higher the crop lies


class Subject(Protocol):
    """Attributes: real: all pictures (N, C, S, S) uint8. mirrored: whether left may be right."""

    real: Tensor
    mirrored: bool


class Portraits:
    """Faces of members of parliament and of congress.

    The data's description gives one square for all of a set, but heads lie up to a fifth of the
    width elsewhere, and many chins would be cut off. So each face is found: where and how large it
    correlates best with the mean of all, which then is taken anew of what was found (Learned-
    Miller, "Data Driven Image Models through Continuous Joint Alignment", 2006).

    Args:
        data: the folder of all data.
        side: of the pictures in px.
    """

    mirrored = True

    def __init__(self, data: Path, side: int) -> None:
        groups: list[tuple[Source, list[Image.Image]]] = []
        for source in SOURCES:
            folder = data / "faces" / source.folder
            if not folder.is_dir():
                raise StudioError(f"there is no folder {folder}", "give the folder of all data")
            photos = [_read(p) for p in sorted(folder.glob("*.jpg"))]
            groups.append((source, _of_usual_size(photos)))
        boxes = _found(groups)
        crops: list[Tensor] = []
        for (_, photos), squares in zip(groups, boxes, strict=True):
            for photo, (x, y, s) in zip(photos, squares.tolist(), strict=True):
                crop = _square(photo, x, y - _ABOVE * s, _HEAD * s, side)
                crops.append(torch.from_numpy(np.array(crop)).permute(2, 0, 1))
        self.real = torch.stack(crops)


class Digits:
    """The 1,797 handwritten digits that scikit-learn ships, 8 x 8 px.

    Args:
        data: not needed.
        side: 8.
    """

    mirrored = False

    def __init__(self, data: Path, side: int) -> None:
        try:
            from sklearn.datasets import load_digits
        except ImportError:
            raise StudioError("scikit-learn is not installed", "pip install scikit-learn") from None
        del data
        if side != 8:
            raise ValueError(f"digits are 8 px, not {side}")
        grey = np.rint(np.asarray(load_digits(return_X_y=True)[0]) * (255 / 16)).astype(np.uint8)
        self.real = torch.from_numpy(grey).view(-1, 1, 8, 8)


SUBJECTS: dict[str, type[Portraits] | type[Digits]] = {"portraits": Portraits, "digits": Digits}


def _read(path: Path) -> Image.Image:
    with Image.open(path) as file:
        return file.convert("RGB")


def _of_usual_size(photos: list[Image.Image]) -> list[Image.Image]:
    """The photos of the commonest size: the few others are cut otherwise, and are left out."""
    sizes: dict[tuple[int, int], list[Image.Image]] = {}
    for photo in photos:
        sizes.setdefault(photo.size, []).append(photo)
    return max(sizes.values(), key=len)


def _found(groups: list[tuple[Source, list[Image.Image]]]) -> list[Tensor]:
    """The square around each face's eyes and mouth: middle and side (N, 3) in px."""
    boxes = [
        torch.tensor([[s.x * p.width, s.y * p.height, s.side * p.width] for p in photos])
        for s, photos in groups
    ]
    greys = [[p.convert("F") for p in photos] for _, photos in groups]
    y, x = torch.meshgrid(*[(torch.arange(_SEEN_AT) + 0.5) / _SEEN_AT - 0.5] * 2, indexing="ij")
    face = ((x / 0.40) ** 2 + (y / 0.44) ** 2 < 1).float()
    face /= face.sum()
    for _ in range(_ROUNDS):
        seen = [
            torch.from_numpy(np.array(_square(photo, *box, _SEEN_AT)))
            for photos, squares in zip(greys, boxes, strict=True)
            for photo, box in zip(photos, squares.tolist(), strict=True)
        ]
        mean = _standard(_standard(torch.stack(seen), face).mean(0), face)
        mean = (mean + mean.flip(1)) / 2
        boxes = [
            _best(source, photos, mean * face, face)
            for (source, _), photos in zip(groups, greys, strict=True)
        ]
    return boxes


def _best(source: Source, photos: list[Image.Image], mean: Tensor, face: Tensor) -> Tensor:
    """Where photos of one size correlate best with the mean face: (N, 3) as in `_found`."""
    width, height = photos[0].size
    best, boxes = torch.full((len(photos),), -torch.inf), torch.zeros(len(photos), 3)
    margin = _SEEN_AT // 5
    for size in _SIZES:
        side = source.side * width * size
        scale = _SEEN_AT / side
        small = (round(width * scale), round(height * scale))
        planes = torch.stack(
            [torch.from_numpy(np.array(p.resize(small, Image.Resampling.BICUBIC))) for p in photos]
        )[:, None]
        planes = F.pad(planes, (margin,) * 4, mode="replicate")
        middle = F.conv2d(planes, face[None, None])
        variance = F.conv2d(planes.square(), face[None, None]) - middle.square()
        score = (F.conv2d(planes, mean[None, None]) / (variance.clamp_min(0) + 20).sqrt())[:, 0]
        ys, xs = ((torch.arange(n) + _SEEN_AT / 2 - margin) / scale for n in score.shape[1:])
        off = (xs - source.x * width).square() + (ys[:, None] - source.y * height).square()
        score -= 0.04 * off / (_FAR * width) ** 2 + 0.03 * (np.log(size) / _OTHER_SIZE) ** 2
        value, place = score.flatten(1).max(1)
        columns = score.shape[2]
        here = torch.stack(
            [xs[place % columns], ys[place // columns], torch.full_like(value, side)], 1
        )
        better = value > best
        best, boxes[better] = torch.where(better, value, best), here[better]
    return boxes


def _standard(planes: Tensor, face: Tensor) -> Tensor:
    """Planes (..., H, W) with mean 0 and deviation 1 where the face is."""
    planes = planes - (planes * face).sum((-1, -2), keepdim=True)
    return planes / ((planes.square() * face).sum((-1, -2), keepdim=True) + 1).sqrt()


def _square(photo: Image.Image, x: float, y: float, side: float, size: int) -> Image.Image:
    """The square around a place, `size` px; beyond the photo its edge goes on."""
    pixels = np.asarray(photo)
    margin = int(side)
    around = [(margin, margin), (margin, margin), (0, 0)][: pixels.ndim]
    half = side / 2
    box = (x - half + margin, y - half + margin, x + half + margin, y + half + margin)
    padded = Image.fromarray(np.pad(pixels, around, "edge"))
    return padded.resize((size, size), Image.Resampling.BICUBIC, box=box)
