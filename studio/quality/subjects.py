"""What a generator of faces learns from and is compared with: portraits, digits, any pictures."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from studio.core.errors import StudioError
from studio.core.formats.suffixes import READABLE
from studio.core.picture_files import open_picture


@dataclass(frozen=True)
class Band:
    """Rows of a picture, as wide on the left of its middle as on the right; shares of its side."""

    top: float
    bottom: float
    left: float


@dataclass(frozen=True)
class Subject:
    """Pictures of one kind.

    Attributes:
        real: all of them (N, C, S, S) uint8; C is 3 for RGB, 1 for grey.
        mirrored: whether left may be right.
        eyes: where they are, if they are in one place.
    """

    real: Tensor
    mirrored: bool
    eyes: Band | None = None


_EYES = Band(top=0.29, bottom=0.44, left=0.2)  # of `aligned_128`: the middle of an eye is at 0.366


def portraits(data: Path, side: int) -> Subject:
    """Faces of members of parliaments, upright, with their eyes and mouths in one place."""
    return replace(own_pictures(data / "faces" / "aligned_128", side), eyes=_EYES)


def digits(data: Path, side: int) -> Subject:
    """The 1,797 handwritten digits that scikit-learn ships, 8 x 8 px; they need no data."""
    try:
        from sklearn.datasets import load_digits
    except ImportError:
        raise StudioError("scikit-learn is not installed", "pip install scikit-learn") from None
    del data
    if side != 8:
        raise ValueError(f"digits are 8 px, not {side}")
    grey = np.rint(np.asarray(load_digits(return_X_y=True)[0]) * (255 / 16)).astype(np.uint8)
    return Subject(torch.from_numpy(grey).view(-1, 1, 8, 8), mirrored=False)


def own_pictures(folder: Path, side: int) -> Subject:
    """The pictures of a folder: of each the square in its middle, at this side in px.

    Raises:
        StudioError: see `pictures_of`.
    """
    squares = [_square(picture, side) for _, picture in pictures_of(folder)]
    return Subject(torch.stack(squares), mirrored=True)


def pictures_of(folder: Path) -> Iterator[tuple[Path, Image.Image]]:
    """The pictures of a folder, upright and RGB, by name.

    What cannot be opened is left out, and said on stderr.

    Raises:
        StudioError: there is no such folder, or no picture in it, or none that can be opened.
    """
    if not folder.is_dir():
        raise StudioError(f"there is no folder {folder}", "check its name")
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in READABLE)
    if not files:
        raise StudioError(f"there are no pictures in {folder}", "name a folder that has some")
    opened = 0
    for path in files:
        try:
            pixels = np.rint(open_picture(path).pixels * 255).astype(np.uint8)
        except StudioError as error:
            print(f"left out: {error.message}", file=sys.stderr)
        else:
            yield path, Image.fromarray(pixels)
            opened += 1
    if not opened:
        raise StudioError(f"none of the pictures in {folder} can be opened", "name another folder")


SUBJECTS: dict[str, Callable[[Path, int], Subject]] = {"portraits": portraits, "digits": digits}
"""What there is beside `own_pictures`, by name."""

OWN = "own pictures"
"""The name of a subject that is somebody's own folder."""


def find_subject(name: str, data: Path, side: int) -> Subject:
    """The subject of a name in `SUBJECTS`, or `OWN`, for which the data are its folder."""
    return SUBJECTS.get(name, own_pictures)(data, side)


def _square(photo: Image.Image, side: int) -> Tensor:
    short = min(photo.size)
    left, top = ((length - short) / 2 for length in photo.size)
    box = (left, top, left + short, top + short)
    small = photo.resize((side, side), Image.Resampling.LANCZOS, box=box)
    return torch.from_numpy(np.array(small)).permute(2, 0, 1)
