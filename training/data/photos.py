"""Photos for training: held in memory as 8-bit pixels, given out as random crops."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from studio.core.errors import StudioError

SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}


def photos_of(folder: Path) -> list[Path]:
    """The photos of a folder, by name.

    Raises:
        StudioError: there is no such folder, or no photo in it.
    """
    photos = sorted(folder.iterdir()) if folder.is_dir() else []
    photos = [path for path in photos if path.suffix.lower() in SUFFIXES]
    if not photos:
        raise StudioError(f"there are no photos in {folder}", "name a folder that has some")
    return photos


def read_photos(
    folders: list[Path], *, longest: int = 800, exclude: frozenset[Path] = frozenset()
) -> list[Image.Image]:
    """Reads all photos of some folders, in the order of their names.

    Args:
        folders: searched without their subfolders.
        longest: larger photos are reduced to this long side, in px.
        exclude: files that are kept aside for the test.
    """
    photos = []
    for folder in folders:
        for path in photos_of(folder):
            if path not in exclude:
                with Image.open(path) as file:
                    photo = file.convert("RGB")
                photo.thumbnail((longest, longest), Image.Resampling.LANCZOS)
                photos.append(photo)
    return photos


def draw_photo(
    folders: Sequence[Sequence[Image.Image]], shares: Sequence[float], random: np.random.Generator
) -> tuple[int, Image.Image]:
    """The number of a folder, each drawn with its share, and one of its photos."""
    index = int(random.choice(len(shares), p=shares))
    photos = folders[index]
    return index, photos[int(random.integers(len(photos)))]


def random_crop(
    photo: Image.Image, size: int, shortest: tuple[int, int], random: np.random.Generator
) -> Tensor:
    """A random square of a photo at a random scale, mirrored half of the time.

    Args:
        photo: any size.
        size: side of the square in px.
        shortest: range of the photo's short side after scaling, in px; at least `size` is used.
        random: the source of randomness.

    Returns:
        (3, size, size) in [0, 1].
    """
    short = max(size, int(random.integers(*shortest, endpoint=True)))
    scale = short / min(photo.size)
    side = min(size / scale, *photo.size)  # which rounding may go beyond
    left = random.uniform(0, photo.width - side)
    top = random.uniform(0, photo.height - side)
    crop = photo.resize(
        (size, size), Image.Resampling.BICUBIC, box=(left, top, left + side, top + side)
    )
    tensor = to_tensor(crop)
    return tensor.flip(2) if random.random() < 0.5 else tensor


def fit_short_side(photo: Image.Image, size: int, multiple: int = 1) -> Image.Image:
    """Scales a photo to a short side of `size` px; both sides are made multiples of `multiple`."""
    scale = size / min(photo.size)
    width, height = (max(1, round(side * scale / multiple)) * multiple for side in photo.size)
    return photo.resize((width, height), Image.Resampling.LANCZOS)


def to_tensor(photo: Image.Image) -> Tensor:
    """(3, H, W) float32 in [0, 1]."""
    return torch.from_numpy(np.array(photo, copy=True)).permute(2, 0, 1).float() / 255
