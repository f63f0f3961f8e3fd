"""The photos that are measured on."""

from pathlib import Path

import torch
from torch import Tensor

from studio.core.errors import StudioError
from studio.core.formats.suffixes import READABLE
from studio.core.picture_files import open_picture
from studio.core.samples import sample_photos
from studio.quality.style import SIDES, at_side


def photos_in(folder: Path | None) -> list[Path]:
    """The pictures of a folder, by name; without one, those of scikit-image.

    Raises:
        StudioError: there are none.
    """
    if folder is None:
        return sample_photos()
    found = pictures_in(folder)
    if not found:
        raise StudioError(f"there are no photos in {folder}", "give another --photos")
    return found


def pictures_in(folder: Path) -> list[Path]:
    """The pictures of a folder, by name; of none where there is none."""
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    return [path for path in found if path.suffix.lower() in READABLE]


def at_512(path: Path) -> Tensor:
    """A picture file as (1, 3, H, W) in [0, 1], at a short side of 512 px."""
    pixels = torch.from_numpy(open_picture(path).pixels.copy()).permute(2, 0, 1)[None]
    return at_side(pixels, SIDES[0])
