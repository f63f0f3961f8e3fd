"""Two sets of photos that do not belong together in pairs, and where in them to look."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage
from torch import Tensor

from studio.core.errors import StudioError
from training.data.photos import photos_of, to_tensor

_LEAST = 0.02  # share of a photo that an animal must cover to be cut out by itself
_PLAIN = 0.15  # share of crops made anywhere, so that what is no animal is seen too
_NATIVE = 160  # px, short side at which photos without animals are worked on
_CLOSEST, _FARTHEST = 0.45, 2.6  # side of a crop, in sides of the animal's box
_LARGE = 0.6  # least side of a crop made anywhere, in short sides of the photo
_SMALLEST = 48  # side of a crop in px of the photo: smaller ones are but blur


@dataclass(frozen=True)
class Box:
    """A square around which crops are made, in shares of the photo's short side."""

    x: float
    y: float
    side: float


@dataclass(frozen=True)
class Crop:
    """A square of a photo (3, S, S) in [0, 1], and where its animals are (1, S, S), 1 inside."""

    photo: Tensor
    mask: Tensor


class Domain:
    """Photos of one kind, held as the bytes of their files.

    Args:
        photos: files to train on.
        masks: folder with a grey picture for each, same names, white where the animals are; photos
            without one, or with tiny animals only, are left out. None: all of each photo is to be
            changed.

    Raises:
        StudioError: no photo is left.
    """

    def __init__(self, photos: Sequence[Path], masks: Path | None = None) -> None:
        self._photos: list[bytes] = []
        self._masks: list[bytes] = []
        self._boxes: list[list[Box]] = []
        for path in photos:
            mask = None if masks is None else masks / f"{path.stem}.png"
            if mask is not None and not mask.exists():
                continue
            boxes: list[Box] = []
            if mask is not None:
                boxes = animal_boxes(np.asarray(_open(mask.read_bytes(), "L")))
                if not boxes:
                    continue
                self._masks.append(mask.read_bytes())
            self._photos.append(path.read_bytes())
            self._boxes.append(boxes)
        if not self._photos:
            raise StudioError(f"no photo has a mask with an animal in {masks}")

    @property
    def count(self) -> int:
        """Of photos."""
        return len(self._photos)

    @property
    def masked(self) -> bool:
        """Whether a part of each photo alone is to be changed."""
        return bool(self._masks)

    def crop(self, size: int, random: np.random.Generator) -> Crop:
        """A random crop around an animal, mirrored half of the time.

        Args:
            size: its side in px.
            random: the source of randomness.
        """
        index = int(random.integers(self.count))
        photo = _open(self._photos[index], "RGB")
        boxes = [] if random.random() < _PLAIN else self._boxes[index]
        least = _LARGE if self._masks else min(1.0, size / _NATIVE)
        box = _around(photo.size, boxes, random) if boxes else _anywhere(photo.size, least, random)
        shown = to_tensor(photo.resize((size, size), Image.Resampling.BICUBIC, box=box))
        if self._masks:
            grey = _open(self._masks[index], "L").resize(photo.size, Image.Resampling.BILINEAR)
            grey = grey.resize((size, size), Image.Resampling.BILINEAR, box=box)
            mask = torch.from_numpy(np.array(grey, np.float32))[None] / 255
        else:
            mask = torch.ones(1, size, size)
        return Crop(shown.flip(2), mask.flip(2)) if random.random() < 0.5 else Crop(shown, mask)


def animal_boxes(mask: NDArray[np.uint8]) -> list[Box]:
    """Squares around the animals of a mask (H, W) of 0 to 255, the largest first.

    Animals that touch each other count as one.
    """
    labels = np.asarray(ndimage.label(mask > 127)[0])  # type: ignore[index]
    short = min(mask.shape)
    found: list[tuple[int, Box]] = []
    for number, place in enumerate(ndimage.find_objects(labels), 1):
        area = int((labels[place] == number).sum())
        if area < _LEAST * mask.size:
            continue
        rows, columns = place
        side = max(rows.stop - rows.start, columns.stop - columns.start)
        x, y = (columns.start + columns.stop) / 2, (rows.start + rows.stop) / 2
        found.append((area, Box(x / short, y / short, side / short)))
    return [box for _, box in sorted(found, key=lambda each: -each[0])]


def _around(
    size: tuple[int, int], boxes: list[Box], random: np.random.Generator
) -> tuple[float, float, float, float]:
    """Left, top, right, bottom in px of a crop around one of the boxes."""
    short = min(size)
    areas = np.array([box.side**2 for box in boxes])
    box = boxes[random.choice(len(boxes), p=areas / areas.sum())]
    side = box.side * short * np.exp(random.uniform(*np.log((_CLOSEST, _FARTHEST))))
    side = min(short, max(_SMALLEST, side))
    room = abs(side - box.side * short) / 2  # the animal stays within, or fills the crop
    corner: list[float] = []
    for middle, length in zip((box.x, box.y), size, strict=True):
        start = middle * short - side / 2 + random.uniform(-room, room)
        corner.append(min(max(0.0, start), length - side))
    left, top = corner
    return left, top, left + side, top + side


def _anywhere(
    size: tuple[int, int], least: float, random: np.random.Generator
) -> tuple[float, float, float, float]:
    """Left, top, right, bottom in px of a crop whose side is at least a share of the short side."""
    side = min(size) * random.uniform(least, min(1.0, 2 * least))
    left, top = (random.uniform(0, length - side) for length in size)
    return left, top, left + side, top + side


def _open(data: bytes, mode: str) -> Image.Image:
    with Image.open(BytesIO(data)) as file:
        return file.convert(mode)


@dataclass(frozen=True)
class Subject:
    """What is translated into what.

    Attributes:
        forth, back: names of the weights of the two directions.
        a, b: the sets that are trained on.
        files_a, files_b: theirs.
        aside_a, aside_b: files that are not trained on.
    """

    forth: str
    back: str
    a: Domain
    b: Domain
    files_a: tuple[Path, ...]
    files_b: tuple[Path, ...]
    aside_a: tuple[Path, ...]
    aside_b: tuple[Path, ...]

    @property
    def masked(self) -> bool:
        """Whether a part of each photo alone is to be changed."""
        return self.a.masked


def horses_and_zebras(data: Path) -> Subject:
    """The set of Zhu et al. (2017), with masks."""
    folder = data / "horse2zebra"
    files = [tuple(photos_of(folder / name)) for name in ("trainA", "trainB", "testA", "testB")]
    a, b = (
        Domain(some, folder / f"{name}_masks")
        for some, name in zip(files, ("trainA", "trainB"), strict=False)
    )
    return Subject("horse2zebra", "zebra2horse", a, b, *files)


_PHOTOS_ASIDE, _PAINTINGS_ASIDE = 60, 30
_LEAST_ASIDE = 2  # a distance between sets needs as many


def photos_and_monets(data: Path) -> Subject:
    """Landscapes and Monet's paintings; every so many of each are kept aside."""
    folders = data / "photos" / "landscapes", data / "monet"
    return two_folders(*folders, "photo2monet", _PHOTOS_ASIDE, _PAINTINGS_ASIDE)


def two_folders(
    first: Path, second: Path, name: str, most_first: int = 60, most_second: int = 60
) -> Subject:
    """The photos of any two folders, which are to be changed all over.

    Args:
        first: A.
        second: B.
        name: of the way from A to B, such as ``apple2orange``.
        most_first: photos of A that are kept aside at most.
        most_second: of B.

    Raises:
        StudioError: a folder has too few photos.
    """
    a, aside_a = _split(photos_of(first), most_first)
    b, aside_b = _split(photos_of(second), most_second)
    for folder, aside in ((first, aside_a), (second, aside_b)):
        if len(aside) < _LEAST_ASIDE:
            raise StudioError(f"there are too few photos in {folder}", "give six or more")
    return Subject(name, way_back(name), Domain(a), Domain(b), a, b, aside_a, aside_b)


def way_back(name: str) -> str:
    """The name of the other direction: ``orange2apple`` for ``apple2orange``."""
    a, two, b = name.partition("2")
    return f"{b}2{a}" if two and a and b else f"{name}-back"


def _split(files: list[Path], aside: int) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """Files to train on, and those kept aside: spread evenly, at most a third of all."""
    aside = min(aside, len(files) // 3)
    chosen = {files[(2 * n + 1) * len(files) // (2 * aside)] for n in range(aside)}
    return tuple(f for f in files if f not in chosen), tuple(f for f in files if f in chosen)


SUBJECTS = {"horse2zebra": horses_and_zebras, "photo2monet": photos_and_monets}
"""Sets of the folder of all data, by the name of the way from A to B."""


def find_subject(name: str, data: Path, a: Path | None = None, b: Path | None = None) -> Subject:
    """A subject of `SUBJECTS` in the folder of all data, or of two folders that are one's own."""
    if a is not None and b is not None:
        return two_folders(a, b, name)
    return SUBJECTS[name](data)
